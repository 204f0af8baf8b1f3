"""What the ledger asks of its file: rows in, rows out, and what is thrown away.

1. Columns are kept once, under their digest, whoever refers to them.
2. Whatever is read is held against a digest: bytes that changed are damage, never a
   list that is almost the right one.
3. Numbers are never given twice.
"""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from tq_conn_citrix_waf.core.model import Rejections
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.store.columns import (
    pack_ranges,
    unpack_dataset,
    unpack_ids,
    unpack_ranges,
    unpack_rejections,
)
from tq_conn_citrix_waf.store.database import DamagedError, connect, transaction
from tq_conn_citrix_waf.store.packed import Kept, Seen, digest_of
from tq_conn_citrix_waf.store.records import (
    Generation,
    GenerationLine,
    RunRecord,
    Standing,
)
from tq_conn_citrix_waf.store.retention import prune, text

_GENERATION = (
    "number, list, collection, family, since, seen, entries, wanted, ids, left_out"
)


@contextmanager
def shelf(path: Path) -> "Iterator[Shelf]":
    """Open a file; raises as ``connect`` does."""
    with connect(path) as database:
        yield Shelf(database)


class Shelf:
    """An open file.

    Every method may raise ``sqlite3.Error``, and one that reads ``DamagedError``.
    """

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def lists(self) -> list[tuple[str, str]]:
        """Return (appliance, data set) of each list, in the order of their first."""
        return self._db.execute(
            "SELECT appliance, block_list FROM list ORDER BY id"
        ).fetchall()

    def find(self, appliance: str, block_list: str) -> int:
        """Return the number of a list; 0, which none has, where it is not known."""
        row = self._one(
            "SELECT id FROM list WHERE appliance = ? AND block_list = ?",
            appliance,
            block_list,
        )
        return 0 if row is None else row[0]

    def latest(self, list_: int, collection: str, family: Family) -> int | None:
        """Return the number of a collection's last generation."""
        row = self._one(
            "SELECT MAX(number) FROM generation"
            " WHERE list = ? AND collection = ? AND family = ?",
            list_,
            collection,
            int(family),
        )
        return None if row is None else row[0]

    def following(self) -> int:
        """Return the number that the next generation gets."""
        row = self._one("SELECT seq FROM sqlite_sequence WHERE name = 'generation'")
        return 1 if row is None else row[0] + 1

    def digests(self, number: int) -> tuple[bytes, bytes]:
        """Return what names the content of a generation."""
        found = self._generation(number)
        return found[7], found[8]

    def generation(self, list_: int, number: int) -> Generation | None:
        """Return a generation of a list."""
        known = "SELECT 1 FROM generation WHERE list = ? AND number = ?"
        if self._one(known, list_, number) is None:
            return None
        _, _, collection, _, _, at, _, wanted, ids, _ = self._generation(number)
        ranges, column = unpack_ranges(self._take(wanted)), unpack_ids(self._take(ids))
        return Generation(number, collection, _when(at), ranges, column)

    def left_out(self, number: int) -> Rejections | None:
        """Return what was left out of a generation; None where that is not kept."""
        digest = self._generation(number)[-1]
        return None if digest is None else unpack_rejections(self._take(digest))

    def standing(self, list_: int, family: Family) -> Standing | None:
        """Return a data set as it was read last."""
        row = self._one(
            "SELECT * FROM standing WHERE list = ? AND family = ?", list_, int(family)
        )
        if row is None:
            return None
        if _proof(row[:-1]) != row[-1]:
            raise DamagedError("the set as it was last is not what was written")
        return Standing(_when(row[2]), unpack_dataset(self._take(row[3])))

    def lines(self, list_: int, most: int) -> list[GenerationLine]:
        """Return the last generations of a list, newest first."""
        rows = self._db.execute(
            "SELECT number FROM generation WHERE list = ? ORDER BY number DESC LIMIT ?",
            (list_, most),
        ).fetchall()
        found = []
        for (number,) in rows:
            _, _, name, family, since, at, entries, *_ = self._generation(number)
            ages = _when(since), _when(at)
            line = GenerationLine(number, name, Family(family), *ages, entries)
            found.append(line)
        return found

    def runs(self, list_: int, most: int) -> list[RunRecord]:
        """Return the last runs of a list, newest first."""
        rows = self._db.execute(
            "SELECT * FROM run WHERE list = ? ORDER BY number DESC LIMIT ?",
            (list_, most),
        ).fetchall()
        return [self._run(*row) for row in rows]

    def numbers(self, list_: int, most: int) -> list[int]:
        """Return the numbers of the last runs of a list, newest first."""
        ask = "SELECT number FROM run WHERE list = ? ORDER BY number DESC LIMIT ?"
        return [number for (number,) in self._db.execute(ask, (list_, most))]

    def numbers_since(self, list_: int, since: datetime) -> list[int]:
        """Return the numbers of the runs of a list since an instant, newest first."""
        ask = "SELECT number FROM run WHERE list = ? AND started >= ?"
        rows = self._db.execute(f"{ask} ORDER BY number DESC", (list_, text(since)))
        return [number for (number,) in rows]

    def run(self, list_: int, number: int) -> RunRecord | None:
        """Return one run of a list."""
        row = self._one(
            "SELECT * FROM run WHERE list = ? AND number = ?", list_, number
        )
        return None if row is None else self._run(*row)

    def add(
        self,
        whose: tuple[str, str],
        generations: Iterable[Kept],
        sets: Iterable[Seen],
        run: RunRecord,
    ) -> int:
        """Keep a run and what it saw, throw away what is old: one transaction.

        Returns:
            The number of the run.
        """
        with transaction(self._db):
            self._db.execute(
                "INSERT OR IGNORE INTO list (appliance, block_list) VALUES (?, ?)",
                whose,
            )
            list_ = self.find(*whose)
            numbers = {one.number: self._keep(list_, one) for one in generations}
            used = tuple(numbers.get(number, number) for number in run.generations)
            number = self._record(list_, replace(run, generations=used))
            for one in sets:
                self._stand(list_, one)
            prune(self._db, run.ended)
        return number

    def _keep(self, list_: int, one: Kept) -> int:
        """Keep a generation, or that it was seen again; return its number."""
        number, since = one.number, text(one.at)
        if self._one("SELECT 1 FROM generation WHERE number = ?", number) is not None:
            found = self._generation(number)
            if (found[1], *found[7:9]) == (list_, *one.digests):
                since = found[4]
                self._db.execute("DELETE FROM generation WHERE number = ?", (number,))
            else:  # another list's, kept since the number was taken
                number = self.following()
        for data in (one.wanted, one.ids, one.left_out):
            self._put(digest_of(data), data)
        row = (
            number,
            list_,
            one.collection,
            int(one.family),
            since,
            text(one.at),
            one.entries,
            *one.digests,
            digest_of(one.left_out),
        )
        self._db.execute(
            f"INSERT INTO generation ({_GENERATION}, proof)"  # noqa: S608  # a constant
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, _proof(row)),
        )
        return number

    def _stand(self, list_: int, one: Seen) -> None:
        digest = digest_of(one.data)
        self._put(digest, one.data)
        row = (list_, int(one.family), text(one.at), digest)
        self._db.execute(
            "INSERT OR REPLACE INTO standing (list, family, seen, content, proof)"
            " VALUES (?, ?, ?, ?, ?)",
            (*row, _proof(row)),
        )

    def _record(self, list_: int, run: RunRecord) -> int:
        parts: dict[bytes, bytes] = {}

        def name(value: object) -> str:
            if not isinstance(value, Ranges):
                raise NotImplementedError(type(value).__name__)
            packed = pack_ranges(value)
            parts[digest_of(packed)] = packed
            return digest_of(packed).hex()

        record = msgspec.json.encode(run, enc_hook=name)
        row = (list_, text(run.started), record)
        number = self._db.execute(
            "INSERT INTO run (list, started, record, proof) VALUES (?, ?, ?, ?)",
            (*row, _proof(row)),
        ).lastrowid
        for digest, data in parts.items():
            self._put(digest, data)
            self._db.execute(
                "INSERT INTO part (run, content) VALUES (?, ?)", (number, digest)
            )
        return number or 0

    def _put(self, digest: bytes, data: bytes) -> None:
        self._db.execute(
            "INSERT OR IGNORE INTO content (digest, data) VALUES (?, ?)", (digest, data)
        )

    def _take(self, digest: bytes) -> bytes:
        row = self._one("SELECT data FROM content WHERE digest = ?", digest)
        if row is None or not isinstance(row[0], bytes) or digest_of(row[0]) != digest:
            raise DamagedError("some of its content is not what was written")
        data: bytes = row[0]
        return data

    def _generation(self, number: int) -> tuple[Any, ...]:
        found = self._one(
            f"SELECT {_GENERATION}, proof FROM generation WHERE number = ?",  # noqa: S608  # a constant
            number,
        )
        # One that an earlier release kept has no last column.
        proven = None if found is None else found[: 10 if found[9] is not None else 9]
        if found is None or proven is None or _proof(proven) != found[-1]:
            raise DamagedError(f"generation {number} is not what was written")
        return found[:-1]

    def _run(self, number: int, *row: Any) -> RunRecord:  # noqa: ANN401  # a row
        if _proof(row[:-1]) != row[-1]:
            raise DamagedError(f"run {number} is not what was written")

        def taken(_type: type, name: str) -> Ranges:
            return unpack_ranges(self._take(bytes.fromhex(name)))

        try:
            record = msgspec.json.decode(row[2], type=RunRecord, dec_hook=taken)
        except msgspec.DecodeError as error:
            raise DamagedError(f"run {number}: {error}") from error
        return replace(record, number=number)

    def _one(self, ask: str, *values: object) -> tuple[Any, ...] | None:
        found: tuple[Any, ...] | None = self._db.execute(ask, values).fetchone()
        return found


def _proof(row: tuple[Any, ...]) -> bytes:
    return hashlib.sha256(repr(row).encode()).digest()


def _when(text: str) -> datetime:
    return datetime.fromisoformat(text)
