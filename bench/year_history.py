"""A year of a data collection: what is put into it and taken out of it, day by day.

The addresses and the revisions are given; their dates are made up, the same each time:

- an address carries the date when it was heard of last: of the first list spread over
  the time before the year, of a revision its own day, and some are heard of anew;
- a third of them carry a date of expiry;
- each day a few become Whitelisted: half of them stay in the data collection, half
  leave it, as they do where it holds what is Active.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, tzinfo=UTC)
_HEARD_ANEW, _WHITELISTED = 0.001, 0.0001
"""Shares of the list, each day."""


@dataclass(frozen=True, slots=True)
class Row:
    """An indicator as ThreatQ has it; times are UTC, in whole seconds."""

    value: str
    status: str
    updated: datetime
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """What happens before the run of a day.

    Attributes:
        at: when the connector runs.
        put: indicators that come into the data collection, or change in it.
        gone: values that leave it.
        let_through: values of these that become Whitelisted.
    """

    at: datetime
    put: tuple[Row, ...]
    gone: tuple[str, ...]
    let_through: tuple[str, ...]


@dataclass(slots=True)
class Year:
    """The days of a list and its revisions, one revision a day.

    Attributes:
        base: the values of the first list.
        revisions: what came and what went with each.
        days: how many.
        before: so many days before the first were the listed ones heard of last.
        expiring: an expiry date is at most so many days after the last one.
        seed: of the dates.
    """

    base: Sequence[str]
    revisions: Sequence[tuple[Sequence[str], Sequence[str]]] = field(repr=False)
    days: int = 365
    before: int = 150
    expiring: int = 330
    seed: int = 1

    def __iter__(self) -> Iterator[Day]:
        chance = random.Random(self.seed)  # noqa: S311  # the same year each time
        listed: dict[str, Row] = {}
        through: set[str] = set()
        for number in range(self.days):
            midnight = START + timedelta(days=number)
            at = midnight + timedelta(seconds=chance.randrange(24 * 60 * 60))
            put, gone = self._revision(number, at, chance)
            put = [row for row in put if row.value not in through]
            gone = [value for value in gone if value in listed]
            for value in gone:
                del listed[value]
            active = sorted(v for v, row in listed.items() if row.status == "Active")
            listed |= {row.value: row for row in put}
            anew = chance.sample(active, int(_HEARD_ANEW * len(active)))
            fresh = [Row(v, "Active", at, listed[v].expires) for v in anew]
            coming = {row.value for row in put}
            old = [value for value in active if value not in coming]
            most = min(len(old), max(1, int(_WHITELISTED * len(old))))
            allowed = chance.sample(old, most)
            leaving = allowed[number % 2 :: 2]
            staying = set(allowed) - set(leaving)
            fresh += [Row(v, "Whitelisted", at) for v in sorted(staying)]
            listed |= {row.value: row for row in fresh}
            for value in leaving:
                del listed[value]
            through |= set(allowed)
            now = {row.value: row for row in [*put, *fresh]}
            staying_rows = tuple(row for v, row in now.items() if v not in leaving)
            yield Day(at, staying_rows, (*gone, *leaving), tuple(leaving))

    def _revision(
        self, number: int, at: datetime, chance: random.Random
    ) -> tuple[list[Row], list[str]]:
        """Return what a revision brings, and what it takes."""
        if number == 0:
            ages = (chance.uniform(0, self.before) for _ in self.base)
            dated = [(v, _ago(at, age)) for v, age in zip(self.base, ages, strict=True)]
            return [self._row(v, when, chance) for v, when in dated], []
        if number > len(self.revisions):
            return [], []
        add, remove = self.revisions[number - 1]
        fresh = [self._row(v, _ago(at, chance.random()), chance) for v in add]
        return fresh, [*remove]

    def _row(self, value: str, updated: datetime, chance: random.Random) -> Row:
        third = chance.randrange(3) == 0
        days = chance.uniform(3, self.expiring)
        return Row(value, "Active", updated, _ago(updated, -days) if third else None)


def _ago(at: datetime, days: float) -> datetime:
    return (at - timedelta(days=days)).replace(microsecond=0)
