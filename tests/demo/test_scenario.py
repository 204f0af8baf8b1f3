"""The scenario: every kind of indicator, and what must become of each."""

import random
from collections import Counter
from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_network

from hypothesis import given, settings
from hypothesis import strategies as st

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.scenarios import SCENARIOS, edge
from citrix_waf_lab.scenarios.edge import Fate, Member
from citrix_waf_lab.threatq.vocabulary import HOST_TYPES, NETWORK_TYPES

WHITELISTED = 29
SEEDED_START = "2026-01-05 08:00:00"
NEVER = [
    IPv4Network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8"),
        *("169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16", "192.0.0.0/24"),
        *("224.0.0.0/4", "240.0.0.0/4"),
    )
]

seeds = st.integers(min_value=0)


def chance(seed: int) -> random.Random:
    return random.Random(seed)  # noqa: S311 -- must repeat


def drawn(seed: int) -> list[Member]:
    return edge.members(chance(seed), WHITELISTED)


def read_plainly(member: Member) -> Fate:
    """What the rules say, read anew by the standard library."""
    if member.type not in ("IP Address", "IPv6 Address", "CIDR Block"):
        return Fate.OTHER_TYPE
    if "status_id" in member.further:
        return Fate.UNCLEAR
    if member.status == "Whitelisted":
        return Fate.WHITELISTED
    ends = str(member.further.get("expires_at", "9999"))
    if member.status == "Expired" or ends <= SEEDED_START:
        return Fate.EXPIRED
    return read_value(member.value)


def read_value(value: str) -> Fate:
    try:
        network = ip_network(value.replace("[.]", ".").partition("-")[0], strict=False)
    except ValueError:
        return Fate.MALFORMED
    mapped = getattr(network[0], "ipv4_mapped", None)
    if isinstance(network, IPv6Network) and mapped is None:
        return Fate.IPV6
    first = IPv4Network(mapped or network)
    never = any(first.overlaps(other) for other in NEVER)
    return Fate.NEVER_BLOCK if never else Fate.BLOCK


@settings(max_examples=8, deadline=None)
@given(seeds)
def test_what_must_become_of_an_indicator_is_what_the_rules_say(seed: int) -> None:
    for member in drawn(seed):
        assert member.fate is read_plainly(member), member


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_there_are_4000_of_every_stock_type_and_no_two_alike(seed: int) -> None:
    found = drawn(seed)
    assert len(found) == 4000
    assert len({member.value for member in found}) == 4000
    assert {member.type for member in found} == {*HOST_TYPES, *NETWORK_TYPES}


def test_every_reason_to_skip_occurs_and_never_block_is_less_than_1_percent() -> None:
    fates = Counter(member.fate for member in drawn(1))
    assert set(fates) == set(Fate)
    assert fates[Fate.NEVER_BLOCK] < 40
    never = [m.value for m in drawn(1) if m.fate is Fate.NEVER_BLOCK]
    untouched = [n for n in NEVER if not any(IPv4Address(v) in n for v in never)]
    assert untouched == []


def test_the_list_fits_a_set_of_the_only_documented_size() -> None:
    assert Counter(member.fate for member in drawn(1))[Fate.BLOCK] < 5000


@settings(max_examples=3, deadline=None)
@given(seeds)
def test_the_same_seed_draws_the_same_and_another_seed_another(seed: int) -> None:
    assert drawn(seed) == drawn(seed)
    assert drawn(seed) != drawn(seed + 1)


@settings(max_examples=5, deadline=None)
@given(seeds)
def test_a_day_brings_120_addresses_and_takes_100(seed: int) -> None:
    before = drawn(seed)
    day = edge.day(before, chance(seed))
    first, then = wanted(before), wanted(day.after(before))
    assert (len(then - first), len(first - then)) == (120, 100)
    assert {*edge.COVERED, *edge.PLAIN} <= then
    assert {member.status for member in day.changed} == {"Expired", "Whitelisted"}


def wanted(members: list[Member]) -> set[str]:
    return {member.value for member in members if member.fate is Fate.BLOCK}


def test_a_lab_of_this_scenario_holds_it_also_after_a_reset() -> None:
    lab = Lab(seed=3, appliances=2, scenario=SCENARIOS["edge"])
    first = [lab.appliance_states[name].view() for name in ("adc1", "adc2")]
    members = edge.drawn(lab)
    lab.threatq_state.put_collection(edge.COLLECTION, [])
    lab.appliance_states["adc1"].put_dataset(edge.DATASET, "ipv4", [])
    lab.reset()
    row = lab.threatq_state.searches.collection(edge.COLLECTION)
    assert row is not None
    held = [lab.threatq_state.library.by_id[number] for number in row.members]
    assert {(i.type, i.value, i.status) for i in held} == {
        (m.type, m.value, m.status) for m in members
    }
    assert [lab.appliance_states[name].view() for name in ("adc1", "adc2")] == first
    assert first[0]["datasets"] == first[0]["saved"]
