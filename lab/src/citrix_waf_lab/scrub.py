"""Takes the secrets out of a recorded exchange and puts placeholders in their place.

1. A secret that a lab knows (a login that succeeded) becomes the lab's placeholder.
2. A secret that an answer brings (a token) is bound there and used by its name later.
3. Any other (a password in a form) becomes a constant text: what it was is lost.
"""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import parse_qsl, quote, quote_plus

from citrix_waf_lab.wire import Request

_SHORTEST = 4
"""Shorter texts are not replaced: they would be found in every other word."""

_WRONG = "<<wrong>>"

_LOGIN = {
    "client_id": "client_id",
    "client_secret": "client_secret",
    "email": "username",
    "username": "username",
    "password": "password",
    "x-nitro-user": "username",
    "x-nitro-pass": "password",
}
"""Where clients put their credentials, and what a lab calls each."""

_TOKENS = re.compile(r"^(access_token|refresh_token|sessionid|token)$")
_SECRETS = re.compile(r"pass|secret|private|api_?key", re.IGNORECASE)
_COOKIE = re.compile(r"^[^=;]+=([^;]*)")
_NAMES = ("key", "name", "label")


class Scrubber:
    """Remembers every secret it has seen.

    Args:
        service: ``threatq`` or an appliance's name: whose credentials clients use.
    """

    def __init__(self, service: str) -> None:
        self._service = service
        self._known: dict[str, str] = {}
        self._tokens = 0
        self._others = 0

    def learn(self, request: Request, status: int) -> None:
        """Learn the secrets of a request, knowing how it was answered."""
        good = status < HTTPStatus.BAD_REQUEST
        pairs = list(_pairs(request))
        private = any(pair == ("grant_type", "client_credentials") for pair in pairs)
        for key, value in pairs:
            if (name := _LOGIN.get(key.lower())) is not None:
                self._credential(value, name, private=private, good=good)
            elif _TOKENS.match(key) or _SECRETS.search(key):
                self._other(value)
        self._basic(request, good=good)
        for name, value in request.headers:
            if name.lower() in {"cookie", "set-cookie"}:
                for cookie in value.split(";"):
                    self._other(cookie.partition("=")[2].strip())
            elif name.lower() == "authorization" and value.startswith("Bearer "):
                self._other(value.removeprefix("Bearer "))

    def bind(self, headers: list[tuple[str, str]], body: bytes) -> dict[str, str]:
        """Learn the secrets of an answer; return the placeholder that binds each."""
        fresh: dict[str, str] = {}
        for key, value in _members(_parsed(body)):
            if _TOKENS.match(key):
                self._token(value, fresh)
            elif _SECRETS.search(key):
                self._other(value)
        for name, value in headers:
            cookie = _COOKIE.match(value) if name.lower() == "set-cookie" else None
            if cookie is not None and cookie[1] != "deleted":
                self._token(cookie[1], fresh)
        return fresh

    def clean(self, text: str) -> str:
        """Return a text with each known secret replaced by its placeholder."""
        for secret in sorted(self._known, key=len, reverse=True):
            text = text.replace(secret, self._known[secret])
        return text

    def _credential(self, value: str, name: str, *, private: bool, good: bool) -> None:
        if self._service == "threatq" and private:
            name = f"private.{name}"
        self._know(value, f"{self._service}.{name}" if good else "wrong")

    def _basic(self, request: Request, *, good: bool) -> None:
        scheme, _, pair = (request.header("Authorization") or "").partition(" ")
        if scheme.lower() != "basic":
            return
        self._know(pair, f"{self._service}.basic" if good else "wrong")
        try:
            _, _, password = base64.b64decode(pair).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError):
            return
        self._other(password)

    def _token(self, value: str, fresh: dict[str, str]) -> None:
        if value in self._known or len(value) < _SHORTEST:
            return
        self._tokens += 1
        name = f"token{self._tokens}"
        kind = "[0-9a-fA-F]" if re.fullmatch(r"[0-9a-fA-F]+", value) else "."
        self._know(value, name)
        fresh[f"<<{name}>>"] = f"<<{name}:{kind}{{{len(value)}}}>>"

    def _other(self, value: str) -> None:
        if len(value) >= _SHORTEST and value not in self._known:
            self._others += 1
            # As long as the secret, so that the lengths of bodies stay true.
            constant = f"stripped-{self._others}-"
            if len(constant) > len(value):
                constant = f"s{self._others}"
            self._known[value] = constant.ljust(len(value), "x")[: len(value)]

    def _know(self, value: str, name: str) -> None:
        # A name that failed with one password may succeed with another.
        if len(value) < _SHORTEST or self._known.get(value, _WRONG) != _WRONG:
            return
        self._known[value] = f"<<{name}>>"
        for coded in {quote(value, safe=""), quote_plus(value)} - {value}:
            self._known[coded] = f"<<{name}|quote>>"


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        return None


def _pairs(request: Request) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(request.query)
    yield from request.headers
    value = _parsed(request.body)
    if value is not None:
        yield from _members(value)
    elif request.body:
        yield from parse_qsl(request.body.decode("latin-1"))


def _members(value: object) -> Iterator[tuple[str, str]]:
    """Yield all texts within a JSON value, each with the name it stands under."""
    if isinstance(value, list):
        for item in value:
            yield from _members(item)
    if not isinstance(value, dict):
        return
    named = next((str(value[n]) for n in _NAMES if value.get(n)), "")
    for key, item in value.items():
        if isinstance(item, str):
            yield (f"{named} value" if key == "value" else key), item
        else:
            yield from _members(item)
