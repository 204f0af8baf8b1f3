r"""Exchange files: requests with the answers that a source says they get.

A file is JSON lines. The first is its head, each further one an exchange; they are run
in order against one fresh lab. Head::

    {"format": 1, "about": "...", "seed": 1, "appliances": 1, "control": [...]}

Exchange (only ``name``, ``service``, ``request``, ``expect`` are required)::

    {"name": "login-json",              unique in the file, kebab-case
     "about": "...",                    one sentence, for people
     "mark": "recorded", "source": "telegraf#11478",
     "service": "adc1",                 "threatq", "control" or an appliance's name
     "fresh": true,                     put the lab back to its start first
     "at": "2026-01-05T08:00:00+00:00", set the lab's clock first
     "control": [["PUT", "/dialect", {"dataset_limit": 3}], ["POST", "/reset"]],
     "request": {"method": "PUT", "target": "/nitro/v1/config/x?args=a:b",
                 "headers": {"Content-Type": "application/json"},
                 "json": {...}},        or "body": "text", or "base64": "..."; or none
     "expect": {"status": "201 Created",
                "headers": {"Server": "Apache", "X-Absent": null,
                            "Set-Cookie": ["a=b", "c=d"]},
                "body": "exact text"}}  or "json": {...}, or "base64"; or none

Only the headers named are compared: null means absent, a list means so many of that
name, in order. ``Content-Length`` may be named, in process too. ``body`` is compared
byte by byte, ``json`` member by member in any order; in ``json`` a member or last
element ``"..."`` allows further ones. Without any of these the body is not compared.
A ``status`` of ``no answer`` stands for a connection that ends without one.

Placeholders, in every text of ``control``, ``request`` and ``expect``:

- ``<<name>>``: the text bound to it. Bound from the start: ``threatq.client_id``,
  ``threatq.username``, ``threatq.password``, ``threatq.private.client_id``,
  ``threatq.private.client_secret``, ``threatq.basic`` (the private pair as Basic
  credentials), ``adc1.username``, ``adc1.password``, ``adc1.basic`` (likewise for
  each appliance), ``wrong`` (a text that is no credential).
- ``<<name:regex>>`` (``expect`` only): must match, and is bound for what follows (the
  body comes before the headers); a name that is bound already must have the same text.
  ``<<_:regex>>`` binds nothing.
- ``<<name|quote>>``: its percent-encoding; ``"<<name|json>>"`` as a whole JSON string:
  the text as JSON, so as to send a number that was read. A placeholder that is a whole
  string in ``expect.json`` also matches a number, true, false or null by its JSON text.
"""

import base64
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_HEAD = {"format", "about", "seed", "appliances", "control"}
_LINE = {
    "name",
    "about",
    "mark",
    "source",
    "service",
    "fresh",
    "at",
    "control",
    "request",
    "expect",
}
_BODY = {"json", "body", "base64"}
_REQUEST = {"method", "target", "headers"} | _BODY
_EXPECT = {"status", "headers"} | _BODY

Json = dict[str, Any]


class NoExchangeError(ValueError):
    """A line is no exchange; the text says which line, and why."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and what is expected of its answer, placeholders not yet filled."""

    name: str
    service: str
    request: Json
    expect: Json
    about: str = ""
    mark: str = ""
    source: str = ""
    fresh: bool = False
    at: str | None = None
    control: tuple[tuple[Any, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """A whole file."""

    exchanges: tuple[Exchange, ...]
    about: str = ""
    seed: int = 1
    appliances: int = 1
    control: tuple[tuple[Any, ...], ...] = ()


def read(file: Path) -> Book:
    """Read an exchange file.

    Raises:
        NoExchangeError: a line is not what the format says.
        OSError: the file cannot be read.
    """
    return parse(file.read_text(encoding="utf-8").splitlines())


def parse(lines: Iterable[str]) -> Book:
    """Read the lines of an exchange file; see ``read``."""
    head: Json | None = None
    found: dict[str, Exchange] = {}
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            if head is None:
                head = _checked(line, _HEAD, {"format"})
                if head["format"] != 1:
                    _fail(f"format {head['format']!r} is not known, only 1")
                continue
            one = _exchange(line)
            if one.name in found:
                _fail(f"{one.name} stands twice in the file")
            found[one.name] = one
        except (ValueError, TypeError) as flaw:
            raise NoExchangeError(f"line {number}: {flaw}") from flaw
    if head is None:
        raise NoExchangeError("line 1: the head is missing")
    return Book(
        tuple(found.values()),
        head.get("about", ""),
        head.get("seed", 1),
        head.get("appliances", 1),
        tuple(map(tuple, head.get("control", ()))),
    )


def _exchange(line: Json) -> Exchange:
    told = dict(_checked(line, _LINE, {"name", "service", "request", "expect"}))
    _checked(told["request"], _REQUEST, {"method", "target"})
    _checked(told["expect"], _EXPECT, {"status"})
    for part in ("request", "expect"):
        if len(_BODY & set(told[part])) > 1:
            _fail(f"{part} has more than one body")
    told["control"] = tuple(map(tuple, told.get("control", ())))
    return Exchange(**told)


def _checked(value: object, known: set[str], needed: set[str]) -> Json:
    if not isinstance(value, dict):
        raise ValueError(f"{value!r} is no object")  # noqa: TRY004 -- one error class
    if set(value) - known:
        _fail(f"unknown {sorted(set(value) - known)}; known: {sorted(known)}")
    if needed - set(value):
        _fail(f"{sorted(needed - set(value))} missing")
    return value


def _fail(words: str) -> None:
    raise ValueError(words)


def body_of(part: Json, filled: Json) -> bytes:
    """Return the bytes of a filled request's body, as its kind in ``part`` says."""
    if "json" in part:
        return json.dumps(filled["json"]).encode()
    if "base64" in part:
        return base64.b64decode(part["base64"])
    return str(filled.get("body", "")).encode()
