"""What has to change: ``plan``.

    wanted | on the set                 | plan
    -------+----------------------------+--------------------------------------
    yes    | nothing                    | add
    yes    | ours                       | keep
    yes    | inside a foreign entry     | covered: nothing to do
    yes    | partly inside either       | add what is left of it
    held   | anything                   | it stays: asked for, though not yet taken
    no     | ours                       | remove
    no     | ours, bound a short while  | stay, until its minimum stay is over
    no     | foreign                    | foreign: untouchable (exclusive: if it
           |                            |   carries no mark at all, remove)
    partly | ours, wider than wanted    | remove, and add the wanted pieces

1. Only an entry that carries our mark is ever removed, or under ``exclusive`` one
   that carries none; another instance's never.
2. What is added overlaps nothing that stays.
3. The same inputs give the same plan; applied, the next plan is empty.
4. What may not wait never stays: neither an entry nor a part of one.
"""

import hashlib
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from tq_conn_citrix_waf.core.dataset import Dataset, days_since_1970
from tq_conn_citrix_waf.core.model import Desired
from tq_conn_citrix_waf.core.ranges import Family, Ranges, column, distinct


class Ownership(StrEnum):
    """Which entries may be removed: ours; ours and unmarked ones; none."""

    OWNED = "owned"
    EXCLUSIVE = "exclusive"
    ADD_ONLY = "add-only"


@dataclass(frozen=True, slots=True)
class Stay:
    """How long an entry of ours stays bound at least, once it is.

    The mark tells the day and not the hour: so that it is never less than ``days``, an
    entry stays through the whole of the last day.

    Attributes:
        today: UTC.
        days: 1 or more.
        released: what is let through at once: it may not wait.
    """

    today: date
    days: int
    released: Ranges

    def holds(self, day: int, first: int, last: int) -> bool:
        """Whether an entry bound on a day (since 1970) is to stay.

        A day to come is no day that it was bound on: some clock was wrong.
        """
        age = days_since_1970(self.today) - day
        return 0 <= age <= self.days and not self.released.touches(first, last)


@dataclass(frozen=True, slots=True)
class Plan:
    """The changes that put a data set in step.

    Attributes:
        add: the ranges to bind; sorted, disjoint.
        remove: rows of the data set to unbind, in order.
        keep: how many of ours stay.
        covered: how many wanted entries lie wholly inside foreign ones.
        foreign: how many entries are not ours, marked by whom ('' = by nobody).
        unmarked_wanted: of those marked by nobody, how many lie inside what is wanted.
        stay: rows of ours that are not wanted, and stay for now.
        held: what is asked for and held back; None: nothing.
    """

    desired: Desired
    dataset: Dataset
    add: Ranges
    remove: "array[int]"
    keep: int
    covered: int
    foreign: dict[str, int]
    unmarked_wanted: int = 0
    stay: "array[int]" = field(default_factory=lambda: array("L"))
    held: Ranges | None = None

    @property
    def empty(self) -> bool:
        """Whether there is nothing to change."""
        return not len(self.add) and not self.remove

    def removed(self) -> Ranges:
        """Return the ranges of the entries to remove."""
        return _ranges(self.dataset, self.remove)

    def staying(self) -> Ranges:
        """Return the ranges of the entries that stay for now."""
        return _ranges(self.dataset, self.stay)

    def digest(self) -> str:
        """Return 16 hexadecimal digits that name exactly these changes."""
        texts = [self.dataset.name, *(f"+{r}" for r in self.add)]
        texts += [f"-{self.dataset.binding(row).range}" for row in self.remove]
        return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:16]


def plan(
    desired: Desired,
    dataset: Dataset,
    instance: str,
    ownership: Ownership = Ownership.OWNED,
    stay: Stay | None = None,
    held: Ranges | None = None,
) -> Plan:
    """Return what puts the data set in step with what is desired.

    Args:
        desired: of the data set's family.
        dataset: as just read, sorted.
        instance: whose mark makes an entry ours.
        ownership: which entries may be removed.
        stay: how long an entry stays; None: no longer than it is wanted.
        held: what is asked for and held back: nothing new comes of it, and what
            stands of it on the set is not opened.
    """
    wanted = (desired.wanted.union(held) if held else desired.wanted).merged()
    kept, foreign = _Melt(dataset.family), _Melt(dataset.family)
    remove, staying = array("L"), array("L")
    keep = at = unmarked = 0
    ours, stop = dataset.owner(instance), len(wanted)
    removable = {
        Ownership.OWNED: (ours,),
        Ownership.EXCLUSIVE: (ours, 0),
        Ownership.ADD_ONLY: (),
    }[ownership]
    for row, (first, last) in enumerate(dataset.pairs()):
        while at < stop and wanted.lasts[at] < first:
            at += 1
        inside = at < stop and wanted.firsts[at] <= first and last <= wanted.lasts[at]
        owner = dataset.owners[row]
        if not inside and owner in removable:
            if owner == ours and stay and stay.holds(dataset.days[row], first, last):
                staying.append(row)
                kept.take(first, last)
            else:
                remove.append(row)
        elif owner == ours:
            kept.take(first, last)
            keep += 1
        else:
            foreign.take(first, last)
            unmarked += inside and not owner
    open_, rows = desired.wanted.subtract_with_rows(foreign.ranges)
    add = open_.subtract(kept.ranges)
    if held and remove:
        back = held.intersect(_ranges(dataset, remove)).subtract(foreign.ranges)
        add = add.union(back.subtract(desired.wanted.merged()))
    return Plan(
        desired,
        dataset,
        add,
        remove,
        keep,
        len(desired.wanted) - distinct(rows),
        _owners(dataset, ours, remove),
        unmarked,
        staying,
        held,
    )


def _ranges(dataset: Dataset, rows: "array[int]") -> Ranges:
    return Ranges.of(dataset.family, map(dataset.ends, rows))


class _Melt:
    """Collects sorted pairs; overlaps, which no appliance should have, melt."""

    def __init__(self, family: Family) -> None:
        self.ranges = Ranges(family, column(family), column(family))
        self._reached = -1

    def take(self, first: int, last: int) -> None:
        if first > self._reached:
            self.ranges.firsts.append(first)
            self.ranges.lasts.append(last)
        elif last > self._reached:
            self.ranges.lasts[-1] = last
        self._reached = max(self._reached, last)


def entries(data: Dataset, instance: str, *, ours: bool) -> Ranges:
    """Return the entries that carry an instance's mark, or those that do not."""

    def rows() -> Iterator[tuple[int, int]]:
        number = data.owner(instance)
        for pair, owner in zip(data.pairs(), data.owners, strict=True):
            if (owner == number) is ours:
                yield pair

    return Ranges.of(data.family, rows())


def few(counts: Mapping[str, int], most: int) -> dict[str, int]:
    """Return counts by instance with no more names than that; the rest as 'others'.

    Any comment can look like a mark, so that a set may name as many as it has values.
    """
    named = Counter({name: count for name, count in counts.items() if name})
    told = dict(named.most_common(most))
    others = named.total() - sum(told.values())
    unmarked = {"": counts[""]} if "" in counts else {}
    return unmarked | told | ({"others": others} if others else {})


def _owners(dataset: Dataset, ours: int, remove: "array[int]") -> dict[str, int]:
    """Count what stays and is not ours, by the instance whose mark it carries."""
    counted = Counter(dataset.owners)
    counted[0] += len(dataset.unread)
    counted.subtract(dataset.owners[row] for row in remove)
    names = dataset.instances
    return {names[n]: c for n, c in sorted(counted.items()) if n != ours and c}
