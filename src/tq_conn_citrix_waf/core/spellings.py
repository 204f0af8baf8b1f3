"""How people spell an address: for asking a system that compares texts."""

from ipaddress import IPv6Address

from tq_conn_citrix_waf.core.ranges import AddressRange, Family, spell

_WIDEST = {Family.V4: 8, Family.V6: 16}
"""Wider blocks around an address are not looked for: nobody is given one."""


def spellings(asked: AddressRange) -> list[str]:
    """Return how a value may be spelled that stands for all of a range, or more."""
    first, last, bits = asked.first, asked.last, asked.family.bits
    lengths = range(_WIDEST[asked.family], bits + 1)
    found = [f"{spell(asked.family, first)}-{spell(asked.family, last)}"]
    for length in lengths:
        start = first >> (bits - length) << (bits - length)
        if last >> (bits - length) == first >> (bits - length):
            found.append(f"{spell(asked.family, start)}/{length}")
    if first == last:
        found += _spelled(asked)
    return found


def _spelled(one: AddressRange) -> list[str]:
    text = str(one)
    if one.family is Family.V4:
        *head, tail = text.split(".")
        dots = (text, "[.]".join((*head, tail)), f"{'.'.join(head)}[.]{tail}")
        return [*dots, f"::ffff:{text}"]
    whole = IPv6Address(one.first).exploded
    return [text, text.upper(), whole, whole.upper()]
