"""Laws of ``take``: what is taken over stays blocked, and nothing else is touched."""

from hypothesis import given
from hypothesis import strategies as st

from core.universe import (
    HOME,
    MARKS,
    OTHER,
    OURS,
    Appliance,
    addresses,
    appliances,
    desired,
    wanted,
)
from tq_conn_citrix_waf.core.adopt import Asked, Left, Taking, take
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ranges import Ranges

NONE = HOME.ranges([])
KINDS = (Asked(), Asked(stale=True), Asked(OTHER))
some_appliance = appliances()
some_wanted = wanted()
some_kind = st.sampled_from(KINDS)


def taking(
    appliance: Appliance,
    want: Ranges,
    asked: Asked,
    held: Ranges = NONE,
    never: Ranges = NONE,
) -> Taking:
    made = plan(desired(want), appliance.dataset(), OURS)
    return take(made, asked, held, never)


@given(some_appliance, some_wanted, st.sampled_from((Asked(), Asked(OTHER))))
def test_what_is_taken_over_stays_as_it_is_and_becomes_ours(
    appliance: Appliance, want: Ranges, asked: Asked
) -> None:
    before = dict(appliance.held)
    found = taking(appliance, want, asked)
    appliance.apply(found.plan)
    assert set(appliance.held) == set(before)
    taken = set(found.plan.removed().pairs())
    assert all(
        (c == MARKS["ours"]) or p not in taken for p, c in appliance.held.items()
    )
    rest = {p: c for p, c in before.items() if p not in taken}
    assert rest.items() <= appliance.held.items()


@given(some_appliance, some_wanted)
def test_all_unmarked_entries_that_are_wanted_are_taken_over(
    appliance: Appliance, want: Ranges
) -> None:
    appliance.apply(taking(appliance, want, Asked()).plan)
    data = appliance.dataset()
    assert plan(desired(want), data, OURS).unmarked_wanted == 0
    assert taking(appliance, want, Asked()).plan.empty


@given(some_appliance, some_wanted)
def test_what_is_taken_over_is_kept_by_the_next_run(
    appliance: Appliance, want: Ranges
) -> None:
    appliance.apply(plan(desired(want), appliance.dataset(), OURS))
    appliance.apply(taking(appliance, want, Asked()).plan)
    assert plan(desired(want), appliance.dataset(), OURS).empty


@given(some_appliance, some_wanted, some_wanted)
def test_stale_is_unmarked_and_wanted_by_nobody_held_or_not(
    appliance: Appliance, want: Ranges, held: Ranges
) -> None:
    before = dict(appliance.held)
    found = taking(appliance, want, Asked(stale=True), held)
    appliance.apply(found.plan)
    asked_for = addresses(want) | addresses(held)
    unmarked = {p for p, c in before.items() if not c.startswith("tq-waf:")}
    expected = {p for p in unmarked if not asked_for & {*range(p[0], p[1] + 1)}}
    assert set(before) - set(appliance.held) == expected
    assert not len(found.plan.add)


@given(some_appliance, some_wanted)
def test_all_of_another_instance_becomes_ours(
    appliance: Appliance, want: Ranges
) -> None:
    appliance.apply(taking(appliance, want, Asked(OTHER)).plan)
    assert appliance.marked(OTHER) == set()


@given(some_appliance, some_wanted, some_wanted, some_kind)
def test_what_must_never_be_blocked_is_not_bound(
    appliance: Appliance, want: Ranges, never: Ranges, asked: Asked
) -> None:
    found = taking(appliance, want, asked, never=never)
    assert not len(found.plan.add.intersect(never.merged()))


@given(some_appliance, some_wanted, some_wanted, some_kind)
def test_every_entry_of_those_asked_for_is_taken_or_left_for_a_reason(
    appliance: Appliance, want: Ranges, never: Ranges, asked: Asked
) -> None:
    found = taking(appliance, want, asked, never=never)
    data = appliance.dataset()
    count = list(data.owners).count(data.owner(asked.instance))
    assert len(found.plan.remove) + sum(found.left.values()) == count


def test_an_entry_that_overlaps_another_is_left() -> None:
    wide, narrow = HOME.pairs([(0, 3), (2, 2)])
    data = Appliance(held={wide: "", narrow: ""})
    found = taking(data, HOME.ranges([(0, 3)]), Asked())
    assert found.plan.empty
    assert found.left == {Left.OVERLAP: 2}


def test_an_instance_that_marked_nothing_has_nothing_to_take_over() -> None:
    data = Appliance(held=dict.fromkeys(HOME.pairs([(1, 1)]), MARKS["ours"]))
    assert taking(data, HOME.ranges([(1, 1)]), Asked("12345678")).plan.empty
