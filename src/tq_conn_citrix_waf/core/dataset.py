"""The nouns of the appliance: a value binding, the mark that makes it ours, a data set.

``Dataset`` holds columns and hands out one ``Binding`` at a time, as ``Desired`` does
with what is wanted.
"""

import re
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tq_conn_citrix_waf.core.addresses import read_address, read_range
from tq_conn_citrix_waf.core.ranges import AddressRange, Column, Family, column

_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes a binding ours, in its comment: ``tq-waf:<instance>:<day>``.

    Attributes:
        instance: 8 hexadecimal digits.
        day: when it was bound, UTC.
    """

    instance: str
    day: date

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[0-9a-f]{8}", self.instance):
            raise ValueError(f"no instance id: {self.instance!r}")

    def __str__(self) -> str:
        return f"tq-waf:{self.instance}:{self.day.isoformat()}"

    @classmethod
    def read(cls, comment: str) -> "Mark | None":
        """Read a mark; None where the comment is anything else."""
        found = _MARK.fullmatch(comment)
        if found is None:
            return None
        try:
            return cls(found[1], date.fromisoformat(found[2]))
        except ValueError:  # a day that no calendar has
            return None


_MARK = re.compile(r"tq-waf:([0-9a-f]{8}):(\d{4}-\d{2}-\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Binding:
    """One value binding, as the appliance spells it.

    Attributes:
        range: the addresses it stands for.
        value, endrange: the appliance's own spelling, which an unbind must repeat.
        comment: '' where there is none.
        index: the appliance's number for it; 0 where it gave none.
    """

    range: AddressRange
    value: str
    endrange: str = ""
    comment: str = ""
    index: int = 0


class Dataset:
    """What a data set on the appliance holds, sorted by address.

    Columns, one row a binding. A spelling or a comment is kept only where it is not
    what we would write ourselves; ``instances`` names the marks seen, row's ``owners``
    points into it (0 = no mark). Values that cannot be read as addresses are foreign
    by nature and stand in ``unread``.
    """

    __slots__ = (
        "_marks",
        "_numbers",
        "days",
        "family",
        "firsts",
        "indexes",
        "instances",
        "lasts",
        "name",
        "owners",
        "remarks",
        "spellings",
        "unread",
    )

    def __init__(self, name: str, family: Family) -> None:
        self.name = name
        self.family = family
        self.firsts: Column = column(family)
        self.lasts: Column = column(family)
        self.indexes = array("L")
        self.owners = array("I")
        self.days = array("i")
        self.instances: list[str] = [""]
        self._numbers: dict[str, int] = {"": 0}
        self.spellings: dict[int, tuple[str, str]] = {}
        self.remarks: dict[int, str] = {}
        self.unread: list[tuple[str, str, str]] = []
        self._marks: dict[str, tuple[int, int]] = {}

    def __len__(self) -> int:
        """Count all values, the unreadable ones too: it is what fills the set."""
        return len(self.firsts) + len(self.unread)

    def add(self, value: str, endrange: str, comment: str, index: int) -> None:
        """Take in one binding as the appliance spells it; ``sort`` when all are in."""
        row = len(self.firsts)
        address = None if endrange else read_address(self.family, value)
        if address is not None and self.family is Family.V4:
            # One IPv4 address has one spelling: nothing to compare, nothing to keep.
            self._add_ends(address, address, index)
        else:
            found = read_range(self.family, value, endrange)
            if found is None:
                self.unread.append((value, endrange, comment))
                return
            self._add_ends(found.first, found.last, index)
            if endrange or value != str(found):
                self.spellings[row] = (value, endrange)
        owner, day = self._marked(comment) if comment else (0, -1)
        self.owners.append(owner)
        self.days.append(day)
        if comment and not owner:
            self.remarks[row] = comment

    def _add_ends(self, first: int, last: int, index: int) -> None:
        self.firsts.append(first)
        self.lasts.append(last)
        self.indexes.append(index)

    def _marked(self, comment: str) -> tuple[int, int]:
        """Return (owner, day) of a comment: ours repeat by the thousand, so kept."""
        known = self._marks.get(comment)
        if known is None:
            mark = Mark.read(comment)
            if mark is None:
                return 0, -1
            # Any comment can look like a mark: there may be one for each value.
            number = self._numbers.setdefault(mark.instance, len(self.instances))
            if number == len(self.instances):
                self.instances.append(mark.instance)
            known = number, days_since_1970(mark.day)
            self._marks[comment] = known
        return known

    def sort(self) -> None:
        """Put the rows in the order of their addresses."""
        # An array: read in turn five times, it is three times faster than a list of
        # numbers that lie all over the memory.
        order = array("L", sorted(range(len(self.firsts)), key=self.firsts.__getitem__))
        if order == array("L", range(len(order))):
            return
        for name in ("firsts", "lasts"):
            old: Column = getattr(self, name)
            setattr(self, name, column(self.family, map(old.__getitem__, order)))
        for name in ("indexes", "owners", "days"):
            rows: array[int] = getattr(self, name)
            setattr(self, name, array(rows.typecode, map(rows.__getitem__, order)))
        where = array("L", bytes(order.itemsize * len(order)))
        for new, old_row in enumerate(order):
            where[old_row] = new
        self.spellings = {where[r]: s for r, s in self.spellings.items()}
        self.remarks = {where[r]: c for r, c in self.remarks.items()}

    def owner(self, instance: str) -> int:
        """Return the number of an instance's mark in ``owners``; -1 if not seen."""
        return self.instances.index(instance) if instance in self.instances else -1

    def ends(self, row: int) -> tuple[int, int]:
        """Return (first, last) of one row."""
        return self.firsts[row], self.lasts[row]

    def pairs(self) -> Iterator[tuple[int, int]]:
        """Yield (first, last) of each row."""
        return zip(self.firsts, self.lasts, strict=True)

    def binding(self, row: int) -> Binding:
        """Return one row as the appliance spells it."""
        found = AddressRange(self.family, self.firsts[row], self.lasts[row])
        value, endrange = self.spellings.get(row) or (str(found), "")
        comment = self.remarks.get(row, "")
        if self.owners[row]:
            instance = self.instances[self.owners[row]]
            comment = str(Mark(instance, date.fromordinal(_day(self.days[row]))))
        return Binding(found, value, endrange, comment, self.indexes[row])


def days_since_1970(day: date) -> int:
    """Return a day as ``Dataset.days`` counts it."""
    return (day - _EPOCH).days


def _day(days: int) -> int:
    return _EPOCH.toordinal() + days


def spelling(wanted: AddressRange) -> tuple[str, str]:
    """Return (value, endrange) as we bind a range; a block is one value."""
    if wanted.prefix() is not None:
        return str(wanted), ""
    first, _, last = str(wanted).partition("-")
    return first, last
