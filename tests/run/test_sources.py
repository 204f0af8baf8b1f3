"""How far a source is believed: outages, stand-ins, and lists that cannot be right."""

import pytest

from support.outside import COLLECTION, Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(300)]
OTHERS = [f"203.0.114.{n}" for n in range(100)]


def two_collections(site: Site) -> None:
    """Fill two collections and load both."""
    site.collection(ADDRESSES)
    site.collection(OTHERS, "Second list")
    site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES, *OTHERS}


def test_an_address_in_two_collections_is_bound_once_and_stays_until_both_let_go(
    site: Site,
) -> None:
    site.collection(ADDRESSES)
    site.collection([*OTHERS, ADDRESSES[0]], "Second list")
    site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    assert site.run() == 0
    site.collection(ADDRESSES[1:])
    assert site.run() == 0
    assert ADDRESSES[0] in site.ours()
    site.collection(OTHERS, "Second list")
    assert site.run() == 0
    assert ADDRESSES[0] not in site.ours()


def test_where_one_collection_fails_its_last_good_list_stands_in_and_others_go_on(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    two_collections(site)
    site.collection([])
    site.collection([*OTHERS[5:], "203.0.115.1"], "Second list")
    capfd.readouterr()
    assert site.run() == 3
    assert site.ours() == {*ADDRESSES, *OTHERS[5:], "203.0.115.1"}
    what, cure = capfd.readouterr().err.splitlines()
    assert "stands in" in what
    assert cure.startswith("What to do: ")


PROSE = [
    "<html><head><title>Too many requests</title></head>",
    "Please fetch this list once in 30 minutes at most.",
    "Your address is noted.",
]


def test_a_message_in_the_place_of_data_is_a_source_fault_and_no_short_list(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    mark = site.mark
    site.collection([*PROSE, "203.0.114.9", "203.0.114.10"])
    capfd.readouterr()
    assert site.run() == 3
    told = capfd.readouterr().err
    assert "3 of the 5 addresses of 'Block at edge' are none, such as" in told
    assert "stands in" in told
    assert site.writes(mark) == []
    assert site.ours() == set(ADDRESSES)


def test_a_message_on_a_first_load_binds_nothing_of_what_stands_in_it(
    site: Site,
) -> None:
    mark = site.mark
    site.collection([*PROSE, "203.0.114.9"])
    assert site.run() == 3
    assert site.writes(mark) == []


def test_a_message_beside_as_many_addresses_is_skipped_and_they_are_taken(
    site: Site,
) -> None:
    site.collection([*PROSE, *ADDRESSES[:2], "10.0.0.1"])
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES[:2])


def test_drift_is_repaired_while_the_source_is_empty(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([])
    gone = [{"value": v} for v in ADDRESSES[:3]]
    site.lab.appliance_states["adc1"].strike(
        "set_edited", {"set": "tq_block_list", "remove": [b["value"] for b in gone]}
    )
    assert len(site.ours()) == len(ADDRESSES) - 3
    assert site.run() == 3
    assert site.ours() == set(ADDRESSES)


def test_a_small_collection_is_judged_by_itself_beside_a_large_one(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    two_collections(site)
    site.collection(OTHERS[25:], "Second list")
    capfd.readouterr()
    assert site.run() == 5
    assert "25 removals are over the limit of 10" in capfd.readouterr().err
    assert site.ours() == {*ADDRESSES, *OTHERS}


def test_a_collection_full_of_private_addresses_is_held_whole(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    two_collections(site)
    private = [f"10.0.0.{n}" for n in range(50)]
    site.collection([*ADDRESSES[5:], *private])
    capfd.readouterr()
    assert site.run() == 5
    assert "50 never-block hits are over the limit of 10" in capfd.readouterr().err
    assert site.ours() == {*ADDRESSES, *OTHERS}


def test_on_a_first_load_a_collection_full_of_private_addresses_is_held_and_approved(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    private = [f"10.0.0.{n}" for n in range(50)]
    site.collection([*ADDRESSES, *private])
    capfd.readouterr()
    assert site.run() == 5
    assert site.ours() == set()
    name = capfd.readouterr().err.partition("approve ")[2][:8]
    assert site.run("approve", name, "--reason", "known, they are cut out") == 0
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES)


def test_a_first_load_that_was_held_for_its_hits_is_as_free_as_any_once_approved(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    many = [f"198.19.{n // 250}.{n % 250}" for n in range(700)]
    site.collection([*many, *(f"10.0.0.{n}" for n in range(50))])
    capfd.readouterr()
    assert site.run() == 5
    name = capfd.readouterr().err.partition("approve ")[2][:8]
    assert site.run("approve", name, "--reason", "known, they are cut out") == 0
    assert site.run() == 0, "one consent is enough"
    assert site.ours() == set(many)


def test_a_held_collection_without_a_past_removes_nothing_of_ours(
    site: Site,
) -> None:
    site.collection(ADDRESSES[:8])
    assert site.run() == 0
    for kept in site.directory.glob("*.ledger.db*"):
        kept.unlink()
    site.collection([f"10.0.0.{n}" for n in range(50)] + ["203.0.114.1"])
    assert site.run() == 5
    assert site.ours() == set(ADDRESSES[:8])


def test_what_a_held_growth_asks_for_and_is_blocked_already_stays_blocked(
    site: Site,
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    (ledger,) = site.directory.glob("*.ledger.db")
    before = ledger.read_bytes()
    site.collection([*ADDRESSES, *OTHERS])
    assert site.run() == 0
    ledger.write_bytes(before)  # as a run that dies before its end leaves it
    flood = [f"198.19.{n // 250}.{n % 250}" for n in range(600)]
    site.collection([*ADDRESSES, *OTHERS[:95], *flood])
    assert site.run() == 5
    assert site.ours() == {*ADDRESSES, *OTHERS[:95]}


def test_report_only_writes_nothing_and_shows_the_plan(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    path = site.directory / "tq-conn-citrix-waf.toml"
    text = path.read_text()
    path.write_text(text.replace("[netscaler]\n", "[netscaler]\nreport_only = true\n"))
    site.collection(ADDRESSES)
    mark = site.mark
    assert site.run("-v2") == 0
    assert "add             300" in capfd.readouterr().out
    assert site.writes(mark) == []
    assert site.ours() == set()
