"""Indicators to what should be blocked: ``normalise``.

1. Every indicator ends in exactly one place: it asks for an entry, it asks for what
   another asks for already, or it is rejected with a reason.
2. The outcome does not depend on the order in which indicators come.
3. Where two ask for overlapping ranges, the one that starts first keeps its own, the
   wider one before the narrower; the other gets what is left of it.
4. The value says what is meant, not the type: an address, a block or a range, of
   either family. What is no address at all is counted with IPv4, which every site has.
"""

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from tq_conn_citrix_waf.core.addresses import read_any, read_v4
from tq_conn_citrix_waf.core.model import Desired, Indicator, Reason, Rejections
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges, column
from tq_conn_citrix_waf.core.selection import AS_GIVEN, Selection, select

ADDRESS_TYPES = frozenset({"IP Address", "IPv6 Address", "CIDR Block"})
"""ThreatQ's stock types whose values are addresses (client code: the SDK's table)."""

WIDEST = {Family.V4: 16, Family.V6: 48}
"""A block with a shorter prefix than this is taken only with a person's consent."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds for all data collections.

    Attributes:
        now: the instant against which dates are held, in UTC.
        never_block: cut out of everything, by family; its families are those that the
            site has a data set for.
        widest: the shortest prefix that needs no consent, by family.
    """

    now: datetime
    never_block: Mapping[Family, Ranges]
    widest: Mapping[Family, int] = field(default_factory=WIDEST.copy)


def normalise(
    indicators: Iterable[Indicator],
    rules: Rules,
    selection: Selection = AS_GIVEN,
) -> dict[Family, Desired]:
    """Return all that should be blocked, by family, and what is left out and why.

    Args:
        indicators: of one data collection, or of several that are selected alike.
        rules: what holds for all.
        selection: what is taken of them.
    """
    asked = {family: _Asked(family) for family in rules.never_block}
    general = asked[Family.V4]
    for indicator in indicators:
        unfit: Reason | None = Reason.OTHER_TYPE
        if indicator.type in ADDRESS_TYPES:
            unfit = select(indicator, selection, rules.now)
        if unfit is not None:
            general.reject(indicator, unfit)
            continue
        # Nearly all are single IPv4 addresses: for them no object is made.
        address = read_v4(indicator.value)
        if address is not None:
            general.take(indicator, address, address)
            continue
        found = read_any(indicator.value)
        if found is None:
            general.reject(indicator, Reason.MALFORMED)
        elif found.family not in asked:
            general.reject(indicator, Reason.NO_SET)
        else:
            asked[found.family].take(indicator, found.first, found.last)
    return {
        family: one.desired(rules.never_block[family], rules.widest[family])
        for family, one in asked.items()
    }


class _Asked:
    """What the indicators of one family ask for, in columns."""

    def __init__(self, family: Family) -> None:
        self._family = family
        self._firsts, self._lasts = column(family), column(family)
        self._ids, self._collections = array("q"), array("H")
        self._rejections = Rejections()
        self._statuses: Counter[str] = Counter()

    def take(self, indicator: Indicator, first: int, last: int) -> None:
        self._statuses[indicator.status] += 1
        self._firsts.append(first)
        self._lasts.append(last)
        self._ids.append(indicator.id)
        self._collections.append(indicator.collection)

    def reject(self, indicator: Indicator, reason: Reason) -> None:
        self._statuses[indicator.status] += 1
        self._rejections.add(indicator, reason)

    def desired(self, never_block: Ranges, widest: int) -> Desired:
        entries, rows = self._disjoint(self._first_to_ask())
        wanted, pieces = entries.subtract_with_rows(never_block)
        kept = array("L", (n for n, _ in groupby(pieces)))
        self._reject_protected(rows, kept)
        taken = array("L", map(rows.__getitem__, pieces))
        return Desired(
            wanted,
            array("q", map(self._ids.__getitem__, taken)),
            array("H", map(self._collections.__getitem__, taken)),
            self._rejections,
            len(self._ids) - len(rows),
            dict(self._statuses),
            entries.intersect(never_block),
            self._wide(rows, widest),
            len(pieces) - len(kept),
        )

    def _reject_protected(self, rows: "array[int]", kept: "array[int]") -> None:
        """Reject the rows of which nothing is kept."""
        at = 0
        for n, row in enumerate(rows):
            if at < len(kept) and kept[at] == n:
                at += 1
                continue
            value = str(AddressRange(self._family, *self._ends(row)))
            self._rejections.add_value(self._ids[row], value, Reason.NEVER_BLOCK)

    def _ends(self, row: int) -> tuple[int, int]:
        return self._firsts[row], self._lasts[row]

    def _first_to_ask(self) -> "array[int]":
        """Return, in the order of addresses, the row that gets each first address.

        It is the widest, then the lowest collection, then the lowest id. Only equal
        addresses are compared so: a tuple for each row would cost four times the time.
        """
        firsts, asked, before = self._firsts, array("L"), -1
        for n in sorted(range(len(self._ids)), key=firsts.__getitem__):
            if firsts[n] != before:
                before = firsts[n]
                asked.append(n)
            elif self._rank(n) < self._rank(asked[-1]):
                asked[-1] = n
        return asked

    def _rank(self, row: int) -> tuple[int, int, int]:
        return -self._lasts[row], self._collections[row], self._ids[row]

    def _disjoint(self, rows: "array[int]") -> tuple[Ranges, "array[int]"]:
        """Return the entries of some rows without overlaps, and the row of each."""
        firsts, lasts = column(self._family), column(self._family)
        kept, reached = array("L"), -1
        for row in rows:
            first, last = self._ends(row)
            if last > reached:
                firsts.append(max(first, reached + 1))
                lasts.append(last)
                kept.append(row)
                reached = last
        return Ranges(self._family, firsts, lasts), kept

    def _wide(self, rows: "array[int]", widest: int) -> Ranges:
        """Return what is asked for in entries wider than a prefix."""
        most = 1 << (self._family.bits - widest)
        ends = map(self._ends, rows)
        return Ranges.of(self._family, ((a, b) for a, b in ends if b - a >= most))
