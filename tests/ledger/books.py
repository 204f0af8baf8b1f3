"""Ledgers to try: small lists that collide, runs of every shape, a file with a past."""

from array import array
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import strategies as st

from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.store.ledger import (
    Counts,
    Generation,
    HeldRecord,
    Ledger,
    RunRecord,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EDGE = "Block at edge"
FAMILIES = st.sampled_from(Family)


@st.composite
def ranges(draw: st.DrawFn, family: Family | None = None) -> Ranges:
    """Draw few ranges: some close together, some at the ends of the family."""
    of = draw(FAMILIES) if family is None else family
    starts = st.one_of(st.integers(0, 40), st.integers(0, of.top))
    pairs = draw(st.lists(st.tuples(starts, st.integers(0, 5)), max_size=8))
    return Ranges.of(of, ((f, min(f + n, of.top)) for f, n in pairs))


def ids(of: Ranges) -> "array[int]":
    """Return an id for each entry."""
    return array("q", (first % 1000 + 1 for first in of.firsts))


def v4(*firsts: int) -> Ranges:
    """Return single IPv4 addresses."""
    return Ranges.of(Family.V4, ((first, first) for first in firsts))


INSTANTS = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001  # hypothesis wants it so, and adds the zone
    datetime(2030, 1, 1),  # noqa: DTZ001  # as above
    timezones=st.just(UTC),
)
WORDS = st.text(st.characters(codec="utf-8"), max_size=12)
_NUMBERS = st.integers(0, 1_000_000)
_COUNTED = st.dictionaries(WORDS, _NUMBERS, max_size=3)
_COUNTS = st.builds(Counts, _NUMBERS, _COUNTED, _NUMBERS, _NUMBERS, foreign=_COUNTED)
_HELD = st.builds(HeldRecord, WORDS, WORDS, _NUMBERS, _NUMBERS, ranges(), WORDS)
RUNS = st.builds(
    RunRecord,
    INSTANTS,
    INSTANTS,
    st.integers(0, 130),
    WORDS,
    WORDS,
    st.none() | _COUNTS,
    st.dictionaries(WORDS, st.floats(0, 1e6), max_size=3),
    held=st.lists(_HELD, max_size=2).map(tuple),
    bound=ranges(),
    unbound=ranges(),
    warnings=st.lists(WORDS, max_size=2).map(tuple),
)


def book(directory: Path, block_list: str = "bl4") -> Ledger:
    """Return a ledger of a directory, as a new process sees it."""
    return Ledger(directory, "https://adc.example", block_list)


def run(hours: float = 0, **other: object) -> RunRecord:
    """Return a run so many hours after noon."""
    at = NOON + timedelta(hours=hours)
    fields: dict[str, object] = {"started": at, "ended": at, "exit": 0}
    return RunRecord(**{**fields, **other})  # type: ignore[arg-type]  # a test's words


def fill(directory: Path, lists: list[Ranges]) -> list[Generation]:
    """Keep a list an hour; return all generations, as they must be read."""
    found = []
    for hour, wanted in enumerate(lists):
        ledger = book(directory)
        number = ledger.keep(EDGE, wanted, ids(wanted), NOON + timedelta(hours=hour))
        assert ledger.record(run(hour, generations=(number,), bound=wanted))
        last = book(directory).last_good(EDGE, wanted.family)
        assert last is not None
        found.append(last)
    return found
