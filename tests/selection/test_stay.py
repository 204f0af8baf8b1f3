"""The minimum stay in whole runs: what flaps is not touched, what may not wait goes."""

import shutil

import pytest

from kinds.both import Both
from protected.near import write
from selection.dated import Dated
from support.outside import COLLECTION

A, B, C, D = (f"198.18.0.{n}" for n in range(4))
QUERY = "/api/indicators/query"


@pytest.fixture
def stays(dated: Dated) -> Dated:
    """A site with a minimum stay of two days, A and B bound today."""
    dated.key("minimum_stay = 2")
    dated.wants({A: {}, B: {}})
    assert dated.site.run() == 0
    return dated


def test_what_leaves_early_stays_in_step_until_its_day(stays: Dated) -> None:
    stays.wants({A: {}})
    bound = []
    for _ in range(4):
        assert stays.site.run() == 0
        bound.append(stays.site.ours())
        stays.pass_days(1)
    assert bound == [{A, B}] * 3 + [{A}]


def test_what_comes_back_within_its_stay_is_not_written_at_all(stays: Dated) -> None:
    mark = stays.site.mark
    for _ in range(3):
        stays.wants({A: {}})
        assert stays.site.run() == 0
        stays.wants({A: {}, B: {}})
        assert stays.site.run() == 0
    assert not stays.site.writes(mark)


def test_what_was_bound_long_ago_goes_at_once(stays: Dated) -> None:
    stays.pass_days(3)
    stays.wants({A: {}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


def test_the_plan_shows_what_stays_and_calls_it_no_removal(
    stays: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    stays.wants({A: {}})
    capfd.readouterr()
    assert stays.site.run("plan") == 0
    told = capfd.readouterr().out
    assert "stay              1  " in told
    assert f"wanted no more, and bound too short a while: {B}" in told
    assert "remove            0" in told


def test_it_holds_when_every_local_file_is_lost(stays: Dated) -> None:
    stays.wants({A: {}})
    for path in stays.site.directory.iterdir():
        if path.suffix != ".toml":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert stays.site.run() == 0
    assert stays.site.ours() == {A, B}
    stays.pass_days(3)
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


@pytest.mark.parametrize(
    "reason",
    [
        {"score": 1},
        {"status": "Expired"},
        {"updated_at": "2020-01-01 00:00:00"},
        {"expires_at": "2020-01-01 00:00:00"},
    ],
    ids=str,
)
def test_it_holds_whatever_leaves_it_out_but_what_lets_it_through(
    stays: Dated, reason: dict[str, object]
) -> None:
    stays.key("minimum_score = 5")
    stays.key("time_limit = 100")
    stays.wants({A: {"score": 9}, B: {"score": 9} | reason})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A, B}
    stays.pass_days(3)
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


def test_what_became_whitelisted_goes_at_once(stays: Dated) -> None:
    stays.wants({A: {}, B: {"status": "Whitelisted"}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


@pytest.mark.parametrize("left", [{A: {}}, {A: {}, B: {}}], ids=["left", "listed"])
@pytest.mark.parametrize("network", [B, "198.18.0.1-198.18.0.9"])
def test_what_became_never_block_goes_at_once(
    stays: Dated, left: dict[str, dict[str, object]], network: str
) -> None:
    stays.wants(left)
    (stays.site.directory / "never.txt").write_text(f"{network}\n")
    write(stays.site, 'files = ["never.txt"]')
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


@pytest.mark.parametrize(
    "row",
    [
        {"type": "IP Address", "value": B},
        {"type": "CIDR Block", "value": "198.18.0.0/23"},
        {"type": "IP Address", "value": "198[.]18[.]0[.]1"},
    ],
    ids=str,
)
def test_what_is_whitelisted_and_in_no_collection_any_more_goes_at_once(
    stays: Dated, row: dict[str, str]
) -> None:
    rows = [row | {"status": "Whitelisted"}]
    path = "/threatq/collections/Not ours"
    stays.site.control("PUT", path, {"indicators": rows})
    stays.wants({A: {}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


def test_an_indicator_whose_status_is_torn_may_be_whitelisted_and_goes(
    stays: Dated,
) -> None:
    stays.site.control("PUT", "/dialect", {"status_ids": "stock"})
    stays.wants({A: {}, B: {"status_id": 5}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A}


def test_where_threatq_does_not_tell_what_is_whitelisted_nothing_stays(
    stays: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    stays.wants({A: {}, C: {}})
    fault = {
        "name": "status",
        "service": "threatq",
        "match": {"path": QUERY},
        "params": {"status": 500},
        "after": 2,  # the two pages of the data collection
    }
    stays.site.control("POST", "/faults", fault)
    capfd.readouterr()
    assert stays.site.run() == 3
    assert stays.site.ours() == {A, C}
    assert "POST /api/indicators/query" in capfd.readouterr().err


def test_what_a_person_agreed_to_remove_does_not_stay(
    stays: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    many: dict[str, dict[str, object]] = {f"198.18.1.{n}": {} for n in range(60)}
    stays.wants({A: {}, **many})
    assert stays.site.run() == 0
    stays.wants({A: {}})
    capfd.readouterr()
    assert stays.site.run() == 5
    name = capfd.readouterr().err.split("approve ")[1][:8]
    assert stays.site.run("approve", name, "--reason", "feed closed") == 0
    assert stays.site.run() == 0
    assert stays.site.ours() == {A, B}


def test_a_full_set_takes_what_is_wanted_before_what_only_stays(stays: Dated) -> None:
    stays.key("set_limit = 5", "netscaler")
    stays.wants({A: {}, C: {}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A, C}
    assert stays.site.run() == 0


def test_ours_stays_under_exclusive_and_what_nobody_marked_does_not(
    stays: Dated,
) -> None:
    stays.key('ownership = "exclusive"', "netscaler")
    stays.wants({A: {}})
    assert stays.site.run() == 0
    assert stays.site.ours() == {A, B}
    assert stays.site.foreign() == []


def test_what_is_whitelisted_is_asked_for_only_where_something_may_stay(
    dated: Dated,
) -> None:
    dated.wants({A: {}})
    mark = dated.site.mark
    assert dated.site.run() == 0
    without = [r["path"] for r in dated.site.requests(mark)].count(QUERY)
    dated.key("minimum_stay = 2")
    mark = dated.site.mark
    assert dated.site.run() == 0
    asked = [r["path"] for r in dated.site.requests(mark)].count(QUERY)
    assert (without, asked) == (2, 3)


def test_a_network_that_was_cut_down_stays_whole_until_its_day(
    dated: Dated,
) -> None:
    both = Both.of(dated.site)
    dated.key("minimum_stay = 2")
    both.wants("198.18.4.0/24", "2001:db8::/64", "2001:db8:1::7")
    assert dated.site.run() == 0
    both.wants("198.18.4.0/25", "2001:db8:1::7")
    assert dated.site.run() == 0
    assert (both.v4, both.v6) == ({"198.18.4.0/24"}, {"2001:db8::/64", "2001:db8:1::7"})
    dated.pass_days(3)
    assert dated.site.run() == 0
    assert (both.v4, both.v6) == ({"198.18.4.0/25"}, {"2001:db8:1::7"})


def test_a_collection_has_no_minimum_stay_of_its_own(
    dated: Dated, capfd: pytest.CaptureFixture[str]
) -> None:
    dated.own("minimum_stay = 3", COLLECTION)
    assert dated.site.run() == 2
    told = capfd.readouterr().err
    assert f'[collection."{COLLECTION}"] minimum_stay must stand in [selection]' in told
