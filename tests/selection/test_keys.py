"""Each key of the selection, in whole runs through the command line."""

import pytest

from selection.dated import Dated
from support.outside import COLLECTION

A, B, C, D = (f"198.18.0.{n}" for n in range(4))


def test_a_minimum_score_takes_that_score_and_higher(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.wants({A: {"score": 4}, B: {"score": 4.5}, C: {"score": 10}, D: {}})
    dated.key("minimum_score = 4.5")
    assert dated.site.run() == 0
    assert dated.site.ours() == {B, C}
    assert dated.left_out(capfd) == {"score too low": 1, "no score": 1}


def test_a_maximum_age_counts_from_when_threatq_first_knew(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.wants(
        {
            A: {"created_at": dated.ago(30)},
            B: {"created_at": dated.ago(29.9), "published_at": dated.ago(99)},
        }
    )
    dated.key("maximum_age = 30")
    assert dated.site.run() == 0
    assert dated.site.ours() == {B}
    assert dated.left_out(capfd) == {"too old": 1}
    dated.key('age_date = "published_at"')
    assert dated.site.run() == 0
    assert dated.site.ours() == {A}


def test_a_time_limit_unbinds_on_its_day_and_it_does_not_come_back(
    dated: Dated,
) -> None:
    dated.wants({A: {"updated_at": dated.ago(0)}, B: {"updated_at": dated.ago(2)}})
    dated.key("time_limit = 5")
    bound = []
    for _ in range(7):
        assert dated.site.run() == 0
        bound.append(dated.site.ours())
        dated.pass_days(1)
    assert bound == [{A, B}] * 3 + [{A}] * 2 + [set()] * 2


def test_a_clock_that_leaps_ahead_unblocks_no_more_than_one_run_may(
    dated: Dated,
) -> None:
    dated.wants({f"198.18.1.{n}": {"updated_at": dated.ago(0)} for n in range(60)})
    dated.key("time_limit = 5")
    assert dated.site.run() == 0
    dated.pass_days(3650)
    assert dated.site.run() == 5
    assert len(dated.site.ours()) == 60


def test_what_is_heard_of_anew_is_blocked_anew(dated: Dated) -> None:
    dated.wants({A: {"updated_at": dated.ago(0)}, B: {"updated_at": dated.ago(9)}})
    dated.key("time_limit = 5")
    assert dated.site.run() == 0
    assert dated.site.ours() == {A}
    dated.wants({A: {"updated_at": dated.ago(0)}, B: {"updated_at": dated.ago(1)}})
    assert dated.site.run() == 0
    assert dated.site.ours() == {A, B}


@pytest.mark.parametrize("date", ["touched_at", "last_detected_at", "published_at"])
def test_the_date_that_a_time_limit_counts_from_is_a_setting(
    dated: Dated, date: str
) -> None:
    dated.wants({A: {date: dated.ago(9)}, B: {date: dated.ago(1)}})
    dated.key("time_limit = 5")
    dated.key(f'last_date = "{date}"')
    assert dated.site.run() == 0
    assert dated.site.ours() == {B}


def test_without_the_date_an_indicator_is_left_out_and_counted_by_itself(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.wants({A: {}, B: {"last_detected_at": dated.ago(1)}})
    dated.key("time_limit = 5")
    dated.key('last_date = "last_detected_at"')
    assert dated.site.run() == 0
    assert dated.site.ours() == {B}
    assert dated.left_out(capfd) == {"no date to count from": 1}


def test_0_asks_for_nothing(dated: Dated) -> None:
    for line in ("minimum_score = 0", "maximum_age = 0", "time_limit = 0"):
        dated.key(line)
    dated.wants({A: {}, B: {"updated_at": dated.ago(5000)}})
    assert dated.site.run() == 0
    assert dated.site.ours() == {A, B}


def test_a_collection_may_have_keys_of_its_own_and_the_others_hold_for_it(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    old, low, good = (
        {"score": 9, "updated_at": dated.ago(99)},
        {"score": 5},
        {"score": 9},
    )
    dated.wants({A: low, B: old})
    dated.wants({C: low, D: good}, name="Second")
    dated.site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    dated.key("time_limit = 30")
    dated.key("minimum_score = 5")
    dated.own("minimum_score = 8", "Second")
    assert dated.site.run() == 0
    assert dated.site.ours() == {A, D}
    assert dated.left_out(capfd) == {"score too low": 1, "time limit reached": 1}


def test_statuses_and_expiry_may_differ_by_collection(dated: Dated) -> None:
    rows = {A: {"status": "Review"}, B: {"status": "Expired"}}
    dated.wants({**rows, C: {}})
    dated.wants({**rows, D: {}}, name="Second")
    dated.site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    dated.own('statuses = ["Active"]', COLLECTION)
    dated.own('statuses = ["Active", "Expired"]', "Second")
    dated.own("expired = true", "Second")
    assert dated.site.run() == 0
    assert dated.site.ours() == {B, C, D}


def test_an_address_that_one_collection_selects_is_wanted(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.wants({A: {"score": 5}, B: {"score": 9}})
    dated.wants({A: {"score": 5}}, name="Second")
    dated.site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    dated.own("minimum_score = 8", COLLECTION)
    assert dated.site.run() == 0
    assert dated.site.ours() == {A, B}
    assert dated.left_out(capfd) == {"score too low": 1}


def test_a_minimum_that_most_fall_below_is_held_like_any_loss(dated: Dated) -> None:
    dated.wants({f"198.18.1.{n}": {"score": 5 + n % 2} for n in range(60)})
    assert dated.site.run() == 0
    dated.key("minimum_score = 6")
    assert dated.site.run() == 5
    assert len(dated.site.ours()) == 60


def test_a_table_of_no_collection_in_use_is_an_error_that_names_its_place(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.wants({A: {}})
    dated.own("minimum_score = 8", "Blok at edge")
    mark = dated.site.mark
    assert dated.site.run() == 2
    told = capfd.readouterr().err
    assert '[collection."Blok at edge"] in ' in told
    assert "in use: 'Block at edge'" in told
    assert not dated.site.writes(mark)
    assert dated.site.run("check") == 2
