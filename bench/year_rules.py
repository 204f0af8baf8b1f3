"""What should be bound after the run of each day: a small calculation by itself.

No line is shared with the connector. One address at a time, from ThreatQ's own dates:

- wanted is what is listed and Active, has not expired, was heard of within the time
  limit, and is no address that must never be blocked;
- what is wanted is bound, from this day on;
- what is not, stays through so many whole days after the day it was bound, unless it is
  Whitelisted: that goes at once, as soon as it is no longer wanted.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from history import address, protected
from year_history import Day, Row


@dataclass(slots=True)
class Book:
    """What is listed, and what is bound since when.

    Attributes:
        time_limit, minimum_stay: in days.
        told: how often each thing happened.
    """

    time_limit: int
    minimum_stay: int
    listed: dict[str, Row] = field(default_factory=dict)
    through: set[str] = field(default_factory=set)
    bound: dict[str, date] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def turn(self, day: Day) -> set[str]:
        """Go on by a day; return what should be bound after its run."""
        for value in day.gone:
            del self.listed[value]
        for row in day.put:
            self.listed[row.value] = row
            self.through.discard(row.value)
            if row.status == "Whitelisted":
                self.through.add(row.value)
        self.through |= set(day.let_through)
        today = day.at.date()
        for value in [*self.bound]:
            why = self.unwanted(value, day.at)
            if why and self._goes(value, today):
                self.told[f"unbound: {why}"] += 1
                del self.bound[value]
            elif why:
                self.told["days that an address stayed"] += 1
        for value in self.listed:
            if value not in self.bound and not self.unwanted(value, day.at):
                self.told["bound"] += 1
                self.bound[value] = today
        return set(self.bound)

    def unwanted(self, value: str, now: datetime) -> str:
        """Say why an address is not wanted; '' where it is."""
        row = self.listed.get(value)
        if value in self.through:
            return "let through"
        if row is None:
            return "no longer listed"
        if row.expires is not None and row.expires <= now:
            return "expired"
        if row.updated + timedelta(days=self.time_limit) <= now:
            return "time limit reached"
        one = address(value)
        return "never to be blocked" if one is None or protected(one) else ""

    def _goes(self, value: str, today: date) -> bool:
        days = (today - self.bound[value]).days
        return value in self.through or days > self.minimum_stay


def first_of(values: Iterable[str], most: int = 3) -> str:
    """Return the first few of some values, for a message."""
    return ", ".join(sorted(values)[:most])
