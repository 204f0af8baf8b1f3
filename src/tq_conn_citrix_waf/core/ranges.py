"""Address ranges and their algebra: the currency of the core.

1. A range is a family and two integers, both ends inside. One address is first = last.
2. ``Ranges`` holds many of one family in two columns: sorted, disjoint. Neighbours are
   *not* merged unless asked: an entry keeps its own ends, so that a change of one
   entry never touches the next.
3. Every operation is one sweep over sorted columns: time grows with the number of
   entries, never with the number of addresses.

Integers and columns, because at 10**6 entries ``ipaddress`` objects cost 13 times the
time and 8 times the memory.
"""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Iterator, MutableSequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from socket import AF_INET, AF_INET6, inet_ntop
from typing import Self


class Family(IntEnum):
    """The two kinds of address."""

    V4 = 4
    V6 = 6

    @property
    def bits(self) -> int:
        """The length of an address, in bits."""
        return 32 if self is Family.V4 else 128

    @property
    def top(self) -> int:
        """The highest address, as an integer."""
        return (1 << self.bits) - 1


Column = MutableSequence[int]
"""One column of addresses: an ``array`` for IPv4, a list for IPv6."""


def column(family: Family, values: Iterable[int] = ()) -> Column:
    """Make a column of addresses of a family: 4 bytes each for IPv4."""
    return array("I", values) if family is Family.V4 else list(values)


def spell(family: Family, address: int) -> str:
    """Return the one spelling of an address: compressed, lower case."""
    if family is Family.V4:
        return inet_ntop(AF_INET, address.to_bytes(4, "big"))
    return inet_ntop(AF_INET6, address.to_bytes(16, "big"))


@dataclass(frozen=True, slots=True, order=True)
class AddressRange:
    """Addresses ``first`` to ``last`` of a family, both inside.

    Raises:
        ValueError: ``first`` is after ``last``, or an end is outside the family.
    """

    family: Family
    first: int
    last: int

    def __post_init__(self) -> None:
        if not 0 <= self.first <= self.last <= self.family.top:
            raise ValueError(f"no range: {self.first} to {self.last}")

    def prefix(self) -> int | None:
        """Return the prefix length if the range is one CIDR block, else None."""
        size = self.last - self.first + 1
        if size & (size - 1) or self.first & (size - 1):
            return None
        return self.family.bits - size.bit_length() + 1

    def blocks(self) -> Iterator["AddressRange"]:
        """Yield the fewest CIDR blocks that make up the range, in order."""
        first = self.first
        while first <= self.last:
            room = (first & -first) if first else 1 << self.family.bits
            size = min(room, 1 << ((self.last - first + 1).bit_length() - 1))
            yield AddressRange(self.family, first, first + size - 1)
            first += size

    def __str__(self) -> str:
        start = spell(self.family, self.first)
        if self.first == self.last:
            return start
        prefix = self.prefix()
        if prefix is not None:
            return f"{start}/{prefix}"
        return f"{start}-{spell(self.family, self.last)}"


class Ranges:
    """Many ranges of one family: sorted, disjoint, in two columns.

    Args:
        family: of all of them.
        firsts, lasts: the columns, taken over as they are: the caller vouches that
            they are sorted and disjoint. ``Ranges.of`` takes anything.
    """

    __slots__ = ("family", "firsts", "lasts")

    def __init__(self, family: Family, firsts: Column, lasts: Column) -> None:
        self.family = family
        self.firsts = firsts
        self.lasts = lasts

    @classmethod
    def of(cls, family: Family, pairs: Iterable[tuple[int, int]]) -> Self:
        """Make one of any (first, last) pairs: sorted, overlaps melted together."""
        firsts, lasts = column(family), column(family)
        reached = -1
        for first, last in sorted(pairs):
            if first > reached:
                firsts.append(first)
                lasts.append(last)
                reached = last
            elif last > reached:
                lasts[-1] = reached = last
        return cls(family, firsts, lasts)

    @classmethod
    def empty(cls, family: Family) -> Self:
        """Make one with nothing in it."""
        return cls(family, column(family), column(family))

    def __len__(self) -> int:
        return len(self.firsts)

    def __iter__(self) -> Iterator[AddressRange]:
        for first, last in self.pairs():
            yield AddressRange(self.family, first, last)

    def __getitem__(self, row: int) -> AddressRange:
        return AddressRange(self.family, self.firsts[row], self.lasts[row])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Ranges):
            return NotImplemented
        mine = (self.family, self.firsts, self.lasts)
        return mine == (other.family, other.firsts, other.lasts)

    __hash__ = None  # type: ignore[assignment]  # its columns can be written to

    def __repr__(self) -> str:
        shown = ", ".join(str(r) for _, r in zip(range(5), self, strict=False))
        more = ", ..." if len(self) > 5 else ""  # noqa: PLR2004  # as shown above
        return f"Ranges({len(self)}: {shown}{more})"

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield (first, last) in order."""
        return zip(self.firsts, self.lasts, strict=True)

    def addresses(self) -> int:
        """Count the addresses covered."""
        return sum(self.lasts) - sum(self.firsts) + len(self.firsts)

    def covers(self, first: int, last: int) -> bool:
        """Whether one entry holds all of first to last (merge first for unions)."""
        row = bisect_right(self.firsts, first) - 1
        return row >= 0 and self.lasts[row] >= last

    def touches(self, first: int, last: int) -> bool:
        """Whether any address of first to last is in it."""
        row = bisect_right(self.firsts, last) - 1
        return row >= 0 and self.lasts[row] >= first

    def merged(self) -> "Ranges":
        """Return the same addresses in the fewest ranges: neighbours joined."""
        firsts, lasts = column(self.family), column(self.family)
        reached = -2
        for first, last in self.pairs():
            if first == reached + 1:
                lasts[-1] = last
            else:
                firsts.append(first)
                lasts.append(last)
            reached = last
        return Ranges(self.family, firsts, lasts)

    def union(self, other: "Ranges") -> "Ranges":
        """Return all addresses of both; overlaps melt together."""
        return Ranges.of(self.family, [*self.pairs(), *other.pairs()])

    def subtract(self, other: "Ranges") -> "Ranges":
        """Return what is left of each entry outside the other's addresses."""
        return self.subtract_with_rows(other)[0]

    def subtract_with_rows(self, other: "Ranges") -> tuple["Ranges", "array[int]"]:
        """As ``subtract``, with the row of this one that each piece came from."""
        firsts, lasts = column(self.family), column(self.family)
        rows = array("L")
        takes, ends, stop = other.firsts, other.lasts, len(other.firsts)
        at = 0
        for row, (first, last) in enumerate(self.pairs()):
            while at < stop and ends[at] < first:
                at += 1
            here = at
            while here < stop and takes[here] <= last:
                if takes[here] > first:
                    firsts.append(first)
                    lasts.append(takes[here] - 1)
                    rows.append(row)
                first = ends[here] + 1  # noqa: PLW2901  # what is left of this entry
                here += 1
            if first <= last:
                firsts.append(first)
                lasts.append(last)
                rows.append(row)
        return Ranges(self.family, firsts, lasts), rows

    def intersect(self, other: "Ranges") -> "Ranges":
        """Return the addresses in both, cut at the ends of either's entries."""
        firsts, lasts = column(self.family), column(self.family)
        at, stop = 0, len(other.firsts)
        for first, last in self.pairs():
            while at < stop and other.lasts[at] < first:
                at += 1
            here = at
            while here < stop and other.firsts[here] <= last:
                firsts.append(max(first, other.firsts[here]))
                lasts.append(min(last, other.lasts[here]))
                here += 1
        return Ranges(self.family, firsts, lasts)


def distinct(rows: Iterable[int]) -> int:
    """Count the different ones of rows in order; a set of 10**6 would take 60 MB."""
    return sum(1 for _ in groupby(rows))
