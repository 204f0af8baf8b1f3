"""What was kept reads back, and nothing else does."""

import stat
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books import (
    EDGE,
    INSTANTS,
    NOON,
    RUNS,
    WORDS,
    book,
    fill,
    ids,
    ranges,
    run,
    v4,
)
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.store.columns import (
    pack_ids,
    pack_ranges,
    unpack_ids,
    unpack_ranges,
)
from tq_conn_citrix_waf.store.ledger import (
    FILE_NAME,
    Generation,
    Ledger,
    RunRecord,
    ledgers,
)

FRESH = pytest.TempPathFactory


@given(ranges())
def test_ranges_unpack_to_what_was_packed(given_: Ranges) -> None:
    assert unpack_ranges(pack_ranges(given_)) == given_


@given(st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_ids_unpack_to_what_was_packed(numbers: list[int]) -> None:
    column = ids(v4())
    column.extend(numbers)
    assert unpack_ids(pack_ids(column)) == column


@given(WORDS, ranges(), INSTANTS)
def test_a_generation_reads_back(
    tmp_path_factory: FRESH, name: str, wanted: Ranges, at: datetime
) -> None:
    directory = tmp_path_factory.mktemp("book")
    ledger = book(directory)
    number = ledger.keep(name, wanted, ids(wanted), at)
    expected = Generation(number, name, at, wanted, ids(wanted))
    assert ledger.last_good(name, wanted.family) == expected
    ledger.record(run())
    assert book(directory).last_good(name, wanted.family) == expected
    assert book(directory).last_good(name + "x", wanted.family) is None
    other = Family.V6 if wanted.family is Family.V4 else Family.V4
    assert book(directory).last_good(name, other) is None


@given(st.lists(RUNS, min_size=1, max_size=3))
def test_runs_read_back_newest_first(
    tmp_path_factory: FRESH, runs: list[RunRecord]
) -> None:
    directory = tmp_path_factory.mktemp("book")
    at = max(r.ended for r in runs)  # none of them is old enough to be thrown away
    kept = [replace(r, started=at) for r in runs]
    numbers = [book(directory).record(replace(r, ended=at)) for r in kept]
    expected = [
        replace(r, number=n, ended=at) for r, n in zip(kept, numbers, strict=True)
    ]
    assert book(directory).runs(10) == expected[::-1]
    assert book(directory).runs(1) == expected[-1:]
    assert [book(directory).run(n) for n in numbers] == expected
    assert book(directory).run(max(numbers) + 1) is None


@given(ranges(Family.V4), ranges(Family.V4))
def test_a_difference_is_what_came_and_what_went(
    tmp_path_factory: FRESH, before: Ranges, after: Ranges
) -> None:
    directory = tmp_path_factory.mktemp("book")
    one, two = fill(directory, [before, after])
    expected = (after.subtract(before), before.subtract(after))
    assert book(directory).difference(one.number, two.number) == expected


@given(st.lists(ranges(Family.V4), min_size=1, max_size=5))
def test_only_what_changed_makes_a_generation(
    tmp_path_factory: FRESH, lists: list[Ranges]
) -> None:
    directory = tmp_path_factory.mktemp("book")
    changes = 1 + sum(a != b for a, b in pairwise(lists))
    found = fill(directory, lists)
    lines = book(directory).generations(10)
    assert len(lines) == changes
    assert found[-1].at == lines[0].seen == NOON + timedelta(hours=len(lists) - 1)
    assert lines[-1].since == NOON
    assert [line.number for line in lines] == [*range(changes, 0, -1)]


def test_a_list_that_comes_again_takes_no_more_room(tmp_path: Path) -> None:
    many = v4(*range(0, 400_000, 7))
    fill(tmp_path, [many, v4(1)])
    before = (tmp_path / FILE_NAME).stat().st_size
    fill(tmp_path, [many, v4(1), many])
    assert (tmp_path / FILE_NAME).stat().st_size < before + 20_000


def test_data_sets_and_appliances_are_kept_apart(tmp_path: Path) -> None:
    books = [
        book(tmp_path),
        book(tmp_path, "bl6"),
        Ledger(tmp_path, "https://other.example", "bl4"),
    ]
    for n, ledger in enumerate(books):
        ledger.keep(EDGE, v4(n), ids(v4(n)), NOON)
    numbers = [ledger.record(run()) for ledger in books]
    assert numbers == [1, 2, 3]
    for n, ledger in enumerate(books):
        last = ledger.last_good(EDGE, Family.V4)
        assert last is not None
        assert last.wanted == v4(n)
        assert [r.number for r in ledger.runs(9)] == [n + 1]
        assert ledger.run(n + 2) is None
    whose = [(r.appliance, r.block_list) for r in ledgers(tmp_path)]
    assert whose == [(b.appliance, b.block_list) for b in books]


def test_a_number_taken_twice_is_given_anew_in_the_run_too(tmp_path: Path) -> None:
    books = [book(tmp_path), book(tmp_path, "bl6")]
    numbers = [b.keep(EDGE, v4(n), ids(v4(n)), NOON) for n, b in enumerate(books)]
    assert numbers == [1, 1]
    for ledger in books:
        ledger.record(run(generations=(1,)))
    assert [b.runs(1)[0].generations for b in books] == [(1,), (2,)]
    kept = [b.generation(n) for b, n in zip(books, (1, 2), strict=True)]
    assert [g.wanted for g in kept if g] == [v4(0), v4(1)]


def test_a_collection_kept_twice_in_a_run_is_the_later(tmp_path: Path) -> None:
    ledger = book(tmp_path)
    assert ledger.keep(EDGE, v4(1), ids(v4(1)), NOON) == 1
    assert ledger.keep(EDGE, v4(1), ids(v4(1)), NOON) == 1
    assert ledger.keep(EDGE, v4(2), ids(v4(2)), NOON) == 2
    assert ledger.keep("Other", v4(2), ids(v4(2)), NOON) == 3
    ledger.record(run())
    last = book(tmp_path).last_good(EDGE, Family.V4)
    assert last is not None
    assert (last.number, last.wanted) == (2, v4(2))


def test_a_ledger_is_its_owners_alone_and_looking_makes_none(tmp_path: Path) -> None:
    assert book(tmp_path).last_good(EDGE, Family.V4) is None
    assert book(tmp_path).runs(5) == []
    assert ledgers(tmp_path) == []
    assert not [*tmp_path.iterdir()]
    assert book(tmp_path).record(run()) == 1
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == [FILE_NAME]


def test_there_is_no_difference_to_what_is_not_kept(tmp_path: Path) -> None:
    ledger = book(tmp_path)
    six = Ranges.of(Family.V6, [(1, 1)])
    ledger.keep(EDGE, v4(1), ids(v4(1)), NOON)
    ledger.keep(EDGE, six, ids(six), NOON)
    ledger.record(run())
    assert ledger.difference(1, 3) is None
    assert ledger.difference(3, 1) is None
    assert ledger.difference(1, 2) is None
