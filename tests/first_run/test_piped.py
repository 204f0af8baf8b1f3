"""Piped, a wrong or missing answer ends the first run and leaves nothing behind."""

from dataclasses import dataclass, replace

import pytest

from support.outside import CONNECTOR, Site
from support.snapshot import snapshot
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.main import main
from tq_conn_citrix_waf.http import Answer, Request, UntrustedError

ANSWERS = ("host", "client_id", "username", "password", "status")


def entries(site: Site) -> list[str]:
    return [row["name"] for row in site.control("GET", "/threatq/connectors")]


WRONG = {
    "no host": ({"host": "not a host"}, 2, "ThreatQ Host: 'not a host'"),
    "an empty host": ({"host": "  "}, 2, "ThreatQ Host: an answer is needed"),
    "a host of many dots": ({"host": "[::::]"}, 2, "ThreatQ Host: '[::::]'"),
    "a port out of range": ({"host": "threatq.lab:99999"}, 2, "ThreatQ Host: "),
    "an empty client id": ({"client_id": ""}, 2, "ThreatQ Client ID: an answer"),
    "an empty user": ({"username": ""}, 2, "ThreatQ Username: an answer"),
    "an empty password": ({"password": ""}, 2, "ThreatQ Password: an answer"),
    "no text": ({"username": "a\udcffb"}, 2, "ThreatQ Username: it holds characters"),
    "a password's file that is not there": (
        {"password": "file:/nowhere"},
        2,
        "ThreatQ Password: the answer: /nowhere cannot be read",
    ),
    "an unknown status": ({"status": "Nonsense"}, 2, "no status 'Nonsense'"),
    "a wrong password": ({"password": "wrong-wrong"}, 3, "refused the sign-in"),
    "a wrong user": ({"username": "who@example.org"}, 3, "refused the sign-in"),
    "a wrong client id": ({"client_id": "0000"}, 3, "refused the sign-in"),
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_ends_it_and_leaves_the_directory_as_it_was(
    fresh: Site,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    other, code, words = WRONG[kind]
    (fresh.directory / "notes.txt").write_text("of a person\n")
    before = snapshot(fresh.directory)
    fresh.answer(monkeypatch, **other)
    assert fresh.run() == code
    what, cure = capfd.readouterr().err.splitlines()
    assert words in what
    assert cure.startswith("What to do: ")
    assert snapshot(fresh.directory) == before
    assert entries(fresh) == []


@pytest.mark.parametrize("given", range(5))
def test_answers_that_end_early_end_it_and_leave_the_directory_as_it_was(
    fresh: Site,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    given: int,
) -> None:
    lines = iter(["http://threatq.lab", "id", "user@example.org", "secret"][:given])

    def piped(_question: str = "") -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", piped)
    assert fresh.run() == 2
    assert "there is no answer to" in capfd.readouterr().err
    assert snapshot(fresh.directory) == {}
    assert fresh.sent == 0


def test_a_refused_password_is_sent_once(
    fresh: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.answer(monkeypatch, password="wrong-wrong")
    assert fresh.run() == 3
    assert [r["path"] for r in fresh.requests()] == ["/api/token"]


FAULTS: dict[str, tuple[dict[str, object], str]] = {
    "refuse": ({"name": "refuse"}, "cannot be reached"),
    "half-way": ({"name": "cut", "params": {"bytes": 10}}, "no whole answer"),
    "html": ({"name": "html_page"}, "web page"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_threatq_that_does_not_answer_ends_it_with_3(
    fresh: Site,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    kind: str,
) -> None:
    fault, words = FAULTS[kind]
    fresh.control("POST", "/faults", {"service": "threatq", **fault})
    fresh.answer(monkeypatch)
    assert fresh.run() == 3
    assert words in capfd.readouterr().err
    assert snapshot(fresh.directory) == {}


@dataclass(frozen=True)
class Untrusted:
    """A way on which no certificate is trusted."""

    def send(self, _request: Request) -> Answer:
        raise UntrustedError("self-signed certificate")


def test_an_unknown_certificate_ends_it_with_3_and_asks_nobody(
    fresh: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh.answer(monkeypatch, host="threatq.lab")
    outside = replace(fresh.outside(), transport=lambda _trust, _proxy: Untrusted())
    assert main(["-c", str(fresh.directory)], outside) == 3
    said = capfd.readouterr()
    assert "self-signed certificate" in said.err
    assert "[y/N]" not in said.out
    assert snapshot(fresh.directory) == {}


def test_all_right_it_writes_one_file_for_its_owner_alone(
    fresh: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fresh.answer(monkeypatch)
    assert fresh.run() == 0
    told = capfd.readouterr().out.splitlines()
    assert told[-1] == "Connector configured. Set information in UI"
    (name, (mode, _, _)) = next(iter(snapshot(fresh.directory).items()))
    assert (name, oct(mode & 0o777)) == (config.FILE_NAME, "0o600")
    assert len(snapshot(fresh.directory)) == 1
    assert entries(fresh) == [CONNECTOR]


def test_a_second_instance_has_its_own_name_and_directory(
    fresh: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh.answer(monkeypatch)
    assert fresh.run() == 0
    second = fresh.directory.with_name("second")
    second.mkdir()
    fresh.answer(monkeypatch)
    name = "Citrix WAF Connector DMZ"
    assert main(["-c", str(second), "--name", name], fresh.outside()) == 0
    assert entries(fresh) == [CONNECTOR, name]
    one, two = config.load(fresh.directory), config.load(second)
    assert (one.connector, two.connector) == (CONNECTOR, name)
    assert one.instance != two.instance


def test_an_entry_that_is_there_is_used_and_not_doubled(
    fresh: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        fresh.answer(monkeypatch)
        assert fresh.run() == 0
        (fresh.directory / config.FILE_NAME).unlink()
    assert entries(fresh) == [CONNECTOR]
