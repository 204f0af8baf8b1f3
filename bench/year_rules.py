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
from ipaddress import ip_address, ip_network

from year_history import Day, Row

_NEVER = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.168.0.0/16",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)


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
        return "never to be blocked" if protected(value) else ""

    def _goes(self, value: str, today: date) -> bool:
        days = (today - self.bound[value]).days
        return value in self.through or days > self.minimum_stay


_known: dict[str, bool] = {}


def protected(value: str) -> bool:
    """Whether an address must never be blocked."""
    found = _known.get(value)
    if found is None:
        address = ip_address(value)
        found = _known[value] = any(address in network for network in _NEVER)
    return found


def first_of(values: Iterable[str], most: int = 3) -> str:
    """Return the first few of some values, for a message."""
    return ", ".join(sorted(values)[:most])
