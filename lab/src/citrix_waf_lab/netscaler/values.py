"""The values of a data set: text to a span of whole numbers, and back.

1. Every value is a span, first to last. Text kinds (mac, double) are numbered by their
   bytes, so that one comparison serves all kinds.
2. Parsing is strict: no spaces, no leading zeros, no scope, no short forms.
3. The codes are those of NREF rewrite-errors; what checks come first is inferred.
"""

import re
import socket

from citrix_waf_lab.netscaler.vocabulary import Refusal

KINDS = ("ipv4", "number", "ipv6", "ulong", "double", "mac")

_FAMILY = {"ipv4": socket.AF_INET, "ipv6": socket.AF_INET6}
_BITS = {"ipv4": 32, "ipv6": 128}
_FORMAT = {"ipv4": 2873, "ipv6": 2881}
_DOTTED = re.compile(r"[0-9]+(\.[0-9]+){3}")
_PREFIX = re.compile(r"0|[1-9][0-9]{0,2}")
_NUMBER = re.compile(r"-?[0-9]{1,30}|0[xX][0-9a-fA-F]{1,30}")
_ULONG = re.compile(r"[0-9]{1,30}")
_DOUBLE = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_MAC = re.compile(r"[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}")
_OCTET_MOST = 255
_NUMBER_MOST = 2**31 - 1
_ULONG_MOST = 2**64 - 1


def _address(kind: str, text: str) -> int | None:
    try:
        return int.from_bytes(socket.inet_pton(_FAMILY[kind], text))
    except (OSError, ValueError):
        return None


def _not_an_address(kind: str, text: str, *, by_format: bool) -> Refusal:
    other = "ipv6" if kind == "ipv4" else "ipv4"
    if not by_format and _address(other, text.partition("/")[0]) is not None:
        return Refusal(2866)
    if kind == "ipv4" and _DOTTED.fullmatch(text):
        # Only a field over 255 or a leading zero can be wrong in this form; int()
        # would refuse thousands of digits, and nine are too many as well.
        too_big = any(int(field[:9]) > _OCTET_MOST for field in text.split("."))
        return Refusal(2880 if too_big else 2873)
    return Refusal(_FORMAT[kind])


def address(kind: str, text: str, *, by_format: bool) -> int:
    """Return the number of one address.

    Args:
        kind: ``ipv4`` or ``ipv6``.
        text: the address alone, without prefix length.
        by_format: an address of the other family is a format error, not a wrong
            element.

    Raises:
        Refusal: 2873, 2880, 2881 or 2866.
    """
    number = _address(kind, text)
    if number is None:
        raise _not_an_address(kind, text, by_format=by_format)
    return number


def subnet(kind: str, text: str, *, by_format: bool) -> tuple[int, int]:
    """Return first and last address of ``address/n``; the address is masked.

    Raises:
        Refusal: as for an address, also for a prefix length that is none.
    """
    head, _, length = text.partition("/")
    first = address(kind, head, by_format=by_format)
    bits = _BITS[kind]
    if not _PREFIX.fullmatch(length) or int(length) > bits:
        raise Refusal(_FORMAT[kind])
    size = 1 << (bits - int(length))
    first -= first % size
    return first, first + size - 1


def plain(kind: str, text: str) -> int:
    """Return the number of a value of a kind that is no address.

    Raises:
        Refusal: 2872, 2882, 2885 to 2888.
    """
    if kind == "number":
        if not _NUMBER.fullmatch(text):
            raise Refusal(2882)
        number = int(text, 16 if text[:2].lower() == "0x" else 10)
        if abs(number) > _NUMBER_MOST:
            raise Refusal(2872)
        return number
    if kind == "ulong":
        if not _ULONG.fullmatch(text):
            raise Refusal(2885)
        if int(text) > _ULONG_MOST:
            raise Refusal(2888)
        return int(text)
    form, code = (_MAC, 2886) if kind == "mac" else (_DOUBLE, 2887)
    if not form.fullmatch(text):
        raise Refusal(code)
    return int.from_bytes(text.encode())


def written(kind: str, number: int) -> str:
    """Return the canonical text of an address: compressed, lower case."""
    return socket.inet_ntop(_FAMILY[kind], number.to_bytes(_BITS[kind] // 8))


def echoed(kind: str, text: str, *, masked: bool, compressed: bool) -> str:
    """Return the text of a bound value or endrange as the appliance shows it."""
    if kind not in _FAMILY:
        return text
    if "/" in text:
        if not masked:
            return text
        first, _ = subnet(kind, text, by_format=True)
        return f"{written(kind, first)}/{text.partition('/')[2]}"
    if kind == "ipv6" and compressed:
        return written(kind, address(kind, text, by_format=True))
    return text
