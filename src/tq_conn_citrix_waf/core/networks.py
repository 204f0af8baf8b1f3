"""Networks that a person wrote down, or a list holds: from text to ranges.

1. A list is read whole or not at all: a safe list with a hole is no safe list.
2. A block with host bits set is none: ``192.0.2.1/2`` may be a slip for ``/24``.
3. An entry wider than people usually mean is taken for a slip, unless it says no more
   than the built-in list: ``0.0.0.0/1`` would open half of everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tq_conn_citrix_waf.core.addresses import read_any, read_range
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.errors import ConfigurationError

BUILT_IN: dict[Family, tuple[str, ...]] = {
    Family.V4: (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ),
    Family.V6: ("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
}
"""Never blocked: networks that reach nobody else's host, or our own inside. To block
them is never protection and often an outage. Documentation and benchmark networks are
not among them: they reach nobody, and examples use them."""

_SHOWN = 5
"""So many wrong lines of a file are named."""
_LONGEST = 60
"""So much of a wrong line is shown."""


def built_in_networks(family: Family) -> Ranges:
    """Return the built-in never-block networks of a family; neighbours joined."""
    found = (read_range(family, text) for text in BUILT_IN[family])
    return Ranges.of(family, ((r.first, r.last) for r in found if r is not None))


@dataclass(frozen=True, slots=True)
class Widest:
    """The shortest prefix that an entry of a never-block list may have, by family.

    8 is what a registry gave to one holder at most (IANA's table of IPv4), 16 is the
    block of 6to4 (RFC 3056).
    """

    v4: int = 8
    v6: int = 16

    @classmethod
    def of(cls, said: Mapping[str, Any]) -> "Widest":
        """Return what a section [never_block] says."""
        return cls(said.get("widest_ipv4", cls().v4), said.get("widest_ipv6", cls().v6))

    def fault(self, network: AddressRange) -> str:
        """Return what is wrong with an entry; '' where nothing is."""
        family = network.family
        prefix = self.v4 if family is Family.V4 else self.v6
        narrow = network.last - network.first < 1 << (family.bits - prefix)
        inside = built_in_networks(family).merged()
        if narrow or inside.covers(network.first, network.last):
            return ""
        key = f"widest_ip{family.name.lower()}"
        return f"wider than /{prefix} ([never_block] {key}): taken for a slip"


def read_network(text: str) -> AddressRange | None:
    """Read an address, a CIDR block or a range ``a-b``; None where it is none."""
    start, hyphen, end = (part.strip() for part in text.partition("-"))
    if "[" in text:
        return None
    found = read_any(f"{start}-{end}" if hyphen else start)
    address = read_any(start.partition("/")[0])
    exact = found is not None and address is not None and found.first == address.first
    return found if exact else None


def read_lines(text: str, place: str, widest: Widest) -> list[AddressRange]:
    """Read a list of networks, one a line; ``#`` begins a comment.

    Args:
        text: of the whole file.
        place: where it comes from, for messages.
        widest: what an entry may be.

    Raises:
        ConfigurationError: a line cannot be read, or there is no network at all.
    """
    found, wrong = [], []
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.partition("#")[0].strip()
        if not entry:
            continue
        network = read_network(entry)
        fault = "" if network is None else widest.fault(network)
        if network is None or fault:
            why = f" is {fault}" if fault else ""
            wrong.append(f"line {number}: {entry[:_LONGEST]!r}{why}")
        else:
            found.append(network)
    if wrong:
        more = f" and {len(wrong) - _SHOWN:,} more" if len(wrong) > _SHOWN else ""
        raise ConfigurationError(
            f"{place} cannot be read whole: {', '.join(wrong[:_SHOWN])}{more}",
            "write one address, CIDR block (without host bits) or range a-b a line;"
            " a list counts only when all of it can be read",
        )
    if not found:
        raise ConfigurationError(
            f"{place} holds no network: taken for a list that was lost",
            "fill it, or take it out of the configuration file",
        )
    return found
