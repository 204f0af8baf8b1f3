"""Text to address range, or no: strict, one reading only.

1. ``inet_pton`` does the reading: it refuses leading zeros, short and hexadecimal
   forms, zone ids and blanks, which other readers take for some other address.
2. Of what feeds do to make an address harmless only brackets are undone, since they can
   be read in one way only: ``1[.]2[.]3[.]4``. Words, schemes and ports are refused.
3. An IPv4 address that is written as an IPv6 one (``::ffff:203.0.113.7``) is the IPv4
   address: the packets that come from it are IPv4.
"""

import struct
from collections.abc import Iterable
from socket import AF_INET, AF_INET6, inet_pton

from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

_V4 = struct.Struct("!I")
_LENGTHS = {f: frozenset(str(n) for n in range(f.bits + 1)) for f in Family}


def read_v4(text: str) -> int | None:
    """Read one IPv4 address in dotted form; None where it is anything else."""
    try:
        return int(_V4.unpack(inet_pton(AF_INET, text))[0])
    except (OSError, ValueError):  # ValueError: a NUL, or no text that can be encoded
        return None


def read_address(family: Family, text: str) -> int | None:
    """Read one address of a family; None where it is anything else."""
    if family is Family.V4:
        return read_v4(text)
    try:
        return int.from_bytes(inet_pton(AF_INET6, text), "big")
    except (OSError, ValueError):
        return None


def read_range(family: Family, text: str, end: str = "") -> AddressRange | None:
    """Read an address, ``address/n`` (host bits are masked), or an address and its end.

    Returns:
        None where the text is none of these, or the end is before the start.
    """
    address, slash, length = text.partition("/")
    first = read_address(family, address)
    if first is None:
        return None
    if slash:
        return None if end else _block(family, first, length)
    last = read_address(family, end) if end else first
    if last is None or last < first:
        return None
    return AddressRange(family, first, last)


def read_ranges(family: Family, texts: Iterable[str]) -> Ranges:
    """Read back what was written from ranges; those of the other family are left."""
    found = (read_any(text) for text in texts)
    pairs = ((r.first, r.last) for r in found if r is not None and r.family is family)
    return Ranges.of(family, pairs)


def read_any(text: str) -> AddressRange | None:
    """Read what an indicator's value stands for, of either family.

    It is an address, a block (``address/n``, host bits are masked) or ``first-last``.

    Returns:
        None where the text is none of these.
    """
    if "[" in text:
        text = text.replace("[.]", ".").replace("[:]", ":")
    start, dash, end = text.partition("-")
    if dash and not end:
        return None
    if ":" not in start:
        return read_range(Family.V4, start, end)
    found = read_range(Family.V6, start, end)
    return None if found is None else _unmapped(found)


_MAPPED = 0xFFFF << 32
"""``::ffff:0:0/96``, the IPv4 addresses among the IPv6 ones (RFC 4291, 2.5.5.2)."""


def _unmapped(found: AddressRange) -> AddressRange:
    if found.first >> 32 != _MAPPED >> 32 or found.last >> 32 != _MAPPED >> 32:
        return found
    return AddressRange(Family.V4, found.first - _MAPPED, found.last - _MAPPED)


def _block(family: Family, address: int, length: str) -> AddressRange | None:
    if length not in _LENGTHS[family]:
        return None
    size = 1 << (family.bits - int(length))
    first = address & -size
    return AddressRange(family, first, first + size - 1)
