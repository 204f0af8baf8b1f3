"""The history of a list, and what of it should be blocked."""

from datetime import timedelta
from ipaddress import ip_address

import pytest

from bench.made import BASE, MESSAGE, START
from history import History


def test_the_base_is_an_hour_older_than_the_first_revision(history: History) -> None:
    first, second, *_ = history.revisions()
    assert (first.number, first.at) == (0, START - timedelta(hours=1))
    assert (second.number, second.at) == (1, START)
    assert first.listed == {*BASE}


def test_a_revision_is_the_one_before_it_with_what_came_and_without_what_went(
    history: History,
) -> None:
    revisions = list(history.revisions())
    assert revisions[1].listed == {*BASE, "203.0.114.1"} - {"198.18.0.0"}
    assert revisions[3].listed == {*MESSAGE}
    assert revisions[5].listed == {*BASE[20:], "203.0.114.2"}


def test_an_empty_list_and_a_message_are_told_from_a_list(history: History) -> None:
    faults = [revision.fault for revision in history.revisions()]
    assert faults == ["", "", "empty", "a message", "", "", ""]


def test_what_must_never_be_blocked_is_not_wanted(history: History) -> None:
    first = next(history.revisions())
    four, both = first.wanted(4), first.wanted(4, 6)
    assert len(four) == 60
    assert ip_address("10.0.0.1") not in four
    assert both - four == {ip_address("2001:db8::1")}


def test_a_history_out_of_order_is_refused(history: History) -> None:
    path = history.name.with_name("small-churn.jsonl")
    path.write_text("\n".join(reversed(path.read_text().splitlines())))
    with pytest.raises(SystemExit, match="not in order of time"):
        next(history.revisions())
