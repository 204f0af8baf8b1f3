"""A client that is a program: one run of it a step."""

import json
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from interop.environments import Environment, Needs
from interop.laboratory import Lab
from interop.steps import Seen, Step

_LIMIT = 60
"""Seconds for one run; the slowest client needs three, most of them to start."""

Words = tuple[str | Path, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """One run of a program.

    Attributes:
        words: what follows the words that each run of this client has.
        before: calls of the control interface that come first, as a person's doing:
            method, path, body.
        wrong: whether it gives a wrong password.
    """

    words: tuple[str, ...]
    before: tuple[tuple[str, str, object], ...] = ()
    wrong: bool = False


@dataclass(frozen=True, slots=True)
class Client:
    """A foreign client: what it is, what it needs, what it does, and how.

    Attributes:
        name: the word that chooses it.
        about: its name and version, and where it comes from.
        needs: what its environment is made of.
        steps: what it does, in order, on a fresh lab.
        drive: does it; yields what came of each step.
    """

    name: str
    about: str
    needs: Needs
    steps: Sequence[Step[Any]]
    drive: Callable[[Lab, Environment], Iterator[Seen]]


def driven(
    lab: Lab, steps: Sequence[Step[Command]], argv: Callable[[Command], Words]
) -> Iterator[Seen]:
    """Run a program for each step; ``argv`` gives all its words."""
    for step in steps:
        for method, path, body in step.call.before:
            lab.control(method, path, body)
        yield lab.seen(run(lab, argv(step.call)))


def run(
    lab: Lab,
    words: Words,
    *,
    limit: float = _LIMIT,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, object]:
    """Run a program; return its ``exit``, what it ``said``, and the ``json`` in that.

    ``json`` is the object that ends its standard output and begins with a line that is
    a brace; None if there is none. ``exit`` is None where it did not end by itself.
    """
    try:
        done = subprocess.run(  # noqa: S603  # a program of an environment of ours
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=limit,
            env={**lab.environment(), **settings},
            cwd=lab.home,
        )
    except subprocess.TimeoutExpired:
        return {"exit": None, "said": f"no end after {limit} s", "json": None}
    said = f"{done.stdout}\n{done.stderr}".strip()
    return {"exit": done.returncode, "said": said, "json": _json(done.stdout)}


def _json(text: str) -> object:
    try:
        # Of several objects the last: what comes before is a log.
        found: object = json.loads(text[f"\n{text}".rindex("\n{\n") :])
    except ValueError:
        return None
    return found
