"""The small world that the searches run in: one table, so that any two lists collide.

1. All that a data collection or a person may put in stands in the tables below. Another
   kind of entry (a network, a range, the other family) is another row.
2. What a row stands for is worked out by ``ipaddress``, not by the program under test.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from ipaddress import ip_address, ip_network
from itertools import groupby

Addresses = frozenset[int]
Pair = tuple[int, int]
"""First and last address of a binding."""

NOTHING: Addresses = frozenset()


@dataclass(frozen=True, slots=True)
class Entry:
    """What a data collection may hold, as ThreatQ gives it."""

    value: str
    type: str = "IP Address"
    status: str = "Active"

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
    """Return the first and last address of a binding as the appliance spells it.

    Raises:
        ValueError: it is none.
    """
    if endrange:
        return int(ip_address(value)), int(ip_address(endrange))
    network = ip_network(value, strict=False)
    return int(network[0]), int(network[-1])


PUBLIC = tuple(
    Entry(f"{net}.{n}")
    for net, last in (("198.18.0", 8), ("203.0.113", 2))
    for n in range(1, last + 1)
)
PRIVATE = (Entry("10.0.0.1"), Entry("192.168.1.1"))
UNIVERSE = (*PUBLIC, *PRIVATE)
"""A dozen: eight neighbours, two by themselves, two that must never be blocked."""

JUNK = (Entry("no address"), Entry("198.18.0.9", status="Whitelisted"))
FLOOD = tuple(Entry(f"10.0.1.{n}") for n in range(1, 12))
"""More private addresses than a collection may hold by accident."""

PROTECTED: Addresses = frozenset().union(*(e.addresses for e in (*PRIVATE, *FLOOD)))

Binding = Mapping[str, str]
BY_HAND: tuple[Binding, ...] = (
    *({"value": entry.value, "comment": "by hand"} for entry in PUBLIC[::2]),
    *({"value": entry.value} for entry in PUBLIC[1::2]),
    {"value": "198.18.0.2", "endrange": "198.18.0.4", "comment": "change 4711"},
    {"value": "198.18.0.4/30"},
    {"value": "10.0.0.0/24", "comment": "meant so"},
    {"value": "192.0.2.99", "comment": "tq-waf:ffffffff:2026-01-01"},
    {"value": "192.0.2.98", "comment": "tq-waf:ffffffff:2026-13-01"},
)
"""What people bind: inside the collections' reach, across it, and outside of it."""


def usable(entries: Iterable[Entry]) -> Addresses:
    """Return all that a list asks for and may be blocked."""
    return asked(entries) - PROTECTED


def hits(entries: Iterable[Entry]) -> Addresses:
    """Return all that a list asks for and must never be blocked."""
    return asked(entries) & PROTECTED


def asked(entries: Iterable[Entry]) -> Addresses:
    """Return all that a list asks for."""
    taken = (e.addresses for e in entries if e.status != "Whitelisted")
    return NOTHING.union(*taken)


def count(
    addresses: Addresses, allowed: Addresses = NOTHING, wide: Iterable[Pair] = ()
) -> int:
    """Count the entries that addresses belong to, as limits count them.

    Args:
        addresses: each by itself is an entry, but for those of wider ones.
        allowed: those that do not count.
        wide: bindings; what of one lies together, or overlaps, counts once.
    """
    left, counted = set(addresses - allowed), 0
    for piece in sorted(_pieces(addresses, wide), key=len, reverse=True):
        counted += bool(piece & left)
        left -= piece
    return counted + len(left)


def _pieces(addresses: Addresses, wide: Iterable[Pair]) -> Iterator[Addresses]:
    for first, last in wide:
        runs = groupby(range(first, last + 1), key=addresses.__contains__)
        yield from (frozenset(run) for inside, run in runs if inside)


def spread(pairs: Iterable[Pair]) -> Addresses:
    """Return every address of some bindings."""
    return frozenset(n for first, last in pairs for n in range(first, last + 1))
