"""What is held against a run: a law has a name, and says what was seen to break it.

A request may take out nothing of others (under ``exclusive``: unmarked entries that it
may), bind nothing that must not be blocked, and open nothing that is wanted, or that
has not stayed its time.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import reduce
from ipaddress import ip_address
from operator import and_

from soak.situation import Foresight, marked
from soak.universe import NOTHING, PROTECTED, Addresses, Pair, family, spread

Bound = Mapping[Pair, str]
"""What stands in the sets: each binding with its comment."""


class BrokenLawError(AssertionError):
    """A law of the program does not hold; the text begins with its name."""


ONLY: set[str] = set()
"""The laws that are judged; none: all."""


def hold(law: str, holds: object, *seen: object) -> None:
    """Raise where a law does not hold."""
    if not holds and (law in ONLY or not ONLY):
        raise BrokenLawError(f"{law}: {' | '.join(map(_named, seen))}")


def _named(seen: object) -> str:
    """Write addresses as people do."""
    many = re.sub(r"(\d{9,39}, ){16,}", "..., ", str(seen))
    return re.sub(r"\d{9,39}", lambda number: str(ip_address(int(number[0]))), many)


@dataclass(slots=True)
class May:
    """What a run may do, whichever of its requests goes wrong.

    Attributes:
        ways: that it can go.
        standing: what an outage must not unblock.
        mine: how the comments of the writer's entries begin.
        ownership: the writer's.
    """

    ways: list[Foresight]
    standing: Addresses
    mine: str
    ownership: str

    @property
    def add(self) -> Addresses:
        """Return the addresses that it may bind."""
        return NOTHING.union(*(way.add for way in self.ways))

    @property
    def remove(self) -> frozenset[Pair]:
        """Return the bindings that it may take out."""
        return frozenset[Pair]().union(*(way.remove for way in self.ways))

    @property
    def first(self) -> Addresses:
        """Return what is bound before anything goes that is not in its way."""
        return reduce(and_, (way.add for way in self.ways))

    @property
    def wanted(self) -> Addresses:
        """Return what stays blocked throughout."""
        return reduce(and_, (way.wanted for way in self.ways))

    @property
    def stays(self) -> frozenset[Pair]:
        """Return the bindings whose minimum stay is not over."""
        return reduce(and_, (way.stays for way in self.ways))

    def judge(self, before: Bound, after: Bound, *, struck: bool) -> None:
        """Hold what a request did against the laws.

        Args:
            before: the sets.
            after: likewise.
            struck: whether a fault has come in its way.
        """
        gone = {pair: before[pair] for pair in before.keys() - after.keys()}
        come, out = spread(after.keys() - before.keys()), spread(gone)
        others = [c for c in gone.values() if self._of_others(c)]
        hold("what others bound stands", not others, gone)
        removes = self.ownership != "add-only"
        hold("add-only takes nothing out", not gone or removes, gone)
        hold("what must never be blocked is not bound", not come & PROTECTED, come)
        # A binding cannot be edited: what makes way is bound anew, in pieces.
        lost = (out & self.standing) - self.add
        hold("an outage unblocks nothing", not lost, gone)
        inside = [pair for pair in gone if spread([pair]) <= self.wanted]
        hold("what is wanted stays", not inside, inside)
        early = gone.keys() & self.stays
        hold("what is bound stays its time", not early, gone)
        idle = [pair for pair in gone if not spread([pair]) & self.add]
        late = NOTHING if struck else self.first - spread(after)
        # Each set by itself: one of them is done before the other.
        hasty = {family(n) for n in late} & {family(first) for first, _ in idle}
        hold("what is missing comes before anything goes", not hasty, gone)
        hold("only what may go goes", gone.keys() <= self.remove, gone, self)
        hold("only what may come comes", come <= self.add, come, self)
        marks = {after[pair][: len(self.mine)] for pair in after.keys() - before.keys()}
        hold("all that is bound is marked", marks <= {self.mine}, marks)

    def _of_others(self, comment: str) -> bool:
        unmarked = self.ownership == "exclusive" and not marked(comment)
        return not (comment.startswith(self.mine) or unmarked)
