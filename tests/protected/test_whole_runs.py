"""Never-block rules in whole runs, from the configuration file to the appliance."""

import pytest

from protected.near import write
from support.outside import BY_HAND, Names, Site

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


def test_a_site_goes_on_blocking_where_its_own_addresses_may_not_be_read(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"own_addresses": "not permitted"})
    site.collection([*ADDRESSES, "203.0.113.80", "203.0.113.200", "10.0.0.1"])
    capfd.readouterr()
    assert site.run() == 0
    said = capfd.readouterr().out
    assert "allow show ns ip in the command policy" in said
    assert site.ours() == set(ADDRESSES)
    assert site.run("check") == 0
    shown = " ".join(capfd.readouterr().out.split())
    assert "not known: the NetScaler's own addresses" in shown


def test_a_site_goes_on_blocking_where_names_are_resolved_to_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.hosts = Names()
    site.collection(ADDRESSES)
    capfd.readouterr()
    assert site.run() == 0
    said = capfd.readouterr().out
    assert "the address of this host is not known" in said
    assert "threatq.lab is resolved to no address" in said
    assert site.ours() == set(ADDRESSES)


def test_the_check_says_of_each_list_how_much_it_holds(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    (site.directory / "never.txt").write_text("192.0.2.0/24\n198.51.100.1\n")
    write(site, 'files = ["never.txt"]')
    capfd.readouterr()
    assert site.run("check") == 0
    shown = " ".join(capfd.readouterr().out.split())
    assert "file never.txt 2" in shown
    assert "the NetScaler's own addresses 3" in shown
    (site.directory / "never.txt").unlink()
    assert site.run("check") == 2
    assert "never.txt cannot be read" in " ".join(capfd.readouterr().out.split())
    write(site, 'collections = ["Block at edge"]')
    assert site.run("check") == 2
    shown = " ".join(capfd.readouterr().out.split())
    assert "is named to be blocked and under [never_block]" in shown
