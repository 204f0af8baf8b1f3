"""Three addresses, who holds them, and what a writer of them keeps: small numbers.

A set is a number in base 8, a digit an address: nobody's, the first writer's, the
second's, a person's; four more where its entry is young, so that a minimum stay is not
over. Neighbours may be one entry: the first two, the last two, or all three; for each
pair of neighbours that are, a bit is added. A list is a bit for each address, and those
two bits.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from core.universe import MARKS, OTHER, OURS, UNIVERSES
from soak.universe import V4, V6, Entries, Pair, family
from support.fake import FakeTarget, Mishap
from tq_conn_citrix_waf.core.dataset import Mark, spelling
from tq_conn_citrix_waf.core.guard import Limits, Refusal
from tq_conn_citrix_waf.core.plan import Ownership
from tq_conn_citrix_waf.core.ports import Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

ADDRESSES = 3
FULL = 1 << ADDRESSES
_DIGIT = 3
"""Bits of a digit."""
JOIN = 1 << _DIGIT * ADDRESSES
"""In a set: the first two addresses are one entry. Twice that: the last two are."""
SETS = 4 * JOIN
"""So many numbers of a set there may be."""
LISTS = 4 * FULL
"""Likewise of a list."""
NOBODY, A, B, PERSON = range(4)
YOUNG = 4
INSTANCES = {A: OURS, B: OTHER}
NOW = datetime(2026, 3, 3, tzinfo=UTC)
"""A minimum stay of a day, begun at the day in the older marks, is over."""
STAY = 1
COMMENTS = {
    NOBODY: "",
    A: MARKS["ours"],
    B: MARKS["other's"],
    PERSON: MARKS["a person's"],
    A | YOUNG: str(Mark(OURS, NOW.date())),
    B | YOUNG: str(Mark(OTHER, NOW.date())),
}
_CODES = {comment: code for code, comment in COMMENTS.items()}
LIMITS = Limits(remove_count=1, remove_share=0.0, add_count=1, add_share=0.0)
FREE = Limits(remove_count=ADDRESSES, add_count=ADDRESSES)
_PARTS = (((0, 0), (1, 1), (2, 2)), ((0, 1), (2, 2)), ((0, 0), (1, 2)), ((0, 2),))
"""First and last address of the entries there may be, by what is joined."""


@dataclass(frozen=True, slots=True)
class Home:
    """Where the three lie.

    Attributes:
        words: what is to be said of it.
        places: the addresses, ascending.
        joins: which neighbours lists and people may hold as one entry.
        stay: whether the first writer's entries have a minimum stay.
    """

    words: str
    places: tuple[int, int, int]
    joins: tuple[int, ...] = ()
    stay: bool = False

    @property
    def families(self) -> list[Family]:
        """Return those that have a data set."""
        return sorted({Family(family(place)) for place in self.places})

    @property
    def lists(self) -> list[int]:
        """Return every list there is; 0 is none."""
        joined = (
            bits | join * FULL
            for join in self.joins
            for bits in range(FULL)
            if all(
                bits >> n & 1
                for first, last in _PARTS[join]
                for n in range(first, last + 1)
                if first < last
            )
        )
        return [*range(FULL), *joined]

    def entries(self, some: int) -> Entries:
        """Return a list as its entries."""
        pairs = _PARTS[some // FULL]
        return frozenset(self.pair(a, b) for a, b in pairs if some >> a & 1)

    def pair(self, first: int, last: int) -> Pair:
        """Return where an entry lies."""
        return self.places[first], self.places[last]

    def ranges(self, some: int, version: Family) -> Ranges:
        """Return what a list has of a family."""
        pairs = self.entries(some)
        return Ranges.of(version, [p for p in pairs if family(p[0]) == version])

    def bits(self, ranges: Ranges) -> int:
        """Return a list as a number."""
        return sum(map(self._bits, ranges.pairs()))

    def places_of(self, ranges: Ranges) -> int:
        """Return the addresses of some ranges as bits."""
        return sum(
            1 << n
            for n, place in enumerate(self.places)
            if family(place) == ranges.family and ranges.touches(place, place)
        )

    def _bits(self, pair: Pair) -> int:
        first, last = map(self.places.index, pair)
        joined = sum(FULL << n for n in range(first, last))
        return joined + sum(1 << n for n in range(first, last + 1))


_FOUR, _SIX = (next(u.base for u in UNIVERSES if u.family == v) for v in (V4, V6))
SINGLE = Home("each by itself", (_FOUR, _FOUR + 1, _FOUR + 2))
NESTED = Home(
    "IPv6, networks that nest and cross", (_SIX, _SIX + 1, _SIX + 2), (1, 2, 3)
)
BOTH = Home(
    "two of IPv4 or a network, one of IPv6, a minimum stay",
    (_FOUR, _FOUR + 1, _SIX),
    (1,),
    stay=True,
)
HOMES = (SINGLE, NESTED, BOTH)


@dataclass(frozen=True, slots=True)
class Known:
    """What a writer keeps: lists as numbers; None: not known.

    Attributes:
        last: the list accepted last.
        good: the data collection as it was last believed.
        due: whether a save is due.
        begun: what a run that did not end was to take out, a bit for each address.
    """

    last: int | None = None
    good: int | None = None
    due: bool = False
    begun: int = 0


@dataclass(frozen=True, slots=True)
class Writer:
    """Which of the two writes, whose entries it may remove, and how many."""

    owner: int
    ownership: Ownership = Ownership.OWNED
    limits: Limits = LIMITS
    home: Home = SINGLE

    @property
    def instance(self) -> str:
        """Return what its marks carry."""
        return INSTANCES[self.owner]

    @property
    def stay(self) -> int:
        """Return the days of its minimum stay; 0: none."""
        return STAY * (self.home.stay and self.owner == A)

    @property
    def new(self) -> int:
        """Return the digit of what it binds."""
        return self.owner | YOUNG * bool(self.stay)

    @property
    def mark(self) -> str:
        """Return the comment of what it binds."""
        return COMMENTS[self.new]


@dataclass(frozen=True, slots=True)
class After:
    """What a run left: the set, its memory, whether it saved, what it held."""

    held: int
    known: Known
    saved: bool
    refusals: tuple[Refusal, ...] = ()


def digits(number: int) -> list[int]:
    """Return who holds each address, and whether that is young."""
    return [number >> (_DIGIT * n) & 7 for n in range(ADDRESSES)]


def of_digits(some: Sequence[int], joined: int = 0) -> int:
    """Return the set in which these hold the addresses."""
    return joined * JOIN + sum(d << (_DIGIT * n) for n, d in enumerate(some))


def joins(number: int) -> int:
    """Return which neighbours are one entry of a set."""
    return number // JOIN


def aged(number: int) -> int:
    """Return a set after so many days that nothing of it is young."""
    return of_digits([digit & PERSON for digit in digits(number)], joins(number))


def bindings(number: int) -> Iterator[tuple[int, int, int]]:
    """Yield first and last address of each binding, and whose it is."""
    held = digits(number)
    for first, last in _PARTS[joins(number)]:
        if held[first]:
            yield first, last, held[first]


def edited(number: int, home: Home) -> Iterator[int]:
    """Yield a set after a person has unbound an entry, or bound one."""
    held, joined = digits(number), joins(number)
    for first, last in _PARTS[joined]:
        after = [*held]
        after[first : last + 1] = [NOBODY if held[first] else PERSON] * (
            last - first + 1
        )
        yield of_digits(after, joined & ~_joined(first, last))
    for join in home.joins:
        ((first, last),) = (p for p in _PARTS[join] if p[0] < p[1])
        if not any(held[first : last + 1]):
            after = [*held]
            after[first : last + 1] = [PERSON] * (last - first + 1)
            yield of_digits(after, joined | join)


def _joined(first: int, last: int) -> int:
    return sum(1 << n for n in range(first, last))


def bits(number: int, owner: int) -> int:
    """Return the addresses that somebody holds, as bits."""
    held = enumerate(digits(number))
    return sum(1 << n for n, digit in held if digit & PERSON == owner)


class Box(FakeTarget):
    """The fake of a family's set; each step may be a death, as may each single item."""

    def __init__(
        self, step: Callable[[str], Mishap | None], home: Home, version: Family
    ) -> None:
        super().__init__(hook=step, family=version)
        self.home, self.capacity = home, ADDRESSES

    def fill(self, number: int) -> None:
        """Let the set be what this one has of the family."""
        self.running.clear()
        for first, last, digit in bindings(number):
            pair = self.home.pair(first, last)
            if family(pair[0]) == self.family:
                there = AddressRange(self.family, *pair)
                self.put(*spelling(there), comment=COMMENTS[digit])

    def _write(self, step: str, acts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
        return super()._write(step, [self._single(step, act) for act in acts])

    def _single(self, step: str, act: Callable[[], Outcome]) -> Callable[[], Outcome]:
        def one() -> Outcome:
            done = act()
            self.hook(f"{step} one")
            return done

        return one

    def number(self) -> int:
        """Return the set as a number."""
        found = 0
        for wanted, binding in self.running.items():
            digit = _CODES[binding.comment]
            ends = wanted.first, wanted.last
            first, last = map(self.home.places.index, ends)
            for n in range(first, last + 1):
                found |= digit << (_DIGIT * n)
            found |= _joined(first, last) * JOIN
        return found
