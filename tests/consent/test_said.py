"""The law of consent, against a reference that asks for each entry by itself."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.core.addresses import read_ranges
from tq_conn_citrix_waf.core.guard import Held, granted
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.store.said import LIFE, Given, HeldBack, Said

START = datetime(2026, 1, 5, 10, tzinfo=UTC)
NOW = START + timedelta(hours=40)
KINDS = (Held.ADDITIONS, Held.REMOVALS)

WORD = st.builds(
    lambda held, entries, who, hours, met, discard: Given(
        HeldBack("", held, 4, sorted(entries), 0, 0, START, ""),
        "",
        who,
        START + timedelta(hours=hours),
        met,
        discard,
    ),
    st.sampled_from(KINDS),
    st.sets(st.integers(1, 6).map(lambda n: f"192.0.2.{n}"), min_size=1),
    st.sampled_from("abc"),
    st.integers(0, 39),
    st.booleans(),
    st.booleans(),
)
WORDS = st.lists(WORD, max_size=8).map(lambda ws: sorted(ws, key=lambda w: w.at))


def persons(words: list[Given], held: Held, entry: str) -> set[str]:
    """Who has approved an entry, and no later word took it back."""
    found: set[str] = set()
    for word in words:
        if word.refusal.held is held and entry in word.refusal.entries:
            if word.discard:
                found = set()
            elif word.at + LIFE > NOW or not word.met:
                found.add(word.who)
    return found


@given(WORDS, st.integers(1, 3))
def test_an_entry_goes_ahead_when_enough_persons_have_approved_it(
    words: list[Given], needed: int
) -> None:
    said = Said(words, needed)
    for held in KINDS:
        agreed = granted(said.valid(Family.V4, NOW), held, Family.V4)
        for number in range(1, 7):
            (one,) = read_ranges(Family.V4, [f"192.0.2.{number}"])
            enough = len(persons(words, held, str(one))) >= needed
            assert agreed.covers(one.first, one.last) == enough
