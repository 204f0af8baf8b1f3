"""The dialect sheet: what it covers, what it says, and that it is not easily fooled."""

import pytest

from citrix_waf_lab.lab import SWITCHES
from contract.run import main
from contract.sheet import OddError, Seen, Unseen, looked, printed, seen, without
from matrix.sheets import SYSTEMS, Bench, eyes, flaws


@pytest.mark.parametrize("system", SYSTEMS)
def test_each_switch_of_a_system_has_a_line_and_no_other(system: str) -> None:
    assert {*SYSTEMS[system].SEEN} == {switch.name for switch in SWITCHES[system]}


def test_most_questions_can_be_seen_from_outside() -> None:
    assert len(eyes("netscaler")) > 50
    assert len(eyes("threatq")) > 35


@pytest.mark.parametrize(
    ("system", "names"),
    [("netscaler", ["comment", "rights"]), ("threatq", ["query_cursor"])],
)
def test_what_a_sheet_says_is_what_the_lab_is_set_to(
    system: str, names: list[str]
) -> None:
    assert flaws(system, names) == []


def test_a_sheet_that_says_something_else_is_found_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(
        SYSTEMS["netscaler"].SEEN, "numbers", lambda _box: seen("number")
    )
    assert "build=NS14.1: Build 12.35.nc: numbers was seen as ('number',)" in flaws(
        "netscaler", ["build"]
    )


def test_what_cannot_be_seen_says_what_it_would_take() -> None:
    def odd(_system: object) -> Seen:
        raise OddError("it got 418")

    found = dict(looked({"a": without("luck"), "b": odd}, None))
    assert found == {"a": Unseen("luck"), "b": Unseen("a look: it got 418")}
    assert [*printed(found | {"c": seen("x", 1)})] == [
        '  c                          "x" or 1',
        "  a                          cannot be seen without luck",
        "  b                          cannot be seen without a look: it got 418",
    ]


@pytest.fixture
def bench() -> Bench:
    return Bench()


def told(bench: Bench, *words: str) -> list[str]:
    adc = bench.serving.card()["appliances"][0]
    named = ("--target", "netscaler", "--url", adc["url"])
    return [*named, "--username", adc["username"], *words]


def test_the_command_prints_the_sheet_and_no_password(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    password = bench.serving.card()["appliances"][0]["password"]
    monkeypatch.setenv("CONTRACT_PASSWORD", password)
    with bench.serving:
        assert main(told(bench, "--sheet-only")) == 0
    out = capsys.readouterr().out
    assert "questions seen" in out
    assert '  comment                    "returned"' in out
    assert password not in out


def test_it_refuses_where_changes_of_others_wait_to_be_saved(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    password = bench.serving.card()["appliances"][0]["password"]
    monkeypatch.setenv("CONTRACT_PASSWORD", password)
    with bench.serving:
        theirs = {"type": "ipv4", "bindings": []}
        bench.control("PUT", "/appliances/adc1/datasets/theirs", theirs)
        assert main(told(bench)) == 2
        held = bench.control("GET", "/appliances/adc1")
    assert "somebody's changes wait to be saved" in capsys.readouterr().err
    assert [*held["datasets"]] == ["theirs"]
    assert held["saved"] == {}


def test_a_wrong_password_is_not_tried_twice(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONTRACT_PASSWORD", "wrong-password")
    with bench.serving:
        assert main(told(bench)) == 2
        asked = bench.control("GET", "/requests")["requests"]
    assert "the sign-in was refused" in capsys.readouterr().err
    assert len(asked) == 1
