"""A dialect sheet: each open question of one system, and the answer that was seen.

A probe is a function named ``see_`` and the switch's name. What it can see it returns,
as the answers that fit; what it cannot see it says why.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

Value = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Seen:
    """The answers that fit what was seen; mostly one."""

    answers: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Unseen:
    """Why a question could not be answered: ``cannot be seen without ...``."""

    without: str


Sight = Seen | Unseen
Probe = Callable[[Any], Sight]
Sheet = Mapping[str, Sight]


class OddError(Exception):
    """An answer fits none of the answers that were thought of; the text shows it."""


def seen(*answers: Value) -> Seen:
    """Return that one of these is the answer."""
    return Seen(answers)


def without(what: str) -> Probe:
    """Return a probe for what cannot be seen."""
    return lambda _system: Unseen(what)


def probes(*modules: ModuleType) -> dict[str, Probe]:
    """Return the probes of some modules, by the name of the switch."""
    return {
        name.removeprefix("see_"): thing
        for module in modules
        for name, thing in vars(module).items()
        if name.startswith("see_")
    }


def looked(found: Mapping[str, Probe], system: object) -> Iterator[tuple[str, Sight]]:
    """Yield what each probe sees."""
    for name, probe in found.items():
        try:
            yield name, probe(system)
        except OddError as error:
            yield name, Unseen(f"a look: {error}")


def printed(sheet: Sheet) -> Iterator[str]:
    """Yield the lines of a sheet, those that were seen first."""
    yield from (
        f"  {name:26} {' or '.join(map(json.dumps, sight.answers))}"
        for name, sight in sheet.items()
        if isinstance(sight, Seen)
    )
    for name, sight in sheet.items():
        if isinstance(sight, Unseen):
            yield f"  {name:26} cannot be seen without {sight.without}"
