"""Every source of never-block networks, and every way in which one fails."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from netscaler.scripted import Idle, reply, to
from protected.near import gathered, rule, shown, write
from support.outside import BLOCK_LIST, COLLECTION, NAMES, Names, Site
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.safelist import Strength
from tq_conn_citrix_waf.errors import (
    CollectionNotFoundError,
    ConfigurationError,
    ConnectorError,
    DatasetMissingError,
    DatasetTypeError,
    SourceEmptyError,
    SourceIncompleteError,
    TargetFaultError,
)
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.netscaler.own import own_addresses
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.origins import Around, nearby
from tq_conn_citrix_waf.run.protected import protect
from tq_conn_citrix_waf.store.spared import Remembered

ALLOWED = "Never block"


def allow(site: Site, *rows: dict[str, str]) -> None:
    """Make a never-block collection, and name it."""
    usual = {"type": "IP Address", "status": "Active"}
    indicators = {"indicators": [usual | row for row in rows]}
    site.control("PUT", f"/threatq/collections/{ALLOWED}", indicators)
    write(site, f'collections = ["{ALLOWED}"]')


def allow_set(site: Site, kind: str, *bindings: dict[str, str]) -> None:
    """Make a never-block data set, and name it."""
    made = {"type": kind, "bindings": list(bindings)}
    site.control("PUT", "/appliances/adc1/datasets/allowed", made)
    write(site, 'data_sets = ["allowed"]')


def test_without_a_word_of_anybody_these_are_protected(site: Site) -> None:
    found = gathered(site)
    assert {r.name: shown(r) for r in found.rules if r.name != "built-in list"} == {
        "allowed by hand": [],
        "management networks": [],
        "health probes": [],
        "the NetScaler's own addresses": ["10.254.1.1", "10.254.1.3", "192.88.99.1"],
        "the other node of the pair": [],
        "this host": ["203.0.113.200"],
        "ThreatQ": ["203.0.113.80"],
    }
    assert all(r.strength is Strength.REFUSE for r in found.rules)


def test_those_who_could_undo_a_lock_out_must_stay_open(site: Site) -> None:
    site.control("PUT", "/dialect", {"ha_role": "primary"})
    write(site, 'management = ["203.0.113.0/28"]', 'probes = ["192.0.2.7"]')
    open_ = [r.name for r in gathered(site).rules if r.lock_out]
    assert open_ == [
        *("allowed by hand", "management networks", "health probes"),
        *("the other node of the pair", "this host"),
    ]


def test_the_other_node_of_a_pair_is_protected(site: Site) -> None:
    site.control("PUT", "/dialect", {"ha_role": "primary"})
    other = rule(gathered(site), "the other node of the pair")
    assert shown(other) == ["10.254.1.2"]


def test_what_stands_in_the_configuration_file_is_read(site: Site) -> None:
    write(
        site,
        'management = ["203.0.113.0/28", "2001:db8::/48"]',
        'probes = ["192.0.2.7-192.0.2.9"]',
        'may_block = ["10.0.0.0/8"]',
    )
    found = gathered(site)
    assert shown(rule(found, "management networks")) == [
        *("203.0.113.0/28", "2001:db8::/48")
    ]
    assert shown(rule(found, "health probes")) == ["192.0.2.7-192.0.2.9"]
    assert "10.0.0.0/8" not in shown(rule(found, "built-in list"))
    # The appliance's own addresses lie in it, and stay protected.
    assert [str(r) for r in found.refused(Family.V4)][1:3] == [
        *("10.254.1.1", "10.254.1.3")
    ]


def test_files_are_read_from_beside_the_configuration_in_both_strengths(
    site: Site, tmp_path: Path
) -> None:
    (site.directory / "never.txt").write_bytes(b"\xef\xbb\xbf192.0.2.0/24\r\n")
    elsewhere = tmp_path / "shown.txt"
    elsewhere.write_text("198.51.100.0/24 # ours, perhaps\n")
    write(site, 'files = ["never.txt"]', f'show_files = ["{elsewhere}"]')
    found = gathered(site)
    never, show = rule(found, "file never.txt"), rule(found, f"file {elsewhere}")
    assert (shown(never), never.strength) == (["192.0.2.0/24"], Strength.REFUSE)
    assert (shown(show), show.strength) == (["198.51.100.0/24"], Strength.SHOW)


def test_a_collection_protects_whatever_its_status_score_and_expiry(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    allow(
        site,
        {"value": "192.0.2.1", "status": "Whitelisted"},
        {"value": "192.0.2.3", "expires_at": "2001-01-01 00:00:00"},
        {"value": "192.0.2.5", "status": "Expired"},
        {"type": "CIDR Block", "value": "198.51.100.0/24"},
        {"type": "CIDR Block", "value": "2001:db8::/32"},
        {"type": "IPv6 Address", "value": "2001:db9::1"},
        {"type": "FQDN", "value": "good.example"},
    )
    assert shown(rule(gathered(site), f"data collection {ALLOWED}")) == [
        *("192.0.2.1", "192.0.2.3", "192.0.2.5", "198.51.100.0/24"),
        *("2001:db8::/32", "2001:db9::1"),
    ]
    assert "1 indicators are no addresses and protect nothing" in caplog.text


def test_data_sets_of_both_families_are_read(site: Site) -> None:
    allow_set(
        site,
        "ipv4",
        {"value": "192.0.2.0/24"},
        {"value": "198.51.100.1", "endrange": "198.51.100.9"},
    )
    assert shown(rule(gathered(site), "data set allowed")) == [
        *("192.0.2.0/24", "198.51.100.1-198.51.100.9")
    ]
    site.control(
        "PUT",
        "/appliances/adc1/datasets/allowed",
        {"type": "ipv6", "bindings": [{"value": "2001:db8::/32"}]},
    )
    assert shown(rule(gathered(site), "data set allowed")) == ["2001:db8::/32"]


def test_an_empty_data_set_protects_nothing_and_is_no_fault(site: Site) -> None:
    # The appliance tells exactly: the block list itself is read the same way.
    allow_set(site, "ipv4")
    assert shown(rule(gathered(site), "data set allowed")) == []


def no_file(site: Site) -> None:
    write(site, 'files = ["gone.txt"]')


def no_text(site: Site) -> None:
    (site.directory / "never.txt").write_bytes(b"192.0.2.1 # caf\xe9\n")
    write(site, 'files = ["never.txt"]')


def bad_line(site: Site) -> None:
    (site.directory / "never.txt").write_text("192.0.2.1\nexample.org\n")
    write(site, 'show_files = ["never.txt"]')


def empty_file(site: Site) -> None:
    (site.directory / "never.txt").write_text("")
    write(site, 'files = ["never.txt"]')


def no_collection(site: Site) -> None:
    write(site, 'collections = ["Nobody made it"]')


def empty_collection(site: Site) -> None:
    allow(site)


def malformed(site: Site) -> None:
    allow(site, {"value": "192.0.2.1"}, {"value": "192.0.2"})


def no_data_set(site: Site) -> None:
    write(site, 'data_sets = ["allowed"]')


def wrong_data_set(site: Site) -> None:
    allow_set(site, "number", {"value": "7"})


def silent(site: Site) -> None:
    fault = {"name": "status", "service": "netscaler", "match": {"path": "nsip"}}
    site.control("POST", "/faults", fault | {"params": {"status": 500}})


def wide_line(site: Site) -> None:
    (site.directory / "never.txt").write_text("192.0.2.1\n0.0.0.0/0\n")
    write(site, 'files = ["never.txt"]')


def wide_indicator(site: Site) -> None:
    allow(site, {"value": "192.0.2.1"}, {"type": "CIDR Block", "value": "192.0.2.1/2"})


def wide_binding(site: Site) -> None:
    allow_set(site, "ipv6", {"value": "2000::/3"})


def blocked_collection(site: Site) -> None:
    write(site, f'collections = ["{COLLECTION}"]')


def blocked_set(site: Site) -> None:
    write(site, f'data_sets = ["{BLOCK_LIST}"]')


@pytest.mark.parametrize(
    ("arrange", "error", "code", "words"),
    [
        (no_file, ConfigurationError, 2, "gone.txt cannot be read: No such file"),
        (no_text, ConfigurationError, 2, "never.txt is no UTF-8 text"),
        (bad_line, ConfigurationError, 2, "line 2: 'example.org'"),
        (empty_file, ConfigurationError, 2, "never.txt holds no network"),
        (no_collection, CollectionNotFoundError, 3, "Nobody made it"),
        (empty_collection, SourceEmptyError, 3, "'Never block' is empty"),
        (malformed, SourceIncompleteError, 3, "'192.0.2', is no address"),
        (no_data_set, DatasetMissingError, 4, "never-block: adc1.lab has no data set"),
        (wrong_data_set, DatasetTypeError, 4, "has the type 'number'"),
        (wide_line, ConfigurationError, 2, "line 2: '0.0.0.0/0' is wider than /8"),
        (wide_indicator, SourceIncompleteError, 3, "'192.0.2.1/2', is wider than /8"),
        (wide_binding, TargetFaultError, 4, "'2000::/3' is wider than /16"),
        (silent, TargetFaultError, 4, "read its own addresses"),
        (blocked_collection, ConfigurationError, 2, "Block at edge is named to be bl"),
        (blocked_set, ConfigurationError, 2, "tq_block_list is named to be blocked"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_list_that_cannot_be_read_ends_the_run_before_anything_is_written(
    site: Site,
    arrange: Callable[[Site], None],
    error: type[ConnectorError],
    code: int,
    words: str,
) -> None:
    arrange(site)
    mark = site.mark
    with pytest.raises(error) as caught:
        gathered(site)
    assert caught.value.exit == code
    assert words in caught.value.what
    assert "IP Block List" not in caught.value.cure
    assert site.writes(mark) == []
    assert site.view()["sessions"] == 0


def test_a_data_set_with_a_value_that_cannot_be_read_is_not_believed(
    site: Site,
) -> None:
    rows = [{"value": "192.0.2.1"}, {"value": "192.0.2.3-5"}]
    answer = reply(policydataset_value_binding=rows)
    target, _ = to("policydataset_value_binding/bl", answer)
    lists = Lists(site.directory, data_sets=("bl",))
    place = Around(
        target._nitro, "https://adc.example", "https://t.example", Idle(), NAMES
    )
    with pytest.raises(TargetFaultError, match=r"bl: '192\.0\.2\.3-5' is no address"):
        protect(nearby(lists, place), (), Remembered(), Idle().now())


def test_whoever_may_not_read_the_own_addresses_is_told_once_and_goes_on(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    site.control("PUT", "/dialect", {"own_addresses": "not permitted"})
    assert shown(rule(gathered(site), "the NetScaler's own addresses")) == []
    assert caplog.text.count("the user may not read its own addresses") == 1


def asked(answer: Answer) -> list[str]:
    """Return the own addresses that an answer tells."""
    target, _ = to("nsip", answer)
    return [str(found) for found in own_addresses(target._nitro)]


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (reply(nsip=[{"ipaddress": "192.0.2.1"}, {"ipaddress": "x"}]), ["192.0.2.1"]),
        (reply(nsip={"ipaddress": "192.0.2.1"}), ["192.0.2.1"]),
        (reply(nsip=[{}]), []),
        (reply(), []),
        (reply(403, code=371, message="No command policy defined"), []),
        (Answer(403, (), b"<html>Forbidden</html>"), []),
    ],
)
def test_own_addresses_are_read_from_odd_answers(
    answer: Answer, found: list[str]
) -> None:
    assert asked(answer) == found


def test_own_addresses_that_are_no_list_are_a_fault() -> None:
    with pytest.raises(TargetFaultError, match="stands no list of objects"):
        asked(reply(nsip="192.0.2.1"))


def test_what_is_not_known_of_hosts_is_said_and_the_run_goes_on(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING, "tq_conn_citrix_waf"):
        site.hosts = Names()
        found = gathered(site)
    assert shown(rule(found, "this host")) == shown(rule(found, "ThreatQ")) == []
    assert "the address of this host is not known" in caplog.text
    assert "threatq.lab is resolved to no address" in caplog.text


def test_an_address_with_a_meaning_of_its_own_is_named_by_its_rule(site: Site) -> None:
    safelist = gathered(site)
    (vip,) = (r for r in safelist.refused(Family.V4) if str(r) == "192.88.99.1")
    assert safelist.met(vip) == ["the NetScaler's own addresses: 192.88.99.1"]
