"""Laws of reading: one reading only, and never another than ``ipaddress`` has."""

import ipaddress
import random

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.malformed import MALFORMED, OTHER_FORMS
from core.universe import SIZE, Universe, universes
from tq_conn_citrix_waf.core.addresses import (
    read_address,
    read_any,
    read_range,
    read_v4,
)
from tq_conn_citrix_waf.core.dataset import spelling
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, spell

families = st.sampled_from(Family)
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
A_MILLION = 1_000_000
NEAR_MISS = "0123456789abcdefABCDEFx.:/-%+ []"
SEEDS = (
    "203.0.113.7",
    "255.255.255.255",
    "0.0.0.1",
    "2001:db8::7",
    "::ffff:203.0.113.7",
    "1:2:3:4:5:6:7:8",
    "::",
)


@st.composite
def any_range(draw: st.DrawFn) -> AddressRange:
    """Ranges of every width: one address, blocks, and whatever lies between."""
    family = draw(families)
    start = draw(st.integers(0, family.top))
    block = 1 << draw(st.integers(0, family.bits))
    span = draw(st.integers(0, family.top))
    kind = draw(st.sampled_from(("single", "block", "span")))
    if kind == "single":
        return AddressRange(family, start, start)
    if kind == "block":
        return AddressRange(family, start & -block, (start & -block) + block - 1)
    return AddressRange(family, min(start, span), max(start, span))


def by_ipaddress(family: Family, text: str) -> int | None:
    """The standard library's reading; zones are left out, as no set can hold them."""
    try:
        if family is Family.V4:
            return int(ipaddress.IPv4Address(text))
        return None if "%" in text else int(ipaddress.IPv6Address(text))
    except ValueError:
        return None


@given(any_range())
def test_what_is_printed_is_read_back(wanted: AddressRange) -> None:
    start, _, end = str(wanted).partition("-")
    assert read_range(wanted.family, start, end) == wanted


@given(any_range())
@example(AddressRange(Family.V6, 0, Family.V6.top))
@example(AddressRange(Family.V6, 1, Family.V6.top))
@example(AddressRange(Family.V6, 0, (1 << 64) - 1))
def test_what_we_bind_is_read_back(wanted: AddressRange) -> None:
    value, end = spelling(wanted)
    assert read_range(wanted.family, value, end) == wanted
    assert bool(end) == (wanted.prefix() is None)


@given(families, st.data())
def test_an_address_has_the_spelling_of_ipaddress(
    family: Family, data: st.DataObject
) -> None:
    address = data.draw(st.integers(0, family.top))
    text = spell(family, address)
    assert by_ipaddress(family, text) == address
    assert read_address(family, text) == address


@given(universes, st.integers(0, SIZE - 1))
def test_no_family_reads_the_other(universe: Universe, offset: int) -> None:
    other = Family.V6 if universe.family is Family.V4 else Family.V4
    assert read_address(other, spell(universe.family, universe.base + offset)) is None


@given(families, st.text(alphabet=NEAR_MISS, max_size=24) | st.text(max_size=12))
def test_any_text_is_read_as_ipaddress_reads_it(family: Family, text: str) -> None:
    assert read_address(family, text) == by_ipaddress(family, text)


@given(families, st.ip_addresses(v=6), st.booleans(), st.booleans())
def test_every_spelling_of_an_address_is_that_address(
    family: Family, address: ipaddress.IPv6Address, whole: bool, upper: bool
) -> None:
    text = address.exploded if whole else address.compressed
    text = text.upper() if upper else text
    expected = int(address) if family is Family.V6 else None
    assert read_address(family, text) == expected


@pytest.mark.parametrize("family", Family)
def test_forty_thousand_near_misses_are_read_as_ipaddress_reads_them(
    family: Family,
) -> None:
    chance = random.Random(int(family))  # noqa: S311  # a fixed seed, no secret
    for _ in range(20_000):
        text = list(chance.choice(SEEDS))
        for _ in range(chance.randrange(1, 4)):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.randrange(2)] = chance.choice(NEAR_MISS)
        near = "".join(text)
        assert read_address(family, near) == by_ipaddress(family, near), near


NO_V4 = MALFORMED | OTHER_FORMS


@pytest.mark.parametrize("text", NO_V4.values(), ids=NO_V4.keys())
def test_what_is_malformed_is_no_ipv4_address(text: str) -> None:
    assert read_v4(text) is None
    assert read_address(Family.V4, text) is None


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize(
    "length",
    ["", "-1", "+8", "08", " 8", "8 ", "8.0", "0x8", "\u0668", "129", "8/8", "1_6"],
)
def test_a_prefix_length_is_plain_digits_within_the_family(
    family: Family, length: str
) -> None:
    assert read_range(family, f"{spell(family, 0)}/{length}") is None


def test_an_ipv4_block_has_at_most_32_bits() -> None:
    assert read_range(Family.V4, "203.0.113.7/33") is None
    assert read_range(Family.V6, "2001:db8::/33") is not None


@given(families, st.data())
def test_host_bits_of_a_block_are_masked(family: Family, data: st.DataObject) -> None:
    address = data.draw(st.integers(0, family.top))
    length = data.draw(st.integers(0, family.bits))
    text = f"{spell(family, address)}/{length}"
    net = ipaddress.ip_network(text, strict=False)
    made = read_range(family, text)
    assert made is not None
    assert (made.first, made.last) == (
        int(net.network_address),
        int(net.broadcast_address),
    )


def test_a_range_that_runs_backwards_is_none() -> None:
    assert read_range(Family.V4, "203.0.113.9", "203.0.113.7") is None


def test_a_block_has_no_end_and_is_no_end() -> None:
    assert read_range(Family.V4, "203.0.113.0/24", "203.0.113.255") is None
    assert read_range(Family.V4, "203.0.113.0", "203.0.113.128/25") is None


def test_an_end_of_the_other_family_makes_no_range() -> None:
    assert read_range(Family.V4, "203.0.113.9", "2001:db8::9") is None
    assert read_range(Family.V6, "2001:db8::9", "203.0.113.9") is None


def any_by_ipaddress(text: str) -> AddressRange | None:
    """The standard library's reading of an address, a block or two addresses."""
    start, dash, end = text.partition("-")
    try:
        if dash:
            one, two = ipaddress.ip_address(start), ipaddress.ip_address(end)
        else:
            net = ipaddress.ip_network(text, strict=False)
            one, two = net[0], net[-1]
        return unmapped(one, two)
    except ValueError:
        return None


def unmapped(one: Address, two: Address) -> AddressRange | None:
    mapped = [a.ipv4_mapped if a.version == 6 else None for a in (one, two)]
    both = [m or a for m, a in zip(mapped, (one, two), strict=True)]
    if None in mapped:
        both = [one, two]
    first, last = int(both[0]), int(both[1])
    if both[0].version != both[1].version or first > last:
        return None
    return AddressRange(Family(both[0].version), first, last)


def as_bound(wanted: AddressRange) -> AddressRange:
    """An IPv6 range that is wholly IPv4 ones is read as these."""
    if wanted.family is Family.V4:
        return wanted
    ends = (ipaddress.IPv6Address(n) for n in (wanted.first, wanted.last))
    found = unmapped(*ends)
    assert found is not None
    return found


@given(any_range())
@example(AddressRange(Family.V6, 0xFFFF << 32, (0xFFFF << 32) + 7))
@example(AddressRange(Family.V6, (0xFFFF << 32) - 1, (0xFFFF << 32) + 7))
def test_each_kind_is_read_as_it_is_printed(wanted: AddressRange) -> None:
    assert read_any(str(wanted)) == as_bound(wanted)


@given(any_range())
def test_each_kind_is_read_defanged(wanted: AddressRange) -> None:
    text = str(wanted).replace(".", "[.]").replace(":", "[:]")
    assert read_any(text) == as_bound(wanted)


@pytest.mark.parametrize("text", MALFORMED.values(), ids=MALFORMED.keys())
def test_what_is_malformed_is_no_address_of_any_kind(text: str) -> None:
    assert read_any(text) is None


@pytest.mark.parametrize("text", OTHER_FORMS.values(), ids=OTHER_FORMS.keys())
def test_the_other_forms_are_read_as_ipaddress_reads_them_refanged(text: str) -> None:
    found = any_by_ipaddress(text.replace("[.]", "."))
    assert found is not None
    assert read_any(text) == found


def test_a_million_near_misses_are_never_read_otherwise_than_ipaddress_does() -> None:
    chance = random.Random(7)  # noqa: S311  # a fixed seed, no secret
    seeds = (*SEEDS, "203.0.113.0/24", "2001:db8::/33", "203.0.113.7-203.0.113.9")
    seen = 0
    for _ in range(A_MILLION // 10):
        text = list(chance.choice(seeds))
        for _ in range(10):
            at = chance.randrange(len(text) + 1)
            text[at : at + chance.randrange(2)] = chance.choice(NEAR_MISS)
            near = "".join(text)
            found = read_any(near)
            if found is not None:
                seen += 1
                plain = near.replace("[:]", ":").replace("[.]", ".")
                assert found == any_by_ipaddress(plain), near
    assert seen > A_MILLION // 100
