"""Laws of the minimum stay: what leaves early stays, but never what may not wait."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.universe import (
    HOME,
    MARKS,
    OURS,
    Appliance,
    Pair,
    addresses,
    desired,
    offsets,
    wanted,
)
from tq_conn_citrix_waf.core.dataset import Mark
from tq_conn_citrix_waf.core.guard import Consent, Held, Limits, check
from tq_conn_citrix_waf.core.plan import Ownership, Plan, Stay, plan
from tq_conn_citrix_waf.core.ranges import Ranges

TODAY = date(2026, 3, 9)
DAYS = 3
STRICT = Limits(0, 0.0, 0, 0.0)


def bound(days_ago: int) -> str:
    return str(Mark(OURS, TODAY - timedelta(days_ago)))


# Before and on both sides of the last day, today, and a day that is still to come.
comments = st.one_of(
    st.sampled_from(sorted(MARKS.values())),
    st.integers(-1, DAYS + 2).map(bound),
)
released_ranges = st.one_of(st.just([]), offsets(2)).map(HOME.ranges)


@st.composite
def appliances(draw: st.DrawFn) -> Appliance:
    made = Appliance(HOME.family)
    for first, last in HOME.ranges(draw(offsets(10))).pairs():
        made.held[first, last] = draw(comments)
    return made


def planned(
    appliance: Appliance,
    want: Ranges,
    free: Ranges,
    ownership: Ownership = Ownership.OWNED,
    today: date = TODAY,
) -> Plan:
    stay = Stay(today, DAYS, free)
    return plan(desired(want), appliance.dataset(), OURS, ownership, stay)


def staying(appliance: Appliance, want: Ranges, free: Ranges) -> set[Pair]:
    """The rule again, an entry at a time, on the text of its mark."""
    fresh = [bound(n) for n in range(DAYS + 1)]
    return {
        (first, last)
        for (first, last), comment in appliance.held.items()
        if comment in fresh
        and not {*range(first, last + 1)} <= addresses(want)
        and not {*range(first, last + 1)} & addresses(free)
    }


some = given(appliances(), wanted(), released_ranges)


@some
def test_exactly_what_was_bound_within_the_stay_and_may_wait_stays(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    made = planned(appliance, want, free)
    expected = staying(appliance, want, free)
    assert {(r.first, r.last) for r in made.staying()} == expected
    gone = {made.dataset.ends(row) for row in made.remove}
    ours = {pair for pair, comment in appliance.held.items() if OURS in comment}
    unwanted = {p for p in ours if not {*range(p[0], p[1] + 1)} <= addresses(want)}
    assert gone == unwanted - expected
    assert made.keep == len(ours) - len(unwanted)


@some
def test_all_that_is_wanted_is_blocked_and_what_stays_keeps_its_day(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    expected = staying(appliance, want, free)
    before, foreign = dict(appliance.held), appliance.foreign(OURS)
    appliance.apply(planned(appliance, want, free))
    assert addresses(want) <= appliance.addresses()
    assert appliance.foreign(OURS) == foreign
    assert all(appliance.held[pair] == before[pair] for pair in expected)
    left = appliance.marked(OURS) - addresses(want)
    assert left <= {n for first, last in expected for n in range(first, last + 1)}


@some
def test_what_may_not_wait_never_stays(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    appliance.apply(planned(appliance, want, free))
    assert not (appliance.marked(OURS) - addresses(want)) & addresses(free)


@some
def test_on_the_same_day_a_second_plan_is_empty_and_keeps_the_same(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    first = planned(appliance, want, free)
    appliance.apply(first)
    again = planned(appliance, want, free)
    assert again.empty
    assert [*again.staying()] == [*first.staying()]


@some
def test_when_the_stay_is_over_nothing_unwanted_of_ours_is_left(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    appliance.apply(planned(appliance, want, free))
    # A day to come, which some clock wrote, is no longer one by then.
    later = TODAY + timedelta(2 * DAYS + 4)
    appliance.apply(planned(appliance, want, free, today=later))
    assert appliance.marked(OURS) <= addresses(want)


@some
def test_under_exclusive_ours_stays_and_what_nobody_marked_goes(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    expected = staying(appliance, want, free)
    made = planned(appliance, want, free, Ownership.EXCLUSIVE)
    assert {(r.first, r.last) for r in made.staying()} == expected
    appliance.apply(made)
    marked = {pair for pair, comment in appliance.held.items() if "tq-waf" in comment}
    unmarked = appliance.addresses(appliance.held.keys() - marked)
    assert unmarked <= addresses(want)


@some
def test_what_stays_is_no_removal_and_is_in_the_list_of_no_later_run(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    made = planned(appliance, want, free)
    waits = addresses(made.staying())
    last = want.union(made.staying())
    for known in (last, want, None):
        verdict = check(made, STRICT, known, OURS)
        counted = {n for r in verdict.refusals for n in addresses(r.entries)}
        assert not counted & waits
        assert not addresses(verdict.accepted) & (waits - addresses(want))
        assert verdict.plan.stay == made.stay


@some
def test_on_the_day_that_it_goes_it_is_a_removal(
    appliance: Appliance, want: Ranges, free: Ranges
) -> None:
    waits = planned(appliance, want, free).staying()
    over = planned(appliance, want, free, today=TODAY + timedelta(DAYS + 1))
    verdict = check(over, STRICT, want, OURS)
    held = [r.entries for r in verdict.refusals if r.held is Held.REMOVALS]
    counted = {n for entries in held for n in addresses(entries)}
    assert addresses(waits) - addresses(want) <= counted
    agreed = [Consent(Held.REMOVALS, entries) for entries in held]
    freed = check(over, STRICT, want, OURS, agreed)
    assert all(r.held is not Held.REMOVALS for r in freed.refusals)


def test_an_entry_is_bound_no_less_than_so_many_days() -> None:
    stay = Stay(TODAY, DAYS, HOME.ranges([]))
    days = [(TODAY - date(1970, 1, 1)).days - ago for ago in range(-1, DAYS + 2)]
    told = [stay.holds(day, HOME.base, HOME.base) for day in days]
    assert told == [False, *[True] * (DAYS + 1), False]
