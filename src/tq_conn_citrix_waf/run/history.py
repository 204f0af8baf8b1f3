"""What the ledger tells about the past: runs, one run by its reasons, two generations.

1. It needs neither network nor configuration, and changes nothing.
2. A run that cannot be read is said to be there; the others are told all the same.
3. The reason of an entry is found in the generations that its run went by.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.errors import ConfigurationError, StateError
from tq_conn_citrix_waf.store.consents import all_given
from tq_conn_citrix_waf.store.ledger import ReadLedger, ledgers
from tq_conn_citrix_waf.store.records import Generation, GenerationLine, RunRecord
from tq_conn_citrix_waf.store.said import Given

GONE = "in no collection any more"
PART = "only part of it is still wanted"
SWAPPED = "bound again at once, with our mark"
AGAIN = "had vanished, and is bound again"
_ALL = 1 << 30
OTHER = "the generation that asks for it is not kept any more"


@dataclass(frozen=True, slots=True)
class Line:
    """One run, or one approval, in the order of time.

    Attributes:
        number: of the run; 0 for an approval.
        where: the data set and its appliance.
        run: None where it cannot be read.
        given: the approval.
    """

    number: int
    where: str
    run: RunRecord | None = None
    given: Given | None = None

    @property
    def at(self) -> datetime | None:
        """Return when it was, UTC; None where that cannot be read."""
        if self.given is not None:
            return self.given.at
        return None if self.run is None else self.run.started


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and the id of the indicator that it is about; 0: not known."""

    entry: AddressRange
    id: int = 0


Reasons = dict[str, list[Entry]]
"""Entries by the words of their reason."""


def lines(directory: Path, most: int) -> list[Line]:
    """Return the last runs and approvals, newest first.

    Raises:
        StateError: nothing of the ledger can be read.
    """
    found = [
        Line(number, f"{ledger.block_list} on {ledger.appliance}", _run(ledger, number))
        for ledger in ledgers(directory)
        for number in ledger.numbers(most)
    ]
    found = sorted(found, key=lambda line: -line.number)[:most]
    return [*islice(_merged(found, _approvals(directory, found)), most)]


def _run(ledger: ReadLedger, number: int) -> RunRecord | None:
    try:
        return ledger.run(number)
    except StateError:
        return None


def _approvals(directory: Path, runs: Sequence[Line]) -> list[Line]:
    """Return the approvals since the oldest of some runs, newest first."""
    try:
        given = all_given(directory)
    except StateError:  # a run says so
        return []
    oldest = min((line.at for line in runs if line.at is not None), default=None)
    return [
        Line(0, one.refusal.where, given=one)
        for one in reversed(given)
        if oldest is None or one.at >= oldest
    ]


def _merged(runs: list[Line], approvals: list[Line]) -> Iterator[Line]:
    """Yield both, newest first; a run without a time keeps its place."""
    for line in runs:
        while approvals and line.at is not None and _at(approvals[0]) > line.at:
            yield approvals.pop(0)
        yield line
    yield from approvals


def _at(line: Line) -> datetime:
    if line.at is None:
        raise ValueError(line)
    return line.at


def find(directory: Path, number: int) -> tuple[ReadLedger, RunRecord]:
    """Return one run and its ledger.

    Raises:
        ConfigurationError: it is not kept.
        StateError: it cannot be read.
    """
    for ledger in ledgers(directory):
        run = ledger.run(number)
        if run is not None:
            return ledger, run
    raise ConfigurationError(
        f"there is no run {number} in the ledger of {directory}",
        "history without a number lists those that are kept",
    )


def generations(directory: Path, most: int) -> list[tuple[str, GenerationLine]]:
    """Return the last generations of all data sets, newest first, and whose they are.

    Raises:
        StateError: they cannot be read.
    """
    found = [
        (f"{ledger.block_list} on {ledger.appliance}", line)
        for ledger in ledgers(directory)
        for line in ledger.generations(most)
    ]
    return sorted(found, key=lambda one: -one[1].number)[:most]


def why_bound(ledger: ReadLedger, run: RunRecord, family: Family) -> Reasons:
    """Return what a run bound of a family, by the collection that asks for it."""
    bound, vanished = (
        (run.bound, run.vanished)
        if family is Family.V4
        else (run.bound6, run.vanished6)
    )
    found: Reasons = {}
    kept = _generations(ledger, run, family)
    for one in bound:
        collection, id_ = _asked(kept, one)
        words = f"of {collection}" if collection else OTHER
        if vanished.touches(one.first, one.last):
            words = AGAIN
        found.setdefault(words, []).append(Entry(one, id_))
    return found


def why_unbound(ledger: ReadLedger, run: RunRecord, family: Family) -> Reasons:
    """Return what a run unbound of a family, by the reason that it is not wanted."""
    unbound, dropped, bound = run.unbound6, run.dropped6, run.bound6
    if family is Family.V4:
        unbound, dropped, bound = run.unbound, run.dropped, run.bound
    if not len(unbound):
        return {}
    now, before = _generations(ledger, run, family), _before(ledger, run, family)
    found: Reasons = {}
    for one in unbound:
        words = GONE
        for why, entries in dropped.items():
            if entries.touches(one.first, one.last):
                words = why
        if any(g.wanted.touches(one.first, one.last) for g in now):
            words = PART
        if bound.covers(one.first, one.last):
            words = SWAPPED
        _, id_ = _asked(before, one)
        found.setdefault(words, []).append(Entry(one, id_))
    return found


def _before(ledger: ReadLedger, run: RunRecord, family: Family) -> list[Generation]:
    """Return, of each collection, the last generation before that of a run."""
    kept = [line for line in ledger.generations(_ALL) if line.family is family]
    used = {g.collection: g.number for g in kept if g.number in run.generations}
    last = max(run.generations, default=0)
    latest: dict[str, int] = {}
    for line in kept:
        if line.number < used.get(line.collection, last):
            latest.setdefault(line.collection, line.number)
    found = map(ledger.generation, latest.values())
    return [one for one in found if one is not None]


def _generations(
    ledger: ReadLedger, run: RunRecord, family: Family
) -> list[Generation]:
    found = (ledger.generation(number) for number in run.generations)
    return [one for one in found if one is not None and one.wanted.family is family]


def _asked(kept: Sequence[Generation], one: AddressRange) -> tuple[str, int]:
    """Return which collection asks for an entry, and the id of the indicator."""
    for generation in kept:
        wanted = generation.wanted
        row = bisect_right(wanted.firsts, one.first) - 1
        if row >= 0 and wanted.lasts[row] >= one.first:
            return generation.collection, generation.ids[row]
    return "", 0


@dataclass(frozen=True, slots=True)
class Difference:
    """What a later generation adds to an earlier one, and what it lacks, with ids."""

    before: Generation
    after: Generation
    added: list[Entry]
    removed: list[tuple[Entry, str]]


def difference(directory: Path, before: int, after: int) -> Difference:
    """Return the difference of two generations.

    Raises:
        ConfigurationError: one is not kept, or they are of two families.
        StateError: they cannot be read.
    """
    for ledger in ledgers(directory):
        one, two = ledger.generation(before), ledger.generation(after)
        if one is not None and two is not None:
            break
    else:
        raise ConfigurationError(
            f"generations {before} and {after} are not both kept in {directory}",
            "history --generations lists those that are, and whose they are",
        )
    if one.wanted.family is not two.wanted.family:
        raise ConfigurationError(
            f"generation {before} is of IPv{one.wanted.family.value} entries, and"
            f" {after} of IPv{two.wanted.family.value} ones",
            "compare two of one family",
        )
    left = {id_: reason for id_, _, reason in ledger.left_out_of(after) or ()}
    removed = (
        (entry, left[entry.id].value if entry.id in left else GONE)
        for entry in _apart(one, two)
    )
    return Difference(one, two, [*_apart(two, one)], [*removed])


def _apart(one: Generation, other: Generation) -> Iterator[Entry]:
    """Yield what one generation has and another has not."""
    rest, rows = one.wanted.subtract_with_rows(other.wanted)
    for entry, row in zip(rest, rows, strict=True):
        yield Entry(entry, one.ids[row])
