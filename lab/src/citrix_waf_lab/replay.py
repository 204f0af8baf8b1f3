"""Replays an exchange file against a fresh lab and names each difference.

The lab's clock stands still, over sockets too, so that a replay repeats.
"""

import base64
import http.client
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Literal

from citrix_waf_lab.asking import Asking, Heard, in_process, over_sockets
from citrix_waf_lab.exchanges import Book, Exchange, body_of
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.placeholders import Bindings, UnboundError
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request

Wire = Literal["process", "socket", "tls"]

_SHOWN = 60
"""How many characters of a text a difference shows from its place on."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: in which exchange, at which place, and both sides of it."""

    exchange: str
    place: str
    expected: str
    actual: str

    def __str__(self) -> str:
        return (
            f"{self.exchange}: {self.place}: "
            f"expected {self.expected}, got {self.actual}"
        )


def replay(
    book: Book, *, wire: Wire = "process", seed: int | None = None
) -> list[Difference]:
    """Run all exchanges in order against one fresh lab.

    Args:
        book: the file.
        wire: in process, over sockets, or over sockets with TLS.
        seed: of the lab, instead of the file's.
    """
    lab = Lab(book.seed if seed is None else seed, book.appliances)
    bound = Bindings(_known(lab))
    with ExitStack() as stack:
        asking: Asking
        if wire == "process":
            asking = in_process(lab)
        else:
            serving = stack.enter_context(Serving(lab, tls=wire == "tls"))
            asking = over_sockets(serving.card(), stack)
        found: list[Difference] = []
        try:
            _command(lab, bound, book.control)
        except ValueError as flaw:
            return [Difference("head", "control", "success", str(flaw))]
        for exchange in book.exchanges:
            found += _run(lab, bound, exchange, asking)
    return found


def _known(lab: Lab) -> dict[str, str]:
    secret = lab.credentials
    known = {
        "threatq.client_id": secret.client_id,
        "threatq.username": secret.user.username,
        "threatq.password": secret.user.password,
        "threatq.private.client_id": secret.private.username,
        "threatq.private.client_secret": secret.private.password,
        "wrong": "bm8tc3VjaDpjcmVkZW50aWFs",
    }
    logins = {"threatq": secret.private, **secret.appliances}
    for name, login in logins.items():
        pair = f"{login.username}:{login.password}".encode()
        known[f"{name}.basic"] = base64.b64encode(pair).decode()
        if name != "threatq":
            known[f"{name}.username"] = login.username
            known[f"{name}.password"] = login.password
    return known


def _command(lab: Lab, bound: Bindings, calls: tuple[tuple[Any, ...], ...]) -> None:
    for method, path, *rest in calls:
        body = json.dumps(bound.fill_json(rest[0])).encode() if rest else b""
        answer = lab.control(Request(method, bound.fill(path), "", (), body))
        if answer.status >= http.client.BAD_REQUEST:
            raise ValueError(f"{method} {path}: {answer.body.decode()}")


def _run(
    lab: Lab, bound: Bindings, exchange: Exchange, asking: Asking
) -> Iterator[Difference]:
    try:
        if exchange.fresh:
            lab.reset()
        if exchange.at is not None:
            _command(lab, bound, (("PUT", "/clock", {"now": exchange.at}),))
        _command(lab, bound, exchange.control)
        request = _request(bound, exchange.request)
    except ValueError as flaw:
        yield Difference(exchange.name, "set-up", "success", str(flaw))
        return
    if exchange.service not in {"threatq", "control", *lab.appliances}:
        yield Difference(exchange.name, "service", "one of the lab", exchange.service)
        return
    heard = asking(exchange.service, request)
    try:
        for place, expected, actual in _compare(bound, exchange.expect, heard):
            yield Difference(exchange.name, place, expected, actual)
    except UnboundError as flaw:
        yield Difference(exchange.name, "expect", "bound names", str(flaw))


def _request(bound: Bindings, part: dict[str, Any]) -> Request:
    filled: Any = bound.fill_json(part)
    path, _, query = filled["target"].partition("?")
    headers = tuple(filled.get("headers", {}).items())
    return Request(filled["method"], path, query, headers, body_of(part, filled))


def _compare(
    bound: Bindings, expect: dict[str, Any], heard: Heard
) -> Iterator[tuple[str, str, str]]:
    yield from _text(bound, "status", expect["status"], heard.status)
    try:
        found = list(_body(bound, expect, heard.body))
    except UnboundError:  # the headers bind what the body repeats
        yield from _headers(bound, expect, heard)
        yield from _body(bound, expect, heard.body)
    else:
        yield from found
        yield from _headers(bound, expect, heard)


def _headers(
    bound: Bindings, expect: dict[str, Any], heard: Heard
) -> Iterator[tuple[str, str, str]]:
    for name, wanted in expect.get("headers", {}).items():
        there = heard.values(name)
        wants = (
            [] if wanted is None else [wanted] if isinstance(wanted, str) else wanted
        )
        if len(there) != len(wants):
            yield f"header {name}", repr(wants), repr(there)
            continue
        for want, have in zip(wants, there, strict=True):
            yield from _text(bound, f"header {name}", want, have)


def _body(
    bound: Bindings, expect: dict[str, Any], body: bytes
) -> Iterator[tuple[str, str, str]]:
    if "json" in expect:
        try:
            value = json.loads(body)
        except ValueError:
            yield "body", "JSON", repr(body[:_SHOWN])
            return
        yield from _json(bound, "$", expect["json"], value)
    elif "base64" in expect:
        want = base64.b64decode(expect["base64"]).decode("latin-1")
        if want != (have := body.decode("latin-1")):
            end = min(len(want), len(have))
            at = next((i for i in range(end) if want[i] != have[i]), end)
            yield (
                f"body byte {at}",
                repr(want[at : at + _SHOWN]),
                repr(have[at:][:_SHOWN]),
            )
    elif "body" in expect:
        # One character a byte, so that the place is an offset in bytes.
        text = expect["body"].encode().decode("latin-1")
        yield from _text(bound, "body", text, body.decode("latin-1"))


def _text(
    bound: Bindings, place: str, expected: str, actual: str
) -> Iterator[tuple[str, str, str]]:
    at = bound.match(expected, actual)
    if at is not None:
        where = f"{place} byte {at}"
        yield where, repr(expected), repr(actual[at : at + _SHOWN])


def _json(
    bound: Bindings, path: str, expected: object, actual: object
) -> Iterator[tuple[str, str, str]]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        yield from _members(bound, path, expected, actual)
    elif isinstance(expected, list) and isinstance(actual, list):
        wanted = expected[:-1] if expected[-1:] == ["..."] else expected
        if len(actual) < len(wanted) or (
            len(actual) > len(wanted) and wanted is expected
        ):
            yield path, f"{len(wanted)} elements", str(len(actual))
            return
        for i, want in enumerate(wanted):
            yield from _json(bound, f"{path}[{i}]", want, actual[i])
    elif isinstance(expected, str) and "<<" in expected:
        have = actual if isinstance(actual, str) else json.dumps(actual)
        if bound.match(expected, have) is not None:
            yield path, repr(expected), json.dumps(actual)
    elif type(expected) is not type(actual) or expected != actual:
        yield path, json.dumps(expected), json.dumps(actual)[:_SHOWN]


def _members(
    bound: Bindings, path: str, expected: dict[str, Any], actual: dict[str, Any]
) -> Iterator[tuple[str, str, str]]:
    wanted = {bound.fill(k): v for k, v in expected.items() if k != "..."}
    for key, value in wanted.items():
        if key not in actual:
            yield f"{path}.{key}", json.dumps(value), "no such member"
        else:
            yield from _json(bound, f"{path}.{key}", value, actual[key])
    if "..." not in expected:
        for key in actual.keys() - wanted.keys():
            yield f"{path}.{key}", "no such member", json.dumps(actual[key])[:_SHOWN]
