"""Laws of a data set, against a model that knows only plain sets of numbers."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.datasets import Binding, Dataset
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.switches import SWITCHES
from citrix_waf_lab.netscaler.values import address, echoed, plain, subnet, written
from citrix_waf_lab.netscaler.vocabulary import Refusal

RULES = Rules.of(Dialect(SWITCHES))
FIRST = int(IPv4Address("192.0.2.0"))

ends = st.tuples(st.integers(0, 11), st.integers(0, 11)).map(sorted)
steps = st.lists(st.tuples(st.sampled_from(["bind", "unbind"]), ends), max_size=40)


def _texts(first: int, last: int) -> tuple[str, str | None]:
    value = str(IPv4Address(FIRST + first))
    return value, None if first == last else str(IPv4Address(FIRST + last))


@given(steps)
def test_a_set_accepts_exactly_what_shares_no_value_with_it(
    steps: list[tuple[str, list[int]]],
) -> None:
    dataset, model = Dataset("ipv4"), set[tuple[int, int]]()
    for verb, (first, last) in steps:
        value, end = _texts(first, last)
        free = all(last < low or high < first for low, high in model)
        wanted = free if verb == "bind" else (first, last) in model
        assert _done(dataset, verb, value, end) == wanted
        if wanted:
            (model.add if verb == "bind" else model.remove)((first, last))
        held = {(b.first - FIRST, b.last - FIRST) for b in dataset.bindings()}
        assert held == model


def _done(dataset: Dataset, verb: str, value: str, end: str | None) -> bool:
    try:
        if verb == "unbind":
            dataset.unbind(value, end, RULES)
        else:
            first, last = dataset.span(value, end, RULES)
            new = Binding(first, last, dataset.next_index, value, end, None)
            dataset.bind(new, RULES)
    except Refusal:
        return False
    return True


@given(steps)
def test_an_automatic_index_is_never_given_again(
    steps: list[tuple[str, list[int]]],
) -> None:
    dataset, given_out = Dataset("ipv4"), list[int]()
    for verb, (first, last) in steps:
        before = {b.index for b in dataset.bindings()}
        _done(dataset, verb, *_texts(first, last))
        given_out += {b.index for b in dataset.bindings()} - before
    assert given_out == sorted(set(given_out))


@given(steps, steps)
def test_a_copy_goes_its_own_way(
    steps: list[tuple[str, list[int]]], more: list[tuple[str, list[int]]]
) -> None:
    dataset = Dataset("ipv4")
    for verb, (first, last) in steps:
        _done(dataset, verb, *_texts(first, last))
    before, twin = dataset.bindings(), dataset.copy()
    for verb, (first, last) in more:
        same = _done(twin, verb, *_texts(first, last))
        assert same in (True, False)
    assert dataset.bindings() == before


def test_values_that_were_unbound_by_the_thousand_are_in_nobodys_way() -> None:
    dataset = Dataset("ipv4")
    texts = [str(IPv4Address(FIRST + i)) for i in range(1500)]
    for text in texts:
        assert _done(dataset, "bind", text, None)
    assert not _done(dataset, "bind", texts[0], texts[-1])
    for text in texts[:-1]:
        assert _done(dataset, "unbind", text, None)
    assert not _done(dataset, "bind", texts[0], texts[-1])
    assert _done(dataset, "bind", texts[0], texts[-2])


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6))
def test_an_address_is_read_as_the_standard_library_reads_it(
    ip: IPv4Address | IPv6Address,
) -> None:
    kind = f"ipv{ip.version}"
    assert address(kind, str(ip), by_format=True) == int(ip)
    assert address(kind, written(kind, int(ip)), by_format=True) == int(ip)
    assert address(kind, ip.exploded, by_format=True) == int(ip)


@given(st.ip_addresses(v=4) | st.ip_addresses(v=6), st.data())
def test_a_subnet_is_masked_as_the_standard_library_masks_it(
    ip: IPv4Address | IPv6Address, data: st.DataObject
) -> None:
    length = data.draw(st.integers(0, ip.max_prefixlen))
    network = ip_network((ip, length), strict=False)
    kind, text = f"ipv{ip.version}", f"{ip}/{length}"
    first, last = int(network[0]), int(network[-1])
    assert subnet(kind, text, by_format=True) == (first, last)
    shown = echoed(kind, text, masked=True, compressed=True)
    assert ip_network(shown) == network


def _code(kind: str, text: str) -> int:
    """Return the code that a text is refused with, or 0."""
    try:
        Dataset(kind).span(text, None, RULES)
    except Refusal as error:
        return error.code
    return 0


CODES = {
    "ipv4": {2873, 2880},
    "ipv6": {2881},
    "number": {2872, 2882},
    "ulong": {2885, 2888},
    "double": {2887},
    "mac": {2886},
}


@given(st.sampled_from(list(CODES)), st.text(max_size=20))
def test_any_text_is_a_value_or_refused_in_the_words_of_its_kind(
    kind: str, text: str
) -> None:
    assert _code(kind, text) in {0, *CODES[kind]}


@given(st.sampled_from(["ipv4", "ipv6"]), st.text("0123456789abcdef.:", max_size=15))
def test_what_is_accepted_as_an_address_is_one(kind: str, text: str) -> None:
    assert (_code(kind, text) == 0) == _is_address(kind, text)


def _is_address(kind: str, text: str) -> bool:
    try:
        return f"ipv{ip_address(text).version}" == kind
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("number", "0x10", 16),
        ("number", "-5", -5),
        ("ulong", "18446744073709551615", 2**64 - 1),
    ],
)
def test_numbers_are_read(kind: str, text: str, number: int) -> None:
    assert plain(kind, text) == number


@pytest.mark.parametrize("kind", ["double", "mac"])
def test_texts_are_told_apart_by_their_bytes(kind: str) -> None:
    texts = {
        "double": ("1", "1.0", "1e0"),
        "mac": ("ff:ff:ff:ff:ff:ff", "FF:FF:FF:FF:FF:FF", "00:00:00:00:00:00"),
    }[kind]
    assert len({plain(kind, text) for text in texts}) == len(texts)


def test_numbers_may_be_ranges_and_texts_may_not() -> None:
    assert Dataset("number").span("1", "5", RULES) == (1, 5)
    with pytest.raises(Refusal, match="endrange"):
        Dataset("mac").span("ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", RULES)


@pytest.mark.parametrize("kind", ["number", "mac"])
def test_other_kinds_are_shown_as_they_were_bound(kind: str) -> None:
    assert echoed(kind, "FF", masked=True, compressed=True) == "FF"
