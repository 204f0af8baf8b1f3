"""Replay a history, revision by revision, and say what the connector made of each.

1. A revision that is no list must be a source fault: exit 3, nothing written from it,
   nothing unblocked.
2. What is held is approved once, as a person would, and the run after it is in step.
3. All else must be in step by itself. What is none of these is wrong.
4. What people bound is there at every revision, untouched.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from history import Address, History, Revision
from memory import Held, World

IN_STEP, SOURCE, HELD = 0, 3, 5


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one revision.

    Attributes:
        wanted: how many addresses should be blocked.
        came, went: how many were bound and unbound.
        held: what was held back, and then approved.
        right: whether all was as it must be.
        words: what happened, for a person.
        said: what the last run said.
    """

    revision: Revision
    wanted: int
    came: int
    went: int
    held: tuple[Held, ...]
    right: bool
    words: str
    said: str

    @property
    def plain(self) -> bool:
        """Whether it was just in step."""
        return self.right and self.words == "in step"


def replay(world: World, history: History, *versions: int) -> Iterator[Outcome]:
    """Run once a revision, and once more after a consent; yield what happened."""
    wanted: frozenset[Address] = frozenset()
    before: frozenset[Address] = frozenset()
    by_hand = world.strangers()
    for revision in history.revisions():
        world.at(revision.at)
        if revision.number:
            world.change(revision.add, revision.remove)
        else:
            world.collection(revision.listed)
        if not revision.fault:
            wanted = revision.wanted(*versions)
        outcome, now = _one(world, revision, wanted, before)
        untouched = world.strangers() == by_hand
        yield replace(outcome, right=outcome.right and untouched)
        before = now


def _one(
    world: World,
    revision: Revision,
    wanted: frozenset[Address],
    before: frozenset[Address],
) -> tuple[Outcome, frozenset[Address]]:
    told = world.run()
    held = tuple(told.held)
    if revision.fault:
        words = "source fault, the last good list stands in"
        right = told.code == SOURCE and not told.wrote and not held
    elif held:
        words = f"held ({', '.join(_said(one) for one in held)}), approved"
        right = told.code == HELD
        world.approve(held)
        told = world.run()
        right = right and told.code == IN_STEP and not told.held
    else:
        words = "in step"
        right = told.code == IN_STEP
    now = world.blocked()
    right = right and now == wanted
    if not right:
        words = f"WRONG (exit {told.code}; {words} was expected)"
    came, went = len(now - before), len(before - now)
    return Outcome(
        revision, len(wanted), came, went, held, right, words, told.said
    ), now


def _said(held: Held) -> str:
    return f"{held.count:,} {held.what}"
