"""A certificate that is not trusted ends a run before anything is sent; it is shown."""

import shlex

import pytest
import trustme

from trust.sockets import PAST, SERVICES, WANTED, TlsSite, sha256

EACH = pytest.mark.parametrize("system", SERVICES)


def pairs(digits: str) -> str:
    return ":".join(digits[i : i + 2] for i in range(0, 64, 2)).upper()


def other(system: str) -> str:
    return "netscaler" if system == "threatq" else "threatq"


def bad(site: TlsSite, flaw: str) -> trustme.LeafCert:
    """Make a certificate with a flaw; the authority counts as known for two of them."""
    if flaw == "unknown authority":
        return trustme.CA(organization_name="Elsewhere").issue_cert("127.0.0.1")
    if flaw == "wrong name":
        return site.issue("other.example", "192.0.2.9")
    return site.issue("127.0.0.1", not_before=PAST, not_after=PAST.replace(year=2002))


FLAWS = {
    "unknown authority": "unable to get local issuer certificate",
    "wrong name": "mismatch",
    "expired": "certificate has expired",
}


@EACH
@pytest.mark.parametrize("flaw", FLAWS)
def test_a_bad_certificate_ends_the_run_with_nothing_sent_and_its_cure_cures(
    site: TlsSite, capsys: pytest.CaptureFixture[str], system: str, flaw: str
) -> None:
    site.trusts(*SERVICES)
    certificate = bad(site, flaw)
    site.show(system, certificate)
    mark = site.mark
    assert site.run() == SERVICES[system]
    assert site.heard(system, mark) == 0
    assert WANTED not in site.ours()
    what, cure = capsys.readouterr().err.splitlines()
    assert FLAWS[flaw] in what
    assert pairs(sha256(certificate)) in what
    assert "subject " in what
    assert "issuer " in what
    command = cure.partition(": tq-conn-citrix-waf ")[2].partition(";")[0]
    words = shlex.split(command)
    assert words == [
        *("trust", "-c", str(site.directory)),
        *(site.place(system), "--sha256", sha256(certificate)),
    ]
    assert site.run(*words) == 0
    assert site.heard(system, mark) == 0
    assert site.run() == 0
    assert WANTED in site.ours()


@EACH
def test_a_certificate_that_changed_is_refused_and_both_are_shown(
    site: TlsSite, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    site.trusts(*SERVICES)
    old, new = (trustme.CA().issue_cert("127.0.0.1") for _ in range(2))
    site.show(system, old)
    assert site.run("trust", site.place(system), "--sha256", sha256(old)) == 0
    assert site.run() == 0
    site.show(system, new)
    capsys.readouterr()
    mark = site.mark
    assert site.run() == SERVICES[system]
    assert site.heard(system, mark) == 0
    what, cure = capsys.readouterr().err.splitlines()
    assert pairs(sha256(old)) in what
    assert pairs(sha256(new)) in what
    assert f"--sha256 {sha256(new)}; if not, find out who changed it" in cure
    assert site.run("trust", site.place(system), "--sha256", sha256(new)) == 0
    assert site.run() == 0


def test_a_pinned_certificate_does_not_change_to_one_of_a_known_authority(
    site: TlsSite,
) -> None:
    site.trusts(*SERVICES)
    mine = trustme.CA().issue_cert("127.0.0.1")
    site.show("netscaler", mine)
    assert site.run("trust", site.place("netscaler"), "--sha256", sha256(mine)) == 0
    site.show("netscaler", site.issue("127.0.0.1"))
    assert site.run() == 4


def test_an_authority_of_the_system_is_trusted(
    site: TlsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", site.ca_file())
    assert site.run() == 0
    assert site.ours() == {WANTED}


def test_the_command_line_names_an_authority_for_both_systems(site: TlsSite) -> None:
    assert site.run("--ca-file", site.ca_file()) == 0


def test_an_authority_named_for_one_system_is_not_the_others(site: TlsSite) -> None:
    site.trusts("threatq")
    assert site.run() == 4


@pytest.mark.parametrize("name", ["missing.pem", "tq-conn-citrix-waf.toml"])
def test_a_file_of_authorities_that_is_none_is_an_error_of_the_configuration(
    site: TlsSite, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    path = str(site.directory / name)
    assert site.run("--ca-file", path) == 2
    assert path in capsys.readouterr().err


@EACH
def test_verification_that_is_off_is_warned_about_in_every_run(
    site: TlsSite, capsys: pytest.CaptureFixture[str], system: str
) -> None:
    site.trusts(other(system))
    site.configured(**{system: {"verify": False}})
    for _ in range(2):
        assert site.run() == 0
        said = capsys.readouterr().out
        assert f"{site.place(system)}: its certificate is not verified" in said
        assert f"{site.place(other(system))}: its certificate" not in said
