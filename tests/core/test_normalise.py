"""Laws of ``normalise``: every indicator ends in one place, in whatever order."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.malformed import MALFORMED
from core.universe import HOME, SIZE, UNIVERSES, Universe, addresses, offsets
from tq_conn_citrix_waf.core.addresses import read_any, read_v4
from tq_conn_citrix_waf.core.model import Desired, Indicator, Reason
from tq_conn_citrix_waf.core.networks import BUILT_IN, built_in_networks
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges, spell
from tq_conn_citrix_waf.core.selection import Selection

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NONE = {family: Ranges.empty(family) for family in Family}
NO_RULE = Rules(NOW, NONE)
HOME6 = UNIVERSES[3]
HOMES = {Family.V4: HOME, Family.V6: HOME6}


def values_of(home: Universe) -> st.SearchStrategy[str]:
    """Single addresses, blocks and ranges of a dozen, so that they nest and overlap."""
    ends = st.integers(0, SIZE - 1)
    span = st.tuples(ends, ends).map(lambda p: (home.base + min(p), home.base + max(p)))
    return st.one_of(
        ends.map(lambda n: spell(home.family, home.base + n)),
        span.map(lambda p: str(AddressRange(home.family, *p))),
    )


values = st.one_of(
    values_of(HOME), values_of(HOME6), st.sampled_from(sorted(MALFORMED.values()))
)
TYPES = ("IP Address", "IPv6 Address", "CIDR Block") * 2 + ("FQDN", "ip address")
DAY = 24 * 60 * 60
# Days, hours and seconds around the days that are asked for, and the future.
dates = st.none() | st.builds(
    lambda days, seconds: int(NOW.timestamp()) - days * DAY + seconds,
    st.integers(-1, 4),
    st.sampled_from((-3600, -1, 0, 1, 3600)),
)
indicators = st.builds(
    Indicator,
    id=st.integers(1, 99),
    type=st.sampled_from(TYPES),
    value=values,
    status=st.sampled_from(("Active",) * 4 + ("Review", "Whitelisted", "Expired")),
    status_agrees=st.sampled_from((True,) * 4 + (False,)),
    score=st.none() | st.floats(0, 10),
    expires_at=st.none() | st.sampled_from([NOW + timedelta(n) for n in (-1, 0, 1)]),
    collection=st.integers(0, 2),
    aged_from=dates,
    last_at=dates,
)
selections = st.builds(
    Selection,
    statuses=st.none() | st.frozensets(st.sampled_from(("Active", "Whitelisted"))),
    expired=st.booleans(),
    minimum_score=st.sampled_from((0, 0.5, 5, 10)),
    maximum_age=st.integers(0, 3),
    time_limit=st.integers(0, 3),
)
feeds = st.lists(indicators, max_size=20, unique_by=lambda i: (i.id, i.collection))
never = st.one_of(
    st.fixed_dictionaries({f: offsets(3).map(h.ranges) for f, h in HOMES.items()}),
    st.fixed_dictionaries({Family.V4: offsets(3).map(HOME.ranges)}),
)
rules = st.builds(
    Rules,
    now=st.just(NOW),
    never_block=never,
    widest=st.just({Family.V4: 30, Family.V6: 126}),
)


def active(value: str, id_: int = 1) -> Indicator:
    return Indicator(id_, "IP Address", value, "Active")


def v4(feed: Iterable[Indicator], rules: Rules = NO_RULE) -> Desired:
    return normalise(feed, rules)[Family.V4]


def verdict(
    indicator: Indicator, rules: Rules, chosen: Selection
) -> Reason | AddressRange:
    """The rules again, one indicator at a time: the first line that fits."""
    status, expires = indicator.status, indicator.expires_at
    score, low = indicator.score, chosen.minimum_score
    age, limit = chosen.maximum_age, chosen.time_limit
    old, last = indicator.aged_from, indicator.last_at
    named, found = chosen.statuses, read_any(indicator.value)
    table = [
        (Reason.OTHER_TYPE, indicator.type in ("FQDN", "ip address")),
        (Reason.STATUS_UNCLEAR, not indicator.status_agrees),
        (Reason.WHITELISTED, status == "Whitelisted"),
        (Reason.STATUS, named is not None and status not in named),
        (Reason.EXPIRED, named is None and status == "Expired" and not chosen.expired),
        (Reason.EXPIRED_DATE, bool(expires and expires <= NOW) and not chosen.expired),
        (Reason.NO_SCORE, bool(low) and score is None),
        (Reason.SCORE, score is not None and score < low),
        (Reason.NO_DATE, bool(age) and old is None),
        (Reason.AGE, bool(age) and old is not None and days_ago(old) >= age),
        (Reason.NO_DATE, bool(limit) and last is None),
        (
            Reason.TIME_LIMIT,
            bool(limit) and last is not None and days_ago(last) >= limit,
        ),
        (Reason.MALFORMED, found is None),
        (Reason.NO_SET, found is not None and found.family not in rules.never_block),
    ]
    reasons = (r for r, fits in table if fits)
    return next(reasons, found or Reason.MALFORMED)


def days_ago(since: int) -> float:
    return (NOW.timestamp() - since) / DAY


def asked(
    feed: Iterable[Indicator], rules: Rules, chosen: Selection, family: Family
) -> list[AddressRange]:
    judged = (verdict(i, rules, chosen) for i in feed)
    return [v for v in judged if not isinstance(v, Reason) and v.family is family]


def told(made: dict[Family, Desired]) -> list[tuple[object, ...]]:
    """All that the lists say, with their rejections in no order."""
    return [
        (
            one.wanted,
            one.ids,
            one.collections,
            Counter(one.rejections),
            one.duplicates,
            one.statuses,
            one.protected,
            one.wide,
            one.split,
        )
        for one in made.values()
    ]


@given(feeds, rules, selections, st.randoms(use_true_random=False))
def test_the_order_of_indicators_does_not_matter(
    feed: list[Indicator], rules: Rules, chosen: Selection, chance: random.Random
) -> None:
    shuffled = chance.sample(feed, len(feed))
    assert told(normalise(feed, rules, chosen)) == told(
        normalise(iter(shuffled), rules, chosen)
    )


@given(feeds, rules, selections)
def test_every_indicator_ends_in_exactly_one_place(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    made = normalise(feed, rules, chosen).values()
    assert sum(one.seen for one in made) == len(feed)
    statuses: Counter[str] = Counter()
    for one in made:
        places = len(one.wanted) + one.duplicates + len(one.rejections)
        assert one.seen == places - one.split
        assert len(one.ids) == len(one.collections) == len(one.wanted)
        statuses.update(one.statuses)
    assert statuses == Counter(i.status for i in feed)


@given(feeds, rules, selections)
def test_what_is_wanted_is_what_no_rule_leaves_out(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    made = normalise(feed, rules, chosen)
    for family, one in made.items():
        never = addresses(rules.never_block[family])
        all_asked = addresses(asked(feed, rules, chosen, family))
        assert addresses(one.wanted) == all_asked - never
        assert addresses(one.protected) == all_asked & never
    judged = [verdict(i, rules, chosen) for i in feed]
    counted = Counter(v for v in judged if isinstance(v, Reason))
    shown: Counter[Reason] = Counter()
    for one in made.values():
        shown.update(one.rejections.counts())
    del shown[Reason.NEVER_BLOCK]
    assert shown == counted


@given(feeds, rules, selections)
def test_what_is_wide_is_shown_whole(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    for family, one in normalise(feed, rules, chosen).items():
        wide = [r for r in asked(feed, rules, chosen, family) if r.last - r.first >= 4]
        assert addresses(one.wide) == addresses(wide)


@given(feeds, rules, selections)
def test_whitelisted_never_passes(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    feed = [replace(i, status="Whitelisted") for i in feed]
    assert not any(len(one.wanted) for one in normalise(feed, rules, chosen).values())


@given(feeds, rules, selections)
def test_wanted_is_sorted_disjoint_and_never_what_must_not_be_blocked(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    for family, one in normalise(feed, rules, chosen).items():
        assert all(a[1] < b[0] for a, b in pairwise(one.wanted.pairs()))
        assert not addresses(one.wanted) & addresses(rules.never_block[family])


@given(feeds, rules, selections)
def test_each_entry_names_an_indicator_that_asked_for_all_of_it(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    for one in normalise(feed, rules, chosen).values():
        for row, entry in enumerate(one.wanted):
            named = (one.ids[row], one.collections[row])
            found = next(i for i in feed if (i.id, i.collection) == named)
            values = verdict(found, rules, chosen)
            assert isinstance(values, AddressRange)
            assert values.first <= entry.first <= entry.last <= values.last


@given(feeds, rules, selections)
def test_of_those_that_ask_for_the_same_the_first_gets_it(
    feed: list[Indicator], rules: Rules, chosen: Selection
) -> None:
    for one in normalise(feed, rules, chosen).values():
        for row in range(len(one.wanted)):
            named = (one.collections[row], one.ids[row])
            found = next(i for i in feed if (i.collection, i.id) == named)
            same = [
                i
                for i in feed
                if verdict(i, rules, chosen) == verdict(found, rules, chosen)
            ]
            assert named == min((i.collection, i.id) for i in same)


def test_a_block_keeps_its_own_ends_whatever_lies_inside() -> None:
    feed = [
        active("203.0.113.0", 1),
        active("203.0.113.0/24", 2),
        active("203.0.113.9"),
    ]
    made = v4([*feed, active("203.0.113.250-203.0.114.3", 4)])
    assert [*map(str, made.wanted)] == [
        "203.0.113.0/24",
        "203.0.114.0/30",
    ]
    assert [*made.ids] == [2, 4]
    assert made.duplicates == 2


def test_a_protected_address_is_cut_out_of_a_block_at_a_stated_cost() -> None:
    protected = Ranges.of(Family.V4, [(0xCB007107, 0xCB007107)])
    made = v4([active("203.0.113.0/24")], Rules(NOW, {Family.V4: protected}))
    assert [*map(str, made.wanted)] == [
        "203.0.113.0-203.0.113.6",
        "203.0.113.8-203.0.113.255",
    ]
    assert (made.split, len(made.rejections)) == (1, 0)


def test_ipv6_without_a_data_set_for_it_is_left_out_and_counted() -> None:
    feed = [active("2001:db8::7"), active("203.0.113.7", 2)]
    made = normalise(feed, Rules(NOW, {Family.V4: Ranges.empty(Family.V4)}))
    assert [*made] == [Family.V4]
    assert made[Family.V4].rejections.counts() == {Reason.NO_SET: 1}


@given(feeds, offsets(3))
def test_each_rejection_names_an_indicator_that_was_seen(
    feed: list[Indicator], some: list[tuple[int, int]]
) -> None:
    made = v4(feed, Rules(NOW, NONE | {Family.V4: HOME.ranges(some)}))
    seen = {(i.id, i.value) for i in feed}
    seen |= {(i.id, str(read_any(i.value))) for i in feed}
    assert all((id_, value) in seen for id_, value, _ in made.rejections)


@pytest.mark.parametrize("value", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_value_is_counted_and_kept_as_it_came(value: str) -> None:
    made = v4([active(value)])
    assert not len(made.wanted)
    assert list(made.rejections) == [(1, value, Reason.MALFORMED)]


@pytest.mark.parametrize("network", BUILT_IN[Family.V4])
def test_both_ends_of_a_never_block_network_are_left_out_and_no_more(
    network: str,
) -> None:
    never = built_in_networks(Family.V4)
    start, _, length = network.partition("/")
    first = read_v4(start)
    assert first is not None
    last = first + (1 << (32 - int(length))) - 1
    feed = [active(spell(Family.V4, n), n + 1) for n in (first, last)]
    made = v4(feed, Rules(NOW, {Family.V4: never}))
    assert made.rejections.counts() == {Reason.NEVER_BLOCK: 2}
    beside = (n for n in (first - 1, last + 1) if 0 <= n <= Family.V4.top)
    outside = {n for n in beside if not never.touches(n, n)}
    feed = [active(spell(Family.V4, n), n) for n in outside]
    assert addresses(v4(feed, Rules(NOW, {Family.V4: never})).wanted) == outside


def test_documentation_networks_can_be_blocked() -> None:
    values = ("192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1")
    feed = [active(value, n) for n, value in enumerate(values)]
    made = v4(feed, Rules(NOW, {Family.V4: built_in_networks(Family.V4)}))
    assert len(made.wanted) == 4


def test_an_address_is_wanted_where_one_of_several_is_selected() -> None:
    low, high = (
        Indicator(n, kind, "203.0.113.7", "Active", score=score)
        for n, kind, score in ((1, "IP Address", 2), (2, "CIDR Block", 8))
    )
    for feed in ([low, high], [high, low]):
        made = normalise(feed, NO_RULE, Selection(minimum_score=5))[Family.V4]
        assert [*map(str, made.wanted)] == ["203.0.113.7"]
        assert [*made.ids] == [2]
        assert [*made.rejections] == [(1, "203.0.113.7", Reason.SCORE)]
        assert made.duplicates == 0


def test_an_indicator_expires_at_its_very_instant() -> None:
    def expiring(at: datetime) -> Indicator:
        return Indicator(1, "IP Address", "203.0.113.7", "Active", expires_at=at)

    tick = timedelta(microseconds=1)
    assert len(v4([expiring(NOW + tick)]).wanted) == 1
    assert not len(v4([expiring(NOW)]).wanted)
