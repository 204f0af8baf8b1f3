"""``trust``: what a person sees, what he answers, and what is kept of it."""

import sys
from collections.abc import Callable

import pytest

from support.outside import Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.certificates import grouped
from tq_conn_citrix_waf.cli.trust import ask_trust, keep_trust
from tq_conn_citrix_waf.errors import SourceCertificateError
from tq_conn_citrix_waf.run.site import open_session
from tq_conn_citrix_waf.store.pins import FILE_NAME, Pins
from trust.sockets import PAST, SERVICES, TlsSite

EACH = pytest.mark.parametrize("system", SERVICES)
Terminal = Callable[..., list[str]]


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Have a person at a terminal give answers; return what was asked."""

    def answers(*lines: str) -> list[str]:
        asked: list[str] = []
        left = list(lines)

        def answer(question: str = "") -> str:
            asked.append(question)
            if not left:
                raise EOFError
            return left.pop(0)

        monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
        monkeypatch.setattr("builtins.input", answer)
        return asked

    return answers


def pins(site: Site) -> dict[str, str]:
    return dict(Pins(site.directory).read())


def test_both_systems_are_shown_and_asked_about_and_the_next_run_is_good(
    site: TlsSite, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = terminal("y", "YES")
    mark = site.mark
    assert site.run("trust") == 0
    assert asked == ["Trust this certificate? [y/N] "] * 2
    assert set(pins(site)) == {site.place(s) for s in SERVICES}
    said = capsys.readouterr().out
    for system in SERVICES:
        assert f"Trusted for {site.place(system)}, kept in" in said
    for label in ("subject", "names    127.0.0.1", "issuer", "valid    2000-01-01 to"):
        assert f"  {label}" in said
    assert site.heard("netscaler", mark) == 0
    assert site.run() == 0


def test_what_is_trusted_already_is_not_asked_about(
    site: TlsSite, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("threatq")
    asked = terminal("y")
    assert site.run("trust") == 0
    assert site.run("trust") == 0
    assert len(asked) == 1
    said = capsys.readouterr().out
    assert "(ThreatQ): its certificate is trusted already, by its authority" in said
    assert "(the NetScaler): its certificate is trusted already, by its SHA-256" in said


@EACH
@pytest.mark.parametrize("lines", [["n"], [""], ["ye"], []])
def test_any_other_answer_trusts_nothing(
    site: TlsSite, terminal: Terminal, system: str, lines: list[str]
) -> None:
    terminal(*lines)
    assert site.run("trust", site.place(system)) == SERVICES[system]
    assert not (site.directory / FILE_NAME).exists()


@EACH
def test_without_a_terminal_nothing_is_trusted_unasked(
    site: TlsSite, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    place = site.place(system)
    assert site.run("trust", place) == SERVICES[system]
    assert f"trust -c {site.directory} {place} --sha256 " in capsys.readouterr().err
    assert not (site.directory / FILE_NAME).exists()


@EACH
def test_another_sha256_than_the_one_given_is_not_trusted(
    site: TlsSite, terminal: Terminal, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    asked = terminal("y")
    wanted = "ab" * 32
    place = site.place(system)
    assert site.run("trust", place, "--sha256", wanted) == SERVICES[system]
    assert asked == []
    what, cure = capsys.readouterr().err.splitlines()
    assert "shows another certificate than --sha256 names" in what
    assert grouped(wanted) in cure
    assert not (site.directory / FILE_NAME).exists()


def test_a_sha256_is_taken_as_a_browser_or_openssl_shows_it(site: TlsSite) -> None:
    place, digits = site.place("netscaler"), site.digits_of["netscaler"]
    assert site.run("trust", place, "--sha256", grouped(digits)) == 0
    assert pins(site) == {place: digits}


def test_a_trusted_authority_may_be_narrowed_to_one_certificate(site: TlsSite) -> None:
    site.trusts("netscaler")
    place, digits = site.place("netscaler"), site.digits_of["netscaler"]
    assert site.run("trust", place, "--sha256", digits) == 0
    assert pins(site) == {place: digits}


@pytest.mark.parametrize(
    "words",
    [
        ["--sha256", "ab" * 32],
        ["one", "two", "--sha256", "ab" * 32],
        ["one", "--sha256", "ab" * 31],
        ["one", "--sha256", "xy" * 32],
        ["no host"],
        ["http://adc.example"],
        ["adc.example:0"],
    ],
)
def test_a_wrong_command_line_is_said_to_be_one(
    site: TlsSite, words: list[str]
) -> None:
    assert site.run("trust", *words) == 2
    assert not (site.directory / FILE_NAME).exists()


@EACH
def test_a_system_that_is_not_there_is_out_of_reach(
    site: TlsSite, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    site.stop()
    assert site.run("trust", site.place(system)) == SERVICES[system]
    assert "showed no certificate: Connection refused" in capsys.readouterr().err


def test_where_no_form_is_read_threatq_is_not_asked_for_the_appliance(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("threatq")
    site.configured(threatq={"form": False})
    mark = site.mark
    assert site.run("trust") == 0
    assert site.heard("threatq", mark) == 0
    assert "No appliance is named yet" in capsys.readouterr().out


def test_a_system_that_speaks_http_has_no_certificate(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("threatq")
    site.form(**{"API IP/Hostname": "http://127.0.0.1:1", "Use HTTPS": False})
    assert site.run("trust") == 0
    assert "http://127.0.0.1:1 speaks HTTP, not HTTPS" in capsys.readouterr().out


def test_an_appliance_that_nobody_has_named_yet_is_said_to_be_missing(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("threatq")
    site.form(**{"API IP/Hostname": ""})
    assert site.run("trust") == 0
    assert "No appliance is named yet" in capsys.readouterr().out


def test_an_appliance_of_the_file_is_found_without_the_form(
    site: TlsSite, terminal: Terminal
) -> None:
    terminal("y", "y")
    host = f"https://{site.place('netscaler')}"
    site.configured(netscaler={"host": host})
    mark = site.mark
    assert site.run("trust") == 0
    assert site.heard("threatq", mark) == 0
    assert site.place("netscaler") in pins(site)


def test_before_an_unattended_first_run_threatqs_certificate_can_be_trusted(
    site: TlsSite, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.directory / config.FILE_NAME).unlink()
    place, digits = site.place("threatq"), site.digits_of["threatq"]
    site.answer(monkeypatch, host=place)
    mark = site.mark
    assert site.run() == 3
    assert f"trust -c {site.directory} {place} --sha256 {digits}" in (
        capsys.readouterr().err
    )
    assert list(site.directory.iterdir()) == []
    assert site.run("trust", place, "--sha256", digits) == 0
    assert site.heard("threatq", mark) == 0
    site.answer(monkeypatch, host=place)
    assert site.run() == 0


def test_with_no_configuration_and_no_place_there_is_nothing_to_trust(
    site: TlsSite,
) -> None:
    (site.directory / config.FILE_NAME).unlink()
    assert site.run("trust") == 2


def test_a_directory_that_is_not_there_keeps_nothing(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.directory /= "missing"
    place, digits = site.place("threatq"), site.digits_of["threatq"]
    assert site.run("trust", place, "--sha256", digits) == 7
    assert "cannot be written" in capsys.readouterr().err


def test_verification_that_is_off_is_said_beside_a_pin_that_has_no_effect(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.configured(netscaler={"verify": False})
    place, digits = site.place("netscaler"), site.digits_of["netscaler"]
    assert site.run("trust", place, "--sha256", digits) == 0
    assert f"{place} (the NetScaler): verify = false" in capsys.readouterr().out


def test_what_a_certificate_says_cannot_paint_the_terminal(
    site: TlsSite, terminal: Terminal, capsys: pytest.CaptureFixture[str]
) -> None:
    terminal("n")
    evil = "\x1b[2J\r\nSHA-256 of the right one\x07" + "x" * 40
    site.show("netscaler", site.issue("127.0.0.1", organization_name=evil))
    assert site.run("trust", site.place("netscaler")) == 4
    out, err = capsys.readouterr()
    assert "O=[2J SHA-256 of the right onexxxx" in out
    assert "\x1b" not in out + err
    assert len(err.splitlines()) == 2


def test_what_expired_is_shown_whole(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("netscaler")
    old = site.issue("127.0.0.1", not_before=PAST, not_after=PAST.replace(year=2002))
    site.show("netscaler", old)
    assert site.run("trust", site.place("netscaler")) == 4
    assert "valid 2001-02-03 to 2002-02-03" in capsys.readouterr().err


def test_what_a_person_just_trusted_holds_before_it_is_kept(
    site: TlsSite, terminal: Terminal
) -> None:
    asked = terminal("y")
    file = config.load(site.directory)
    mark = site.mark
    trusted = ask_trust(file)
    assert site.heard("threatq", mark) == 0
    assert trusted == {site.place("threatq"): site.digits_of["threatq"]}
    assert pins(site) == {}
    open_session(file, "", site.outside(), trusted).sign_in()
    keep_trust(site.directory, trusted, site.outside().clock.now())
    assert pins(site) == trusted
    assert ask_trust(file) == {}
    assert len(asked) == 1


def test_the_first_run_ends_where_a_person_says_no(
    site: TlsSite, terminal: Terminal
) -> None:
    terminal("n")
    with pytest.raises(SourceCertificateError):
        ask_trust(config.load(site.directory))


@pytest.mark.parametrize("keys", [{"host": "http://127.0.0.1"}, {"verify": False}])
def test_the_first_run_asks_nothing_where_no_certificate_counts(
    site: TlsSite, terminal: Terminal, keys: dict[str, object]
) -> None:
    asked = terminal()
    site.configured(threatq=keys)
    assert ask_trust(config.load(site.directory)) == {}
    assert asked == []


def test_the_first_run_asks_nobody_who_is_not_there(site: TlsSite) -> None:
    assert ask_trust(config.load(site.directory)) == {}
