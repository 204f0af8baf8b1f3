"""Laws of the never-block rules: what they refuse and show, how lists are read."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.universe import HOME, SIZE, Universe, addresses, offsets, universes
from protected.rules import network, some_rules, those
from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.core.networks import (
    BUILT_IN,
    Widest,
    built_in_networks,
    read_lines,
    read_network,
)
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges, spell
from tq_conn_citrix_waf.core.safelist import (
    BUILT_IN_NAME,
    Rule,
    SafeList,
    Strength,
    built_in,
)
from tq_conn_citrix_waf.errors import ConfigurationError

NOW = datetime(2026, 3, 1, tzinfo=UTC)


@given(universes, st.data())
def test_what_any_rule_refuses_is_refused_and_nothing_else(
    universe: Universe, data: st.DataObject
) -> None:
    rules = data.draw(some_rules(universe))
    refused = SafeList(tuple(rules)).refused(universe.family)
    assert addresses(refused) == those(rules, Strength.REFUSE, universe.family)
    assert refused == refused.merged()


@given(some_rules(HOME), st.sets(st.integers(0, SIZE - 1)))
def test_never_block_wins_over_every_collection_and_show_cuts_nothing_out(
    rules: list[Rule], wished: set[int]
) -> None:
    feed = [
        Indicator(n, "IP Address", spell(Family.V4, HOME.base + n), "Active")
        for n in wished
    ]
    refused = SafeList(tuple(rules)).refused(Family.V4)
    made = normalise(feed, Rules(NOW, {Family.V4: refused}))[Family.V4]
    asked = {HOME.base + n for n in wished}
    assert addresses(made.wanted) == asked - those(rules, Strength.REFUSE, Family.V4)


edges = [
    end + step
    for text in BUILT_IN[Family.V4]
    for end in (network(text).first, network(text).last)
    for step in (-1, 0, 1)
    if 0 <= end + step <= Family.V4.top
]
near_built_in = st.lists(
    st.tuples(st.sampled_from(edges), st.sampled_from(edges)).map(
        lambda p: AddressRange(Family.V4, min(p), max(p))
    ),
    max_size=3,
)


@given(near_built_in, near_built_in)
def test_may_block_opens_the_built_in_list_and_never_the_operators(
    may_block: list[AddressRange], operators: list[AddressRange]
) -> None:
    own = Rule.of("file", operators)
    refused = SafeList((built_in(may_block), own)).refused(Family.V4)
    for address in edges:
        listed = built_in_networks(Family.V4).covers(address, address)
        opened = any(m.first <= address <= m.last for m in may_block)
        named = any(o.first <= address <= o.last for o in operators)
        assert refused.covers(address, address) == (named or (listed and not opened))


def test_may_block_of_one_family_leaves_the_other_as_it_is() -> None:
    rule = built_in([network("fc00::/7")])
    assert rule.v4 == built_in_networks(Family.V4)
    assert not rule.v6.touches(network("fd00::1").first, network("fd00::1").last)
    assert rule.v6.covers(network("fe80::1").first, network("fe80::1").last)


@given(universes, st.data())
def test_a_rule_is_named_with_exactly_those_networks_that_a_range_meets(
    universe: Universe, data: st.DataObject
) -> None:
    rules = data.draw(some_rules(universe))
    entry = data.draw(st.sampled_from([*universe.ranges([(0, 3), (4, 4), (5, 11)])]))
    named = SafeList(tuple(rules)).met(entry)
    met = [
        f"{rule.name}: {found}"
        for strength in (Strength.REFUSE, Strength.SHOW)
        for rule in rules
        if rule.strength is strength
        for found in rule.ranges(universe.family)
        if found.first <= entry.last and entry.first <= found.last
    ]
    assert named == met


@given(universes, st.data())
def test_both_strengths_are_counted_by_rule(
    universe: Universe, data: st.DataObject
) -> None:
    rules = data.draw(some_rules(universe))
    wanted = data.draw(offsets().map(universe.ranges))
    safelist = SafeList(tuple(rules))
    for strength in Strength:
        counts = safelist.counted([wanted], strength)
        model = {
            rule.name: sum(
                bool(addresses([entry]) & addresses(rule.ranges(universe.family)))
                for entry in wanted
            )
            for rule in rules
            if rule.strength is strength
        }
        assert counts == {name: count for name, count in model.items() if count}


def test_a_rule_is_counted_by_entries_and_not_by_networks() -> None:
    rule = Rule.of("f", [network("192.0.2.1"), network("192.0.2.3")], Strength.SHOW)
    wide = network("192.0.2.0/24")
    wanted = Ranges.of(Family.V4, [(wide.first, wide.last)])
    assert SafeList((rule,)).counted([wanted], Strength.SHOW) == {"f": 1}


def test_a_network_of_the_built_in_list_is_named() -> None:
    named = SafeList((built_in(),)).met(network("10.1.2.3"))
    assert named == [f"{BUILT_IN_NAME}: 10.0.0.0/8"]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.0/24", "192.0.2.0/24"),
        ("192.0.2.1-192.0.2.9", "192.0.2.1-192.0.2.9"),
        ("192.0.2.0 - 192.0.2.255", "192.0.2.0/24"),
        ("2001:DB8::1", "2001:db8::1"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("2001:db8::1-2001:db8::2", "2001:db8::1-2001:db8::2"),
        ("0.0.0.0/0", "0.0.0.0/0"),
        ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
    ],
)
def test_addresses_blocks_and_ranges_are_read(text: str, means: str) -> None:
    assert str(read_network(text)) == means


@pytest.mark.parametrize(
    "text",
    [
        *("", "host.example", "192.0.2", "192.0.2.01", "192.0.2.1/33", "192.0.2.1/"),
        *("192.0.2.1/24", "192.0.2.9-192.0.2.1", "192.0.2.1-", "-192.0.2.1"),
        *("192.0.2.0/24-192.0.3.0", "192.0.2.0-192.0.3.0/24", "192.0.2.1-2001:db8::1"),
        *("192.0.2.1 192.0.2.2", "192.0.2.1,192.0.2.2", "192[.]0[.]2[.]1", "*"),
        *("2001:db8::1/32", "fe80::1%eth0", "192.0.2.0/255.255.255.0", "192.0.2.\0"),
    ],
)
def test_anything_else_is_not_read(text: str) -> None:
    assert read_network(text) is None


networks = st.builds(
    lambda family, a, b: AddressRange(
        family, min(a, b) % (family.top + 1), max(a, b) % (family.top + 1)
    ),
    st.just(Family.V6),
    st.integers(0, Family.V6.top),
    st.integers(0, Family.V6.top),
) | st.builds(
    lambda a, b: AddressRange(Family.V4, min(a, b), max(a, b)),
    st.integers(0, Family.V4.top),
    st.integers(0, Family.V4.top),
)


@given(networks)
def test_what_is_written_is_read_back(found: AddressRange) -> None:
    assert read_network(str(found)) == found


@given(st.lists(networks, min_size=1, max_size=5), st.data())
def test_comments_and_empty_lines_change_nothing(
    listed: list[AddressRange], data: st.DataObject
) -> None:
    lines = []
    for found in listed:
        lines += data.draw(st.lists(st.sampled_from(["", "  ", "# a", "\t#"])))
        lines.append(
            f"  {found}{data.draw(st.sampled_from(['', ' # why', '#x', ' ']))}"
        )
    end = data.draw(st.sampled_from(["\n", "\r\n"]))
    assert read_lines(end.join(lines), "f", Widest(0, 0)) == listed


@given(st.lists(networks, min_size=1, max_size=5), st.data())
def test_one_bad_line_anywhere_and_the_list_is_not_read(
    listed: list[AddressRange], data: st.DataObject
) -> None:
    lines = [str(found) for found in listed]
    at = data.draw(st.integers(0, len(lines)))
    lines.insert(at, "10.0.0.0/8 and more")
    with pytest.raises(ConfigurationError) as caught:
        read_lines("\n".join(lines), "the list /etc/never", Widest(0, 0))
    what = f"/etc/never cannot be read whole: line {at + 1}: '10.0.0.0/8 and more'"
    assert what in caught.value.what


def test_of_many_bad_lines_a_few_are_named_and_all_are_counted() -> None:
    with pytest.raises(ConfigurationError, match=r"line 5: 'x' and 4 more") as caught:
        read_lines("x\n" * 9, "f", Widest(0, 0))
    assert "line 6" not in caught.value.what


@pytest.mark.parametrize("text", ["", "\n\n", "# 192.0.2.1\n"])
def test_a_list_of_nothing_is_no_list(text: str) -> None:
    with pytest.raises(ConfigurationError, match="holds no network"):
        read_lines(text, "f", Widest(0, 0))


@pytest.mark.parametrize(
    "text",
    ["8.0.0.0/8", "8.0.0.0-8.255.255.255", "2002::/16", "224.0.0.0/3", "fd00::/8"],
)
def test_a_wide_entry_is_read_up_to_a_prefix_or_within_the_built_in_list(
    text: str,
) -> None:
    assert [str(r) for r in read_lines(text, "f", Widest())] == [str(network(text))]


@pytest.mark.parametrize(
    ("text", "prefix"),
    [
        ("0.0.0.0/0", "/8 ([never_block] widest_ipv4)"),
        ("0.0.0.0/1", "/8 ([never_block] widest_ipv4)"),
        ("8.0.0.0-9.0.0.0", "/8 ([never_block] widest_ipv4)"),
        ("192.0.0.0/2", "/8 ([never_block] widest_ipv4)"),
        ("::/0", "/16 ([never_block] widest_ipv6)"),
        ("2000::/3", "/16 ([never_block] widest_ipv6)"),
    ],
)
def test_an_entry_that_opens_half_the_world_is_taken_for_a_slip(
    text: str, prefix: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        read_lines(f"192.0.2.1\n{text}\n", "the list f", Widest())
    assert f"line 2: '{text}' is wider than {prefix}" in caught.value.what
