"""What the data collection holds on each day of the story, page by page.

1. A day takes some addresses away and brings as many; fewer than a run's limits hold.
2. Beside them stands what must never be bound, each row for a reason of its own.
"""

from functools import cache
from ipaddress import ip_address, ip_network, summarize_address_range

Row = dict[str, object]

SKIPPED: tuple[Row, ...] = (
    {"type": "FQDN", "value": "bad.example"},
    {"type": "URL", "value": "bad.example/a"},
    {"type": "IPv6 Address", "value": "fe80::1"},
    {"type": "IP Address", "value": "198.18.255.1", "status": "Whitelisted"},
    {"type": "IP Address", "value": "198.18.255.2", "status": "Expired"},
    {"type": "IP Address", "value": "10.0.0.1"},
    {"type": "IP Address", "value": "198.18.0.300"},
    {
        "type": "IP Address",
        "value": "198.18.255.3",
        "expires_at": "2025-01-01 00:00:00",
    },
)
"""What must never be bound, each for a reason of its own."""

COVERED = "198.51.100.7"
"""Wanted, and bound by a person already."""

_LOADED = 230
"""More than the connector's first batch holds, so that there are two."""
_PAGE = 1000
"""Rows in a page; the addresses stand on both sides of its end."""
_STEP = 12
"""So many come and go in each day: fewer than the limits of one run hold back."""


def singles(number: int) -> tuple[str, ...]:
    """Return the single addresses of a day; the last two are a network of their own."""
    first = _STEP * number
    return tuple(f"198.18.{n // 200}.{n % 200}" for n in range(first, first + _LOADED))


def wide(number: int) -> tuple[str, ...]:
    """Return a day's block, its range, and what it has of IPv6."""
    return (
        f"198.19.{number}.0/25",
        f"198.19.{number}.201-198.19.{number}.210",
        f"2001:db8:{number + 1}::/121",
        f"2001:db8:ff::{number + 1}",
    )


def day(number: int) -> frozenset[str]:
    """Return all addresses that are wanted on a day; day 0 is the first load."""
    return addresses(*singles(number), *wide(number))


def addresses(*entries: str) -> frozenset[str]:
    """Return each address of some entries: addresses, blocks, ranges ``first-last``.

    An entry may have been bound in another spelling, as the build needs it.
    """
    return frozenset(a for entry in entries for a in _addresses(entry))


@cache
def _addresses(entry: str) -> tuple[str, ...]:
    if "/" in entry:
        return tuple(map(str, ip_network(entry, strict=False)))
    first, _, last = entry.partition("-")
    found = summarize_address_range(ip_address(first), ip_address(last or first))
    return tuple(str(address) for network in found for address in network)


def indicators(number: int) -> list[Row]:
    """Return all rows of a day: what is wanted stands on both sides of a page's end."""
    usual: Row = {"status": "Active", "score": 5}
    values = (COVERED, *singles(number), *wide(number))
    wanted = [usual | {"type": _type(value), "value": value} for value in values]
    others = [usual | row for row in SKIPPED]
    filling = _PAGE - len(wanted) // 2 - len(others)
    names = [
        usual | {"type": "FQDN", "value": f"host{n}.example"} for n in range(filling)
    ]
    return [*names, *others, *wanted]


def _type(value: str) -> str:
    if "/" in value:
        return "CIDR Block"
    return "IPv6 Address" if ":" in value else "IP Address"
