"""``pause`` and ``resume``: nothing is written meanwhile, and everybody is told."""

import json

import pytest

from emergency.conftest import WANTED
from support.outside import Site
from support.transport import LabClock
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.pause import FILE_NAME


def pause(site: Site) -> None:
    assert site.run("pause", "--reason", "maintenance, change 4711") == 0


def metric(site: Site, name: str) -> list[str]:
    lines = (site.directory / "waf.prom").read_text("utf-8").splitlines()
    return [line for line in lines if line.startswith(f"tq_waf_{name} ")]


def test_while_paused_a_run_plans_and_writes_nothing_and_says_who_when_and_why(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    pause(site)
    site.collection([*WANTED, "198.18.1.1"])
    mark = site.mark
    capfd.readouterr()
    assert site.run("-v", "2") == 0
    shown = capfd.readouterr().out
    assert "paused by alice since 20" in shown
    assert "maintenance, change 4711" in shown
    assert "resume -c" in shown
    assert site.writes(mark) == []
    assert "198.18.1.1" not in site.ours()


def test_after_resume_the_next_run_writes_again(site: Site) -> None:
    pause(site)
    site.collection([*WANTED, "198.18.1.1"])
    assert site.run() == 0
    assert site.run("resume", "--reason", "it is over") == 0
    assert site.run() == 0
    assert "198.18.1.1" in site.ours()


def test_while_paused_a_held_growth_is_no_failure(site: Site) -> None:
    site.collection([f"198.18.{n // 250}.{n % 250}" for n in range(2000)])
    assert site.run() == 5
    pause(site)
    assert site.run() == 0
    assert site.run("resume", "--reason", "it is over") == 0
    assert site.run() == 5


def test_a_plan_says_so_too_and_apply_is_refused_by_name(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection([*WANTED, "198.18.1.1"])
    capfd.readouterr()
    assert site.run("plan", "--json") == 0
    saved = site.directory / "plan.json"
    saved.write_text(capfd.readouterr().out, "utf-8")
    pause(site)
    capfd.readouterr()
    assert site.run("plan") == 0
    assert "paused by alice" in capfd.readouterr().err
    assert site.run("apply", "--plan", str(saved)) == 5
    told = capfd.readouterr().err
    assert "paused by alice" in told
    assert "resume -c" in told
    assert "198.18.1.1" not in site.ours()


def test_status_and_metrics_tell_of_it_at_once(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert metric(site, "paused") == ["tq_waf_paused 0.0"]
    pause(site)
    assert metric(site, "paused") == ["tq_waf_paused 1.0"]
    capfd.readouterr()
    assert site.run("status", "--json") == 1
    told = json.loads(capfd.readouterr().out)
    assert told["paused"].startswith("paused by alice since ")
    assert "resume" in told["worries"][0]["cure"]
    assert site.run("resume", "--reason", "it is over") == 0
    assert metric(site, "paused") == ["tq_waf_paused 0.0"]
    assert site.run("status") == 0


def test_who_did_it_and_why_is_in_the_ledger_and_is_no_run(site: Site) -> None:
    pause(site)
    assert site.run("resume", "--reason", "it is over") == 0
    (ledger,) = ledgers(site.directory)
    acts = [run.act for run in ledger.runs(9) if run.act is not None]
    assert [(a.verb, a.who, a.why) for a in acts] == [
        ("resume", "alice", "it is over"),
        ("pause", "alice", "maintenance, change 4711"),
    ]
    site.collection([])
    assert site.run() == 3
    pause(site)
    assert site.run("status") == 1


def test_a_reason_is_needed(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    assert site.run("pause") == 2
    assert "--reason" in capfd.readouterr().err
    assert site.run("resume", "--reason", " ") == 2


def test_to_resume_what_is_not_paused_does_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.run("resume", "--reason", "in doubt") == 0
    assert "not paused" in capfd.readouterr().out


def test_a_damaged_file_still_stops_all_writing(site: Site) -> None:
    (site.directory / FILE_NAME).write_text("{", "utf-8")
    site.collection([*WANTED, "198.18.1.1"])
    assert site.run() == 0
    assert "198.18.1.1" not in site.ours()
    assert site.run("resume", "--reason", "looked at it") == 0
    assert site.run() == 0
    assert "198.18.1.1" in site.ours()


@pytest.mark.parametrize("command", ["pause", "resume"])
def test_another_run_is_waited_for_a_minute_and_then_told(
    site: Site, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    started = LabClock(site.lab.clock).monotonic()
    capfd.readouterr()
    with lock(site.directory):
        assert site.run(command, "--reason", "change 4711") == 7
    assert LabClock(site.lab.clock).monotonic() - started >= 60
    assert "another run works with" in capfd.readouterr().err


def test_what_a_set_lacks_while_paused_is_a_warning_and_no_alarm(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.run("drain", "--yes", "--reason", "change 4711") == 0
    assert site.run() == 0
    capfd.readouterr()
    assert site.run("status", "--line") == 1
    told = capfd.readouterr().out
    assert f"of {len(WANTED)} entries that the runs want, 0 are blocked" in told
    assert "read what it says" not in told
    assert site.run("resume", "--reason", "change 4711") == 0
    assert site.run("status", "--line") == 2
