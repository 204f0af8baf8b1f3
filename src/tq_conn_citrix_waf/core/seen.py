"""What a data set has of an address or a network that somebody asks about."""

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from tq_conn_citrix_waf.core.dataset import Binding, Dataset
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

_EPOCH = date(1970, 1, 1)


class Told(StrEnum):
    """How much of what was asked about; the first three in this order."""

    YES = "yes"
    NO = "no"
    PARTLY = "partly"
    UNKNOWN = "unknown"


class Whose(StrEnum):
    """Who bound an entry."""

    OURS = "ours"
    INSTANCE = "another instance"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the set, within or around what was asked about.

    Attributes:
        instance: in its mark; '' where it has none.
        day: when it was bound, by its mark.
    """

    binding: Binding
    whose: Whose
    instance: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What the set has of what was asked about.

    Attributes:
        blocked: the addresses that any entry covers.
        ours, foreign: those that entries of ours, and of others, cover.
        entries: that touch it, in the order of their addresses.
    """

    blocked: Ranges
    ours: Ranges
    foreign: Ranges
    entries: tuple[Entry, ...]

    def counts(self) -> dict[Whose, int]:
        """Count the entries by who bound them; only those that occur."""
        counted = Counter(entry.whose for entry in self.entries)
        return {whose: counted[whose] for whose in Whose if counted[whose]}


def see(asked: AddressRange, dataset: Dataset, instance: str) -> Seen:
    """Return what a data set has of a range."""
    ours = dataset.owner(instance)
    covered: dict[bool, list[tuple[int, int]]] = {True: [], False: []}
    entries = []
    if dataset.family is asked.family:
        for row, (first, last) in enumerate(dataset.pairs()):
            if first <= asked.last and last >= asked.first:
                pair = (max(first, asked.first), min(last, asked.last))
                covered[dataset.owners[row] == ours].append(pair)
                entries.append(_entry(dataset, row, ours))
    by = {mine: Ranges.of(asked.family, pairs) for mine, pairs in covered.items()}
    return Seen(by[True].union(by[False]), by[True], by[False], tuple(entries))


def _entry(dataset: Dataset, row: int, ours: int) -> Entry:
    binding, owner = dataset.binding(row), dataset.owners[row]
    if not owner:
        return Entry(binding, Whose.FOREIGN)
    whose = Whose.OURS if owner == ours else Whose.INSTANCE
    day = _EPOCH + timedelta(days=dataset.days[row])
    return Entry(binding, whose, dataset.instances[owner], day)


def how_much(part: Ranges | None, asked: AddressRange) -> Told:
    """Return whether a part is all, nothing or some of what was asked about."""
    if part is None:
        return Told.UNKNOWN
    if not len(part):
        return Told.NO
    return Told.YES if part.merged().covers(asked.first, asked.last) else Told.PARTLY


def enclosed(ranges: Ranges, asked: AddressRange) -> Ranges:
    """Return what of some ranges lies in what was asked about."""
    if ranges.family is not asked.family:
        return Ranges.empty(asked.family)
    start = bisect_left(ranges.lasts, asked.first)
    stop = bisect_right(ranges.firsts, asked.last)
    pairs = zip(ranges.firsts[start:stop], ranges.lasts[start:stop], strict=True)
    cut = ((max(a, asked.first), min(b, asked.last)) for a, b in pairs)
    return Ranges.of(asked.family, cut)


def empty(family: Family) -> Ranges:
    """Return no addresses at all."""
    return Ranges.empty(family)
