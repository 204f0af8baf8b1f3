"""A set-up that is well: what is said of it, how it looks, and that nothing changes."""

import json
import re

import pytest

from check.looking import WANTED, CheckedSite, Terminal
from support.outside import BY_HAND
from tq_conn_citrix_waf.store.lock import lock

ROWS = {
    "This host": ["configuration", "python", "time", "directory", "log", "space"],
    "ThreatQ": [
        "address",
        "proxy",
        "certificate",
        "sign-in",
        "time",
        "role",
        "form",
        "settings",
        "selection",
        "never-block",
        "collection",
        "dialect",
    ],
    "NetScaler": [
        "address",
        "proxy",
        "certificate",
        "sign-in",
        "time",
        "node",
        "features",
        "unsaved",
        "data set",
        "never-block",
        "rights",
        "dialect",
    ],
}


def test_all_is_well_and_the_exit_code_is_0(site: CheckedSite) -> None:
    seen = site.look()
    assert (seen.exit, seen.states()) == (0, {"ok"})
    names = {area: [r["name"] for r in seen.rows if r["area"] == area] for area in ROWS}
    assert names == ROWS


def test_what_was_found_is_told(site: CheckedSite) -> None:
    seen = site.look()
    collection = seen.row("ThreatQ", "collection")["words"]
    assert "20 indicators, 20 entries to block" in collection
    assert "types: IP Address 20; statuses: Active 20" in collection
    assert (
        "from the form in ThreatQ: API IP" in seen.row("ThreatQ", "settings")["words"]
    )
    assert (
        "NS14.1: Build 12.35.nc, Stand-alone" in seen.row("NetScaler", "node")["words"]
    )
    dialect = "session cookie sessionid; comments are returned (20 marks)"
    assert seen.row("NetScaler", "dialect")["words"] == dialect
    assert seen.row("ThreatQ", "dialect")["words"] == (
        "data collections are read by cursor"
    )
    assert "IP reputation is off" in seen.row("NetScaler", "features")["words"]
    held = seen.row("NetScaler", "data set")["words"]
    assert "(ipv4): 23 of 5,000 values (documented; set_limit is not set)" in held
    assert f"{len(WANTED)} ours, {len(BY_HAND)} unmarked" in held
    for area in ("ThreatQ", "NetScaler"):
        assert "days left" in seen.row(area, "certificate")["words"]
        assert seen.row(area, "time")["words"] == "0 s apart from this host's"


def test_neither_system_is_changed_and_every_session_is_ended(
    site: CheckedSite,
) -> None:
    before, mark = site.view(), site.mark
    files = sorted(p.name for p in site.directory.iterdir())
    assert site.look().exit == 0
    assert site.writes(mark) == []
    assert site.view() == before
    assert before["sessions"] == 0
    asked = [r for r in site.requests(mark) if r["service"] == "threatq"]
    written = {r["path"] for r in asked if r["method"] != "GET"}
    assert written == {"/api/token", "/api/indicators/query"}
    assert sorted(p.name for p in site.directory.iterdir()) == files


def test_it_does_not_wait_for_a_run_that_is_going_on(site: CheckedSite) -> None:
    with lock(site.directory):
        assert site.look().exit == 0


def test_a_connector_that_is_switched_off_is_checked_all_the_same(
    site: CheckedSite,
) -> None:
    site.form(enabled=False)
    seen = site.look()
    assert seen.exit == 0
    assert seen.row("ThreatQ", "form")["state"] == "warn"
    assert "switch it on" in seen.row("ThreatQ", "form")["cure"]
    assert seen.states() == {"ok", "warn"}
    site.configured(netscaler={"enabled": False})
    site.form(enabled=True)
    assert "enabled = true" in site.look().row("ThreatQ", "form")["cure"]


def test_no_line_is_wider_than_80_columns(site: CheckedSite) -> None:
    _, good = site.printed()
    site.control("PUT", "/dialect", {"ha_role": "secondary", "rights": "none"})
    site.form(enabled=False)
    _, bad = site.printed()
    lines = [*good.splitlines(), *bad.splitlines()]
    assert [line for line in lines if len(line) > 80] == []
    assert "\x1b" not in good + bad


def test_the_table_has_the_rows_of_the_json(site: CheckedSite) -> None:
    site.control("PUT", "/dialect", {"rights": "none"})
    code, table = site.printed()
    seen = site.look()
    assert code == seen.exit == 4
    # The room on the disk may change between the two looks: figures are no words.
    lines = (re.sub(r"\d[\d,]*", "N", line) for line in table.splitlines())
    starts = [line for line in lines if line[:4].strip()]
    for row in seen.rows:
        first = re.sub(r"\d[\d,]*", "N", row["words"].split()[0])
        assert any(row["name"] in line and first in line for line in starts) or (
            row["state"] == "not checked"
        )
    assert table.splitlines()[-2].startswith("A run would end with 4 (the NetScaler")
    assert table.count("what to do:") == sum(bool(r["cure"]) for r in seen.rows)


def test_json_stands_alone_whatever_the_log_says(
    site: CheckedSite, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    code, shown = site.printed("--json", "-v3")
    assert json.loads(shown)["exit"] == code == 0
    assert "/api/token: 200" in capfd.readouterr().err


def test_what_is_a_row_is_not_logged_beside_it(
    site: CheckedSite, capfd: pytest.CaptureFixture[str]
) -> None:
    site.configured(threatq={"verify": False})
    capfd.readouterr()
    seen = site.look()
    assert seen.row("ThreatQ", "certificate")["state"] == "warn"
    assert capfd.readouterr() == ("", "")


def test_a_terminal_shows_colours_and_no_color_none(
    site: CheckedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    _, coloured = site.printed(screen=Terminal())
    assert "\x1b[32m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    _, plain = site.printed(screen=Terminal())
    assert "\x1b" not in plain
    assert "ok    python" in plain


def test_a_log_directory_is_looked_at_and_used(site: CheckedSite) -> None:
    logs = site.directory / "logs"
    logs.mkdir()
    seen = site.look("-ll", str(logs), "-v2")
    assert seen.exit == 0
    assert str(logs) in seen.row("This host", "log")["words"]
    assert [p.name for p in logs.iterdir()] == ["tq-conn-citrix-waf.log"]
