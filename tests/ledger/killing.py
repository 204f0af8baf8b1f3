"""A process that is killed while it writes a ledger: DIRECTORY STEP.

It counts the steps of SQLite's machine and ends itself, without a word to anybody, at
the one asked for. It prints how many there were where it was not killed.
"""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

from ledger.books import EDGE, NOON, ids, run, v4
from tq_conn_citrix_waf.core.model import Rejections
from tq_conn_citrix_waf.store.database import FILE_NAME, connect
from tq_conn_citrix_waf.store.packed import kept
from tq_conn_citrix_waf.store.shelf import Shelf

WANTED = v4(*(n * n for n in range(40_000)))
WHOSE = ("https://adc.example", "bl4")


def write(directory: Path, step: int) -> int:
    """Write one run with one generation; return the steps that it took."""
    seen = 0

    def count() -> int:
        nonlocal seen
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    with connect(directory / FILE_NAME) as database:
        # Pages go to the disk as they change, and not only with the COMMIT.
        database.execute("PRAGMA cache_size = 1")
        database.set_progress_handler(count, 1)
        shelf = Shelf(database)
        new = kept(EDGE, WANTED, ids(WANTED), NOON, Rejections())
        new = replace(new, number=shelf.following())
        shelf.add(WHOSE, [new], [], run(1, generations=(new.number,), bound=WANTED))
    return seen


if __name__ == "__main__":
    print(write(Path(sys.argv[1]), int(sys.argv[2])))  # noqa: T201  # its answer
