"""Laws of ``drift``: what others did is told, what we did is not."""

from datetime import UTC, datetime

from hypothesis import given

from core.universe import (
    HOME,
    MARKS,
    OURS,
    Appliance,
    addresses,
    appliances,
    desired,
    wanted,
)
from tq_conn_citrix_waf.core.drift import Drift, drift
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ranges import Family, Ranges

SINCE = datetime(2026, 3, 1, tzinfo=UTC)
some_appliance = appliances()
some_wanted = wanted()


def between(before: Appliance, now: Appliance, want: Ranges) -> Drift:
    made = plan(desired(want), now.dataset(), OURS)
    return drift(SINCE, before.dataset(), made, OURS)


@given(some_appliance, some_wanted, some_wanted)
def test_what_a_run_did_is_no_drift(
    appliance: Appliance, want: Ranges, later: Ranges
) -> None:
    before = Appliance(held=dict(appliance.held))
    appliance.apply(plan(desired(want), appliance.dataset(), OURS))
    none = Ranges.empty(Family.V4)
    assert between(before, before, want) == Drift(SINCE, none, none)
    assert between(appliance, appliance, later) == Drift(SINCE, none, none)
    assert between(before, appliance, want) == Drift(SINCE, none, none)


@given(some_appliance, some_appliance, some_wanted)
def test_vanished_was_ours_and_is_missing_and_wanted(
    before: Appliance, now: Appliance, want: Ranges
) -> None:
    found = between(before, now, want)
    expected = (before.marked(OURS) & addresses(want)) - now.addresses()
    assert addresses(found.vanished) == expected


@given(some_appliance, some_appliance, some_wanted)
def test_come_is_not_ours_and_was_not_there_as_it_is(
    before: Appliance, now: Appliance, want: Ranges
) -> None:
    found = between(before, now, want)
    there = before.addresses(before.foreign(OURS))
    expected = now.addresses(now.foreign(OURS)) - there
    assert addresses(found.come) == expected


def test_an_entry_of_ours_that_a_person_bound_anew_has_come() -> None:
    pair = HOME.pairs([(1, 1)])[0]
    before = Appliance(held={pair: MARKS["ours"]})
    now = Appliance(held={pair: MARKS["nobody's"]})
    found = between(before, now, HOME.ranges([(1, 1)]))
    assert list(found.come.pairs()) == [pair]
    assert not len(found.vanished)
