"""Killed at any moment, the file holds a run whole or not; so does a new schema."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ledger.books import EDGE, book, fill, run, v4
from ledger.killing import WANTED, write
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.store.database import STEPS, DamagedError, connect
from tq_conn_citrix_waf.store.ledger import FILE_NAME

TESTS = Path(__file__).parent.parent


def killed(directory: Path, step: int) -> None:
    """Let another process be killed while it writes a run."""
    words = [sys.executable, "-m", "ledger.killing", str(directory), str(step)]
    environment = os.environ | {"PYTHONPATH": str(TESTS)}
    done = subprocess.run(words, check=False, env=environment, capture_output=True)  # noqa: S603  # our own words
    assert done.returncode == -signal.SIGKILL, done.stderr


@pytest.mark.parametrize("part", [0.02, 0.2, 0.4, 0.6, 0.8, 0.99])
def test_a_run_that_is_killed_while_it_writes_leaves_the_last_one_whole(
    tmp_path: Path, part: float
) -> None:
    whole = tmp_path / "whole"
    whole.mkdir()
    kept = fill(whole, [v4(1, 2, 3)])
    directory = Path(shutil.copytree(whole, tmp_path / "killed"))
    steps = write(whole, 0)
    killed(directory, int(part * steps))
    ledger = book(directory)
    assert ledger.last_good(EDGE, Family.V4) == kept[0]
    assert [r.number for r in ledger.runs(9)] == [1]
    with closing(sqlite3.connect(directory / FILE_NAME)) as file:
        assert file.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert book(directory).record(run(2)) == 2
    last = book(whole).last_good(EDGE, Family.V4)
    assert last is not None
    assert last.wanted == WANTED


def test_a_kill_leaves_pages_half_written_for_the_next_run_to_undo(
    tmp_path: Path,
) -> None:
    # Else the test above would not show what its name says.
    whole = tmp_path / "whole"
    whole.mkdir()
    fill(whole, [v4(1, 2, 3)])
    directory = Path(shutil.copytree(whole, tmp_path / "killed"))
    before = (directory / FILE_NAME).read_bytes()
    killed(directory, int(0.9 * write(whole, 0)))
    assert (directory / f"{FILE_NAME}-journal").stat().st_size > 0
    assert (directory / FILE_NAME).read_bytes() != before
    book(directory).runs(1)
    assert (directory / FILE_NAME).read_bytes()[: len(before)] == before


def test_a_new_schema_keeps_what_an_older_release_kept(tmp_path: Path) -> None:
    kept = fill(tmp_path, [v4(1)])
    later = ("ALTER TABLE list ADD COLUMN site TEXT NOT NULL DEFAULT ''",)
    with connect(tmp_path / FILE_NAME, (*STEPS, later, later[:0])) as file:
        assert file.execute("SELECT site FROM list").fetchall() == [("",)]
        assert file.execute("PRAGMA user_version").fetchone() == (len(STEPS) + 2,)
        found = file.execute("SELECT number, collection FROM generation").fetchall()
    assert found == [(kept[0].number, EDGE)]


def test_a_new_schema_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    kept = fill(tmp_path, [v4(1)])
    steps = (*STEPS, ("DROP TABLE part",), ("DROP TABLE absent",))
    with (
        pytest.raises(sqlite3.Error, match="no such table"),
        connect(tmp_path / FILE_NAME, steps),
    ):
        pass
    assert book(tmp_path).last_good(EDGE, Family.V4) == kept[0]
    assert [r.bound for r in book(tmp_path).runs(1)] == [v4(1)]


def test_a_file_that_a_kill_left_empty_is_filled(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).touch()
    assert book(tmp_path).record(run()) == 1


def test_two_that_open_an_older_file_change_it_once(tmp_path: Path) -> None:
    fill(tmp_path, [v4(1)])
    steps = (*STEPS, ("CREATE TABLE later (n INTEGER)",))
    with (
        connect(tmp_path / FILE_NAME, steps),
        connect(tmp_path / FILE_NAME, steps) as second,
    ):
        assert second.execute("SELECT * FROM later").fetchall() == []
    with (
        pytest.raises(DamagedError, match="this release knows"),
        connect(tmp_path / FILE_NAME),
    ):
        pass
