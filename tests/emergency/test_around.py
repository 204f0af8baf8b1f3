"""What is around an emergency: another run, a secondary node, slow systems."""

from pathlib import Path
from threading import Event

import pytest

from emergency.conftest import WANTED
from support.outside import COLLECTION, Site
from support.transport import LabClock
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.run import emergency
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.lock import lock

WHY = ("--reason", "change 4711")
LATER = [*WANTED[5:], "198.18.1.1"]
LEFT = {"drain": set[str](), "rollback": {*WANTED}}
BOTH = pytest.mark.parametrize("command", [*LEFT])


def earlier(site: Site) -> str:
    """Return the number of the generation before the last."""
    (ledger,) = ledgers(site.directory)
    return str(ledger.generations(2)[-1].number)


@pytest.fixture
def moved(site: Site) -> Site:
    site.collection(LATER)
    assert site.run() == 0
    return site


def typed(site: Site, command: str) -> list[str]:
    number = [earlier(site)] if command == "rollback" else []
    return [command, *number, "--yes", *WHY]


@BOTH
def test_another_run_is_waited_for_a_minute_and_then_told(
    moved: Site, capfd: pytest.CaptureFixture[str], command: str
) -> None:
    words = typed(moved, command)
    capfd.readouterr()
    with lock(moved.directory):
        started = LabClock(moved.lab.clock).monotonic()
        assert moved.run(*words) == 7
        assert LabClock(moved.lab.clock).monotonic() - started >= 60
    assert "another run works with" in capfd.readouterr().err
    assert moved.run(*words) == 0
    assert moved.ours() == LEFT[command]


@BOTH
@pytest.mark.parametrize(
    ("trouble", "said"),
    [("secondary", "secondary node of a pair"), ("sessions", "session")],
)
def test_what_the_appliance_lacks_is_told_and_cured_the_command_goes_on(
    moved: Site,
    capfd: pytest.CaptureFixture[str],
    command: str,
    trouble: str,
    said: str,
) -> None:
    words = typed(moved, command)
    if trouble == "secondary":
        moved.control("PUT", "/dialect", {"ha_role": "secondary"})
    else:
        moved.control("POST", "/faults", {"name": "session_limit", "times": 1})
    capfd.readouterr()
    assert moved.run(*words) == 4
    assert said in capfd.readouterr().err
    assert moved.ours() == {*LATER}
    moved.control("PUT", "/dialect", {"ha_role": "stand-alone"})
    moved.control("DELETE", "/faults")
    moved.control("POST", "/appliances/adc1/reboot")
    assert moved.run(*words) == 0
    assert moved.ours() == moved.ours(saved=True) == LEFT[command]


@BOTH
def test_on_a_slow_appliance_it_ends_as_asked(moved: Site, command: str) -> None:
    words = typed(moved, command)
    moved.control("PUT", "/dialect", {"latency_ms": 20_000})
    assert moved.run(*words) == 0
    assert moved.ours(saved=True) == LEFT[command]


class Hanging(Site):
    """A site whose ThreatQ, once it hangs, takes a request and says nothing."""

    ends: Event | None = None

    def deliver(self, request: Request) -> Answer:
        if self.ends is not None and "threatq.lab" in request.url:
            self.ends.wait(30)
        return super().deliver(request)


@pytest.mark.parametrize("words", [("allow", WANTED[0]), ("drain", "--yes")])
def test_a_threatq_that_hangs_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    site = Hanging(tmp_path)
    site.configure(monkeypatch)
    site.collection(WANTED)
    assert site.run() == 0
    path = site.directory / "tq-conn-citrix-waf.toml"
    secret = site.lab.credentials.appliances["adc1"].password
    text, head = path.read_text("utf-8"), "[netscaler]\n"
    path.write_text(text.replace(head, f'{head}password = "{secret}"\n'), "utf-8")
    monkeypatch.setattr(emergency, "FORM_SECONDS", 0.05)
    site.ends = Event()
    try:
        assert site.run(*words, *WHY) == 0
    finally:
        site.ends.set()
    assert WANTED[0] not in site.ours(saved=True)


def test_other_collections_go_back_to_the_last_run_that_had_that_generation(
    site: Site,
) -> None:
    site.collection(["198.18.2.1"], "Second")
    site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    assert site.run() == 0
    (ledger,) = ledgers(site.directory)
    edge, second = ledger.runs(1)[0].generations
    site.collection(LATER)
    assert site.run() == 0
    site.collection(["198.18.2.9"], "Second")
    assert site.run() == 0
    assert site.run("rollback", str(edge), "--yes", *WHY) == 0
    assert site.ours(saved=True) == {*WANTED, "198.18.2.1"}
    assert site.run("rollback", str(second), "--yes", *WHY) == 0
    assert site.ours(saved=True) == {*LATER, "198.18.2.1"}
