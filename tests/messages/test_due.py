"""What is due: nothing twice in a day, nothing over that was not told."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.run.due import due, noted, still
from tq_conn_citrix_waf.run.events import Event, Seen, Wishes
from tq_conn_citrix_waf.store.sent import Told

START = datetime(2026, 3, 1, tzinfo=UTC)
FIRST = datetime.min.replace(tzinfo=UTC)
LAST = datetime.max.replace(tzinfo=UTC)
WISHES = Wishes(repeat_after=timedelta(hours=24))
EVENTS = [
    Event(name, words, "", about)
    for name in ("refused", "failed")
    for about in ("", "a")
    for words in ("one", "two")
]
LOOKS = st.tuples(
    st.lists(st.sampled_from(EVENTS)),
    st.sets(st.sampled_from(["refused", "failed"]), max_size=1),
    st.sampled_from([1, 5, 23, 24]),
)


def looked(events: list[Event], unknown: set[str]) -> Seen:
    there = {event.key: event for event in events if event.name not in unknown}
    return Seen(there, frozenset(unknown))


@given(st.lists(LOOKS, max_size=30))
def test_in_any_story_each_thing_is_told_as_often_as_it_should(
    story: list[tuple[list[Event], set[str], int]],
) -> None:
    now, kept = START, dict[str, Told]()
    told: dict[str, tuple[str, datetime]] = {}
    open_: set[str] = set()
    for events, unknown, hours in story:
        now += timedelta(hours=hours)
        seen = looked(events, unknown)
        kept = still(kept, now, WISHES)
        for event, over in [*due(seen, kept, now, WISHES)]:
            kept[event.key] = noted(event, over, now)
            if over is not None:
                assert event.key in open_
                assert event.key not in seen.there
                assert event.name not in unknown
                open_.remove(event.key)
                continue
            if event.key in told:
                what, at = told[event.key]
                assert now - at >= WISHES.repeat_after or what != event.what
            told[event.key] = event.what, now
            open_.add(event.key)
        # What is there was told, and not since been called over in other words.
        for key, event in seen.there.items():
            assert key in open_ or told[key][0] == event.what
        assert all(k in seen.there or k.split()[0] in unknown for k in open_)


@pytest.mark.parametrize("at", [FIRST, START, LAST])
@pytest.mark.parametrize("now", [FIRST, LAST])
def test_no_clock_and_no_wish_is_too_far_away(at: datetime, now: datetime) -> None:
    seen, kept = looked([EVENTS[0]], set()), {EVENTS[0].key: Told(at, "one")}
    told = [*due(seen, kept, now, Wishes(repeat_after=timedelta.max))]
    assert told == ([] if at <= now else [(EVENTS[0], None)])


def test_what_comes_back_in_other_words_is_another_thing() -> None:
    one, other = EVENTS[0], EVENTS[1]
    kept = {one.key: Told(START, "one", over=True)}
    soon = START + timedelta(hours=1)
    assert [*due(looked([one], set()), kept, soon, WISHES)] == []
    assert [*due(looked([other], set()), kept, soon, WISHES)] == [(other, None)]
    late = START + WISHES.repeat_after
    assert [*due(looked([one], set()), kept, late, WISHES)] == [(one, None)]
