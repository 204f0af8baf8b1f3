"""The nouns keep what they were given, and cannot be built wrong."""

import ipaddress
import random
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.universe import (
    DAY,
    MARKS,
    OURS,
    SIZE,
    Appliance,
    Pair,
    Universe,
    disjoint,
    offsets,
    universes,
)
from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.dataset import Binding, Dataset, Mark, spelling
from tq_conn_citrix_waf.core.model import Indicator, Reason, Rejections, utc
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, spell

instances = st.text(alphabet="0123456789abcdef", min_size=8, max_size=8)
comments = st.one_of(
    st.sampled_from(sorted(MARKS.values())),
    st.builds(lambda i, d: str(Mark(i, d)), instances, st.dates()),
    st.text(max_size=20),
)
Row = tuple[str, str, str, int]


@given(instances, st.dates())
def test_a_mark_is_read_back(instance: str, day: date) -> None:
    assert Mark.read(str(Mark(instance, day))) == Mark(instance, day)


@given(st.text(alphabet="0123456789abcdef:-tqwaf ", max_size=30) | comments)
def test_a_comment_is_a_mark_only_in_the_one_spelling(comment: str) -> None:
    mark = Mark.read(comment)
    assert mark is None or str(mark) == comment


@pytest.mark.parametrize(
    "comment",
    [
        "",
        "tq-waf:",
        f"tq-waf:{OURS}",
        f"tq-waf:{OURS}:",
        f"tq-waf:{OURS}:2026-02-30",
        f"tq-waf:{OURS}:0000-01-01",
        f"tq-waf:{OURS}:20260301",
        f"tq-waf:{OURS}:2026-W09-7",
        f"tq-waf:{OURS}:2026-03-01 ",
        f"tq-waf:{OURS}:2026-03-01\n",
        f" tq-waf:{OURS}:2026-03-01",
        f"TQ-WAF:{OURS}:2026-03-01",
        f"tq-waf:{OURS.upper()}:2026-03-01",
        f"tq-waf:{OURS}0:2026-03-01",
        f"tq-waf:{OURS[1:]}:2026-03-01",
        f"tq-waf:{OURS}:2026-03-0\u0661",
        f"was tq-waf:{OURS}:2026-03-01",
    ],
)
def test_what_only_looks_like_a_mark_is_none(comment: str) -> None:
    assert Mark.read(comment) is None


@pytest.mark.parametrize(
    "instance", ["", "0a0a0a0", "0a0a0a0a0", "0A0A0A0A", "0a0a0a0g", "0a0a0a0a\n"]
)
def test_an_instance_is_eight_hexadecimal_digits(instance: str) -> None:
    with pytest.raises(ValueError, match="no instance id"):
        Mark(instance, DAY)


@st.composite
def spelled(draw: st.DrawFn, universe: Universe) -> Row:
    """One binding in one of the spellings that an appliance may show."""
    family = universe.family
    first = universe.base + draw(st.integers(0, SIZE - 1))
    last = universe.base + draw(st.integers(0, SIZE - 1))
    one = spell(family, first)
    length = draw(st.integers(0, family.bits))
    whole = ipaddress.ip_address(one).exploded.upper()
    value, end = draw(
        st.sampled_from(
            [
                (one, ""),
                (whole, ""),
                (f"{one}/{family.bits}", ""),
                (f"{one}/{length}", ""),
                (one, one),
                (spell(family, min(first, last)), spell(family, max(first, last))),
                ("no-address.example.com", ""),
                (one, "no end"),
                (f"{one}-{one}", ""),
                ("", ""),
            ]
        )
    )
    return value, end, draw(comments), draw(st.integers(0, 2**32 - 1))


@given(universes, st.data(), st.randoms(use_true_random=False))
def test_a_data_set_gives_back_each_row_whole_and_as_it_was_spelled(
    universe: Universe, data: st.DataObject, chance: random.Random
) -> None:
    rows = data.draw(st.lists(spelled(universe), max_size=12))
    chance.shuffle(rows)
    made = Dataset("bl4", universe.family)
    for row in rows:
        made.add(*row)
    made.sort()
    readable = [r for r in rows if read_range(universe.family, r[0], r[1])]
    shown = [made.binding(n) for n in range(len(made.firsts))]
    assert Counter((b.value, b.endrange, b.comment, b.index) for b in shown) == Counter(
        readable
    )
    assert all(
        read_range(universe.family, b.value, b.endrange) == b.range for b in shown
    )
    assert Counter(made.unread) == Counter(r[:3] for r in rows) - Counter(
        r[:3] for r in readable
    )
    assert len(made) == len(rows)
    assert list(made.firsts) == sorted(made.firsts)
    assert list(made.pairs()) == [(b.range.first, b.range.last) for b in shown]


@given(universes, offsets(), st.data())
def test_a_data_set_knows_whose_each_row_is(
    universe: Universe, some: list[Pair], data: st.DataObject
) -> None:
    pairs = disjoint(universe.pairs(some))
    held = {p: data.draw(comments) for p in pairs}
    made = Appliance(universe.family, held).dataset()
    for row, pair in enumerate(made.pairs()):
        mark = Mark.read(held[pair])
        owner = made.owners[row]
        assert made.instances[owner] == (mark.instance if mark else "")
        assert made.owner(made.instances[owner]) == owner


def test_an_instance_that_marked_nothing_owns_no_row() -> None:
    made = Appliance(held={(1, 1): MARKS["other's"]}).dataset()
    assert made.owner(OURS) not in made.owners


@given(universes, offsets())
def test_what_we_would_write_ourselves_costs_no_spelling(
    universe: Universe, some: list[Pair]
) -> None:
    blocks = [
        (b.first, b.last)
        for a, z in disjoint(universe.pairs(some))
        for b in AddressRange(universe.family, a, z).blocks()
    ]
    made = Appliance(universe.family, dict.fromkeys(blocks, MARKS["ours"])).dataset()
    assert not made.spellings
    assert not made.remarks


def test_a_binding_without_a_comment_shows_none() -> None:
    made = Dataset("bl4", Family.V4)
    made.add("203.0.113.7", "", "", 3)
    seven = AddressRange(Family.V4, 0xCB007107, 0xCB007107)
    assert made.binding(0) == Binding(seven, "203.0.113.7", index=3)


@given(st.lists(st.tuples(st.integers(1), st.text(), st.sampled_from(Reason))))
def test_rejections_give_back_what_they_were_given(
    some: list[tuple[int, str, Reason]],
) -> None:
    some = [(n % 2**63, value, reason) for n, value, reason in some]
    made = Rejections()
    for id_, value, reason in some:
        made.add(Indicator(id_, "IP Address", value, "Active"), reason)
    assert list(made) == some
    assert len(made) == len(some)
    assert made.counts() == Counter(reason for *_, reason in some)
    assert list(made.counts()) == [r for r in Reason if r in made.counts()]


def test_a_block_is_one_value_and_any_other_range_has_an_end() -> None:
    def spelt(first: int, last: int) -> tuple[str, str]:
        return spelling(AddressRange(Family.V4, 0xCB007100 + first, 0xCB007100 + last))

    assert spelt(7, 7) == ("203.0.113.7", "")
    assert spelt(4, 7) == ("203.0.113.4/30", "")
    assert spelt(4, 6) == ("203.0.113.4", "203.0.113.6")


def test_a_time_of_threatq_is_utc_with_or_without_fractions() -> None:
    noon = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert utc("2026-03-01 12:00:00") == noon
    assert utc("2026-03-01 12:00:00.250000") == noon.replace(microsecond=250_000)
    with pytest.raises(ValueError, match="isoformat"):
        utc("soon")
