"""The nouns of ThreatQ: what it gave, what of it is wanted, and why the rest is not.

1. Nouns are values. What is wrong cannot be built, or is a ``Reason`` and is counted.
2. ``Desired`` exists only whole: what makes it raises, it never makes a smaller one.
3. ``Desired`` holds columns and hands out one ``Indicator`` or ``AddressRange`` at a
   time, as ``Dataset`` does with what the appliance has. At 10**6 entries an object
   each costs twice the memory and five times the time.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

import msgspec

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.ranges import (
    Family,
    Ranges,
)


class Indicator(msgspec.Struct, frozen=True, gc=False):
    """One indicator exactly as ThreatQ gave it.

    Attributes:
        id: ThreatQ's number for it.
        type, status: by name; ids differ between instances.
        status_agrees: False where ThreatQ's status id and status name contradict.
        score: 0 to 10, or None where ThreatQ gave none.
        expires_at: UTC; None means never, or not said.
        collection: position of its data collection in the settings, from 0.
        aged_from, last_at: the two dates asked for, in seconds since 1970, UTC; None
            where it was not asked for, or not said.
    """

    id: int
    type: str
    value: str
    status: str
    status_agrees: bool = True
    score: float | None = None
    expires_at: datetime | None = None
    collection: int = 0
    aged_from: int | None = None
    last_at: int | None = None


class Reason(StrEnum):
    """Why an indicator is not blocked."""

    OTHER_TYPE = "not an IP address"
    MALFORMED = "malformed"
    NO_SET = "IPv6, and no data set for it"
    WHITELISTED = "whitelisted"
    EXPIRED = "expired by status"
    EXPIRED_DATE = "expired by its date"
    STATUS = "status not selected"
    STATUS_UNCLEAR = "status id and name disagree"
    NEVER_BLOCK = "never-block"
    SCORE = "score too low"
    NO_SCORE = "no score"
    AGE = "too old"
    TIME_LIMIT = "time limit reached"
    NO_DATE = "no date to count from"


REASONS = tuple(Reason)
BY_STATUS = (
    Reason.WHITELISTED,
    Reason.EXPIRED,
    Reason.STATUS,
    Reason.STATUS_UNCLEAR,
)
"""The reasons that a status gives."""
BY_TIME = (Reason.EXPIRED_DATE, Reason.AGE, Reason.TIME_LIMIT)
"""The reasons that come of themselves, in time, while ThreatQ stays as it is."""
BY_FIGURES = (*BY_TIME, Reason.SCORE, Reason.NO_SCORE, Reason.NO_DATE)
"""The reasons that a score or a date gives."""


_MALFORMED_MOST, _MALFORMED_LONGEST = 10_000, 100


class Rejections:
    """The indicators that are not blocked, each with its reason, in columns."""

    __slots__ = ("ids", "reasons", "values")

    def __init__(self) -> None:
        self.ids = array("q")
        self.reasons = array("B")
        self.values: list[str] = []

    def add(self, indicator: Indicator, reason: Reason) -> None:
        """Keep one."""
        self.add_value(indicator.id, indicator.value, reason)

    def add_value(self, id_: int, value: str, reason: Reason) -> None:
        """Keep one of which no more is known than id and value."""
        self.ids.append(id_)
        self.reasons.append(REASONS.index(reason))
        self.values.append(value)

    def extend(self, others: "Rejections") -> None:
        """Keep all of another's."""
        self.ids.extend(others.ids)
        self.reasons.extend(others.reasons)
        self.values.extend(others.values)

    def of_addresses(self) -> "Rejections":
        """Return those that somebody who asks about an address may look for.

        That leaves out what is of another type and no address either. Of malformed
        values, which may be anything, the start is kept, and the first of them.
        """
        found, malformed = Rejections(), 0
        for id_, value, reason in self:
            if reason is Reason.MALFORMED:
                malformed += 1
                if malformed <= _MALFORMED_MOST:
                    found.add_value(id_, value[:_MALFORMED_LONGEST], reason)
            elif reason is not Reason.OTHER_TYPE or read_any(value) is not None:
                found.add_value(id_, value, reason)
        return found

    def __len__(self) -> int:
        return len(self.ids)

    def __iter__(self) -> Iterator[tuple[int, str, Reason]]:
        for i, value, reason in zip(self.ids, self.values, self.reasons, strict=True):
            yield i, value, REASONS[reason]

    def counts(self) -> dict[Reason, int]:
        """Count by reason; only reasons that occur, in the order of ``Reason``."""
        counted = Counter(self.reasons)
        return {r: counted[n] for n, r in enumerate(REASONS) if n in counted}


@dataclass(frozen=True, slots=True)
class Desired:
    """All that should be blocked, and what was left out and why.

    Attributes:
        wanted: the entries to block; sorted, disjoint.
        ids: for each entry, the id of the indicator that asked first for it.
        collections: for each entry, that indicator's data collection.
        duplicates: indicators that asked for what another had asked for.
        statuses: indicators by status, the left out ones included.
        protected: what was asked for and must never be blocked.
        wide: what was asked for in blocks so wide that a person has to agree.
        split: so many more entries than were asked for, since what must never be
            blocked was cut out of them.
    """

    wanted: Ranges
    ids: "array[int]"
    collections: "array[int]"
    rejections: Rejections
    duplicates: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    protected: Ranges = field(default_factory=lambda: Ranges.empty(Family.V4))
    wide: Ranges = field(default_factory=lambda: Ranges.empty(Family.V4))
    split: int = 0

    @property
    def seen(self) -> int:
        """Count the indicators that were read."""
        return sum(self.statuses.values())


def utc(text: str) -> datetime:
    """Read ThreatQ's ``YYYY-MM-DD HH:MM:SS`` (UTC, no zone; fractions happen).

    Raises:
        ValueError: it is no such time.
    """
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
