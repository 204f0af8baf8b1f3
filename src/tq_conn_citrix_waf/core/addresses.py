"""Text to address range, or no: strict, one reading only.

``inet_pton`` does the reading: it refuses leading zeros, short and hexadecimal forms,
zone ids and blanks, which other readers take for some other address.
"""

import struct
from socket import AF_INET, AF_INET6, inet_pton

from tq_conn_citrix_waf.core.ranges import AddressRange, Family

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


def _block(family: Family, address: int, length: str) -> AddressRange | None:
    if length not in _LENGTHS[family]:
        return None
    size = 1 << (family.bits - int(length))
    first = address & -size
    return AddressRange(family, first, first + size - 1)
