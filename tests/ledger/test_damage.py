"""Whatever becomes of the file: no run fails, and no list is read that was not kept."""

import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from resource import RLIMIT_FSIZE, getrlimit, setrlimit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.books import EDGE, NOON, book, fill, ids, run, v4
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.store import database
from tq_conn_citrix_waf.store.database import (
    STEPS,
    connect,
    is_damage,
    set_aside,
    transaction,
)
from tq_conn_citrix_waf.store.ledger import FILE_NAME, Generation, RunRecord, ledgers

PAGE = 4096
LISTS = [v4(*range(n, 20_000, 3)) for n in range(3)]


class _Warnings(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


@pytest.fixture
def said() -> Iterator[list[str]]:
    """Return the warnings of the log, as they come."""
    handler = _Warnings()
    log.addHandler(handler)
    yield handler.said
    log.removeHandler(handler)


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, list[Generation]]:
    """Return the bytes of a ledger of many pages, and the generations in it."""
    directory = tmp_path_factory.mktemp("past")
    kept = fill(directory, LISTS)
    return (directory / FILE_NAME).read_bytes(), kept


def go_on(directory: Path, kept: list[Generation]) -> list[RunRecord]:
    """Do what a run does with its ledger; return the runs that it knew before."""
    ledger = book(directory)
    last = ledger.last_good(EDGE, Family.V4)
    assert last is None or last in kept
    before = ledger.runs(9)
    ledger.keep(EDGE, v4(7), ids(v4(7)), NOON)
    number = ledger.record(run(5))
    assert number > 0
    assert book(directory).run(number) == run(5, number=number)
    new = book(directory).last_good(EDGE, Family.V4)
    assert new is not None
    assert new.wanted == v4(7)
    return before


def aside(directory: Path) -> list[Path]:
    return sorted(directory.glob(f"{FILE_NAME}.*.damaged"))


def pages(data: bytes) -> int:
    return len(data) // PAGE


@given(st.data())
def test_no_byte_that_changed_fails_a_run_or_changes_what_is_read(
    tmp_path_factory: pytest.TempPathFactory,
    past: tuple[bytes, list[Generation]],
    data: st.DataObject,
) -> None:
    whole, kept = past
    page = PAGE * data.draw(st.integers(0, pages(whole) - 1))
    head, index = st.integers(0, 99), st.integers(0, 40)
    place = data.draw(
        st.one_of(
            head,  # of the file: page size, versions, counters
            st.integers(100, PAGE - 1),  # the schema
            index.map(lambda n: page + n),  # of a page: its kind, its cells
            st.integers(0, len(whole) - 1),  # cells and columns
        )
    )
    many = data.draw(st.sampled_from([1, 1, 2, 16, 512]))
    damaged = bytearray(whole)
    damaged[place : place + many] = data.draw(st.binary(min_size=many, max_size=many))
    directory = tmp_path_factory.mktemp("book")
    (directory / FILE_NAME).write_bytes(damaged[: len(whole)])
    runs = [
        run(n, number=n + 1, generations=(n + 1,), bound=LISTS[n]) for n in (2, 1, 0)
    ]
    assert all(r in runs for r in go_on(directory, kept))


@given(st.data())
def test_a_file_cut_anywhere_fails_no_run(
    tmp_path_factory: pytest.TempPathFactory,
    past: tuple[bytes, list[Generation]],
    data: st.DataObject,
) -> None:
    whole, kept = past
    cut = data.draw(
        st.one_of(
            st.integers(0, len(whole) - 1),
            st.integers(0, pages(whole) - 1).map(lambda n: n * PAGE),
        )
    )
    directory = tmp_path_factory.mktemp("book")
    (directory / FILE_NAME).write_bytes(whole[:cut])
    go_on(directory, kept)


def no_database(path: Path) -> None:
    path.write_bytes(b"<html>not found</html>" * 100)


def another_programs(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE bookmarks (url TEXT)")


def of_a_later_release(path: Path) -> None:
    with connect(path, (*STEPS, ("CREATE TABLE later (n INTEGER)",))):
        pass


def without_its_tables(path: Path) -> None:
    with closing(sqlite3.connect(path)) as bare:
        bare.execute(f"PRAGMA user_version = {len(STEPS)}")


def a_directory(path: Path) -> None:
    path.mkdir()


def a_link_to_nothing(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


def text_that_is_none(path: Path) -> None:
    fill(path.parent, [v4(1)])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("UPDATE generation SET collection = CAST(x'ff' AS TEXT)")
        other.execute("UPDATE run SET started = CAST(x'ff' AS TEXT)")


def a_schema_that_is_no_text(path: Path) -> None:
    fill(path.parent, [v4(1)])
    data = path.read_bytes()
    # SQLite names the table whose statement it cannot read: in words that are no text.
    for old, new in (
        (b"tablecontentcontent", b"tablec\x80ntentcontent"),
        (b"CREATE TABLE content", b"CREATX TABLE content"),
    ):
        assert data.count(old) == 1
        data = data.replace(old, new)
    path.write_bytes(data)


def columns_that_are_gone(path: Path) -> None:
    fill(path.parent, [v4(1)])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("DELETE FROM content")


SPOILT = (
    no_database,
    another_programs,
    of_a_later_release,
    without_its_tables,
    a_directory,
    a_link_to_nothing,
    a_schema_that_is_no_text,
    text_that_is_none,
    columns_that_are_gone,
)


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_cannot_be_used_is_set_aside_and_said(
    tmp_path: Path, said: list[str], spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / FILE_NAME)
    assert go_on(tmp_path, []) == []
    assert len(aside(tmp_path)) == 1
    assert len(said) == 1
    assert f"set aside as {aside(tmp_path)[0].name}" in said[0]


@pytest.mark.parametrize("spoil", SPOILT[:-2])
def test_who_only_looks_is_told_and_sets_nothing_aside(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    fill(tmp_path, [v4(1)])
    looking = ledgers(tmp_path)
    (tmp_path / FILE_NAME).unlink()
    spoil(tmp_path / FILE_NAME)
    if spoil is not a_link_to_nothing:
        with pytest.raises(StateError, match="cannot be read") as found:
            ledgers(tmp_path)
        assert "the next run sets it aside" in found.value.cure
        with pytest.raises(StateError, match="cannot be read"):
            looking[0].runs(1)
    assert aside(tmp_path) == []


def test_a_file_damaged_between_two_looks_keeps_what_the_run_took(
    tmp_path: Path,
) -> None:
    fill(tmp_path, [v4(1)])
    ledger = book(tmp_path)
    assert ledger.keep(EDGE, v4(1), ids(v4(1)), NOON) == 1
    assert ledger.keep("Other", v4(2), ids(v4(2)), NOON) == 2
    no_database(tmp_path / FILE_NAME)
    number = ledger.record(run(1, generations=(1, 2)))
    kept = book(tmp_path).run(number)
    assert kept is not None
    found = [book(tmp_path).generation(n) for n in kept.generations]
    assert [g.wanted for g in found if g] == [v4(1), v4(2)]


def test_what_sqlite_left_beside_a_damaged_file_goes_with_it(tmp_path: Path) -> None:
    # SQLite itself throws away a journal that it can read nothing of: so no run here.
    no_database(tmp_path / FILE_NAME)
    (tmp_path / f"{FILE_NAME}-journal").write_bytes(b"journal")
    name = set_aside(tmp_path / FILE_NAME).name
    assert {p.name for p in tmp_path.iterdir()} == {name, f"{name}-journal"}


def test_only_the_last_five_damaged_files_stay(tmp_path: Path) -> None:
    for _ in range(8):
        no_database(tmp_path / FILE_NAME)
        assert book(tmp_path).record(run()) == 1
    assert len(aside(tmp_path)) == 5


def test_a_lock_that_stays_is_waited_for_and_loses_nothing(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "_WAIT", 0.0)
    kept = fill(tmp_path, [v4(1)])
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        ledger = book(tmp_path)
        assert ledger.last_good(EDGE, Family.V4) is None
        assert ledger.record(run()) == 0
    assert len(said) == 1
    assert "database is locked" in said[0]
    assert book(tmp_path).last_good(EDGE, Family.V4) == kept[0]
    assert aside(tmp_path) == []


def test_a_full_disk_loses_the_run_and_nothing_else(
    tmp_path: Path, said: list[str]
) -> None:
    kept = fill(tmp_path, [v4(1)])
    size = (tmp_path / FILE_NAME).stat().st_size
    ledger = book(tmp_path)
    many = v4(*(n * n for n in range(60_000)))
    ledger.keep(EDGE, many, ids(many), NOON)
    before = getrlimit(RLIMIT_FSIZE)
    setrlimit(RLIMIT_FSIZE, (size + PAGE, before[1]))
    try:
        assert ledger.record(run()) == 0
    finally:
        setrlimit(RLIMIT_FSIZE, before)
    assert len(said) == 1
    assert "this run is not in the history" in said[0]
    assert book(tmp_path).last_good(EDGE, Family.V4) == kept[0]
    assert aside(tmp_path) == []


def test_sqlites_own_word_for_a_full_disk_is_no_damage(tmp_path: Path) -> None:
    with connect(tmp_path / FILE_NAME) as file:
        file.execute("PRAGMA max_page_count = 1")
        with pytest.raises(sqlite3.Error, match="full") as found, transaction(file):
            file.execute("INSERT INTO content VALUES (x'00', zeroblob(1000000))")
        assert not file.in_transaction
    assert not is_damage(found.value)


@pytest.mark.parametrize("where", ["absent", "../../../../../../proc"])
def test_a_directory_that_takes_no_file_is_said_once(
    tmp_path: Path, said: list[str], where: str
) -> None:
    ledger = book(tmp_path / where)
    assert ledger.last_good(EDGE, Family.V4) is None
    assert ledger.keep(EDGE, v4(1), ids(v4(1)), NOON) == 1
    assert ledger.record(run()) == 0
    assert ledger.record(run()) == 0
    assert len(said) == 1


def test_a_file_that_cannot_be_set_aside_is_left_and_said_once(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_path: Path, _target: Path) -> Path:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "rename", refuse)
    no_database(tmp_path / FILE_NAME)
    ledger = book(tmp_path)
    assert ledger.last_good(EDGE, Family.V4) is None
    assert ledger.record(run()) == 0
    assert len(said) == 1
    assert "Read-only file system" in said[0]


def test_words_that_no_file_takes_fail_no_run(tmp_path: Path, said: list[str]) -> None:
    kept = fill(tmp_path, [v4(1)])
    assert book(tmp_path).record(run(what="cannot read \udcff")) == 0
    assert len(said) == 1
    assert book(tmp_path).last_good(EDGE, Family.V4) == kept[0]
    assert aside(tmp_path) == []


def test_damaged_files_of_one_instant_do_not_write_over_each_other(
    tmp_path: Path,
) -> None:
    for _ in range(3):
        no_database(tmp_path / FILE_NAME)
        book(tmp_path).record(run())
    assert len({p.name for p in aside(tmp_path)}) == 3
    assert all(a < b for a, b in pairwise(aside(tmp_path)))
