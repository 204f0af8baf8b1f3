"""Networks and ranges: nested, wide, and with something protected in them."""

import pytest

from kinds.both import Both
from run.test_policy import held_id


def test_an_address_within_a_wanted_network_stays_blocked_when_the_network_leaves(
    both: Both,
) -> None:
    both.wants("198.18.7.0/24", "198.18.7.9")
    both.site.run()
    assert both.v4 == {"198.18.7.0/24"}
    both.wants("198.18.7.9")
    assert both.site.run() == 0
    assert both.v4 == {"198.18.7.9"}


def test_a_network_that_comes_later_leaves_the_address_within_it_as_it_is(
    both: Both,
) -> None:
    both.wants("198.18.7.9", "203.0.114.1")
    both.site.run()
    mark = both.site.mark
    both.wants("198.18.7.8/30", "198.18.7.9", "203.0.114.1")
    assert both.site.run() == 0
    assert both.v4 == {
        "198.18.7.8",
        "198.18.7.9",
        "198.18.7.10/31",
        "203.0.114.1",
    }
    unbinds = [r for r in both.site.writes(mark) if "unbind" in r["query"]]
    assert not unbinds
    both.wants("198.18.7.8/30", "203.0.114.1")
    mark = both.site.mark
    assert both.site.run() == 0
    assert not both.site.writes(mark), "one change does not ripple"


def test_a_protected_address_is_cut_out_of_a_network(both: Both) -> None:
    both.wants("9.255.255.0-10.0.0.9", "198.18.0.1")
    assert both.site.run() == 0
    assert both.v4 == {"9.255.255.0/24", "198.18.0.1"}


def test_a_wide_network_waits_for_a_person_and_the_rest_goes_ahead(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants("198.18.0.1", "2001:db8::7")
    both.site.run()
    both.wants("198.18.0.1", "45.0.0.0/15", "2001:db8::7", "2001:db9::/32")
    assert both.site.run() == 5
    told = capfd.readouterr().err
    assert "wide blocks" in told
    assert (both.v4, both.v6) == ({"198.18.0.1"}, {"2001:db8::7"})
    assert both.site.run("approve", held_id(told), "--reason", "they asked for it") == 0
    capfd.readouterr()
    assert both.site.run() == 5, "the IPv6 one still waits"
    assert both.v4 == {"198.18.0.1", "45.0.0.0/15"}
    told = capfd.readouterr().err
    assert both.site.run("approve", held_id(told), "--reason", "this one too") == 0
    assert both.site.run() == 0
    assert both.v6 == {"2001:db8::7", "2001:db9::/32"}
    both.site.lab.clock.advance(3 * 24 * 3600)
    assert both.site.run() == 0, "what was agreed to is not asked again"


def test_the_widest_network_that_passes_can_be_set(both: Both) -> None:
    both.key("limits", "widest_ipv4 = 12")
    both.key("limits", "add_count = 10000000")
    both.wants("45.0.0.0/12", "198.18.0.1")
    assert both.site.run() == 0
    assert both.v4 == {"45.0.0.0/12", "198.18.0.1"}


def test_a_wide_network_of_a_first_load_waits_too(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants("198.18.0.1", "45.0.0.0/8")
    assert both.site.run() == 5
    assert both.v4 == {"198.18.0.1"}
    told = capfd.readouterr().err
    both.site.run("approve", held_id(told), "--reason", "meant")
    assert both.site.run() == 0
    assert both.v4 == {"198.18.0.1", "45.0.0.0/8"}


def test_when_the_memory_is_lost_a_wide_network_that_stands_there_stays(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants("198.18.0.1", "45.0.0.0/8")
    both.site.run()
    both.site.run("approve", held_id(capfd.readouterr().err), "--reason", "meant")
    both.site.run()
    for path in both.site.directory.iterdir():
        if path.suffix != ".toml":
            path.unlink()
    assert both.site.run() == 0, "what stands there was agreed to once"
    assert both.v4 == {"198.18.0.1", "45.0.0.0/8"}


@pytest.mark.parametrize("value", ["203.0.114.0/24", "203.0.114.0-203.0.114.255"])
def test_a_range_that_is_a_network_is_bound_as_one(both: Both, value: str) -> None:
    both.wants(value)
    assert both.site.run() == 0
    assert both.v4 == {"203.0.114.0/24"}
