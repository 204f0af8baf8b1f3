"""What a foreign client does, and what must come of each step.

1. Three witnesses: what the client says it heard, which requests the lab listed, what
   the lab holds afterwards, with no log-in left open. Any difference is one too many.
2. What is expected is written down by hand, from the sources that the lab's tables
   name; nothing is computed by the lab, so that it cannot agree with itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Call = TypeVar("Call")

_API = "/nitro/v1/"
_WIDTH = 200
"""Most characters of a found value that a difference shows."""


@dataclass(frozen=True, slots=True)
class Step(Generic[Call]):
    """One thing that a client does.

    Attributes:
        title: what it is, in a few words.
        call: how the client is told to do it; each client has its own form.
        hears: what it must say; of objects only these members, patterns are searched.
        asks: the requests that the lab must list, as ``asked`` writes them.
        holds: what the appliance must hold, as ``held`` writes it; None: as before.
        saved: likewise what a restart would bring back.
    """

    title: str
    call: Call
    hears: object
    asks: tuple[str, ...]
    holds: tuple[str, ...] | None = None
    saved: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What came of a step.

    Attributes:
        heard: the client's own words.
        asked: the requests, as ``asked`` writes them.
        holds: the running configuration, as ``held`` writes it.
        saved: the saved one.
        sessions: how many log-ins are open on the appliance.
    """

    heard: object
    asked: tuple[str, ...]
    holds: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Verdict(Generic[Call]):
    """A step, what came of it, and each difference; none is as it should be."""

    step: Step[Call]
    seen: Seen
    differences: tuple[str, ...]


def judged(
    steps: Sequence[Step[Call]], seen: Iterable[Seen]
) -> Iterator[Verdict[Call]]:
    """Judge each step as it is seen; what no step changes must stay as it was.

    A client that saw fewer steps than there are leaves the rest with a difference.
    """
    holds: tuple[str, ...] = ()
    saved: tuple[str, ...] = ()
    found = iter(seen)
    for step in steps:
        holds = holds if step.holds is None else step.holds
        saved = saved if step.saved is None else step.saved
        one = next(found, None)
        if one is None:
            yield Verdict(step, Seen(None, ()), ("the client did not come to this",))
            continue
        flaws = (
            *differences(step.hears, one.heard, "heard"),
            *differences(step.asks, one.asked, "asked"),
            *differences(holds, one.holds, "holds"),
            *differences(saved, one.saved, "saved"),
            *differences(0, one.sessions, "sessions"),
        )
        yield Verdict(step, one, flaws)


def differences(expected: object, found: object, place: str) -> Iterator[str]:
    """Say where what was found is not what was expected.

    Args:
        expected: an object (its members must be there, others may be), a list or tuple
            (each element, no others), a pattern (searched in a text), or a value.
        found: what to compare with it.
        place: how to call it.
    """
    if isinstance(expected, Mapping):
        yield from _members(expected, found, place)
    elif isinstance(expected, list | tuple):
        yield from _elements(expected, found, place)
    elif isinstance(expected, re.Pattern):
        if not isinstance(found, str) or not expected.search(found):
            yield _flaw(place, f"something like {expected.pattern!r}", found)
    elif type(expected) is not type(found) or expected != found:
        yield _flaw(place, repr(expected), found)


def _members(
    expected: Mapping[str, object], found: object, place: str
) -> Iterator[str]:
    if not isinstance(found, Mapping):
        yield _flaw(place, "an object", found)
        return
    for name, value in expected.items():
        if name in found:
            yield from differences(value, found[name], f"{place}.{name}")
        else:
            yield f"{place}.{name} is not there"


def _elements(expected: Sequence[object], found: object, place: str) -> Iterator[str]:
    if not isinstance(found, list | tuple) or len(found) != len(expected):
        yield _flaw(place, str(expected), found)
        return
    for number, (value, other) in enumerate(zip(expected, found, strict=True)):
        yield from differences(value, other, f"{place}[{number}]")


def _flaw(place: str, expected: str, found: object) -> str:
    text = repr(found)
    text = text if len(text) <= _WIDTH else f"{text[:_WIDTH]}…"
    return f"{place}: expected {expected}, found {text}"


def asked(request: Mapping[str, object]) -> str:
    """Write a request of the lab's journal: method, path, status.

    NITRO's base path is left out; its query stands, ThreatQ's does not: there it holds
    the client id of one start.
    """
    path = str(request["path"])
    query = str(request["query"])
    if request["service"] == "netscaler":
        path = path.removeprefix(_API) + (f"?{query}" if query else "")
    return f"{request['method']} {path} {request['status']}"


def held(datasets: Mapping[str, Mapping[str, object]]) -> tuple[str, ...]:
    """Write one of an appliance's configurations, a line a set, in order of name."""
    return tuple(_line(name, datasets[name]) for name in sorted(datasets))


def _line(name: str, dataset: Mapping[str, object]) -> str:
    bindings = dataset["bindings"]
    rows = bindings if isinstance(bindings, list) else []
    texts = [_binding(row) for row in rows]
    return f"{name} {dataset['type']}: {', '.join(texts) or 'empty'}"


def _binding(row: Mapping[str, object]) -> str:
    text = f"{row['index']}={row['value']}"
    if "endrange" in row:
        text += f"-{row['endrange']}"
    return text + (f" ({row['comment']})" if row.get("comment") else "")
