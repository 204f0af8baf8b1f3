"""The first run beside the vendor's file: what it says is not asked, and it stays."""

import json
from pathlib import Path

import pytest

from support.outside import Site
from support.snapshot import snapshot
from tq_conn_citrix_waf import config

ASKED = {
    "ThreatQ Host": "host",
    "ThreatQ Client ID": "client_id",
    "ThreatQ Username": "username",
    "ThreatQ Password": "password",
    "Status": "status",
}


class Desk(Site):
    """A site, and a pipe that answers by name and keeps what it was asked."""

    asked: list[str]

    def known(self) -> dict[str, str]:
        """Return the five right answers."""
        secret = self.lab.credentials
        return {
            "host": "http://threatq.lab",
            "client_id": secret.client_id,
            "username": secret.user.username,
            "password": secret.user.password,
            "status": "Review",
        }

    def pair(self) -> dict[str, str]:
        """Return the client of its own that the lab knows."""
        own = self.lab.credentials.private
        return {"client_id": own.username, "client_secret": own.password}

    def attend(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Answer whatever is asked."""
        self.asked = []
        answers = self.known()

        def piped(question: str = "") -> str:
            name = question.removesuffix(": ")
            self.asked.append(name)
            return answers[ASKED[name]]

        monkeypatch.setattr("builtins.input", piped)

    def leave(self, name: str, holding: object) -> Path:
        """Put a file there, as the vendor's connector may have."""
        path = self.directory / name
        text = holding if isinstance(holding, str) else json.dumps(holding, indent=2)
        path.write_text(text, "utf-8")
        path.chmod(0o640)
        return path


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    directory = tmp_path / "etc"
    directory.mkdir()
    found = Desk(directory)
    found.attend(monkeypatch)
    return found


def test_a_whole_file_leaves_nothing_to_ask_and_stays_byte_for_byte(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    path = desk.leave("tq_conn_citrix_waf.conf", desk.known())
    before = snapshot(desk.directory)
    assert desk.run() == 0
    told = capfd.readouterr().out
    assert desk.asked == []
    after = snapshot(desk.directory)
    assert after.pop(config.FILE_NAME)[0] & 0o777 == 0o600
    assert after == before
    names = ", ".join(ASKED)
    assert f"Found {path} of the vendor's connector. Taken from it: {names}." in told
    assert told.splitlines()[-1] == "Connector configured. Set information in UI"


def test_what_was_taken_over_works_in_the_next_run(desk: Desk) -> None:
    desk.leave("tq_conn_citrix_waf.conf", desk.known())
    assert desk.run() == 0
    desk.form()
    desk.collection(["198.18.0.1"])
    assert desk.run() == 0
    assert desk.ours() == {"198.18.0.1"}


@pytest.mark.parametrize("missing", ["username", "password", "status"])
def test_only_what_the_file_does_not_say_is_asked(desk: Desk, missing: str) -> None:
    desk.leave("a.json", {k: v for k, v in desk.known().items() if k != missing})
    assert desk.run() == 0
    assert [ASKED[name] for name in desk.asked] == [missing]


def test_no_secret_of_the_file_is_shown(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.leave("a.json", desk.known())
    assert desk.run("-v3") == 0
    shown = "".join(capfd.readouterr())
    for value in (desk.known()["password"], desk.known()["username"]):
        assert value not in shown


def test_a_client_of_its_own_signs_in_without_a_user(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    own = desk.pair()
    private = {"private_oauth": [own["client_id"], own["client_secret"]]}
    desk.leave("a.json", desk.known() | private)
    assert desk.run() == 0
    told = capfd.readouterr().out
    assert desk.asked == []
    assert "Taken from it: ThreatQ Host, ThreatQ Client ID, Status, client secret" in (
        told
    )
    assert own["client_secret"] not in told
    file = config.load(desk.directory)
    assert file.get("threatq", "username") == file.get("threatq", "password") == ""
    desk.form()
    desk.collection(["198.18.0.1"])
    assert desk.run() == 0
    assert desk.ours() == {"198.18.0.1"}
    assert {r["query"] for r in desk.requests() if r["path"] == "/api/token"} == {""}


def test_files_that_disagree_are_listed_and_everything_is_asked(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    one = desk.leave("one.conf", desk.known())
    two = desk.leave("two.conf", desk.known() | {"host": "other.example"})
    before = snapshot(desk.directory)
    assert desk.run() == 0
    assert f"disagree: {one}, {two}\nNone is taken." in capfd.readouterr().out
    assert desk.asked == [*ASKED]
    after = snapshot(desk.directory)
    del after[config.FILE_NAME]
    assert after == before


def test_a_damaged_file_is_named_and_everything_is_asked(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    path = desk.leave("a.conf", json.dumps(desk.known())[:-20])
    assert desk.run() == 0
    assert f"{path} cannot be read (damaged JSON)" in capfd.readouterr().out
    assert desk.asked == [*ASKED]


def test_what_the_file_says_wrongly_is_named_and_asked(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.leave("a.conf", desk.known() | {"host": "two words"})
    assert desk.run() == 0
    assert "ThreatQ Host: 'two words' is no host" in capfd.readouterr().out
    assert desk.asked == ["ThreatQ Host"]


@pytest.mark.parametrize("kind", ["user", "client"])
def test_a_file_that_threatq_refuses_ends_it_with_3_and_leaves_all_as_it_was(
    desk: Desk, kind: str
) -> None:
    old = {
        "user": {"password": "changed meanwhile"},
        "client": desk.pair() | {"client_secret": "changed meanwhile"},
    }
    desk.leave("a.conf", desk.known() | old[kind])
    before = snapshot(desk.directory)
    assert desk.run() == 3
    assert snapshot(desk.directory) == before


def test_once_configured_the_vendors_file_is_not_looked_at_again(
    desk: Desk, capfd: pytest.CaptureFixture[str]
) -> None:
    desk.leave("a.conf", desk.known())
    assert desk.run() == 0
    desk.form()
    desk.collection(["198.18.0.1"])
    desk.leave("b.conf", "just some words\n")
    capfd.readouterr()
    assert desk.run() == 0
    assert "a.conf" not in "".join(capfd.readouterr())
