"""A never-block list that cannot be read: its last good copy, or nothing is written."""

from collections.abc import Callable

import pytest

from protected.near import unwrite, write
from support.outside import Site
from tq_conn_citrix_waf.run import warninglists

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 201)]
SPARED = "198.18.0.7"
ALLOWED = "Never block"
LISTED = f"/threatq/collections/{ALLOWED}"
DATA_SET = "/appliances/adc1/datasets/allowed"
FILE = "never.txt"


def never(site: Site, *networks: str) -> None:
    """Write a file of never-block networks."""
    text = "".join(f"{network}\n" for network in networks)
    (site.directory / FILE).write_text(text, "utf-8")


def file(site: Site) -> None:
    never(site, SPARED)
    write(site, f'files = ["{FILE}"]')


def collection(site: Site) -> None:
    row = {"type": "IP Address", "value": SPARED, "status": "Active"}
    site.control("PUT", LISTED, {"indicators": [row]})
    write(site, f'collections = ["{ALLOWED}"]')


def data_set(site: Site) -> None:
    made = {"type": "ipv4", "bindings": [{"value": SPARED}]}
    site.control("PUT", DATA_SET, made)
    write(site, 'data_sets = ["allowed"]')


def file_gone(site: Site) -> None:
    (site.directory / FILE).unlink()


def file_opens_all(site: Site) -> None:
    never(site, SPARED, "0.0.0.0/1")


def file_emptied(site: Site) -> None:
    never(site)


def collection_emptied(site: Site) -> None:
    site.control("PUT", LISTED, {"indicators": []})


def data_set_of_numbers(site: Site) -> None:
    site.control("PUT", DATA_SET, {"type": "number", "bindings": []})


FAILURES = pytest.mark.parametrize(
    ("name", "lose", "code", "words"),
    [
        (file, file_gone, 2, "never.txt cannot be read: No such file"),
        (file, file_opens_all, 2, "line 2: '0.0.0.0/1' is wider than /8"),
        (file, file_emptied, 2, "never.txt holds no network"),
        (collection, collection_emptied, 3, "'Never block' is empty"),
        (data_set, data_set_of_numbers, 4, "has the type 'number'"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)


@FAILURES
def test_the_last_good_copy_stands_in_and_all_else_goes_on(
    site: Site,
    capfd: pytest.CaptureFixture[str],
    name: Callable[[Site], None],
    lose: Callable[[Site], None],
    code: int,
    words: str,
) -> None:
    site.collection(ADDRESSES)
    name(site)
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES} - {SPARED}
    lose(site)
    site.collection([*ADDRESSES, "198.18.1.1"])
    capfd.readouterr()
    assert site.run() == code
    assert site.ours() == {*ADDRESSES, "198.18.1.1"} - {SPARED}
    what, cure = capfd.readouterr().err.splitlines()
    assert words in what
    assert "its last good copy, of 20" in what
    assert what.endswith(" UTC, stands in")
    assert cure.startswith("What to do: ")


@FAILURES
def test_without_a_copy_nothing_is_written(
    site: Site,
    capfd: pytest.CaptureFixture[str],
    name: Callable[[Site], None],
    lose: Callable[[Site], None],
    code: int,
    words: str,
) -> None:
    site.collection(ADDRESSES)
    name(site)
    lose(site)
    capfd.readouterr()
    mark = site.mark
    assert site.run() == code
    assert site.writes(mark) == []
    assert words in capfd.readouterr().err


def test_the_package_of_warning_lists_may_go_missing(
    site: Site, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    home = site.directory / "lib" / "lists_of_a_site"
    place = home / "data" / "misp-warninglists" / "lists" / "ours"
    place.mkdir(parents=True)
    (place / "list.json").write_text(f'{{"type": "cidr", "list": ["{SPARED}"]}}')
    (home / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(home.parent)
    monkeypatch.setattr(warninglists, "PACKAGE", home.name)
    site.collection(ADDRESSES)
    write(site, 'misp = ["ours"]')
    assert site.run() == 0
    monkeypatch.setattr(warninglists, "PACKAGE", "no_such_package_anywhere")
    capfd.readouterr()
    assert site.run() == 2
    assert site.ours() == {*ADDRESSES} - {SPARED}
    assert "is not installed; its last good copy" in capfd.readouterr().err


def test_a_list_that_is_no_longer_named_protects_nothing(site: Site) -> None:
    site.collection(ADDRESSES)
    file(site)
    assert site.run() == 0
    unwrite(site, "files")
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES)
    file(site)
    file_gone(site)
    assert site.run() == 2
    assert site.ours() == set(ADDRESSES)


def test_a_plan_keeps_no_copy_and_shows_what_stands_in(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    file(site)
    before = {path.name for path in site.directory.iterdir()}
    assert site.run("plan") == 0
    assert {path.name for path in site.directory.iterdir()} == before
    assert site.run() == 0
    file_gone(site)
    capfd.readouterr()
    assert site.run("plan") == 2
    assert "its last good copy, of 20" in capfd.readouterr().out


@pytest.mark.parametrize("damage", ["", "x", "{}", "{}\n{}"])
def test_copies_that_are_damaged_are_no_copies(
    site: Site, capfd: pytest.CaptureFixture[str], damage: str
) -> None:
    site.collection(ADDRESSES)
    file(site)
    assert site.run() == 0
    (kept,) = site.directory.glob("*.spared")
    kept.write_text(damage)
    file_gone(site)
    mark = site.mark
    capfd.readouterr()
    assert site.run() == 2
    assert site.writes(mark) == []
    assert "begun anew" in capfd.readouterr().out
    never(site, SPARED)
    assert site.run() == 0
    file_gone(site)
    assert site.run() == 2
    assert site.ours() == {*ADDRESSES} - {SPARED}
