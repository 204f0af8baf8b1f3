"""What was left out and what stood on the appliance read back; old ledgers too."""

import hashlib
import random
import sqlite3
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from ledger.books import EDGE, NOON, WORDS, book, ids, run, v4
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.model import Reason, Rejections
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.store.columns import (
    pack_dataset,
    pack_rejections,
    unpack_dataset,
    unpack_rejections,
)
from tq_conn_citrix_waf.store.database import STEPS, connect
from tq_conn_citrix_waf.store.ledger import FILE_NAME

ROWS = st.lists(
    st.tuples(st.integers(0, 2**62), WORDS, st.sampled_from(Reason)), max_size=9
)
BINDINGS = st.lists(
    st.tuples(
        st.sampled_from(["192.0.2.1", "192.0.2.0/28", "192.0.2.9/28", "word", "::1"]),
        st.sampled_from(["", "192.0.2.77"]),
        st.sampled_from(["", "by hand", "tq-waf:0a0b0c0d:2026-03-01"]),
    ),
    max_size=6,
)


def rejections(rows: list[tuple[int, str, Reason]]) -> Rejections:
    found = Rejections()
    for id_, value, reason in rows:
        found.add_value(id_, value, reason)
    return found


def dataset(rows: list[tuple[str, str, str]]) -> Dataset:
    found = Dataset("bl4", Family.V4)
    for value, end, comment in rows:
        found.add(value, end, comment, 0)
    found.sort()
    return found


def shown(data: Dataset) -> object:
    rows = [data.binding(row) for row in range(len(data.firsts))]
    return data.name, data.family, rows, data.unread


@given(ROWS)
def test_rejections_unpack_to_what_was_packed(
    rows: list[tuple[int, str, Reason]],
) -> None:
    packed = pack_rejections(rejections(rows))
    assert sorted(unpack_rejections(packed)) == sorted(rows)


@given(BINDINGS)
def test_a_data_set_unpacks_to_what_was_packed(
    rows: list[tuple[str, str, str]],
) -> None:
    data = dataset(rows)
    assert shown(unpack_dataset(pack_dataset(data))) == shown(data)


def test_what_is_left_out_is_that_of_the_last_time_and_makes_no_generation(
    tmp_path: Path,
) -> None:
    for hour, reason in enumerate((Reason.EXPIRED, Reason.WHITELISTED)):
        ledger = book(tmp_path)
        left = rejections([(7, "192.0.2.7", reason)])
        number = ledger.keep(EDGE, v4(1), ids(v4(1)), NOON, left)
        assert number == 1
        ledger.record(run(hour))
        kept = book(tmp_path).left_out(EDGE, Family.V4)
        assert kept is not None
        assert [*kept] == [(7, "192.0.2.7", reason)]
    assert book(tmp_path).left_out(EDGE, Family.V6) is None
    assert book(tmp_path, "bl6").left_out(EDGE, Family.V4) is None


def test_a_set_is_kept_as_it_was_read_last_and_once(tmp_path: Path) -> None:
    for hour, comment in enumerate(("by hand", "tq-waf:0a0b0c0d:2026-03-01")):
        ledger = book(tmp_path)
        data = dataset([("192.0.2.1", "", comment)])
        ledger.see(data, NOON + timedelta(hours=hour))
        ledger.record(run(hour))
        standing = book(tmp_path).standing(Family.V4)
        assert standing is not None
        assert standing.at == NOON + timedelta(hours=hour)
        assert shown(standing.dataset) == shown(data)
    assert book(tmp_path).standing(Family.V6) is None
    assert book(tmp_path, "bl6").standing(Family.V4) is None
    with connect(tmp_path / FILE_NAME) as database:
        kept = database.execute("SELECT COUNT(*) FROM content").fetchone()[0]
    assert kept == 3, "the set, and what the run bound and unbound: nothing, twice"


def test_a_ledger_of_the_release_before_is_read_and_written_on(tmp_path: Path) -> None:
    ledger = book(tmp_path)
    ledger.keep(EDGE, v4(1), ids(v4(1)), NOON)
    ledger.record(run())
    make_old(tmp_path / FILE_NAME)
    last = book(tmp_path).last_good(EDGE, Family.V4)
    assert last is not None
    assert last.wanted == v4(1)
    assert book(tmp_path).left_out(EDGE, Family.V4) is None
    assert [r.number for r in book(tmp_path).runs(9)] == [1]
    ledger = book(tmp_path)
    left = rejections([(7, "192.0.2.7", Reason.EXPIRED)])
    assert ledger.keep(EDGE, v4(1), ids(v4(1)), NOON, left) == 1
    ledger.record(run(1))
    kept = book(tmp_path).left_out(EDGE, Family.V4)
    assert kept is not None
    assert len(kept) == 1


def make_old(path: Path) -> None:
    """Bring a ledger back to the first schema, its rows with their old proofs."""
    draft = path.with_name("old.db")
    with connect(draft, STEPS[:1]) as old:
        old.execute("ATTACH ? AS new", (str(path),))
        old.execute("BEGIN")
        old.execute("INSERT INTO list SELECT * FROM new.list")
        old.execute("INSERT INTO content SELECT * FROM new.content")
        for table in ("run", "part"):
            old.execute(f"INSERT INTO {table} SELECT * FROM new.{table}")  # noqa: S608  # a constant
        for row in old.execute("SELECT * FROM new.generation").fetchall():
            kept = row[:9]
            old.execute(
                "INSERT INTO generation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (*kept, old_proof(kept)),
            )
        old.execute("COMMIT")
    draft.replace(path)


def old_proof(row: tuple[object, ...]) -> bytes:
    return hashlib.sha256(repr(row).encode()).digest()


def test_of_what_is_left_out_only_what_has_to_do_with_addresses_is_kept() -> None:
    found = rejections(
        [
            (1, "203.0.113[.]7", Reason.EXPIRED),
            (2, "https://example.org/", Reason.OTHER_TYPE),
            (3, "203.0.113.8", Reason.OTHER_TYPE),
            (4, "203.0.113.07" + "x" * 900, Reason.MALFORMED),
            (5, "10.0.0.1", Reason.NEVER_BLOCK),
        ]
    ).of_addresses()
    assert [*found.ids] == [1, 3, 4, 5]
    assert max(map(len, found.values)) == 100


def test_a_hundred_thousand_take_little_room(tmp_path: Path) -> None:
    rng = random.Random(1)  # noqa: S311  # the same list each time
    numbers = rng.sample(range(1 << 24, 0xE0000000), 115_000)
    many = Ranges.of(Family.V4, ((n, n) for n in numbers[:100_000]))
    data, left = Dataset("bl4", Family.V4), Rejections()
    for one in many:
        day = rng.randrange(1, 29)
        data.add(str(one), "", f"tq-waf:0a0b0c0d:2026-02-{day:02}", 0)
    data.sort()
    for n in numbers[100_000:]:
        left.add_value(n, str(AddressRange(Family.V4, n, n)), Reason.EXPIRED)
    ledger = book(tmp_path)
    ledger.keep(EDGE, many, ids(many), NOON, left)
    ledger.see(data, NOON)
    ledger.record(run())
    with connect(tmp_path / FILE_NAME) as database:
        sizes = sorted(size(database))
    assert sizes[-1] < 450_000, "the set: 4.5 bytes an entry"
    assert sum(sizes) < 1_200_000


def size(database: sqlite3.Connection) -> list[int]:
    rows = database.execute("SELECT LENGTH(data) FROM content").fetchall()
    return [found for (found,) in rows]
