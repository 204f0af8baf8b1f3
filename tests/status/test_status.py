"""``status``: its words, its numbers and its exit codes, after runs of all kinds."""

import json
from typing import Any

import pytest

from support.outside import BLOCK_LIST, Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(100)]
HOUR = 3600.0


def told(site: Site, capfd: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What ``status --json`` says, and that its exit code is the level's."""
    capfd.readouterr()
    code = site.run("status", "--json")
    found: dict[str, Any] = json.loads(capfd.readouterr().out)
    levels = ("OK", "WARNING", "CRITICAL", "UNKNOWN")
    assert code == levels.index(found["level"])
    return found


def test_before_the_first_run_nothing_is_known(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert told(site, capfd)["level"] == "UNKNOWN"


def test_after_a_good_run_all_is_well_in_one_line(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    site.lab.clock.advance(300)
    capfd.readouterr()
    assert site.run("status") == 0
    line = capfd.readouterr().out
    assert line == (
        "OK: in step 5 min ago | not_good=0 age=300s;10800;86400"
        f" '{BLOCK_LIST}'=103;;;0;\n"
    )


def test_a_table_names_what_is_wrong_and_what_to_do(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    site.collection(ADDRESSES[50:])
    assert site.run() == 5
    capfd.readouterr()
    assert site.run("status", "--table") == 1
    shown = capfd.readouterr().out
    assert shown.startswith("WARNING: http://adc1.lab\n")
    assert "50 removals" in shown
    assert "What to do: look whether this is" in " ".join(shown.split())
    assert max(map(len, shown.splitlines())) <= 80


def test_no_good_run_for_hours_is_a_warning_and_for_a_day_critical(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    site.lab.clock.advance(4 * HOUR)
    assert told(site, capfd)["level"] == "WARNING"
    site.lab.clock.advance(21 * HOUR)
    assert told(site, capfd)["level"] == "CRITICAL"
    assert site.run("status", "--critical-after", "48") == 1


def test_a_source_that_is_away_is_a_warning_and_the_good_run_is_still_known(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    before = told(site, capfd)
    site.collection([])
    for runs in (1, 2):
        assert site.run() == 3
        found = told(site, capfd)
        assert (found["level"], found["runs_not_good"]) == ("WARNING", runs)
    assert found["in_step"] == before["in_step"]
    assert found["error"] == "SourceEmptyError"


def test_a_run_that_never_got_its_settings_is_known_too(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    site.control("POST", "/faults", {"name": "refuse", "service": "threatq"})
    assert site.run() == 3
    found = told(site, capfd)
    assert (found["level"], found["runs_not_good"]) == ("WARNING", 1)
    assert found["sets"][0]["values"] == 103


def test_a_full_set_is_critical_and_says_how_many_are_left_out(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 80})
    site.collection(ADDRESSES)
    assert site.run() == 4
    found = told(site, capfd)
    one = found["sets"][0]
    assert found["level"] == "CRITICAL"
    assert (one["values"], one["limit"], one["left_out"]) == (80, 80, 23)
    assert (one["blocked"], one["wanted"]) == (77, 100)


def test_a_set_that_fills_up_is_told_before_it_is_full(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    path = site.directory / "tq-conn-citrix-waf.toml"
    path.write_text(
        path.read_text().replace("[netscaler]\n", "[netscaler]\nset_limit = 120\n")
    )
    site.collection(ADDRESSES)
    assert site.run() == 0
    found = told(site, capfd)
    assert found["level"] == "WARNING"
    assert f"{BLOCK_LIST} holds 103 of 120 values" in found["worries"][0]["words"]


def test_a_ledger_that_cannot_be_read_is_unknown(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    (site.directory / "tq-conn-citrix-waf.ledger.db").write_bytes(b"x" * 5000)
    capfd.readouterr()
    assert site.run("status") == 3
    assert capfd.readouterr().out.startswith("UNKNOWN: the ledger")


def test_what_stands_in_a_name_cannot_break_the_line(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    assert site.run("status", "--line") == 0
    site.form(**{"Data Collection": "no such\ncollection"})
    assert site.run() == 3
    capfd.readouterr()
    site.run("status", "--line")
    assert capfd.readouterr().out.count("\n") == 1


def test_what_a_person_did_since_the_last_run_is_told_with_what_the_set_holds_now(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    site.run()
    assert site.run("drain", "--yes", "--reason", "change 4711") == 0
    capsys.readouterr()
    assert site.run("status", "--table") == 1
    words = " ".join(capsys.readouterr().out.split())
    assert ": drain " in words
    assert " wanted were blocked" not in words
    assert f"{len(site.foreign())} values; they stay while paused" in words
    site.run("status", "--json")
    assert json.loads(capsys.readouterr().out)["act"].endswith(": change 4711")


def test_after_a_rollback_it_tells_what_stands_and_whose_list_it_is_compared_with(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    for wanted in (ADDRESSES[:-1], ADDRESSES):
        site.collection(wanted)
        assert site.run() == 0
    assert site.run("rollback", "1", "--yes", "--reason", "change 4711") == 0
    stands = f"{len(site.bindings())} values; they stay while paused"
    capsys.readouterr()
    assert site.run("status", "--table") == 1
    words = " ".join(capsys.readouterr().out.split())
    assert stands in words
    assert "blocked" not in words  # no run has looked yet
    assert site.run() == 0
    capsys.readouterr()
    assert site.run("status", "--table") == 1
    words = " ".join(capsys.readouterr().out.split())
    compared = f"of {len(ADDRESSES)} entries that the runs want, {len(ADDRESSES) - 1}"
    assert stands in words
    assert f"{compared} are blocked" in words
