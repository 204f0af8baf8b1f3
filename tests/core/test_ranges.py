"""Laws of the interval algebra, against plain sets of integers and ``ipaddress``."""

import ipaddress
import random
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.universe import HOME, SIZE, Pair, Universe, addresses, offsets, universes
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges, distinct

ANY = offsets()


def assert_sound(ranges: Ranges) -> None:
    """Sorted, disjoint, no entry empty, both columns of one length."""
    pairs = list(ranges.pairs())
    assert all(first <= last for first, last in pairs)
    assert all(a[1] < b[0] for a, b in pairwise(pairs))


@given(universes, ANY, st.randoms(use_true_random=False))
def test_of_takes_any_pairs_in_any_order(
    universe: Universe, some: list[Pair], chance: random.Random
) -> None:
    shuffled = chance.sample(some, len(some))
    made = universe.ranges(some)
    assert made == universe.ranges(shuffled)
    assert_sound(made)
    entries = (AddressRange(universe.family, *p) for p in universe.pairs(some))
    assert addresses(made) == addresses(entries)


@given(universes, ANY)
def test_of_cuts_no_entry_and_joins_only_overlaps(
    universe: Universe, some: list[Pair]
) -> None:
    made = universe.ranges(some)
    pairs = universe.pairs(some)
    assert all(made.covers(*p) for p in pairs)
    assert {a for a, _ in made.pairs()} <= {a for a, _ in pairs}
    assert {b for _, b in made.pairs()} <= {b for _, b in pairs}


def test_neighbours_stay_apart_until_they_are_merged() -> None:
    made = HOME.ranges([(0, 0), (1, 1), (3, 4)])
    assert len(made) == 3
    assert list(made.merged().pairs()) == HOME.pairs([(0, 1), (3, 4)])


@given(universes, ANY)
def test_merged_holds_the_same_addresses_in_the_fewest_ranges(
    universe: Universe, some: list[Pair]
) -> None:
    made = universe.ranges(some)
    merged = made.merged()
    assert_sound(merged)
    assert addresses(merged) == addresses(made)
    assert all(a[1] + 1 < b[0] for a, b in pairwise(merged.pairs()))
    assert merged.merged() == merged


@given(universes, ANY, ANY)
def test_the_algebra_is_that_of_sets(
    universe: Universe, left: list[Pair], right: list[Pair]
) -> None:
    a, b = universe.ranges(left), universe.ranges(right)
    for made, model in (
        (a.union(b), addresses(a) | addresses(b)),
        (a.subtract(b), addresses(a) - addresses(b)),
        (a.intersect(b), addresses(a) & addresses(b)),
    ):
        assert_sound(made)
        assert addresses(made) == model
        assert made.addresses() == len(model)
    assert a == universe.ranges(left)
    assert b == universe.ranges(right)


@given(universes, ANY, ANY)
def test_each_piece_of_a_difference_knows_its_entry_and_is_as_long_as_can_be(
    universe: Universe, left: list[Pair], right: list[Pair]
) -> None:
    a, b = universe.ranges(left), universe.ranges(right)
    pieces, rows = a.subtract_with_rows(b)
    assert pieces == a.subtract(b)
    for row, entry in enumerate(a):
        mine = [p for p, r in zip(pieces, rows, strict=True) if r == row]
        assert addresses(mine) == addresses([entry]) - addresses(b)
        assert all(x.last + 1 < y.first for x, y in pairwise(mine))


@given(universes, ANY, ANY)
def test_each_piece_of_an_intersection_lies_in_one_entry_of_each(
    universe: Universe, left: list[Pair], right: list[Pair]
) -> None:
    a, b = universe.ranges(left), universe.ranges(right)
    for piece in a.intersect(b):
        assert a.covers(piece.first, piece.last)
        assert b.covers(piece.first, piece.last)
    assert a.intersect(b) == b.intersect(a)


@given(universes, ANY, ANY, ANY)
def test_what_is_cut_out_and_what_is_left_make_up_the_whole(
    universe: Universe, left: list[Pair], right: list[Pair], more: list[Pair]
) -> None:
    a, b, c = (universe.ranges(some) for some in (left, right, more))
    parts = a.subtract(b).union(a.intersect(b))
    assert parts.merged() == a.merged()
    assert a.subtract(b).subtract(c) == a.subtract(b.union(c))
    assert a.subtract(b.merged()) == a.subtract(b)


@given(universes, ANY)
def test_nothing_is_the_zero_of_the_algebra(
    universe: Universe, some: list[Pair]
) -> None:
    a, nothing = universe.ranges(some), Ranges.empty(universe.family)
    assert a.union(nothing) == a
    assert a.subtract(nothing) == a
    assert a.subtract(a) == nothing
    assert a.intersect(nothing) == nothing
    assert nothing.merged() == nothing
    assert nothing.addresses() == 0


@given(universes, ANY, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
def test_covers_means_one_entry_and_touches_means_any(
    universe: Universe, some: list[Pair], one: int, two: int
) -> None:
    made = universe.ranges(some)
    first, last = universe.base + min(one, two), universe.base + max(one, two)
    asked = set(range(first, last + 1))
    assert made.covers(first, last) == any(asked <= addresses([r]) for r in made)
    assert made.merged().covers(first, last) == (asked <= addresses(made))
    assert made.touches(first, last) == bool(asked & addresses(made))


@given(universes, st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))
def test_blocks_are_those_of_ipaddress(universe: Universe, one: int, two: int) -> None:
    first, last = universe.base + min(one, two), universe.base + max(one, two)
    assert_blocks_agree(AddressRange(universe.family, first, last))


@given(st.sampled_from(Family), st.data())
def test_blocks_are_those_of_ipaddress_however_wide(
    family: Family, data: st.DataObject
) -> None:
    ends = st.integers(0, family.top)
    first, last = sorted((data.draw(ends), data.draw(ends)))
    assert_blocks_agree(AddressRange(family, first, last))


@pytest.mark.parametrize("family", Family)
def test_a_whole_family_is_one_block(family: Family) -> None:
    assert_blocks_agree(AddressRange(family, 0, family.top))
    assert AddressRange(family, 0, family.top).prefix() == 0


def assert_blocks_agree(range_: AddressRange) -> None:
    first, last = range_.first, range_.last
    nets: list[ipaddress.IPv4Network] | list[ipaddress.IPv6Network]
    if range_.family is Family.V4:
        v4 = ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)
        nets = list(ipaddress.summarize_address_range(*v4))
    else:
        v6 = ipaddress.IPv6Address(first), ipaddress.IPv6Address(last)
        nets = list(ipaddress.summarize_address_range(*v6))
    blocks = [(b.first, b.prefix()) for b in range_.blocks()]
    assert blocks == [(int(n.network_address), n.prefixlen) for n in nets]
    assert range_.prefix() == (nets[0].prefixlen if len(nets) == 1 else None)


@pytest.mark.parametrize("family", Family)
def test_a_range_that_is_none_cannot_be_built(family: Family) -> None:
    for first, last in ((1, 0), (-1, 0), (0, family.top + 1)):
        with pytest.raises(ValueError, match="no range"):
            AddressRange(family, first, last)


def test_ranges_show_five_entries_and_whether_there_are_more() -> None:
    five = HOME.ranges((n, n) for n in range(0, 10, 2))
    assert repr(five).startswith("Ranges(5: 203.0.113.0, 203.0.113.2, ")
    assert not repr(five).endswith(", ...)")
    assert repr(HOME.ranges((n, n) for n in range(6))).endswith(", ...)")


@given(universes, ANY)
def test_an_entry_can_be_had_by_its_row(universe: Universe, some: list[Pair]) -> None:
    made = universe.ranges(some)
    assert [made[row] for row in range(len(made))] == list(made)


def test_ranges_equal_only_ranges_of_their_family() -> None:
    assert Ranges.empty(Family.V4) != Ranges.empty(Family.V6)
    assert Ranges.empty(Family.V4) != []


@pytest.mark.parametrize("seed", range(3))
def test_a_large_union_is_what_ipaddress_collapses(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a fixed seed, no secret
    lengths = chance.choices(range(14, 33), k=3000)
    nets = [
        ipaddress.IPv4Network((chance.getrandbits(26) << 6, length), strict=False)
        for length in lengths
    ]
    made = Ranges.of(
        Family.V4,
        ((int(n.network_address), int(n.broadcast_address)) for n in nets),
    )
    blocks = [(b.first, b.prefix()) for r in made.merged() for b in r.blocks()]
    assert blocks == [
        (int(n.network_address), n.prefixlen)
        for n in ipaddress.collapse_addresses(nets)
    ]


@pytest.mark.parametrize("seed", range(3))
def test_large_sets_differ_as_sets_of_integers_do(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311  # a fixed seed, no secret
    space = range(30_000)
    left, right = (set(chance.sample(space, 10_000)) for _ in range(2))
    a, b = (Ranges.of(Family.V4, ((n, n) for n in s)) for s in (left, right))
    wide = b.merged()
    assert addresses(a.subtract(wide)) == left - right
    assert addresses(wide.subtract(a)) == right - left
    assert addresses(a.intersect(wide)) == left & right
    assert addresses(a.union(wide)) == left | right


@given(st.lists(st.integers(0, 9)))
def test_of_rows_in_order_the_different_ones_are_counted(rows: list[int]) -> None:
    assert distinct(sorted(rows)) == len(set(rows))
