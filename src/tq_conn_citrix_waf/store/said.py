"""What was held back, and what people then said to it: who, when and why.

1. A word covers the *entries* that a refusal listed, not the moment: a list moves every
   hour. The later word about an entry counts: a discard takes approvals back.
2. An approval lapses 24 hours after it was given, or with the first complete run after
   that if none came in between.
3. Where two persons are needed, what goes ahead is what each of two has approved.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from tq_conn_citrix_waf.core.addresses import read_ranges
from tq_conn_citrix_waf.core.guard import Consent, Held
from tq_conn_citrix_waf.core.ranges import Family, Ranges

LIFE = timedelta(hours=24)


class HeldBack(msgspec.Struct, frozen=True):
    """One refusal, as it is kept for ``approve``.

    ``collection`` is whose change it is; '' where it is the whole plan's.
    """

    id: str
    held: Held
    family: Literal[4, 6]
    entries: list[str]
    limit: int
    size: int
    at: datetime
    where: str
    collection: str = ""

    @property
    def ranges(self) -> Ranges:
        """Return its entries."""
        return read_ranges(Family(self.family), self.entries)


class Given(msgspec.Struct, frozen=True):
    """One word: an approval, or a discard.

    ``met`` says whether a complete run has come since.
    """

    refusal: HeldBack
    reason: str
    who: str
    at: datetime
    met: bool = False
    discard: bool = False

    def valid(self, now: datetime) -> bool:
        """Whether it has not lapsed; a discard never does."""
        return self.discard or now < self.at + LIFE or not self.met

    @property
    def words(self) -> str:
        """Say it in one line."""
        done = "refused" if self.discard else "approved"
        return f"{done} by {self.who}, {self.at:%Y-%m-%d %H:%M} UTC: {self.reason}"


@dataclass(frozen=True, slots=True)
class Approval:
    """An approval that has not lapsed, and what of it no later word took back."""

    given: Given
    left: Ranges


@dataclass(frozen=True, slots=True)
class Said:
    """All that was said about one data set, oldest first.

    ``needed`` is how many persons must approve.
    """

    given: Sequence[Given]
    needed: int = 1

    def approvals(self, now: datetime) -> list[Approval]:
        """Return the approvals that count at an instant, of however many persons."""
        found: list[Approval] = []
        for one in self.given:
            if one.discard:
                gone = one.refusal.ranges.merged()
                found = [
                    Approval(a.given, a.left.subtract(gone)) if _alike(a, one) else a
                    for a in found
                ]
            elif one.valid(now):
                found.append(Approval(one, one.refusal.ranges.merged()))
        return [one for one in found if len(one.left)]

    def valid(self, family: Family, now: datetime) -> list[Consent]:
        """Return what may go ahead at an instant."""
        approvals = [
            one for one in self.approvals(now) if one.given.refusal.family == family
        ]
        found = []
        for held in Held:
            alike = [one for one in approvals if one.given.refusal.held is held]
            agreed = _by_enough(alike, self.needed, family)
            if len(agreed):
                found.append(Consent(held, agreed))
        return found

    def refused(self, name: str) -> Given | None:
        """Return who refused what an id names; None: nobody, or it was approved since.

        The same id is the same entries.
        """
        about = [one for one in self.given if one.refusal.id == name]
        return about[-1] if about and about[-1].discard else None

    def approvers(self, held: Held, entries: Ranges, now: datetime) -> list[str]:
        """Return who has approved each of some entries."""
        by: dict[str, list[Approval]] = {}
        for one in self.approvals(now):
            same = one.given.refusal.family == int(entries.family)
            if same and one.given.refusal.held is held:
                by.setdefault(one.given.who, []).append(one)
        return [
            who
            for who, approvals in by.items()
            if not len(entries.subtract(_union(approvals, entries.family)))
        ]


def _alike(approval: Approval, other: Given) -> bool:
    one, two = approval.given.refusal, other.refusal
    return (one.held, one.family) == (two.held, two.family)


def _by_enough(approvals: Sequence[Approval], needed: int, family: Family) -> Ranges:
    """Return the entries that enough different persons have approved."""
    by = [Ranges.empty(family)] * needed  # by[n]: what n + 1 persons have approved
    for who in {one.given.who: None for one in approvals}:
        his = _union([one for one in approvals if one.given.who == who], family)
        for n in range(needed - 1, 0, -1):
            by[n] = by[n].union(by[n - 1].intersect(his)).merged()
        by[0] = by[0].union(his).merged()
    return by[-1]


def _union(approvals: Iterable[Approval], family: Family) -> Ranges:
    pairs = (pair for one in approvals for pair in one.left.pairs())
    return Ranges.of(family, pairs).merged()
