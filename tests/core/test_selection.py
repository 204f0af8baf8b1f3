"""Laws of ``select``: asking for more never takes more, and time takes nothing back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.core.model import Indicator, Reason
from tq_conn_citrix_waf.core.selection import (
    AS_GIVEN,
    Dates,
    Selection,
    Selections,
    select,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(seconds=1)

moments = st.none() | st.integers(-40, 40).map(
    lambda hours: int((NOW + timedelta(hours=hours)).timestamp())
)
indicators = st.builds(
    Indicator,
    id=st.just(1),
    type=st.just("IP Address"),
    value=st.just("203.0.113.7"),
    status=st.sampled_from(("Active", "Expired", "Review", "Whitelisted")),
    status_agrees=st.booleans(),
    score=st.none() | st.floats(0, 10),
    expires_at=st.none() | st.just(NOW),
    aged_from=moments,
    last_at=moments,
)
selections = st.builds(
    Selection,
    statuses=st.none() | st.frozensets(st.sampled_from(("Active", "Expired"))),
    expired=st.booleans(),
    minimum_score=st.floats(0, 10),
    maximum_age=st.integers(0, 3),
    time_limit=st.integers(0, 3),
)
LESS: tuple[Callable[[Selection], Selection], ...] = (
    lambda chosen: replace(chosen, minimum_score=0),
    lambda chosen: replace(chosen, maximum_age=0),
    lambda chosen: replace(chosen, time_limit=0),
)


def dated(age: timedelta, last: timedelta) -> Indicator:
    """An indicator whose two dates are so long ago."""
    seconds = [int((NOW - ago).timestamp()) for ago in (age, last)]
    return Indicator(
        1,
        "IP Address",
        "203.0.113.7",
        "Active",
        aged_from=seconds[0],
        last_at=seconds[1],
    )


@given(indicators, selections, st.sampled_from(LESS))
def test_what_is_taken_stays_taken_where_less_is_asked_for(
    indicator: Indicator,
    chosen: Selection,
    asking_less: Callable[[Selection], Selection],
) -> None:
    before = select(indicator, chosen, NOW)
    after = select(indicator, asking_less(chosen), NOW)
    assert before is not None or after is None


@given(indicators, selections, st.integers(0, 100))
def test_what_is_left_out_never_comes_back_by_time_alone(
    indicator: Indicator, chosen: Selection, hours: int
) -> None:
    later = NOW + timedelta(hours=hours)
    if select(indicator, chosen, NOW) is not None:
        assert select(indicator, chosen, later) is not None


@given(indicators, selections)
def test_whitelisted_and_unclear_are_never_taken(
    indicator: Indicator, chosen: Selection
) -> None:
    taken = select(indicator, chosen, NOW) is None
    assert not (taken and indicator.status == "Whitelisted")
    assert not (taken and not indicator.status_agrees)


@given(indicators, selections)
def test_a_figure_that_is_not_asked_for_gives_no_reason(
    indicator: Indicator, chosen: Selection
) -> None:
    reason = select(indicator, chosen, NOW)
    asked = {
        Reason.SCORE: chosen.minimum_score,
        Reason.NO_SCORE: chosen.minimum_score,
        Reason.AGE: chosen.maximum_age,
        Reason.TIME_LIMIT: chosen.time_limit,
        Reason.NO_DATE: chosen.maximum_age or chosen.time_limit,
    }
    assert reason is None or asked.get(reason, True)


@pytest.mark.parametrize(
    ("age", "last", "expected"),
    [
        (3 * DAY - TICK, TICK, None),
        (3 * DAY, TICK, Reason.AGE),
        (TICK, 2 * DAY - TICK, None),
        (TICK, 2 * DAY, Reason.TIME_LIMIT),
        (9 * DAY, 9 * DAY, Reason.AGE),
        (-9 * DAY, -9 * DAY, None),
    ],
)
def test_a_limit_is_reached_at_its_very_second(
    age: timedelta, last: timedelta, expected: Reason | None
) -> None:
    chosen = Selection(maximum_age=3, time_limit=2)
    assert select(dated(age, last), chosen, NOW) is expected


def test_only_the_dates_that_are_counted_from_are_asked_for() -> None:
    assert AS_GIVEN.dates.names == ()
    assert Selection(time_limit=1).dates == Dates("", "updated_at")
    both = Selection(maximum_age=1, time_limit=1, last_date="created_at")
    assert both.dates.names == ("created_at",)


def test_a_collection_without_a_selection_of_its_own_has_the_general_one() -> None:
    strict = Selection(minimum_score=9)
    chosen = Selections(Selection(minimum_score=3), {"Edge": strict})
    assert chosen.of("Edge") is strict
    assert chosen.of("Other") is chosen.general


def test_a_selection_says_in_words_what_it_takes() -> None:
    assert str(AS_GIVEN) == "any status but Whitelisted or Expired"
    chosen = Selection(
        statuses=frozenset({"Review", "Active"}),
        expired=True,
        minimum_score=4.5,
        maximum_age=365,
        time_limit=90,
    )
    assert str(chosen) == (
        "status Active or Review, also expired, score 4.5 and higher, created_at"
        " within 365 days, updated_at within 90 days"
    )
