"""What is old goes, what a run may need stays, and the file does not grow for ever."""

from datetime import timedelta
from pathlib import Path

import pytest

from ledger.books import EDGE, NOON, book, fill, ids, run, v4
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.store import retention
from tq_conn_citrix_waf.store.database import connect
from tq_conn_citrix_waf.store.ledger import FILE_NAME

DAY = 24.0


def contents(directory: Path) -> int:
    with connect(directory / FILE_NAME) as database:
        found: int = database.execute("SELECT COUNT(*) FROM content").fetchone()[0]
        return found


def test_of_old_generations_the_last_three_stay(tmp_path: Path) -> None:
    fill(tmp_path, [v4(n) for n in range(6)])
    book(tmp_path).record(run(retention.GENERATION_DAYS * DAY + 6))
    assert [g.number for g in book(tmp_path).generations(9)] == [6, 5, 4]
    last = book(tmp_path).last_good(EDGE, Family.V4)
    assert last is not None
    assert last.wanted == v4(5)


def test_a_generation_seen_again_is_not_old(tmp_path: Path) -> None:
    fill(tmp_path, [v4(n) for n in range(5)])
    later = NOON + timedelta(days=retention.GENERATION_DAYS)
    ledger = book(tmp_path)
    assert ledger.keep(EDGE, v4(4), ids(v4(4)), later) == 5
    ledger.record(run(retention.GENERATION_DAYS * DAY + 1))
    assert [g.since for g in book(tmp_path).generations(1)] == [
        NOON + timedelta(hours=4)
    ]
    assert len(book(tmp_path).generations(9)) == 4


def test_old_runs_go_and_their_columns_with_them(tmp_path: Path) -> None:
    for n in range(3):
        book(tmp_path).record(run(n, bound=v4(n)))
    before = contents(tmp_path)
    number = book(tmp_path).record(run(retention.RUN_DAYS * DAY + 1.5))
    assert [r.number for r in book(tmp_path).runs(9)] == [number, 3]
    assert contents(tmp_path) == before - 2


def test_a_number_is_not_given_again_when_all_is_gone(tmp_path: Path) -> None:
    book(tmp_path).record(run())
    book(tmp_path).record(run(1))
    assert book(tmp_path).record(run(2 * retention.RUN_DAYS * DAY)) == 3
    assert book(tmp_path).record(run(4 * retention.RUN_DAYS * DAY)) == 4


def test_too_much_makes_what_is_kept_younger_but_never_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lists = [v4(*range(n, 60_000, 7)) for n in range(6)]
    for day, wanted in enumerate(lists):
        ledger = book(tmp_path)
        ledger.keep(EDGE, wanted, ids(wanted), NOON + timedelta(days=10 * day))
        ledger.record(run(10 * day * DAY))
    monkeypatch.setattr(retention, "MOST_BYTES", 1)
    number = book(tmp_path).record(run(50 * DAY))
    assert [g.number for g in book(tmp_path).generations(9)] == [6, 5, 4]
    assert book(tmp_path).run(number) is not None
    assert book(tmp_path).run(1) is None
