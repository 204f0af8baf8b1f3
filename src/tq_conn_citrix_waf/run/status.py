"""How a site stands, from the ledger alone: ``status`` and the metrics are its views.

    what the last runs say                   | level
    -----------------------------------------+------------------------------------
    in step, and not long ago                | ok
    held, failed, a set nearly full, late    | warning
    no good run for long, a set not as it    | critical
    was written, entries not blocked         |
    no run is known                          | unknown

1. It needs neither network nor ThreatQ's form, and changes nothing.
2. The levels are those of Nagios' plug-ins, worst first wins.
3. While a person has paused all writing, what a set lacks is a warning: it is meant.
   Runs go on asking what they would want; what the set blocks of that is told as such,
   once a run has looked after the person acted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path

from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.reach import resume
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.pause import Pause, paused
from tq_conn_citrix_waf.store.records import RunRecord, SetRecord

_LOOKED_AT = (20, 500)
"""So many runs are looked through for a good one: the first number nearly always does,
and of hourly runs the second is three weeks."""
FILL_WARNING, _FILL_CRITICAL = 0.80, 0.95
_BLOCKED_WARNING, _BLOCKED_CRITICAL = 0.999, 0.90
"""Shares of what is wanted. A set enforced to 1.7 % for a day while all was green is
the accident that this is for."""


class Level(IntEnum):
    """How well it stands: the exit codes of a Nagios plug-in."""

    OK = 0
    WARNING = 1
    CRITICAL = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Ages:
    """How long ago the last good run may be."""

    warning: timedelta = timedelta(hours=3)
    critical: timedelta = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Worry:
    """One thing that is not well, and what to do about it."""

    level: Level
    words: str
    cure: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How one site stands.

    Attributes:
        appliance: its URL.
        last: the last run; ``good``: the last that ended in step, None where none is
            known.
        not_good: runs in a row, up to now, that did not end in step.
        sets: the data sets as they were seen last.
        now: UTC.
        pause: who stopped all writing; None where nobody did.
        resume: the command that ends it.
        act: what a person did after the last run, where anybody did; ``sets`` hold
            what it left there, and what the last run wanted.
        failures: runs in a row, up to now, that failed: what is held is no failure,
            and what somebody interrupted does not count.
        first: when the oldest run ended that was looked at, UTC.
    """

    appliance: str
    last: RunRecord
    good: RunRecord | None
    not_good: int
    sets: tuple[SetRecord, ...]
    now: datetime
    ages: Ages = field(default_factory=Ages)
    pause: Pause | None = None
    resume: str = ""
    act: RunRecord | None = None
    failures: int = 0
    first: datetime | None = None

    @property
    def level(self) -> Level:
        """Return the worst of all levels."""
        return max((worry.level for worry in self.worries()), default=Level.OK)

    @property
    def age(self) -> timedelta | None:
        """Return how long ago the last good run ended."""
        return None if self.good is None else self.now - self.good.ended

    @property
    def astray(self) -> timedelta:
        """Return how long no run has ended in step, as far back as was looked."""
        since = self.first if self.good is None else self.good.ended
        return timedelta() if since is None else self.now - since

    def worries(self) -> Iterator[Worry]:
        """Yield all that is not well, in the order of a run."""
        last = self.last
        if self.pause is not None:
            yield Worry(Level.WARNING, self.pause.words, self.resume)
        if last.exit:
            grave = last.exit == Exit.UNVERIFIED
            level = Level.CRITICAL if grave else Level.WARNING
            yield Worry(level, last.what, last.cure)
        yield from (Worry(Level.WARNING, words) for words in last.warnings)
        yield from self._late()
        most = Level.CRITICAL if self.pause is None else Level.WARNING
        for one in self.sets:
            for worry in (*self._lacking(one), *_full(one)):
                yield replace(worry, level=min(worry.level, most))

    def _lacking(self, one: SetRecord) -> Iterator[Worry]:
        share = one.blocked / one.wanted if one.wanted else 1.0
        if share >= _BLOCKED_WARNING:
            return
        if self.pause is None:
            level = Level.CRITICAL if share < _BLOCKED_CRITICAL else Level.WARNING
            words = f"{one.name}: {one.blocked:,} of {one.wanted:,} wanted are blocked"
            yield Worry(
                level, words, "run the connector with -v2 and read what it says"
            )
        elif self.act is None:
            words = f"{one.name} stays as it is while paused: of {one.wanted:,} entries"
            words += f" that the runs want, {one.blocked:,} are blocked"
            yield Worry(Level.WARNING, words)

    def _late(self) -> Iterator[Worry]:
        cure = "look at the log of the last runs, and whether cron still runs it"
        if self.age is None:
            yield Worry(Level.CRITICAL, "no run has ended in step yet", cure)
            return
        for level, most in (
            (Level.CRITICAL, self.ages.critical),
            (Level.WARNING, self.ages.warning),
        ):
            if self.age > most:
                words = f"the last run in step ended {told(self.age)} ago"
                yield Worry(level, words, cure)
                return


def _full(one: SetRecord) -> Iterator[Worry]:
    if one.limit and one.values >= FILL_WARNING * one.limit:
        full = one.values >= _FILL_CRITICAL * one.limit
        yield Worry(
            Level.CRITICAL if full else Level.WARNING,
            *filled(one),
        )


def filled(one: SetRecord) -> tuple[str, str]:
    """Say how much a data set holds, and what to do where that is too much."""
    return (
        f"{one.name} holds {one.values:,} of {one.limit:,} values",
        "narrow the data collection, or use a release that holds more",
    )


def told(age: timedelta) -> str:
    """Return a length of time as a person says it."""
    minutes = max(0, int(age.total_seconds()) // 60)  # a clock may be set back
    if minutes < 2 * 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60):,} days"


def standing(
    directory: Path, now: datetime, ages: Ages | None = None
) -> Standing | None:
    """Return how the site of a directory stands; None where no run is known.

    Raises:
        StateError: the ledger cannot be read.
    """
    newest: Standing | None = None
    for ledger in ledgers(directory):
        for most in _LOOKED_AT:
            found = ledger.runs(most)
            runs = [run for run in found if run.act is None]
            good = next((n for n, run in enumerate(runs) if not run.exit), None)
            if good is not None or len(found) < most:
                break
        if not runs or (newest is not None and newest.last.ended >= runs[0].ended):
            continue
        newest = Standing(
            ledger.appliance,
            runs[0],
            None if good is None else runs[good],
            len(runs) if good is None else good,
            tuple(_seen_last(found, runs)),
            now,
            ages or Ages(),
            paused(directory),
            resume(directory),
            None if found[0].act is None else found[0],
            _failures(runs),
            runs[-1].ended,
        )
    return newest


def _failures(runs: Sequence[RunRecord]) -> int:
    counted = [run.exit for run in runs if run.exit != Exit.INTERRUPTED]
    passed = (Exit.IN_STEP, Exit.REFUSED)
    return next((n for n, code in enumerate(counted) if code in passed), len(counted))


def _seen_last(
    found: Sequence[RunRecord], runs: Sequence[RunRecord]
) -> Iterator[SetRecord]:
    """Yield the data sets of the last run, with as many values as were seen last."""
    values = {
        (one.name, one.family): one.values
        for run in reversed(found)
        for one in run.sets
    }
    for one in next((run.sets for run in runs if run.sets), ()):
        yield replace(one, values=values[one.name, one.family])
