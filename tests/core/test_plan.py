"""Laws of ``plan``: applied, the set is in step, and nothing foreign was touched."""

import random
from collections import Counter

from hypothesis import example, given
from hypothesis import strategies as st

from core.universe import (
    DAY,
    HOME,
    MARKS,
    OTHER,
    OURS,
    Appliance,
    Pair,
    Universe,
    addresses,
    appliances,
    desired,
    offsets,
    universes,
    wanted,
)
from tq_conn_citrix_waf.core.dataset import Dataset, Mark, spelling
from tq_conn_citrix_waf.core.plan import Ownership, few, plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

some_appliance = appliances()
some_wanted = wanted()


@given(universes, st.data())
def test_applied_a_plan_puts_the_set_in_step(
    universe: Universe, data: st.DataObject
) -> None:
    appliance = data.draw(appliances(universe))
    want = data.draw(wanted(universe))
    foreign = appliance.foreign(OURS)
    appliance.apply(plan(desired(want), appliance.dataset(), OURS))
    assert addresses(want) <= appliance.addresses()
    assert appliance.marked(OURS) <= addresses(want)
    assert appliance.foreign(OURS) == foreign


@given(some_appliance, some_wanted)
def test_add_only_blocks_all_that_is_wanted_and_removes_nothing(
    appliance: Appliance, want: Ranges
) -> None:
    before = dict(appliance.held)
    made = plan(desired(want), appliance.dataset(), OURS, Ownership.ADD_ONLY)
    appliance.apply(made)
    assert before.items() <= appliance.held.items()
    assert addresses(want) <= appliance.addresses()
    assert plan(desired(want), appliance.dataset(), OURS, Ownership.ADD_ONLY).empty


@given(some_appliance, some_wanted)
def test_exclusive_leaves_nothing_unwanted_but_another_instances(
    appliance: Appliance, want: Ranges
) -> None:
    theirs = {p: c for p, c in appliance.held.items() if c == MARKS["other's"]}
    made = plan(desired(want), appliance.dataset(), OURS, Ownership.EXCLUSIVE)
    appliance.apply(made)
    assert theirs.items() <= appliance.held.items()
    assert addresses(want) <= appliance.addresses()
    assert appliance.addresses() <= addresses(want) | appliance.addresses(theirs)
    assert plan(desired(want), appliance.dataset(), OURS, Ownership.EXCLUSIVE).empty


@given(some_appliance, some_wanted, some_wanted, st.sampled_from(Ownership))
def test_what_is_held_back_opens_nothing_and_adds_nothing(
    appliance: Appliance, want: Ranges, held: Ranges, ownership: Ownership
) -> None:
    before = appliance.addresses()
    made = plan(desired(want), appliance.dataset(), OURS, ownership, None, held)
    assert addresses(made.add) <= addresses(want) | (addresses(held) & before)
    appliance.apply(made)
    asked = addresses(want) | addresses(held)
    assert before & asked <= appliance.addresses()
    assert addresses(want) <= appliance.addresses()
    assert plan(desired(want), appliance.dataset(), OURS, ownership, None, held).empty


@given(some_appliance, some_wanted)
def test_a_second_plan_is_empty(appliance: Appliance, want: Ranges) -> None:
    appliance.apply(plan(desired(want), appliance.dataset(), OURS))
    again = plan(desired(want), appliance.dataset(), OURS)
    assert again.empty
    assert not list(again.add)
    assert not again.remove
    assert not list(again.removed())


@given(some_appliance, some_wanted, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(
    appliance: Appliance, want: Ranges, chance: random.Random
) -> None:
    rows = list(appliance.held)
    one = plan(desired(want), appliance.dataset(), OURS)
    two = plan(desired(want), appliance.dataset(chance.sample(rows, len(rows))), OURS)
    assert one.digest() == two.digest()
    assert (one.add, one.remove) == (two.add, two.remove)
    assert (one.keep, one.covered, one.foreign) == (two.keep, two.covered, two.foreign)


@given(some_appliance, some_wanted)
def test_only_our_own_unwanted_entries_are_removed(
    appliance: Appliance, want: Ranges
) -> None:
    made = plan(desired(want), appliance.dataset(), OURS)
    going = [made.dataset.binding(row) for row in made.remove]
    assert all(b.comment == MARKS["ours"] for b in going)
    assert {(b.range.first, b.range.last) for b in going} == {
        (first, last)
        for (first, last), comment in appliance.held.items()
        if comment == MARKS["ours"]
        and not set(range(first, last + 1)) <= addresses(want)
    }
    assert list(made.removed()) == sorted(b.range for b in going)


@given(some_appliance, some_wanted)
def test_what_is_added_is_exactly_what_no_staying_entry_blocks(
    appliance: Appliance, want: Ranges
) -> None:
    made = plan(desired(want), appliance.dataset(), OURS)
    going = {made.dataset.binding(row).range for row in made.remove}
    staying = {
        pair for pair in appliance.held if AddressRange(Family.V4, *pair) not in going
    }
    assert addresses(made.add) == addresses(want) - appliance.addresses(staying)
    assert all(want.covers(r.first, r.last) for r in made.add)


@given(some_appliance, some_wanted)
def test_every_entry_is_counted_once(appliance: Appliance, want: Ranges) -> None:
    made = plan(desired(want), appliance.dataset(), OURS)
    whose = Counter(m.instance if m else "" for m in map(Mark.read, all_of(appliance)))
    assert made.keep + len(made.remove) == whose.pop(OURS, 0)
    assert made.foreign == whose
    unmarked = [p for p, c in appliance.held.items() if Mark.read(c) is None]
    assert made.unmarked_wanted == sum(
        appliance.addresses([p]) <= addresses(want) for p in unmarked
    )
    foreign = appliance.addresses(appliance.foreign(OURS))
    assert made.covered == sum(addresses([r]) <= foreign for r in want)


def all_of(appliance: Appliance) -> list[str]:
    return list(appliance.held.values())


@given(some_appliance, some_wanted, some_wanted)
def test_a_digest_names_exactly_the_changes(
    appliance: Appliance, want: Ranges, other: Ranges
) -> None:
    one = plan(desired(want), appliance.dataset(), OURS)
    two = plan(desired(other), appliance.dataset(), OURS)
    same = one.add == two.add and one.remove == two.remove
    assert (one.digest() == two.digest()) == same


@given(some_appliance, some_wanted, some_wanted)
def test_two_instances_on_one_set_do_not_undo_each_other(
    appliance: Appliance, mine: Ranges, theirs: Ranges
) -> None:
    for instance, want in ((OURS, mine), (OTHER, theirs)) * 2:
        appliance.apply(plan(desired(want), appliance.dataset(), instance), instance)
    both = addresses(mine) | addresses(theirs)
    assert both <= appliance.addresses()
    for instance, want in ((OURS, mine), (OTHER, theirs)):
        assert plan(desired(want), appliance.dataset(), instance).empty


@given(some_appliance, some_wanted)
def test_values_that_are_no_addresses_are_foreign(
    appliance: Appliance, want: Ranges
) -> None:
    before = plan(desired(want), appliance.dataset(), OURS)
    data = appliance.dataset()
    data.add("no-address.example.com", "", MARKS["ours"], 0)
    data.add("203.0.113.300", "", "", 0)
    made = plan(desired(want), data, OURS)
    assert made.digest() == before.digest()
    assert Counter(made.foreign) == Counter(before.foreign) + Counter({"": 2})


@given(offsets(), st.lists(st.sampled_from(sorted(MARKS.values()))), some_wanted)
@example([(0, 5), (1, 2)], [MARKS["ours"], MARKS["ours"]], HOME.ranges([(0, 3)]))
def test_overlapping_rows_which_no_appliance_should_have_break_no_law(
    some: list[Pair], comments: list[str], want: Ranges
) -> None:
    rows = list(zip(HOME.pairs(some), comments, strict=False))
    data = Dataset("bl4", Family.V4)
    for (first, last), comment in rows:
        data.add(*spelling(AddressRange(Family.V4, first, last)), comment, 0)
    data.sort()
    made = plan(desired(want), data, OURS)
    going = Counter(made.dataset.binding(row) for row in made.remove)
    assert all(b.comment == MARKS["ours"] for b in going)
    assert not any(addresses([b.range]) <= addresses(want) for b in going)
    staying = Counter(map(data.binding, range(len(data)))) - going
    left = addresses(b.range for b in staying)
    assert addresses(made.add) == addresses(want) - left
    assert made.keep == sum(b.comment == MARKS["ours"] for b in staying.elements())


def test_a_wider_entry_of_ours_makes_way_for_its_wanted_part() -> None:
    appliance = Appliance(held=dict.fromkeys(HOME.pairs([(0, 3)]), MARKS["ours"]))
    made = plan(desired(HOME.ranges([(1, 2)])), appliance.dataset(), OURS)
    assert list(made.removed().pairs()) == HOME.pairs([(0, 3)])
    assert list(made.add.pairs()) == HOME.pairs([(1, 2)])


def test_an_entry_of_ours_over_two_wanted_neighbours_stays() -> None:
    appliance = Appliance(held=dict.fromkeys(HOME.pairs([(0, 1)]), MARKS["ours"]))
    made = plan(desired(HOME.ranges([(0, 0), (1, 1)])), appliance.dataset(), OURS)
    assert made.empty
    assert made.keep == 1


def test_a_change_of_one_entry_never_touches_its_neighbour() -> None:
    appliance = Appliance(held=dict.fromkeys(HOME.pairs([(0, 0)]), MARKS["ours"]))
    made = plan(desired(HOME.ranges([(0, 0), (1, 1)])), appliance.dataset(), OURS)
    assert not made.remove
    assert list(made.add.pairs()) == HOME.pairs([(1, 1)])


def test_a_large_plan_is_the_difference_of_plain_sets() -> None:
    chance = random.Random(7)  # noqa: S311  # a fixed seed, no secret
    space = range(100_000)
    want, ours, foreign = (set(chance.sample(space, 20_000)) for _ in range(3))
    ours -= foreign
    data = Dataset("bl4", Family.V4)
    for some, comment in ((ours, MARKS["ours"]), (foreign, "")):
        for n in some:
            data.add(str(AddressRange(Family.V4, n, n)), "", comment, 0)
    data.sort()
    ranges = Ranges.of(Family.V4, ((n, n) for n in want))
    made = plan(desired(ranges), data, OURS)
    assert set(made.add.firsts) == want - ours - foreign
    assert set(made.removed().firsts) == ours - want
    assert made.keep == len(ours & want)
    assert made.covered == len(want & foreign)
    assert made.foreign == {"": len(foreign)}


def test_each_value_may_carry_a_mark_of_its_own() -> None:
    # Any text can stand in a comment, so any number of instances may be met.
    count = 70_000
    made = Dataset("bl4", HOME.family)
    for n in range(count):
        made.add(
            f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", "", f"tq-waf:{n:08x}:{DAY}", 0
        )
    made.sort()
    assert len(made.instances) == count + 1
    assert made.instances[made.owners[count - 1]] == f"{count - 1:08x}"
    told = plan(desired(HOME.ranges([])), made, f"{7:08x}")
    assert (len(told.foreign), list(told.remove)) == (count - 1, [7])
    assert few(told.foreign, 2) == {f"{0:08x}": 1, f"{1:08x}": 1, "others": count - 3}
