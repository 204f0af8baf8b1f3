"""Never-block lists and the limits: what is let through at once, and what is held."""

import re

import pytest

from protected.near import unwrite, write
from support.outside import COLLECTION, Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(300)]
FILE = "never.txt"


def loaded(site: Site) -> None:
    """Load the set, and name a file of never-block networks."""
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES)
    write(site, f'files = ["{FILE}"]')


def never(site: Site, *networks: str) -> None:
    """Write the file."""
    (site.directory / FILE).write_text("\n".join(networks) + "\n", "utf-8")


def approve(site: Site, capfd: pytest.CaptureFixture[str]) -> None:
    """Agree to the one thing that the last run held."""
    said = capfd.readouterr().err
    (name,) = set(re.findall(r"approve ([0-9a-f]{8}) ", said))
    assert site.run("approve", name, "--reason", "ours, let them through") == 0


def test_what_is_allowed_does_not_count_as_a_removal(site: Site) -> None:
    loaded(site)
    never(site, *ADDRESSES[:10])
    # Ten removals beside it are free, too: together they would be over the limit of 30.
    site.collection(ADDRESSES[:-25])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[10:-25]}


def test_it_goes_even_where_removals_are_held(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, *ADDRESSES[:10])
    site.collection(ADDRESSES[:-40])
    capfd.readouterr()
    assert site.run() == 5
    assert "40 removals are over the limit of 30" in capfd.readouterr().err
    assert site.ours() == {*ADDRESSES[10:]}


def test_a_list_that_covers_too_much_is_held_and_wipes_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, "198.18.0.0/24")
    capfd.readouterr()
    assert site.run("-v2") == 5
    said = capfd.readouterr()
    assert "250 never-block hits are over the limit of 10" in said.err
    assert "; by file never.txt 250" in said.out
    assert site.ours() == set(ADDRESSES)


def test_what_is_held_is_not_bound_anew(site: Site) -> None:
    loaded(site)
    never(site, "198.18.0.0/24")
    gone = [{"value": value} for value in (ADDRESSES[0], ADDRESSES[299])]
    site.lab.appliance_states["adc1"].strike(
        "set_edited", {"set": "tq_block_list", "remove": [b["value"] for b in gone]}
    )
    assert site.run() == 5
    assert site.ours() == {*ADDRESSES[1:]}


def test_held_hits_are_approved_once_and_count_no_more(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, "198.18.0.0/24")
    capfd.readouterr()
    assert site.run() == 5
    approve(site, capfd)
    for _ in range(3):
        assert site.run() == 0
        assert site.ours() == {*ADDRESSES[250:]}
    never(site, "198.18.0.0/24", *ADDRESSES[250:260])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[260:]}
    never(site, "198.18.0.0/24", *ADDRESSES[250:290])
    assert site.run() == 5
    assert site.ours() == {*ADDRESSES[260:]}
    assert "30 never-block hits are over the limit of 10" in capfd.readouterr().err


def test_what_must_stay_open_is_opened_at_once_however_much_it_is(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    unwrite(site, "files")
    write(site, 'management = ["198.18.0.0/24"]')
    capfd.readouterr()
    assert site.run() == 5
    assert "250 never-block hits are over the limit of 10" in capfd.readouterr().err
    assert site.ours() == {*ADDRESSES[250:]}


def test_an_outage_blocks_nothing_that_was_allowed_meanwhile(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, *ADDRESSES[:5])
    site.collection([])
    capfd.readouterr()
    assert site.run() == 3
    assert "stands in" in capfd.readouterr().err
    assert site.ours() == {*ADDRESSES[5:]}
    assert site.run() == 3
    assert site.ours() == {*ADDRESSES[5:]}


def test_an_outage_beside_a_list_that_covers_too_much_wipes_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, "198.18.0.0/24")
    site.collection([])
    capfd.readouterr()
    assert site.run() == 3
    assert site.ours() == set(ADDRESSES)
    assert site.run("plan") == 3
    assert "held" in capfd.readouterr().out


def test_a_share_of_its_own_lets_more_through(site: Site) -> None:
    loaded(site)
    write(site, "share = 0.9")
    never(site, "198.18.0.0/24")
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[250:]}


def test_hits_are_counted_for_each_collection_by_itself(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    others = [f"203.0.114.{n}" for n in range(40)]
    site.collection(others, "Second list")
    site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    loaded_ = {*ADDRESSES, *others}
    site.collection(ADDRESSES)
    assert site.run() == 0
    write(site, f'files = ["{FILE}"]')
    never(site, *ADDRESSES[:9], *others[:20])
    capfd.readouterr()
    assert site.run() == 5
    assert "20 never-block hits are over the limit of 10" in capfd.readouterr().err
    assert site.ours() == loaded_ - {*ADDRESSES[:9]}


def test_what_is_only_shown_is_blocked_and_counted(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    unwrite(site, "files")
    write(site, f'show_files = ["{FILE}"]')
    never(site, "198.18.0.0/24")
    capfd.readouterr()
    assert site.run("-v2") == 0
    said = capfd.readouterr().out
    assert "shown           250  wanted, though on file never.txt" in said
    assert site.ours() == set(ADDRESSES)


def test_the_plan_as_json_names_the_rules_of_each_that_is_spared(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    loaded(site)
    never(site, ADDRESSES[0], "198.18.0.0/31")
    capfd.readouterr()
    assert site.run("plan", "--json") == 0
    told = capfd.readouterr().out
    assert '"198.18.0.0": [\n   "file never.txt: 198.18.0.0/31"\n  ]' in told


def test_of_many_that_are_spared_a_hundred_are_listed(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection([*ADDRESSES, *(f"10.0.0.{n}" for n in range(101))])
    write(site, "share = 0.9")
    capfd.readouterr()
    assert site.run("plan") == 0
    said = capfd.readouterr().out
    assert said.count("\nspared 10.0.0.") == 100
    assert "and more; plan --json lists all" in said


def test_what_a_collection_that_is_held_asks_for_is_not_opened_as_another_drops_it(
    site: Site,
) -> None:
    site.form(**{"Data Collection": f"{COLLECTION}, Other"})
    site.collection(ADDRESSES)
    site.collection(["198.18.9.1", "198.18.9.2"], "Other")
    assert site.run() == 0
    flood = [f"10.0.0.{number}" for number in range(20)]
    site.collection([*ADDRESSES, "198.18.9.1", *flood])
    site.collection(["198.18.9.2"], "Other")
    assert site.run() == 5
    assert site.ours() == {*ADDRESSES, "198.18.9.1", "198.18.9.2"}
