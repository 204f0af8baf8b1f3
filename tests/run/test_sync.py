"""A whole run, as its users run it: the command line against a lab in process."""

from datetime import timedelta
from pathlib import Path

import pytest

from support.outside import BLOCK_LIST, BY_HAND, COLLECTION, Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(300)]
FOREIGN = [(b["value"], b.get("endrange", ""), b.get("comment", "")) for b in BY_HAND]


def test_a_first_load_binds_all_marks_all_and_saves(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert site.ours() == site.ours(saved=True) == set(ADDRESSES)
    assert site.foreign() == FOREIGN
    assert site.view()["sessions"] == 0
    day = site.lab.clock.now().date().isoformat()
    comments = [b.get("comment", "") for b in site.bindings()]
    marks = {c[-10:] for c in comments if c.startswith("tq-waf:")}
    assert marks == {day}


def test_a_good_run_without_warnings_prints_nothing(
    site: Site, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site.collection(ADDRESSES)
    capfd.readouterr()
    assert site.run("-ll", str(tmp_path), "-v3") == 0
    assert capfd.readouterr() == ("", "")
    assert "in step: 300 bound" in (tmp_path / "tq-conn-citrix-waf.log").read_text()


def test_a_second_run_writes_nothing(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    mark = site.mark
    assert site.run() == 0
    assert site.writes(mark) == []


def test_what_left_the_collection_is_taken_off_and_what_came_is_put_on(
    site: Site,
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([*ADDRESSES[10:], "203.0.114.9"])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[10:], "203.0.114.9"}
    assert site.foreign() == FOREIGN


def test_what_a_foreign_entry_covers_is_not_bound(site: Site) -> None:
    site.collection([*ADDRESSES, "198.51.100.7", "203.0.113.3", "192.0.2.15"])
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES)


def test_what_must_not_be_blocked_is_left_out_and_counted(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"type": "IP Address", "value": "198.18.0.1", "status": "Active"},
        {"type": "IP Address", "value": "10.1.2.3", "status": "Active"},
        {"type": "IP Address", "value": "198.18.0.2", "status": "Whitelisted"},
        {"type": "IP Address", "value": "198.18.0.3", "status": "Expired"},
        {"type": "IP Address", "value": "198.18.0 dot 4", "status": "Active"},
        {"type": "FQDN", "value": "bad.example", "status": "Active"},
        {
            "type": "IP Address",
            "value": "198.18.0.5",
            "status": "Active",
            "expires_at": (site.lab.clock.now() - timedelta(days=1)).strftime(
                "%Y-%m-%d %H:%M:%S"
            ),
        },
    ]
    site.control("PUT", f"/threatq/collections/{COLLECTION}", {"indicators": rows})
    assert site.run("-v2") == 0
    assert site.ours() == {"198.18.0.1"}
    shown = capfd.readouterr().out
    for line in (
        "1      never-block",
        "1      whitelisted",
        "1      expired by status",
        "1      expired by its date",
        "1      malformed",
        "1      not an IP address",
    ):
        assert line in shown


def test_an_empty_collection_is_an_outage_and_writes_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([])
    capfd.readouterr()
    mark = site.mark
    assert site.run() == 3
    assert site.writes(mark) == []
    what, cure = capfd.readouterr().err.splitlines()
    assert "is empty" in what
    assert cure.startswith("What to do: ")
    site.collection(ADDRESSES)
    mark = site.mark
    assert site.run() == 0
    assert site.writes(mark) == []


def test_a_collection_of_nothing_that_can_be_blocked_is_an_outage(site: Site) -> None:
    site.collection(["10.0.0.1", "nonsense"])
    assert site.run() == 3
    assert site.ours() == set()


def test_removals_over_the_limit_are_held_and_additions_go_ahead(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([*ADDRESSES[100:], "203.0.114.9"])
    capfd.readouterr()
    assert site.run() == 5
    assert site.ours() == {*ADDRESSES, "203.0.114.9"}
    assert "100 removals are over the limit of 30" in capfd.readouterr().err
    site.collection([*ADDRESSES[20:], "203.0.114.9"])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[20:], "203.0.114.9"}


def test_additions_over_the_limit_are_held_and_removals_go_ahead(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    flood = [f"203.0.{114 + n // 250}.{n % 250}" for n in range(600)]
    site.collection([*ADDRESSES[5:], *flood])
    assert site.run() == 5
    assert site.ours() == set(ADDRESSES[5:])


def test_what_a_reboot_lost_is_put_back_whatever_its_size(site: Site) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 50_000})
    many = [f"198.18.{n // 250}.{n % 250}" for n in range(2000)]
    site.collection(many)
    assert site.run() == 0
    site.control(
        "PUT",
        f"/appliances/adc1/datasets/{BLOCK_LIST}",
        {"type": "ipv4", "bindings": list(BY_HAND)},
    )
    assert site.run() == 0
    assert site.ours() == set(many)


def test_the_file_of_the_accepted_list_lost_is_no_flood(site: Site) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 50_000})
    many = [f"198.18.{n // 250}.{n % 250}" for n in range(2000)]
    site.collection(many)
    assert site.run() == 0
    (kept,) = site.directory.glob("*.accepted")
    kept.unlink()
    site.collection(many[100:])
    mark = site.mark
    assert site.run() == 0
    assert len(site.writes(mark)) > 0
    assert site.ours() == set(many[100:])


def test_a_switched_off_connector_says_so_and_does_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.form(enabled=False)
    mark = site.mark
    assert site.run() == 0
    assert "switched off" in capfd.readouterr().out
    assert [r for r in site.requests(mark) if r["service"] == "netscaler"] == []


def test_a_full_set_keeps_what_fits_and_says_what_does_not(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 103})
    site.collection(ADDRESSES)
    assert site.run() == 4
    assert len(site.ours()) == 100
    assert site.foreign() == FOREIGN
    assert "200 wanted entries are not blocked" in capfd.readouterr().err
    assert site.ours(saved=True) == site.ours()


def test_a_full_set_is_turned_over_without_a_deadlock(site: Site) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 303})
    site.collection(ADDRESSES)
    assert site.run() == 0
    fresh = [f"203.0.114.{n}" for n in range(25)]
    site.collection([*ADDRESSES[25:], *fresh])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[25:], *fresh}


@pytest.mark.parametrize(
    ("dataset", "words"),
    [(None, "does not exist"), ("ipv6", "ipv6"), ("number", "number")],
)
def test_a_set_that_is_missing_or_of_the_wrong_type_ends_with_4(
    site: Site, capfd: pytest.CaptureFixture[str], dataset: str | None, words: str
) -> None:
    site.collection(ADDRESSES)
    site.form(**{"IP Block List": "other_list"})
    if dataset is not None:
        site.control(
            "PUT",
            "/appliances/adc1/datasets/other_list",
            {"type": dataset, "bindings": []},
        )
    mark = site.mark
    assert site.run() == 4
    assert words in capfd.readouterr().err
    assert site.writes(mark) == []
    assert site.view()["sessions"] == 0


def test_no_secret_reaches_the_log(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run("-v3") == 0
    shown = "".join(capfd.readouterr())
    known = site.lab.credentials
    assert known.user.password not in shown
    assert known.appliances["adc1"].password not in shown
    assert "NITRO_AUTH_TOKEN" not in shown
