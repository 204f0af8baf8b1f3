"""Set-ups that are not well: what is said, and that doing it makes them well."""

import errno
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple, NoReturn

import pytest

from check.looking import WANTED, CheckedSite
from support.outside import BLOCK_LIST, COLLECTION
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.store import pins

Change = Callable[[CheckedSite], None]


class Usage(NamedTuple):
    """What ``shutil.disk_usage`` tells, in bytes."""

    total: int
    used: int
    free: int


def dialect(**switches: object) -> Change:
    """Return a change of how the two systems behave."""
    return lambda site: site.control("PUT", "/dialect", switches)


def form(**fields: object) -> Change:
    """Return a change of the form; without fields, back to what is right."""
    return lambda site: site.form(**fields)


def file(section: str, **keys: object) -> Change:
    """Return a change of the configuration file."""
    return lambda site: site.configured(**{section: keys})


def right_password(site: CheckedSite) -> None:
    file("threatq", password=site.lab.credentials.user.password)(site)


def right_host(site: CheckedSite) -> None:
    file("threatq", host=site.place("threatq"))(site)


def damage_the_pins(site: CheckedSite) -> None:
    (site.directory / pins.FILE_NAME).write_text("nonsense\n")


def remove_the_pins(site: CheckedSite) -> None:
    (site.directory / pins.FILE_NAME).unlink()


def make_the_set(site: CheckedSite) -> None:
    body = {"type": "ipv4", "bindings": []}
    site.control("PUT", "/appliances/adc1/datasets/missing", body)
    assert site.run() == 0


def name_another_set(site: CheckedSite) -> None:
    site.form(**{"IP Block List": "missing"})
    make_the_set(site)


BROKEN = {
    "a wrong password of ThreatQ": (
        file("threatq", password="wrong-wrong"),
        [("ThreatQ", "sign-in", 3)],
        "correct the client ID, the user's e-mail address or the password",
        right_password,
    ),
    "a wrong password of the appliance": (
        form(Password="wrong-wrong"),
        [("NetScaler", "sign-in", 4)],
        "check Username and Password",
        form(),
    ),
    "a collection that is not shared": (
        dialect(collections_visible="none"),
        [("ThreatQ", "collection", 3)],
        "share it with the user of the integration",
        dialect(collections_visible="all"),
    ),
    "a set that is missing": (
        form(**{"IP Block List": "missing"}),
        [("NetScaler", "data set", 4)],
        "make it on the NetScaler (AppExpert > Data Sets, type ipv4)",
        make_the_set,
    ),
    # The switch stands for which of the pair an address leads to.
    "a secondary node": (
        dialect(ha_role="secondary"),
        [("NetScaler", "node", 4)],
        "enter an address that always reaches the primary",
        dialect(ha_role="primary"),
    ),
    "a data set for IPv6": (
        lambda site: site.control(
            "PUT",
            f"/appliances/adc1/datasets/{BLOCK_LIST}",
            {"type": "ipv6", "bindings": []},
        ),
        [("NetScaler", "data set", 4)],
        "enter the name of a data set of type ipv4",
        name_another_set,
    ),
    "an empty collection": (
        lambda site: site.collection([]),
        [("ThreatQ", "collection", 3)],
        "look at it in ThreatQ",
        lambda site: site.collection(WANTED),
    ),
    "a collection of nothing that can be blocked": (
        lambda site: site.collection(["10.0.0.1", "nonsense"]),
        [("ThreatQ", "collection", 3)],
        "look at it in ThreatQ",
        lambda site: site.collection(WANTED),
    ),
    "a field of the form left empty": (
        form(**{"IP Block List": "", "Username": ""}),
        [("ThreatQ", "settings", 2)],
        "fill it in under 'Citrix WAF Connector' in ThreatQ",
        form(),
    ),
    "a set that is too small": (
        file("netscaler", set_limit=22),
        [("NetScaler", "data set", 4)],
        "narrow the data collection",
        file("netscaler", set_limit=23),
    ),
    "an entry that the user does not see": (
        file("threatq", connector="Another"),
        [("ThreatQ", "form", 2)],
        "give the settings in its configuration file",
        file("threatq", connector="Citrix WAF Connector"),
    ),
    "a user without rights": (
        dialect(rights="none"),
        [("NetScaler", "node", 4), ("NetScaler", "data set", 4)],
        "give the NetScaler user a command policy",
        dialect(rights="full"),
    ),
    "an appliance that does not listen": (
        form(**{"API IP/Hostname": "127.0.0.1:1"}),
        [("NetScaler", "certificate", 4)],
        "check host, port, proxy and firewall",
        form(),
    ),
    "a CA file that is missing": (
        file("netscaler", ca_file="/nowhere/ca.pem"),
        [("NetScaler", "certificate", 2)],
        "correct ca_file",
        lambda site: site.trusts("netscaler"),
    ),
    "a host that is none": (
        file("threatq", host="no host"),
        [("ThreatQ", "address", 2)],
        "correct it in the file",
        right_host,
    ),
    "pins that are damaged": (
        damage_the_pins,
        [("ThreatQ", "certificate", 2)],
        "correct the line, or remove it",
        remove_the_pins,
    ),
    "a proxy that is none": (
        file("netscaler", proxy="http://a:secret-word@b/c"),
        [("NetScaler", "proxy", 2)],
        "correct it in ",
        file("netscaler", proxy=""),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_named_and_doing_what_is_said_cures_it(
    site: CheckedSite, name: str
) -> None:
    break_it, failed, said, cure = BROKEN[name]
    break_it(site)
    mark = site.mark
    seen = site.look()
    assert seen.failed() == failed
    assert seen.exit == failed[0][2]
    assert said in seen.row(*failed[0][:2])["cure"]
    assert site.writes(mark) == []
    assert site.view()["sessions"] == 0
    cure(site)
    again = site.look()
    assert (again.exit, again.failed()) == (0, [])
    assert "not checked" not in again.states()


@pytest.mark.parametrize(("system", "code"), [("threatq", 3), ("netscaler", 4)])
def test_an_unknown_certificate_is_shown_and_the_command_that_is_said_trusts_it(
    site: CheckedSite, system: str, code: int
) -> None:
    site.configured(**{system: {"ca_file": ""}})
    mark = site.mark
    seen = site.look()
    area = {"threatq": "ThreatQ", "netscaler": "NetScaler"}[system]
    assert seen.failed() == [(area, "certificate", code)]
    assert seen.exit == code
    row = seen.row(area, "certificate")
    assert "SHA-256 " in row["words"]
    assert site.heard(system, mark) == 0
    _, _, command = row["cure"].partition("if that is the right one: ")
    assert site.do(command.partition("; or ")[0]) == 0
    again = site.look()
    assert (again.exit, again.states()) == (0, {"ok"})
    assert "trusted by a person" in again.row(area, "certificate")["words"]


def test_a_command_to_copy_is_not_broken_across_lines(site: CheckedSite) -> None:
    site.configured(netscaler={"ca_file": ""})
    digits = site.digits_of["netscaler"]
    line = (
        f"tq-conn-citrix-waf trust -c {site.directory.resolve()}"
        f" {site.place('netscaler')} --sha256 {digits};"
    )
    _, shown = site.printed()
    assert line in [row.strip() for row in shown.splitlines()]


def test_a_full_disk_is_seen_by_its_free_space(
    site: CheckedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _where: Usage(1, 1, 4096))
        seen = site.look()
        assert seen.failed() == [("This host", "space", 7)]
        assert seen.exit == 7
        assert "free space in " in seen.row("This host", "space")["cure"]
        full.setattr(shutil, "disk_usage", lambda _where: Usage(1, 1, 50_000_000))
        assert site.look().row("This host", "space")["state"] == "warn"
    assert site.look().exit == 0


def test_a_full_disk_is_seen_by_a_file_that_cannot_be_written(
    site: CheckedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(_handle: int) -> NoReturn:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_space)
        seen = site.look()
    assert seen.failed() == [("This host", "directory", 7)]
    row = seen.row("This host", "directory")
    assert "No space left on device" in row["words"]
    assert row["cure"].startswith("free space")
    assert [p for p in site.directory.iterdir() if "check" in p.name] == []
    assert site.look().exit == 0


def test_a_log_that_cannot_be_written_fails_and_the_rest_is_checked(
    site: CheckedSite,
) -> None:
    logs = site.directory / "logs"
    seen = site.look("-ll", str(logs))
    assert seen.failed() == [("This host", "log", 7)]
    assert "mkdir -p" in seen.row("This host", "log")["cure"]
    assert seen.row("NetScaler", "rights")["state"] == "ok"
    logs.mkdir()
    assert site.look("-ll", str(logs)).exit == 0


def test_without_a_configuration_nothing_else_can_be_checked(
    site: CheckedSite,
) -> None:
    path = site.directory / config.FILE_NAME
    aside = path.rename(path.with_suffix(".aside"))
    seen = site.look()
    assert seen.failed() == [("This host", "configuration", 2)]
    assert "run the connector once" in seen.row("This host", "configuration")["cure"]
    assert len(seen.unchecked("ThreatQ")) == 12
    assert len(seen.unchecked("NetScaler")) == 12
    aside.rename(path)
    assert site.look().exit == 0


def test_a_directory_that_is_not_there_is_named_whatever_is_asked_of_it(
    site: CheckedSite,
) -> None:
    elsewhere = site.directory / "nowhere"
    seen = site.look("-c", str(elsewhere))
    assert seen.exit == 2
    assert [name for _, name, _ in seen.failed()] == ["configuration", "directory"]
    assert seen.unchecked("This host") == ["space"]


def test_a_configuration_that_others_can_read_is_warned_about(
    site: CheckedSite,
) -> None:
    path = site.directory / config.FILE_NAME
    path.chmod(0o644)
    seen = site.look()
    row = seen.row("This host", "configuration")
    assert (seen.exit, row["state"]) == (0, "warn")
    assert row["cure"] == f"chmod 600 {path.resolve()}"
    path.chmod(0o600)
    assert site.look().states() == {"ok"}


@pytest.mark.parametrize(
    ("minutes", "words"), [(-6, "6 minutes ahead of"), (6, "6 minutes behind")]
)
def test_clocks_that_are_more_than_five_minutes_apart_are_warned_about(
    site: CheckedSite, minutes: int, words: str
) -> None:
    site.off = timedelta(minutes=minutes)
    seen = site.look()
    assert seen.exit == 0
    for area in ("ThreatQ", "NetScaler"):
        assert seen.row(area, "time")["state"] == "warn"
        assert words in seen.row(area, "time")["words"]
    site.off = timedelta(minutes=minutes // 2)
    assert site.look().states() == {"ok"}


def test_a_way_that_is_not_encrypted_or_not_verified_is_warned_about(
    site: CheckedSite,
) -> None:
    site.configured(netscaler={"verify": False, "ca_file": ""})
    seen = site.look()
    row = seen.row("NetScaler", "certificate")
    assert (seen.exit, row["state"]) == (0, "warn")
    assert "verify = false" in row["words"]
    site.form(**{"Use HTTPS": False})
    seen = site.look()
    row = seen.row("NetScaler", "certificate")
    assert row["state"] == "warn"
    assert "not encrypted" in row["words"]
    assert "tick Use HTTPS" in row["cure"]


def test_a_certificate_that_ends_soon_is_warned_about(site: CheckedSite) -> None:
    end = datetime.now(UTC) + timedelta(days=400)
    site.show("threatq", site.issue("127.0.0.1", not_after=end))
    site.off = end - timedelta(days=10, hours=1) - site.lab.clock.now()
    row = site.look().row("ThreatQ", "certificate")
    assert row["state"] == "warn"
    assert "10 days left" in row["words"]
    assert "SSL_CERT_FILE" not in row["words"]


def test_authorities_named_by_the_environment_are_named(
    site: CheckedSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", site.ca_file())
    site.configured(threatq={"ca_file": ""})
    words = site.look().row("ThreatQ", "certificate")["words"]
    assert words.startswith(f"trusted by SSL_CERT_FILE, {site.ca_file()}; ")


def test_a_proxy_is_named_without_its_password(site: CheckedSite) -> None:
    site.configured(threatq={"proxy": "http://me:secret-word@127.0.0.1:1"})
    seen = site.look()
    assert seen.failed() == [("ThreatQ", "certificate", 3)]
    words = seen.row("ThreatQ", "proxy")["words"]
    assert words == f"http://127.0.0.1:1, from {site.directory / config.FILE_NAME}"
    assert "secret-word" not in site.printed()[1] + str(seen.rows)


def test_no_secret_is_ever_shown(site: CheckedSite) -> None:
    known = site.lab.credentials
    shown = site.printed()[1] + site.printed("--json")[1]
    assert known.user.password not in shown
    assert known.appliances["adc1"].password not in shown


def test_the_appliance_is_checked_without_threatq_if_the_file_says_all(
    site: CheckedSite,
) -> None:
    site.configured(threatq={"password": "wrong-wrong"})
    seen = site.look()
    assert seen.unchecked("ThreatQ") == [
        "time",
        "role",
        "form",
        "settings",
        "selection",
        "never-block",
        "collection",
        "dialect",
    ]
    assert len(seen.unchecked("NetScaler")) == 12
    adc = site.lab.credentials.appliances["adc1"]
    site.configured(
        netscaler={
            "host": site.place("netscaler"),
            "username": adc.username,
            "password": adc.password,
            "data_collections": [COLLECTION],
            "block_list": BLOCK_LIST,
        }
    )
    seen = site.look()
    assert seen.exit == 3
    assert seen.unchecked("NetScaler") == []
    damage_the_pins(site)
    assert site.look().failed() == [
        ("ThreatQ", "certificate", 2),
        ("NetScaler", "certificate", 2),
    ]
    remove_the_pins(site)
    site.configured(
        threatq={"password": site.lab.credentials.user.password, "form": False}
    )
    seen = site.look()
    assert (seen.exit, seen.states()) == (0, {"ok"})
    assert "form = false" in seen.row("ThreatQ", "form")["words"]
