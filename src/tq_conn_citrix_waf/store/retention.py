"""What of the ledger is thrown away: what is old, and what is too much.

A run goes whole, a generation goes whole, and columns go when nobody refers to them.
"""

import sqlite3
from datetime import UTC, datetime, timedelta

RUN_DAYS = 400
"""Runs are kept so long: a year, and the weeks in which somebody asks about it."""
GENERATION_DAYS = 90
"""Generations are kept so long: they are what is large, and a quarter covers audits."""
GENERATIONS_LEAST = 3
"""So many of each collection stay however old: the last one stands in for a source."""
MOST_BYTES = 512 << 20
"""All columns together: over this, both ages shrink. Ninety days of a list that moves
each hour take 200 MB at 20,000 entries, and would take 10 GB at a million."""
_SHRINK = 0.75
_SHORTEST = timedelta(hours=1)


def text(at: datetime) -> str:
    """Return an instant as text that sorts as instants do."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def prune(database: sqlite3.Connection, now: datetime) -> None:
    """Throw away, inside the caller's transaction, what is old at an instant."""
    runs, generations = timedelta(RUN_DAYS), timedelta(GENERATION_DAYS)
    _forget(database, now - runs, now - generations)
    while generations > _SHORTEST and _size(database) > MOST_BYTES:
        runs, generations = runs * _SHRINK, generations * _SHRINK
        _forget(database, now - runs, now - generations)


def _forget(
    database: sqlite3.Connection, runs: datetime, generations: datetime
) -> None:
    database.execute("DELETE FROM run WHERE started < ?", (text(runs),))
    database.execute(
        "DELETE FROM generation WHERE seen < ? AND (SELECT COUNT(*) FROM generation"
        " AS later WHERE later.list = generation.list"
        " AND later.collection = generation.collection"
        " AND later.family = generation.family"
        " AND later.number > generation.number) >= ?",
        (text(generations), GENERATIONS_LEAST),
    )
    database.execute(
        "DELETE FROM content WHERE"
        " NOT EXISTS (SELECT 1 FROM part WHERE content = digest)"
        " AND NOT EXISTS (SELECT 1 FROM generation WHERE wanted = digest)"
        " AND NOT EXISTS (SELECT 1 FROM generation WHERE ids = digest)"
        " AND NOT EXISTS (SELECT 1 FROM generation WHERE left_out = digest)"
        " AND NOT EXISTS (SELECT 1 FROM standing WHERE content = digest)"
    )


def _size(database: sqlite3.Connection) -> int:
    ask = "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM content"
    found: int = database.execute(ask).fetchone()[0]
    return found
