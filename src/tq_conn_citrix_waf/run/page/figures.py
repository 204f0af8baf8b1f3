"""What the runs of some days come to: by period, by step, by data set.

A period is a day of UTC, or seven where there are many.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from math import ceil

from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.store.records import RunRecord, SetRecord

_BARS = 92
"""So many periods can be told apart on a screen of 320 pixels."""
_MOST_RUNS = 0.95
_LEAST = 7


@dataclass(slots=True)
class Period:
    """What happened in a period: runs by how they ended, entries, and what stood."""

    began: datetime
    ends: Counter[str] = field(default_factory=Counter)
    added: int = 0
    removed: int = 0
    sets: dict[str, SetRecord] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Span:
    """The time that is told of, whole days of UTC."""

    first: datetime
    last: datetime
    step: timedelta

    def at(self, when: datetime) -> float:
        """Return where an instant lies, 0 to 1."""
        share = (when - self.first) / (self.last - self.first)
        return min(max(share, 0.0), 1.0)  # a clock may have been set back

    def row(self, when: datetime) -> int:
        """Return the number of the period that an instant lies in."""
        return (when - self.first) // self.step


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds that a step took: in the last run that did it, and in all of them."""

    step: str
    last: float
    middle: float
    most: float
    longest: float


def span(runs: Sequence[RunRecord], now: datetime, days: int) -> Span:
    """Return the time that some runs are told in.

    It begins with the first of them, and is a week at least: one day fills no plot.
    """
    least = now - timedelta(days=min(days, _LEAST) - 1)
    since = max(now - timedelta(days=days), min(least, *(r.started for r in runs)))
    first, last = _midnight(since), _midnight(now) + timedelta(days=1)
    step = timedelta(days=1 if (last - first).days <= _BARS else 7)
    whole = -((first - last) // step)
    return Span(last - whole * step, last, step)


def _midnight(when: datetime) -> datetime:
    return datetime.combine(when.astimezone(UTC).date(), time(), UTC)


def periods(runs: Iterable[RunRecord], told: Span) -> list[Period]:
    """Return every period, also those without a run, oldest first."""
    count = (told.last - told.first) // told.step
    found = [Period(told.first + row * told.step) for row in range(count)]
    for run in runs:
        one = found[min(max(told.row(run.ended), 0), count - 1)]
        one.ends[ending(run)] += 1
        bound, unbound = changed(run)
        one.added += bound
        one.removed += unbound
        one.sets.update((each.name, each) for each in run.sets)
    return found


def ending(run: RunRecord) -> str:
    """Return how a run ended: "good", "held" or "bad"."""
    if run.exit == Exit.IN_STEP:
        return "good"
    return "held" if run.exit == Exit.REFUSED else "bad"


def changed(run: RunRecord) -> tuple[int, int]:
    """Return how many entries a run bound and unbound."""
    return len(run.bound) + len(run.bound6), len(run.unbound) + len(run.unbound6)


def steps(runs: Iterable[RunRecord]) -> list[Took]:
    """Return what each step took, in the order of a run."""
    took: dict[str, list[float]] = {}
    for run in runs:
        for verb, seconds in run.seconds.items():
            took.setdefault(verb, []).append(seconds)
    return [_took(verb, all_) for verb, all_ in took.items()]


def whole(runs: Iterable[RunRecord]) -> Took | None:
    """Return what whole runs took."""
    all_ = [(run.ended - run.started).total_seconds() for run in runs]
    return _took("the whole run", all_) if all_ else None


def _took(step: str, seconds: Sequence[float]) -> Took:
    order = sorted(seconds)
    middle, most = (order[ceil(p * len(order)) - 1] for p in (0.5, _MOST_RUNS))
    return Took(step, seconds[-1], middle, most, order[-1])


def nice(most: float) -> float:
    """Return 1, 2 or 5 times a power of ten, at least so much."""
    power = 1.0
    while power * 10 <= most:
        power *= 10
    return next(power * n for n in (1, 2, 5, 10) if power * n >= most)
