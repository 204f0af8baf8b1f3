"""The file under the ledger: SQLite, its schema, and what is damage and what is not.

1. A change is one transaction: killed anywhere, the file holds all of it or nothing.
2. ``user_version`` says how many steps of the schema were taken; a file that took more
   than this release knows is one we cannot use.
3. Damage is what would come again at the next run. A full disk or a lock is none: what
   was kept is whole, and setting it aside would lose it for nothing.
"""

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from tq_conn_citrix_waf.ownership import new_file

FILE_NAME = "tq-conn-citrix-waf.ledger.db"
_WAIT = 5.0
"""Seconds to wait for somebody else's lock; reading or writing takes less than two."""
_ASIDE_MOST = 5
"""So many damaged files stay to be looked at: each may be as large as the ledger."""

# Only what SQLite 3.26 knows: RHEL 8 has it, so no STRICT and no RETURNING.
_LISTS = """CREATE TABLE list (
    id INTEGER PRIMARY KEY,
    appliance TEXT NOT NULL,
    block_list TEXT NOT NULL,
    UNIQUE (appliance, block_list))"""
_CONTENT = "CREATE TABLE content (digest BLOB PRIMARY KEY, data BLOB NOT NULL)"
_GENERATIONS = """CREATE TABLE generation (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    list INTEGER NOT NULL REFERENCES list,
    collection TEXT NOT NULL,
    family INTEGER NOT NULL,
    since TEXT NOT NULL,
    seen TEXT NOT NULL,
    entries INTEGER NOT NULL,
    wanted BLOB NOT NULL REFERENCES content,
    ids BLOB NOT NULL REFERENCES content,
    proof BLOB NOT NULL)"""
_RUNS = """CREATE TABLE run (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    list INTEGER NOT NULL REFERENCES list,
    started TEXT NOT NULL,
    record BLOB NOT NULL,
    proof BLOB NOT NULL)"""
_PARTS = """CREATE TABLE part (
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    content BLOB NOT NULL REFERENCES content)"""
_STANDING = """CREATE TABLE standing (
    list INTEGER NOT NULL REFERENCES list,
    family INTEGER NOT NULL,
    seen TEXT NOT NULL,
    content BLOB NOT NULL REFERENCES content,
    proof BLOB NOT NULL,
    PRIMARY KEY (list, family))"""
STEPS: tuple[tuple[str, ...], ...] = (
    (
        _LISTS,
        _CONTENT,
        _GENERATIONS,
        "CREATE INDEX generation_of ON generation (list, collection, family)",
        "CREATE INDEX generation_wanted ON generation (wanted)",
        "CREATE INDEX generation_ids ON generation (ids)",
        _RUNS,
        _PARTS,
        "CREATE INDEX run_of ON run (list)",
        "CREATE INDEX part_run ON part (run)",
        "CREATE INDEX part_content ON part (content)",
    ),
    (
        "ALTER TABLE generation ADD COLUMN left_out BLOB REFERENCES content",
        "CREATE INDEX generation_left_out ON generation (left_out)",
        _STANDING,
        "CREATE INDEX standing_content ON standing (content)",
    ),
)
"""Each step brings the schema from one version to the next; what was released stays."""

_PASSING = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_TOOBIG,
    )
)
_UNREADABLE = (sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_SHORT_READ)


class DamagedError(Exception):
    """What the file holds is not what was written to it, or not for this release."""


def is_damage(error: Exception) -> bool:
    """Whether a trouble is the file's own and would come again."""
    if not isinstance(error, sqlite3.Error):
        # Python decodes SQLite's own words too, and a broken schema stands in them.
        return isinstance(error, DamagedError | UnicodeDecodeError)
    # Python's own errors carry no code; of those, text that is no UTF-8 is damage.
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code & 0xFF == sqlite3.SQLITE_IOERR:  # the low byte is the plain code
        return code in _UNREADABLE
    return code & 0xFF not in _PASSING


@contextmanager
def connect(
    path: Path, steps: Sequence[Sequence[str]] = STEPS
) -> Iterator[sqlite3.Connection]:
    """Open the file, made where it is absent, with the schema of this release.

    Args:
        path: of the file; its directory exists.
        steps: of the schema.

    Raises:
        sqlite3.Error, OSError: SQLite or the system refuses.
        DamagedError: it is another program's file, or a later release's.
    """
    with suppress(FileExistsError):
        # SQLite would make it readable for all that the umask lets in.
        os.close(new_file(path))
    where = f"{path.absolute().as_uri()}?mode=rw"
    opened = sqlite3.connect(where, timeout=_WAIT, isolation_level=None, uri=True)
    with closing(opened) as database:
        database.execute("PRAGMA foreign_keys = ON")
        _migrate(database, steps)
        yield database


@contextmanager
def transaction(database: sqlite3.Connection) -> Iterator[None]:
    """Do all of what is inside, or nothing."""
    database.execute("BEGIN IMMEDIATE")
    try:
        yield
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # SQLite itself ends it where the disk is full
            database.execute("ROLLBACK")
        raise


def _migrate(database: sqlite3.Connection, steps: Sequence[Sequence[str]]) -> None:
    if _version(database) == len(steps):
        return
    with transaction(database):
        version = _version(database)
        if version > len(steps):
            raise DamagedError(
                f"its schema is version {version}, this release knows {len(steps)}"
            )
        if not version and database.execute("SELECT 1 FROM sqlite_master").fetchone():
            raise DamagedError("it is another program's database")
        for step in steps[version:]:
            for statement in step:
                database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(steps)}")


def _version(database: sqlite3.Connection) -> int:
    found: int = database.execute("PRAGMA user_version").fetchone()[0]
    return found


def set_aside(path: Path) -> Path:
    """Rename the file, with the date of its last change; return where it is now.

    Raises:
        OSError: it stays where it is.
    """
    changed = datetime.fromtimestamp(path.lstat().st_mtime, UTC)
    stem = f"{path.name}.{changed:%Y%m%dT%H%M%SZ}"
    names = (f"{stem}.{n}.damaged" for n in count(1))
    aside = next(p for p in map(path.with_name, names) if not os.path.lexists(p))
    # What SQLite left beside it would be rolled into the new file: it goes first.
    for ending in ("-journal", "-wal", "-shm", ""):
        beside = path.with_name(path.name + ending)
        if os.path.lexists(beside):
            beside.rename(aside.with_name(aside.name + ending))
    for old in sorted(path.parent.glob(f"{path.name}.*.damaged"))[:-_ASIDE_MOST]:
        for gone in path.parent.glob(f"{old.name}*"):
            gone.unlink()
    return aside
