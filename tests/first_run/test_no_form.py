"""A ThreatQ that takes no entry: the file holds what its form would; all ends well."""

import pytest

from support.outside import BLOCK_LIST, COLLECTION, Site
from tq_conn_citrix_waf import config

ADDRESSES = {"198.18.0.1", "198.18.0.2"}


@pytest.fixture
def formless(fresh: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    fresh.control("PUT", "/dialect", {"connector_create_status": 403})
    fresh.answer(monkeypatch)
    assert fresh.run() == 0
    return fresh


def fill_in(site: Site, *lines: str) -> None:
    file = site.directory / config.FILE_NAME
    head, section, rest = file.read_text("utf-8").partition("[netscaler]\n")
    file.write_text(head + section + "\n".join(lines) + "\n" + rest, "utf-8")


def settings(site: Site) -> list[str]:
    box = site.lab.credentials.appliances["adc1"]
    return [
        'host = "http://adc1.lab"',
        f'username = "{box.username}"',
        f'password = "{box.password}"',
        f'data_collections = ["{COLLECTION}"]',
        f'block_list = "{BLOCK_LIST}"',
    ]


@pytest.mark.parametrize("status", [403, 404, 405, 422])
def test_a_refused_registration_ends_well_and_says_what_to_do(
    fresh: Site,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    status: int,
) -> None:
    fresh.control("PUT", "/dialect", {"connector_create_status": status})
    fresh.answer(monkeypatch)
    assert fresh.run() == 0
    *_, why, end = capfd.readouterr().out.splitlines()
    file = fresh.directory / config.FILE_NAME
    assert f"it answered {status}" in why
    assert "a role that may add integrations, such as Maintenance" in why
    assert end == f"Connector configured. Set information in {file}"
    assert oct(file.stat().st_mode & 0o777) == "0o600"
    assert config.load(fresh.directory).flag("threatq", "form", default=True) is False


def test_the_file_then_explains_each_of_the_forms_settings(formless: Site) -> None:
    text = (formless.directory / config.FILE_NAME).read_text("utf-8")
    section = text.partition("[netscaler]\n")[2].partition("\n[")[0].splitlines()
    explained = {line.split()[1]: line for line in section if line}
    for name, label in {
        "host": "API IP/Hostname",
        "username": "Username",
        "password": "Password",
        "data_collections": "Data Collection",
        "block_list": "IP Block List",
        "https": "Use HTTPS",
    }.items():
        assert label in explained[name]
    assert [line for line in section if line and not line.startswith("# ")] == []


def test_until_it_is_filled_in_each_run_names_what_is_missing(
    formless: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    capfd.readouterr()
    mark = formless.mark
    assert formless.run() == 2
    what, cure = capfd.readouterr().err.splitlines()
    for name in ("host", "username", "password", "data_collections", "block_list"):
        assert f"[netscaler] {name} " in what
    assert str(formless.directory / config.FILE_NAME) in cure
    assert formless.requests(mark) == []


def test_what_is_filled_in_is_no_longer_named(
    formless: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    fill_in(formless, *settings(formless)[:-1])
    capfd.readouterr()
    assert formless.run() == 2
    assert capfd.readouterr().err.count("[netscaler] ") == 2  # what, and what to do


def test_filled_in_it_works_and_never_asks_for_a_form(formless: Site) -> None:
    formless.collection(sorted(ADDRESSES))
    fill_in(formless, *settings(formless))
    mark = formless.mark
    assert formless.run() == 0
    assert formless.ours() == ADDRESSES
    paths = [r["path"] for r in formless.requests(mark)]
    assert [path for path in paths if "connectors" in path] == []


def test_the_switch_of_the_file_switches_it_off(
    formless: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    formless.collection(sorted(ADDRESSES))
    fill_in(formless, *settings(formless), "enabled = false")
    assert formless.run() == 0
    assert "switched off in" in capfd.readouterr().out
    assert formless.ours() == set()
