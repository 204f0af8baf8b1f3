"""What a page tells of, read from the ledger and the files beside it.

1. It needs neither network nor configuration, and changes nothing.
2. What cannot be read is said, and all the rest is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.errors import ConfigurationError, ConnectorError, StateError
from tq_conn_citrix_waf.run.history import find
from tq_conn_citrix_waf.run.status import Standing, standing
from tq_conn_citrix_waf.store.allowed import Allowed, allowed
from tq_conn_citrix_waf.store.consents import all_given
from tq_conn_citrix_waf.store.ledger import ReadLedger
from tq_conn_citrix_waf.store.records import Counts, RunRecord
from tq_conn_citrix_waf.store.said import Given


@dataclass(frozen=True, slots=True)
class Past:
    """A site and its last days.

    Attributes:
        standing: how it stands now.
        block_list: the name of the data set that the ledger's list is called by.
        days: so many are told of.
        runs: those of these days, oldest first.
        acts: what people did in them, oldest first.
        given: the consents that they gave in them, oldest first.
        allowed: what people let through now.
        datasets: each data set as it was read last.
        gaps: what could not be read, in words.
    """

    standing: Standing
    block_list: str
    days: int
    runs: tuple[RunRecord, ...] = ()
    acts: tuple[RunRecord, ...] = ()
    given: tuple[Given, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    gaps: tuple[str, ...] = ()

    @property
    def planned(self) -> RunRecord | None:
        """Return the last run that got as far as a plan."""
        all_ = (*self.runs, self.standing.last)
        return next((run for run in reversed(all_) if run.counts is not None), None)

    @property
    def counts(self) -> Counts | None:
        """Return the numbers of the last run that got as far as a plan."""
        return None if self.planned is None else self.planned.counts


def past(directory: Path, now: datetime, days: int) -> Past:
    """Return what is known of a site's last days.

    Raises:
        ConfigurationError: no run is known.
        StateError: the ledger cannot be read.
    """
    found = known(directory, now)
    ledger, _ = find(directory, found.last.number)
    since = now - timedelta(days=days)
    gaps: list[str] = []
    kept = _kept(ledger, since, gaps)
    return Past(
        found,
        ledger.block_list,
        days,
        tuple(run for run in kept if run.act is None),
        tuple(run for run in kept if run.act is not None),
        _given(directory, ledger, since, gaps),
        _allowed(directory, now, gaps),
        _datasets(ledger, gaps),
        tuple(gaps),
    )


def known(directory: Path, now: datetime) -> Standing:
    """Return how a site stands, of which a run is known.

    Raises:
        ConfigurationError: none is.
        StateError: the ledger cannot be read.
    """
    found = standing(directory, now)
    if found is None:
        raise ConfigurationError(
            f"no run is in the ledger of {directory}",
            "run the connector first, or name its directory with -c",
        )
    return found


def _kept(ledger: ReadLedger, since: datetime, gaps: list[str]) -> list[RunRecord]:
    found: list[RunRecord] = []
    lost = 0
    for number in reversed(ledger.numbers_since(since)):
        try:
            run = ledger.run(number)
        except StateError:
            lost += 1
        else:
            found += [run] if run is not None else []
    if lost:
        gaps.append(f"{lost:,} of the runs cannot be read any more")
    return found


def _given(
    directory: Path, ledger: ReadLedger, since: datetime, gaps: list[str]
) -> tuple[Given, ...]:
    where = f"{ledger.block_list} on {ledger.appliance}"
    try:
        all_ = all_given(directory)
    except StateError as error:
        gaps.append(error.what)
        return ()
    return tuple(g for g in all_ if g.at >= since and g.refusal.where == where)


def _allowed(directory: Path, now: datetime, gaps: list[str]) -> tuple[Allowed, ...]:
    try:
        return tuple(allowed(directory, now))
    except ConnectorError as error:
        gaps.append(error.what)
        return ()


def _datasets(ledger: ReadLedger, gaps: list[str]) -> tuple[Dataset, ...]:
    try:
        found = [ledger.standing(family) for family in Family]
    except StateError as error:
        gaps.append(error.what)
        return ()
    return tuple(one.dataset for one in found if one is not None)
