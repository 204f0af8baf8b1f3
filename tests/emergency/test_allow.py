"""``allow``: let through at once, whoever is away, and in every run after."""

import getpass
import io
import sys
from pathlib import Path

import pytest

from emergency.conftest import WANTED
from support.outside import BLOCK_LIST, BY_HAND, Killed, Site
from support.transport import LabClock
from tq_conn_citrix_waf.http import Answer, NotSentError, Request
from tq_conn_citrix_waf.store.allowed import FILE_NAME
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.lock import lock

ONE = "198.18.0.7"
HAND = [(b["value"], b.get("endrange", ""), b.get("comment", "")) for b in BY_HAND]


class ThreatqAway(Site):
    """A site whose ThreatQ can be taken away."""

    away = False

    def deliver(self, request: Request) -> Answer:
        if self.away and "threatq.lab" in request.url:
            raise NotSentError("connection refused")
        return super().deliver(request)


@pytest.fixture
def lone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ThreatqAway:
    monkeypatch.setenv("SUDO_USER", "alice")
    found = ThreatqAway(tmp_path)
    found.configure(monkeypatch)
    found.collection([*WANTED, "198.18.4.0/24"])
    assert found.run() == 0
    return found


def allow(site: Site, what: str = ONE, *more: str) -> int:
    return site.run("allow", what, "--reason", "partner, ticket 4711", *more)


def password(site: Site) -> str:
    return site.lab.credentials.appliances["adc1"].password


def test_an_address_is_out_saved_and_read_back_and_stays_out_in_ten_runs(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert allow(site) == 0
    shown = capfd.readouterr().out
    assert f"On the never-block list: {ONE} by alice at 20" in shown
    assert f"Taken off {BLOCK_LIST}: {ONE}.\n" in shown
    assert "Saved.\n" in shown
    assert f"Read back: nothing of ours on {BLOCK_LIST} holds {ONE}.\n" in shown
    assert "Let through after 0." in shown
    rest = {*WANTED} - {ONE}
    assert site.ours() == site.ours(saved=True) == rest
    for number in range(10):
        site.collection([*WANTED, f"198.18.2.{number}"])
        assert site.run() == 0
        assert ONE not in site.ours()
    assert site.foreign() == HAND


def test_it_works_while_threatq_is_away_with_a_password_that_a_person_types(
    lone: ThreatqAway, monkeypatch: pytest.MonkeyPatch
) -> None:
    lone.away = True
    asked: list[str] = []

    def typed(prompt: str) -> str:
        asked.append(prompt)
        return password(lone)

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", typed)
    assert allow(lone) == 0
    assert ONE not in lone.ours(saved=True)
    (prompt,) = asked
    assert prompt.endswith(" on http://adc1.lab: ")


@pytest.mark.parametrize("answer", ["", KeyboardInterrupt, EOFError])
def test_without_a_password_it_says_so_and_the_next_run_lets_it_through(
    lone: ThreatqAway,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    answer: str | type[BaseException],
) -> None:
    lone.away = True

    def typed(_prompt: str) -> str:
        if isinstance(answer, str):
            return answer
        raise answer

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(getpass, "getpass", typed)
    capfd.readouterr()
    assert allow(lone) == 130
    assert capfd.readouterr().err.startswith("no password of ")
    lone.away = False
    assert lone.run() == 0
    assert ONE not in lone.ours()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_piped_it_says_which_key_holds_the_password(
    lone: ThreatqAway, capfd: pytest.CaptureFixture[str]
) -> None:
    lone.away = True
    capfd.readouterr()
    assert allow(lone) == 2
    assert "[netscaler] password" in capfd.readouterr().err
    lone.away = False
    assert lone.run() == 0
    assert ONE not in lone.ours()


def test_the_file_s_password_is_taken_while_threatq_is_away(lone: ThreatqAway) -> None:
    lone.away = True
    path = lone.directory / "tq-conn-citrix-waf.toml"
    text = path.read_text("utf-8")
    where = "[netscaler]\n"
    key = f'{where}password = "{password(lone)}"\n'
    path.write_text(text.replace(where, key), "utf-8")
    assert allow(lone) == 0
    assert ONE not in lone.ours(saved=True)


def test_an_address_is_cut_out_of_a_network(
    lone: ThreatqAway, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert allow(lone, "198.18.4.9") == 0
    shown = capfd.readouterr().out
    assert f"Taken off {BLOCK_LIST}: 198.18.4.0/24.\n" in shown
    assert "Bound again, what is left of that: 198.18.4.0-198.18.4.8, 198.18" in shown
    pieces = [b for b in lone.bindings() if b["value"].startswith("198.18.4.")]
    ends = [(b["value"], b.get("endrange")) for b in pieces]
    assert sorted(ends) == [
        ("198.18.4.0", "198.18.4.8"),
        ("198.18.4.10", "198.18.4.255"),
    ]
    mark = lone.mark
    assert lone.run() == 0
    assert lone.writes(mark) == []


def test_what_a_person_bound_is_named_with_the_line_that_removes_it(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    assert allow(site, "203.0.113.5") == 5
    told = capfd.readouterr().err
    assert f"unbind policy dataset {BLOCK_LIST} 203.0.113.0/28" in told
    assert allow(site, "192.0.2.12") == 5
    line = f"unbind policy dataset {BLOCK_LIST} 192.0.2.10 -endRange 192.0.2.20"
    assert line in capfd.readouterr().err
    assert site.foreign() == HAND


def test_it_lapses_by_itself_and_is_listed_until_then(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert allow(site, ONE, "--until", "4h") == 0
    capfd.readouterr()
    assert site.run("allow", "--list") == 0
    assert " until 20" in capfd.readouterr().out
    site.lab.clock.advance(3 * 3600)
    assert site.run() == 0
    assert ONE not in site.ours()
    site.lab.clock.advance(3600)
    assert site.run() == 0
    assert ONE in site.ours()
    capfd.readouterr()
    assert site.run("allow", "--list") == 0
    assert capfd.readouterr().out == "None.\n"


def test_a_person_ends_it(site: Site) -> None:
    assert allow(site) == 0
    assert site.run("allow", "--end", "198.18.0.8", "--reason", "slip") == 2
    assert site.run("allow", "--end", ONE, "--reason", "partner moved") == 0
    assert site.run() == 0
    assert ONE in site.ours()


def test_it_works_while_paused_and_says_so(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.run("pause", "--reason", "change 4711") == 0
    capfd.readouterr()
    assert allow(site) == 0
    assert "although it is paused by alice" in capfd.readouterr().out
    assert ONE not in site.ours(saved=True)


def test_many_addresses_at_once_hold_nothing_back(site: Site) -> None:
    many = [f"198.18.{n // 250}.{n % 250}" for n in range(400)]
    site.collection(many)
    assert site.run() == 0
    assert allow(site, "198.18.0.0/24") == 0
    assert site.run() == 0
    assert site.ours() == {v for v in many if not v.startswith("198.18.0.")}


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("allow", "198.51.100.300", "--reason", "r"), "no address"),
        (("allow", "0.0.0.0/0", "--reason", "r"), "wider than /8"),
        (("allow", ONE), "--reason"),
        (("allow", ONE, "--reason", "r", "--until", "yesterday"), "no time to come"),
        (("allow", ONE, "--reason", "r", "--until", "2001-01-01"), "no time to come"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_done(
    site: Site, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], part: str
) -> None:
    mark = site.mark
    capfd.readouterr()
    assert site.run(*words) == 2
    assert part in capfd.readouterr().err
    assert site.writes(mark) == []
    assert not (site.directory / FILE_NAME).exists()


def test_a_damaged_list_lets_nothing_be_written_and_says_what_to_do(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert allow(site) == 0
    (site.directory / FILE_NAME).write_text("[{", "utf-8")
    capfd.readouterr()
    assert site.run() == 2
    assert "move it away" in capfd.readouterr().err
    assert ONE not in site.ours()


def test_another_run_is_waited_for_and_then_told(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    with lock(site.directory):
        started = LabClock(site.lab.clock).monotonic()
        capfd.readouterr()
        assert allow(site) == 7
        assert LabClock(site.lab.clock).monotonic() - started >= 60
        told = capfd.readouterr()
        assert "another run works with" in told.err
        assert told.out.count("waiting for it") == 1
    assert allow(site) == 0


def test_who_did_it_is_in_the_ledger_with_what_was_unbound(site: Site) -> None:
    assert allow(site) == 0
    (ledger,) = ledgers(site.directory)
    last = ledger.runs(1)[0]
    assert last.act is not None
    assert last.act.words == f"allow {ONE} by alice: partner, ticket 4711"
    assert [str(r) for r in last.unbound] == [ONE]


def test_on_a_secondary_it_is_told_and_the_next_run_lets_it_through(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"ha_role": "secondary"})
    capfd.readouterr()
    assert allow(site) == 4
    assert "secondary node of a pair" in capfd.readouterr().err
    site.control("PUT", "/dialect", {"ha_role": "stand-alone"})
    assert site.run() == 0
    assert ONE not in site.ours()


def test_without_a_free_session_it_is_told_in_clear_words(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("POST", "/faults", {"name": "session_limit", "times": 1})
    capfd.readouterr()
    assert allow(site) == 4
    told = capfd.readouterr()
    assert "session" in told.err
    assert "On the never-block list" in told.out
    site.control("POST", "/appliances/adc1/reboot")
    site.control("DELETE", "/faults")
    assert site.run() == 0
    assert ONE not in site.ours()


def test_on_a_slow_appliance_it_takes_longer_and_ends_as_asked(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"latency_ms": 20_000})
    capfd.readouterr()
    assert allow(site) == 0
    assert "Let through after " in capfd.readouterr().out
    assert ONE not in site.ours(saved=True)


def test_an_allow_set_on_the_appliance_lets_through_with_one_bind(
    site: Site,
) -> None:
    path = site.directory / "tq-conn-citrix-waf.toml"
    text = path.read_text("utf-8")
    where = "[netscaler]\n"
    path.write_text(text.replace(where, f'{where}allow_set = "let"\n'), "utf-8")
    where = "/appliances/adc1/datasets/let"
    site.control("PUT", where, {"type": "ipv4", "bindings": [{"value": ONE}]})
    assert site.run() == 0
    assert ONE not in site.ours()


@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
def test_killed_at_each_request_and_run_again_it_ends_as_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, arrives: bool
) -> None:
    def loaded(name: str) -> Site:
        (tmp_path / name).mkdir()
        site = Site(tmp_path / name)
        site.configure(monkeypatch)
        site.collection([*WANTED, "198.18.4.0/24"])
        assert site.run() == 0
        site.sent = 0
        return site

    whole = loaded("whole")
    assert allow(whole, "198.18.4.9") == 0
    assert whole.sent > 8
    for number in range(1, whole.sent + 1):
        site = loaded(str(number))
        site.kill_at = number if arrives else -number
        with pytest.raises(Killed):
            allow(site, "198.18.4.9")
        site.kill_at = None
        assert allow(site, "198.18.4.9") == 0, number
        assert site.bindings() == site.bindings(saved=True), number
        assert site.ours() == whole.ours(), number
        mark = site.mark
        assert site.run() == 0, number
        assert site.writes(mark) == [], number
