"""A small world for the laws: a dozen addresses, so that any two sets collide.

The models here are written without the core's algebra: plain sets of integers, and a
dictionary for the appliance.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from hypothesis import strategies as st

from tq_conn_citrix_waf.core.dataset import Dataset, Mark, spelling
from tq_conn_citrix_waf.core.model import Desired, Rejections
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

SIZE = 12
OURS, OTHER = "0a0a0a0a", "0b0b0b0b"
DAY = date(2026, 3, 1)
MARKS = {
    "ours": str(Mark(OURS, DAY)),
    "other's": str(Mark(OTHER, DAY)),
    "a person's": "asked for by the help desk",
    "nobody's": "",
}

Pair = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Universe:
    """Twelve neighbouring addresses of a family, the first of them ``base``."""

    family: Family
    base: int

    def pairs(self, offsets: Iterable[Pair]) -> list[Pair]:
        return [(self.base + a, self.base + b) for a, b in offsets]

    def ranges(self, offsets: Iterable[Pair]) -> Ranges:
        return Ranges.of(self.family, self.pairs(offsets))


UNIVERSES = [
    Universe(family, base)
    for family, middle in ((Family.V4, 0xCB007100), (Family.V6, 0x20010DB8 << 96))
    # The first and the last dozen of a family: where arithmetic would fall off.
    for base in (middle, 0, family.top - SIZE + 1)
]
HOME = UNIVERSES[0]


def offsets(most: int = 8) -> st.SearchStrategy[list[Pair]]:
    """Any (first, last) pairs within the dozen, overlaps and repeats among them."""
    ends = st.integers(0, SIZE - 1)
    pair = st.tuples(ends, ends).map(lambda p: (min(p), max(p)))
    return st.lists(pair, max_size=most)


universes = st.sampled_from(UNIVERSES)


def addresses(ranges: Iterable[AddressRange]) -> set[int]:
    """The model of ``Ranges``: every address, one by one."""
    return {n for r in ranges for n in range(r.first, r.last + 1)}


def disjoint(pairs: Iterable[Pair]) -> list[Pair]:
    """Keep of some pairs those that overlap none before them, as an appliance does."""
    kept: list[Pair] = []
    for first, last in pairs:
        if all(last < a or b < first for a, b in kept):
            kept.append((first, last))
    return kept


def desired(wanted: Ranges) -> Desired:
    """A ``Desired`` of which only the wanted entries matter."""
    rows = range(len(wanted))
    return Desired(wanted, array("q", rows), array("H", [0] * len(rows)), Rejections())


@dataclass(slots=True)
class Appliance:
    """The model of a data set: bindings by their ends, each with its comment."""

    family: Family = Family.V4
    held: dict[Pair, str] = field(default_factory=dict)

    def bind(self, first: int, last: int, comment: str) -> None:
        clash = [p for p in self.held if first <= p[1] and p[0] <= last]
        assert not clash, f"{first}-{last} overlaps {clash}"
        self.held[first, last] = comment

    def dataset(self, order: Iterable[Pair] | None = None) -> Dataset:
        """Read it as the target's adapter would, in any order of rows."""
        data = Dataset("bl4", self.family)
        for first, last in order or self.held:
            value, end = spelling(AddressRange(self.family, first, last))
            data.add(value, end, self.held[first, last], 0)
        data.sort()
        return data

    def apply(self, plan: Plan, instance: str = OURS) -> None:
        """Take out what is to go, then bind what is missing."""
        for step in self.steps(plan, instance):
            step()

    def steps(self, plan: Plan, instance: str) -> Iterator["Step"]:
        """Yield each single write of a plan, so that a test can stop anywhere."""
        for row in plan.remove:
            gone = plan.dataset.binding(row)
            yield Step(self, (gone.range.first, gone.range.last), None)
        for new in plan.add:
            yield Step(self, (new.first, new.last), str(Mark(instance, DAY)))

    def marked(self, instance: str) -> set[int]:
        """Every address that an instance's entries hold."""
        return self.addresses(p for p, c in self.held.items() if instance in c)

    def foreign(self, instance: str) -> dict[Pair, str]:
        """What is not the instance's."""
        return {p: c for p, c in self.held.items() if instance not in c}

    def addresses(self, pairs: Iterable[Pair] | None = None) -> set[int]:
        chosen = self.held if pairs is None else pairs
        return {n for first, last in chosen for n in range(first, last + 1)}


@dataclass(frozen=True, slots=True)
class Step:
    """One write: a bind with a comment, or without one an unbind."""

    on: Appliance
    pair: Pair
    comment: str | None

    def __call__(self) -> None:
        if self.comment is None:
            del self.on.held[self.pair]
        else:
            self.on.bind(*self.pair, self.comment)


@st.composite
def appliances(draw: st.DrawFn, universe: Universe = HOME) -> Appliance:
    """A data set without overlaps, its entries of all kinds of owner."""
    pairs = disjoint(universe.pairs(draw(offsets(10))))
    comments = [draw(st.sampled_from(sorted(MARKS.values()))) for _ in pairs]
    return Appliance(universe.family, dict(zip(pairs, comments, strict=True)))


def wanted(universe: Universe = HOME) -> st.SearchStrategy[Ranges]:
    """Any wanted list of the dozen."""
    return offsets().map(universe.ranges)
