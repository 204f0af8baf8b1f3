"""Laws of ``normalise``: every indicator ends in one place, in whatever order."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.malformed import MALFORMED
from core.universe import HOME, SIZE, Pair, addresses, offsets
from tq_conn_citrix_waf.core.addresses import read_v4
from tq_conn_citrix_waf.core.model import Desired, Indicator, Reason
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ranges import Family, Ranges, spell
from tq_conn_citrix_waf.core.safelist import BUILT_IN, never_block

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NO_RULE = Rules(NOW, Ranges.empty(Family.V4))

values = st.one_of(
    st.integers(0, SIZE - 1).map(lambda n: spell(Family.V4, HOME.base + n)),
    st.sampled_from(sorted(MALFORMED.values())),
)
indicators = st.builds(
    Indicator,
    id=st.integers(1, 99),
    type=st.sampled_from(("IP Address",) * 4 + ("FQDN", "IPv6 Address", "ip address")),
    value=values,
    status=st.sampled_from(("Active",) * 4 + ("Review", "Whitelisted", "Expired")),
    status_agrees=st.sampled_from((True,) * 4 + (False,)),
    score=st.none() | st.floats(0, 10),
    expires_at=st.none() | st.sampled_from([NOW + timedelta(n) for n in (-1, 0, 1)]),
    collection=st.integers(0, 2),
)
feeds = st.lists(indicators, max_size=20, unique_by=lambda i: (i.id, i.collection))
rules = st.builds(
    Rules,
    now=st.just(NOW),
    never_block=offsets(3).map(HOME.ranges),
    statuses=st.none() | st.frozensets(st.sampled_from(("Active", "Whitelisted"))),
    expired=st.booleans(),
)


def active(value: str, id_: int = 1) -> Indicator:
    return Indicator(id_, "IP Address", value, "Active")


def verdict(indicator: Indicator, rules: Rules) -> Reason | int:
    """The rules again, one indicator at a time: the first line that fits."""
    status, expires = indicator.status, indicator.expires_at
    named, address = rules.statuses, read_v4(indicator.value)
    table = {
        Reason.OTHER_TYPE: indicator.type != "IP Address",
        Reason.STATUS_UNCLEAR: not indicator.status_agrees,
        Reason.WHITELISTED: status == "Whitelisted",
        Reason.STATUS: named is not None and status not in named,
        Reason.EXPIRED: named is None and status == "Expired" and not rules.expired,
        Reason.EXPIRED_DATE: bool(expires and expires <= NOW) and not rules.expired,
        Reason.MALFORMED: address is None,
        Reason.NEVER_BLOCK: address in addresses(rules.never_block),
    }
    return next((r for r, fits in table.items() if fits), address or 0)


def told(made: Desired) -> tuple[object, ...]:
    """All that a list says, with its rejections in no order."""
    return (
        made.wanted,
        made.ids,
        made.collections,
        Counter(made.rejections),
        made.duplicates,
        made.statuses,
    )


@given(feeds, rules, st.randoms(use_true_random=False))
def test_the_order_of_indicators_does_not_matter(
    feed: list[Indicator], rules: Rules, chance: random.Random
) -> None:
    shuffled = chance.sample(feed, len(feed))
    assert told(normalise(feed, rules)) == told(normalise(iter(shuffled), rules))


@given(feeds, rules)
def test_every_indicator_ends_in_exactly_one_place(
    feed: list[Indicator], rules: Rules
) -> None:
    made = normalise(feed, rules)
    assert made.seen == len(feed)
    assert made.seen == len(made.wanted) + made.duplicates + len(made.rejections)
    assert made.statuses == Counter(i.status for i in feed)
    assert len(made.ids) == len(made.collections) == len(made.wanted)


@given(feeds, rules)
def test_what_is_wanted_is_what_no_rule_leaves_out(
    feed: list[Indicator], rules: Rules
) -> None:
    made = normalise(feed, rules)
    judged = [verdict(i, rules) for i in feed]
    assert addresses(made.wanted) == {v for v in judged if not isinstance(v, Reason)}
    counted = Counter(v for v in judged if isinstance(v, Reason))
    del counted[Reason.NEVER_BLOCK]
    shown = made.rejections.counts()
    assert shown.pop(Reason.NEVER_BLOCK, 0) == len(
        {i.value for i in feed if verdict(i, rules) is Reason.NEVER_BLOCK}
    )
    assert shown == counted


@given(feeds, rules)
def test_whitelisted_never_passes(feed: list[Indicator], rules: Rules) -> None:
    feed = [replace(i, status="Whitelisted") for i in feed]
    assert not len(normalise(feed, rules).wanted)


@given(feeds, rules)
def test_wanted_is_sorted_disjoint_and_never_what_must_not_be_blocked(
    feed: list[Indicator], rules: Rules
) -> None:
    made = normalise(feed, rules).wanted
    assert all(a[1] < b[0] for a, b in pairwise(made.pairs()))
    assert not addresses(made) & addresses(rules.never_block)


@given(feeds, rules)
def test_each_entry_names_the_first_indicator_that_asked_for_it(
    feed: list[Indicator], rules: Rules
) -> None:
    made = normalise(feed, rules)
    for row, entry in enumerate(made.wanted):
        asked = [i for i in feed if verdict(i, rules) == entry.first]
        first = min(asked, key=lambda i: (i.collection, i.id))
        assert made.ids[row] == first.id
        assert made.collections[row] == first.collection


@given(feeds, offsets(3))
def test_each_rejection_names_an_indicator_that_was_seen(
    feed: list[Indicator], some: list[Pair]
) -> None:
    made = normalise(feed, Rules(NOW, HOME.ranges(some)))
    seen = {(i.id, i.value) for i in feed}
    assert all((id_, value) in seen for id_, value, _ in made.rejections)


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_value_is_counted_and_kept_as_it_came(value: str) -> None:
    made = normalise([active(value)], NO_RULE)
    assert not len(made.wanted)
    assert list(made.rejections) == [(1, value, Reason.MALFORMED)]


@pytest.mark.parametrize("network", BUILT_IN[Family.V4])
def test_both_ends_of_a_never_block_network_are_left_out_and_no_more(
    network: str,
) -> None:
    never = never_block(Family.V4)
    start, _, length = network.partition("/")
    first = read_v4(start)
    assert first is not None
    last = first + (1 << (32 - int(length))) - 1
    feed = [active(spell(Family.V4, n), n + 1) for n in (first, last)]
    made = normalise(feed, Rules(NOW, never))
    assert made.rejections.counts() == {Reason.NEVER_BLOCK: 2}
    beside = (n for n in (first - 1, last + 1) if 0 <= n <= Family.V4.top)
    outside = {n for n in beside if not never.touches(n, n)}
    feed = [active(spell(Family.V4, n), n) for n in outside]
    assert addresses(normalise(feed, Rules(NOW, never)).wanted) == outside


def test_documentation_networks_can_be_blocked() -> None:
    values = ("192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1")
    feed = [active(value, n) for n, value in enumerate(values)]
    made = normalise(feed, Rules(NOW, never_block(Family.V4)))
    assert len(made.wanted) == 4


def test_an_indicator_expires_at_its_very_instant() -> None:
    def expiring(at: datetime) -> Indicator:
        return Indicator(1, "IP Address", "203.0.113.7", "Active", expires_at=at)

    tick = timedelta(microseconds=1)
    assert len(normalise([expiring(NOW + tick)], NO_RULE).wanted) == 1
    assert not len(normalise([expiring(NOW)], NO_RULE).wanted)
