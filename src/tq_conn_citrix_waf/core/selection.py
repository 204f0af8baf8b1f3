"""Which indicators of a data collection are taken: ``select``.

    asked for            | taken                                   | else left out as
    ---------------------+-----------------------------------------+------------------
    statuses             | those; none asked: all but Expired.     | its status
                         |   Whitelisted never                     |
    expired = false      | whose expiry date has not passed        | expired
    minimum score        | that score and higher                   | score too low
    maximum age, days    | whose first date is not so long ago     | too old
    time limit, days     | whose last date is not so long ago      | time limit reached

1. All that is asked for has to hold, and the first that does not is the reason.
2. What does not tell its score or its date cannot be shown to fit: it is left out, and
   counted by itself.
3. Only ThreatQ's own dates count: what a list still holds does not come back after its
   time limit, also where every local file is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tq_conn_citrix_waf.core.model import Indicator, Reason

DATES = (
    "created_at",
    "published_at",
    "updated_at",
    "touched_at",
    "last_detected_at",
)
"""The dates of an indicator that can be counted from, as ThreatQ names them.

All were seen in answers; the last is there only where a feed tells it (client code:
Elastic's integration, Cortex XSOAR, stix-shifter).
"""

WHITELISTED = "Whitelisted"
"""ThreatQ's stock status for what poses no risk and must never be deployed."""

TOP_SCORE = 10.0
"""ThreatQ shows 0 to 10; its store can hold more (Polarity's integration)."""

_DAY = 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Dates:
    """Which dates of an indicator are asked for, by ThreatQ's names; '' for none."""

    aged_from: str = ""
    last_at: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of those that are asked for, each once."""
        return tuple(dict.fromkeys(filter(None, (self.aged_from, self.last_at))))


NO_DATES = Dates()


@dataclass(frozen=True, slots=True)
class Selection:
    """What is taken of a data collection.

    Attributes:
        statuses: the only ones taken, at their word; None: all that a collection
            gives, but for Expired. Whitelisted is never taken.
        expired: whether what has expired is taken, by status or by date.
        minimum_score: 0 to 10; 0: any, and none.
        maximum_age: in days since ``age_date``; 0: any.
        age_date: on every row, and never moves.
        time_limit: in days since ``last_date``; 0: none.
        last_date: on every row, and moves when ThreatQ hears of the indicator anew:
            what Elastic's shipped integration sorts by to learn what is new.
    """

    statuses: frozenset[str] | None = None
    expired: bool = False
    minimum_score: float = 0
    maximum_age: int = 0
    age_date: str = "created_at"
    time_limit: int = 0
    last_date: str = "updated_at"

    @property
    def dates(self) -> Dates:
        """Return the dates that have to be asked for."""
        return Dates(
            self.age_date if self.maximum_age else "",
            self.last_date if self.time_limit else "",
        )

    @property
    def by_figures(self) -> bool:
        """Whether a score or a date is looked at."""
        return bool(self.minimum_score or self.maximum_age or self.time_limit)

    def __str__(self) -> str:
        parts = ["any status but Whitelisted" + ("" if self.expired else " or Expired")]
        if self.statuses is not None:
            parts = [f"status {' or '.join(sorted(self.statuses))}"]
        if self.expired:
            parts.append("also expired")
        if self.minimum_score:
            parts.append(f"score {self.minimum_score:g} and higher")
        if self.maximum_age:
            parts.append(f"{self.age_date} within {self.maximum_age} days")
        if self.time_limit:
            parts.append(f"{self.last_date} within {self.time_limit} days")
        return ", ".join(parts)


AS_GIVEN = Selection()
"""All that a collection gives, but for what ThreatQ itself calls no threat."""


@dataclass(frozen=True, slots=True)
class Selections:
    """What is taken of each data collection.

    Attributes:
        general: for all that have none of their own.
        own: by the name of the data collection.
    """

    general: Selection = AS_GIVEN
    own: Mapping[str, Selection] = field(default_factory=dict)

    def of(self, collection: str) -> Selection:
        """Return what is taken of a data collection."""
        return self.own.get(collection, self.general)


def select(indicator: Indicator, selection: Selection, now: datetime) -> Reason | None:
    """Return why an indicator is not taken; None where it is.

    Args:
        indicator: any.
        selection: of its data collection.
        now: the instant against which dates are held, UTC.
    """
    unfit = _by_status(indicator, selection)
    if unfit is not None:
        return unfit
    expires = indicator.expires_at
    if expires is not None and expires <= now and not selection.expired:
        return Reason.EXPIRED_DATE
    return _by_figures(indicator, selection, now) if selection.by_figures else None


def _by_status(indicator: Indicator, selection: Selection) -> Reason | None:
    if not indicator.status_agrees:
        return Reason.STATUS_UNCLEAR
    if indicator.status == WHITELISTED:
        return Reason.WHITELISTED
    if selection.statuses is not None:
        return None if indicator.status in selection.statuses else Reason.STATUS
    if indicator.status == "Expired" and not selection.expired:
        return Reason.EXPIRED
    return None


def _by_figures(
    indicator: Indicator, selection: Selection, now: datetime
) -> Reason | None:
    if selection.minimum_score:
        if indicator.score is None:
            return Reason.NO_SCORE
        if indicator.score < selection.minimum_score:
            return Reason.SCORE
    dated = (
        (selection.maximum_age, indicator.aged_from, Reason.AGE),
        (selection.time_limit, indicator.last_at, Reason.TIME_LIMIT),
    )
    for days, since, reason in dated:
        if days and since is None:
            return Reason.NO_DATE
        if days and since is not None and since + days * _DAY <= now.timestamp():
            return reason
    return None
