"""The small world that the searches run in: one table, so that any two lists collide.

1. All that a data collection or a person may put in stands in the tables below: single
   addresses, networks that nest, ranges, of both families, and some that must not be
   blocked, whole or in part.
2. What a row stands for is worked out by ``ipaddress``, not by the program under test.
3. An address is a number; those of IPv6 used here are all above those of IPv4.
4. Some rows have dates: time alone takes them out, while their list stays as it is.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import groupby

Addresses = frozenset[int]
Pair = tuple[int, int]
"""First and last address of an entry, or of a binding."""
Entries = frozenset[Pair]
"""A list as its entries: disjoint, neighbours apart."""

NOTHING: Addresses = frozenset()
NONE: Entries = frozenset()
V4, V6 = FAMILIES = (4, 6)
_SITE = 64
"""Of IPv6 the networks of this prefix are counted, as a host may have one whole."""


NEVER = datetime(2030, 1, 1, tzinfo=UTC)
"""Later than any search gets."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a data collection may hold, as ThreatQ gives it.

    Attributes:
        expires: its expiry date.
        heard: when ThreatQ has heard of it last.
    """

    value: str
    type: str = "IP Address"
    status: str = "Active"
    expires: datetime = NEVER
    heard: datetime = NEVER

    def lapsed(self, now: datetime, time_limit: int) -> bool:
        """Whether it is past a date; a limit of 0 days is none."""
        out = bool(time_limit) and self.heard + timedelta(days=time_limit) <= now
        return out or self.expires <= now

    @property
    def addresses(self) -> Addresses:
        """Return what it stands for; nothing where it is no address."""
        try:
            first, last = ends(self.value)
        except ValueError:
            return NOTHING
        return frozenset(range(first, last + 1))


@cache
def ends(value: str, endrange: str = "") -> Pair:
    """Return the first and last address of an entry, or of a binding.

    Raises:
        ValueError: it is none.
    """
    value, _, end = value.partition("-")
    if end or endrange:
        return int(ip_address(value)), int(ip_address(end or endrange))
    network = ip_network(value, strict=False)
    return int(network[0]), int(network[-1])


def family(address: int) -> int:
    """Return the family of an address."""
    return V4 if address < 1 << 32 else V6


def of(some: Iterable[Pair], version: int) -> Entries:
    """Return the entries of a family."""
    return frozenset(pair for pair in some if family(pair[0]) == version)


_START = datetime(2026, 1, 5, tzinfo=UTC)
"""The day on which the lab begins; its dates are at no full hour, and no run is."""


def _after(hours: float) -> datetime:
    return _START + timedelta(hours=hours)


PUBLIC = (
    Entry("198.18.0.1"),
    Entry("198.18.0.2"),
    Entry("198.18.0.3", heard=_after(-0.5)),
    Entry("198.18.0.4"),
    Entry("198.18.0.5"),
    Entry("198.18.0.6", expires=_after(50.5)),
    Entry("198.18.0.7"),
    Entry("198.18.0.8"),
    Entry("203.0.113.1"),
    Entry("203.0.113.2", expires=_after(30.5)),
)
PRIVATE = (Entry("10.0.0.1"), Entry("192.168.1.1"))
NETWORKS = (
    Entry("198.18.0.0/30", "CIDR Block"),
    Entry("198.18.0.0/29", "CIDR Block", heard=_after(20.5)),
    Entry("198.18.0.4/31", "CIDR Block", expires=_after(40.5)),
    Entry("198.18.0.3-198.18.0.6"),
    Entry("198.18.0.8/31", "CIDR Block"),
    Entry("192.167.255.254-192.168.0.1"),
)
SIXTH = (
    Entry("2001:db8::1", "IPv6 Address"),
    Entry("2001:db8::2", "IPv6 Address", expires=_after(35.5)),
    Entry("2001:db8:0:1::1", "IPv6 Address", heard=_after(10.5)),
    Entry("2001:db8::/126", "CIDR Block"),
    Entry("2001:db8::/127", "CIDR Block"),
    Entry("2001:db8::2-2001:db8::5", "IPv6 Address"),
    Entry("fbff:ffff:ffff:ffff:ffff:ffff:ffff:ffff-fc00::", "IPv6 Address"),
)
UNIVERSE = (*PUBLIC, *PRIVATE, *NETWORKS, *SIXTH)
"""Eight neighbours, two by themselves, networks and ranges over them; likewise of IPv6.

Two must never be blocked, and of two ranges one half.
"""

LET_THROUGH = Entry("198.18.0.9", status="Whitelisted")
JUNK = (Entry("no address"), LET_THROUGH)
FLOOD = tuple(Entry(f"10.0.1.{n}") for n in range(1, 12))
"""More private addresses than a collection may hold by accident."""

_NEVER = [*map(ip_network, ("10.0.0.0/8", "192.168.0.0/16", "fc00::/7"))]
PROTECTED: Addresses = frozenset(
    n
    for entry in (*UNIVERSE, *FLOOD)
    for n in entry.addresses
    if any(ip_address(n) in network for network in _NEVER)
)

Binding = Mapping[str, str]
BY_HAND: tuple[Binding, ...] = (
    *({"value": entry.value, "comment": "by hand"} for entry in PUBLIC[::2]),
    *({"value": entry.value} for entry in PUBLIC[1::2]),
    {"value": "198.18.0.2", "endrange": "198.18.0.4", "comment": "change 4711"},
    {"value": "198.18.0.4/30"},
    {"value": "10.0.0.0/24", "comment": "meant so"},
    {"value": "192.0.2.99", "comment": "tq-waf:ffffffff:2026-01-01"},
    {"value": "192.0.2.98", "comment": "tq-waf:ffffffff:2026-13-01"},
    {"value": "2001:db8::1", "comment": "by hand"},
    {"value": "2001:db8::2", "endrange": "2001:db8::3"},
    {"value": "2001:db8::4/127", "comment": "change 4712"},
)
"""What people bind: inside the collections' reach, across it, and outside of it."""


def wanted(entries: Iterable[Entry]) -> Entries:
    """Return what a list asks for and may be blocked."""
    asked = _asked(entries)
    return clip(asked, spread(asked) - PROTECTED)


def hits(entries: Iterable[Entry]) -> Entries:
    """Return what a list asks for and must never be blocked."""
    return clip(_asked(entries), PROTECTED)


def _asked(entries: Iterable[Entry]) -> Entries:
    return first_asks(ends(entry.value) for entry in entries if entry.addresses)


def first_asks(pairs: Iterable[Pair]) -> Entries:
    """Return entries without overlaps: what starts first, the wider, keeps all."""
    taken: set[int] = set()
    kept = []
    for first, last in sorted(pairs, key=lambda pair: (pair[0], -pair[1])):
        left = spread([(first, last)]) - taken
        if left:
            kept.append((min(left), max(left)))
            taken |= left
    return frozenset(kept)


def clip(entries: Iterable[Pair], to: Addresses) -> Entries:
    """Return the pieces of entries that lie inside."""
    return frozenset(_pieces(entries, to))


def _pieces(entries: Iterable[Pair], to: Addresses) -> Iterator[Pair]:
    for first, last in entries:
        for inside, run in groupby(range(first, last + 1), key=to.__contains__):
            piece = [*run]
            if inside:
                yield piece[0], piece[-1]


def melted(pairs: Iterable[Pair]) -> Entries:
    """Return entries of which those that overlap are one."""
    found: list[Pair] = []
    for first, last in sorted(pairs):
        if found and first <= found[-1][1]:
            found[-1] = found[-1][0], max(last, found[-1][1])
        else:
            found.append((first, last))
    return frozenset(found)


def touching(entries: Iterable[Pair], some: Addresses) -> int:
    """Count the entries that any of some addresses lies in."""
    return sum(bool(spread([pair]) & some) for pair in entries)


def size(entries: Iterable[Pair]) -> int:
    """Count what entries cover: addresses, of IPv6 networks."""
    return sum(
        last - first + 1
        if family(first) == V4
        else (last >> _SITE) - (first >> _SITE) + 1
        for first, last in entries
    )


def spread(pairs: Iterable[Pair]) -> Addresses:
    """Return every address of some entries."""
    return frozenset(n for first, last in pairs for n in range(first, last + 1))
