"""Each place in each answer of a run, with something odd in it.

An answer is changed where it passes; whatever stands there, a run is no fault of the
program (exit 1), takes out nobody's entry, shows nothing that steers a terminal, and
leaves nothing from which the next good run does not recover.
"""

import json
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from support.scenarios import Stage, Told
from support.scenarios.stage import FIRST, THEN
from tq_conn_citrix_waf.http import Answer, Request, Transport

Place = tuple[Any, ...]

DEEP = "deep"
ODD: tuple[Any, ...] = (
    *(None, True, -1, 10**30, 1e308),
    *("", "0", "NaN", "\x1b[31mred\x07\n\x00\u202e", "x" * 100_000, DEEP),
    *([], [None], [[]], [1, "a", {}], {}, {"a": {}}, {"name": [1]}),
)
STEP = 41
"""Of all places and odd values every so manieth; a prime, so that all values come."""
SETTINGS = 1
"""The request that reads the form; what stands in it leads elsewhere by intent."""


@dataclass(slots=True)
class Tampered:
    """A transport that may change one answer, and notes what it saw."""

    within: Transport
    change: Callable[[int, Answer], Answer]
    seen: list[Answer]

    def send(self, request: Request) -> Answer:
        answer = self.within.send(request)
        self.seen.append(answer)
        return self.change(len(self.seen) - 1, answer)


@dataclass
class Victim(Stage):
    """A site whose answers are tampered with."""

    seen: list[Answer] = field(default_factory=list)

    def attack(self, change: Callable[[int, Answer], Answer], *words: str) -> Told:
        """Let churn be due, and run under a change of answers."""
        self.seen = []
        usual = super().outside()
        self.world = replace(
            usual,
            transport=lambda t, p: Tampered(usual.transport(t, p), change, self.seen),
        )
        told = self.tell(*words)
        self.world = None
        for path in self.logs.iterdir():
            path.unlink()
        return told


def places(tree: Any, at: Place = ()) -> Iterator[Place]:  # noqa: ANN401  # any JSON
    """Yield where something stands in JSON; of a list the first two."""
    yield at
    if isinstance(tree, dict):
        for key in tree:
            yield from places(tree[key], (*at, key))
    elif isinstance(tree, list):
        for row in range(min(len(tree), 2)):
            yield from places(tree[row], (*at, row))


def put(tree: Any, at: Place, odd: Any) -> Any:  # noqa: ANN401  # any JSON
    """Return JSON with something else at a place."""
    if not at:
        return odd
    new = copy(tree)
    new[at[0]] = put(tree[at[0]], at[1:], odd)
    return new


def tampering(number: int, at: Place, odd: object) -> Callable[[int, Answer], Answer]:
    """Return what changes one answer at one place."""

    def change(which: int, answer: Answer) -> Answer:
        if which != number:
            return answer
        try:
            body = json.dumps(put(json.loads(answer.body), at, odd)).encode()
        except (ValueError, LookupError, TypeError):  # another request came in its turn
            return answer
        deep = b"[" * 50_000 + b"]" * 50_000
        return replace(answer, body=body.replace(b'"deep"', deep))

    return change


def untouched(_which: int, answer: Answer) -> Answer:
    return answer


@pytest.fixture
def victim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Victim:
    return Victim.loaded(tmp_path / "etc", monkeypatch)


def cases(victim: Victim, *words: str) -> list[tuple[int, Place, object]]:
    """Return every so manieth case, by what a good run answers."""
    victim.collection(THEN)
    assert victim.attack(untouched, *words).code == 0
    trees = [json.loads(answer.body or b"null") for answer in victim.seen]
    found = [
        (number, at, odd)
        for number, tree in enumerate(trees)
        if tree is not None and number != SETTINGS
        for at in places(tree)
        for odd in ODD
    ]
    assert len(found) > 1000
    return found[::STEP]


@pytest.mark.parametrize("words", [(), ("plan",)], ids=["run", "plan"])
def test_nothing_odd_in_an_answer_is_a_fault_or_does_harm(
    victim: Victim, words: tuple[str, ...]
) -> None:
    foreign = {*victim.foreign()}
    for turn, (number, at, odd) in enumerate(cases(victim, *words)):
        victim.collection([FIRST, THEN][turn % 2])
        told = victim.attack(tampering(number, at, odd), *words)
        where = (number, at, str(odd)[:30], told.err[:500])
        assert told.code in (0, 2, 3, 4, 6), where
        assert {*victim.foreign()} >= foreign, where
        shown = told.out + told.err + told.log
        assert not {*"\x1b\x07\x00\u202e"} & {*shown}, where
        assert max(map(len, shown.splitlines())) < 5000, where
        # Sessions whose token came garbled could not be ended; they time out.
        victim.lab.clock.advance(3600)
    victim.collection(THEN)
    assert victim.tell().code == 0
    assert victim.ours() == {*THEN}


def test_bytes_that_are_no_text_in_a_comment_of_others_hide_no_entry(
    victim: Victim,
) -> None:
    def change(_which: int, answer: Answer) -> Answer:
        return replace(answer, body=answer.body.replace(b"by hand", b"M\xfcller"))

    told = victim.attack(change)
    assert told.code == 0
    assert victim.ours() == {*THEN}


def test_an_answer_of_ten_megabytes_is_an_answer(victim: Victim) -> None:
    def change(_which: int, answer: Answer) -> Answer:
        return replace(answer, body=answer.body + b" " * 10_000_000)

    assert victim.attack(change).code == 0
    assert victim.ours() == {*THEN}
