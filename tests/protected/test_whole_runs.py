"""Never-block rules in whole runs, from the configuration file to the appliance."""

import pytest

from protected.near import write
from support.outside import BY_HAND, Site

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 201)]


def test_an_address_of_the_appliance_in_a_collection_is_not_blocked(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection([*ADDRESSES, "192.88.99.1", "203.0.113.80"])
    assert site.run("-v2") == 0
    assert site.ours() == set(ADDRESSES)
    said = capfd.readouterr().out
    assert "2      never-block" in said
    assert "  spared            2  by never-block lists\n" in said
    assert "1      the NetScaler's own addresses\n" in said
    assert "1      ThreatQ\n" in said
    assert "spared 192.88.99.1: the NetScaler's own addresses: 192.88.99.1\n" in said
    assert "spared 203.0.113.80: ThreatQ: 203.0.113.80\n" in said


def test_what_is_put_on_the_never_block_list_is_taken_off_the_set(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    (site.directory / "never.txt").write_text("198.18.0.7\n198.18.0.9\n")
    write(site, 'files = ["never.txt"]')
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES} - {"198.18.0.7", "198.18.0.9"}


def test_an_allowed_network_opens_no_entry_of_somebody_else(site: Site) -> None:
    site.collection(ADDRESSES)
    write(site, 'management = ["203.0.113.0/24", "198.51.100.0/24"]')
    foreign = site.foreign()
    assert site.run() == 0
    assert site.foreign() == foreign
    assert len(foreign) == len(BY_HAND)


def test_what_may_be_blocked_inside_is_blocked_and_the_rest_is_not(site: Site) -> None:
    site.collection([*ADDRESSES, "10.0.0.9", "10.254.1.1", "172.16.0.1"])
    write(site, 'may_block = ["10.0.0.0/8"]')
    assert site.run() == 0
    # 10.254.1.1 is the appliance's own.
    assert site.ours() == {*ADDRESSES, "10.0.0.9"}


def test_a_list_that_is_gone_ends_the_run_with_2_and_writes_nothing(site: Site) -> None:
    site.collection(ADDRESSES)
    write(site, 'files = ["gone.txt"]')
    mark = site.mark
    assert site.run() == 2
    assert site.writes(mark) == []
