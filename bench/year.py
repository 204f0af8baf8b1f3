"""A year in the lab, a run a day: is each address bound and unbound on its day?

The real command line runs in process against the lab, whose clock leaps from day to
day. What should be bound is told by a calculation of its own (``year_rules``). The year
is run twice: the second time every local file but the configuration is deleted halfway,
and all has to be the same.
"""

import argparse
import io
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.outside import COLLECTION, Site
from tq_conn_citrix_waf import config
from year_history import START, Day, History, Row, Year
from year_rules import Book, first_of

TIME_LIMIT, MINIMUM_STAY = 240, 5
LIMIT = 50_000
_FORM = "%Y-%m-%d %H:%M:%S"
_PATH = f"/threatq/collections/{COLLECTION}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a day.

    Attributes:
        code: the run's exit code.
        expected: what should be bound.
        actual: what is.
        writes: requests that changed something on the appliance.
        said: all that the run said.
    """

    day: Day
    code: int
    expected: set[str]
    actual: set[str]
    writes: int
    said: str

    @property
    def right(self) -> bool:
        """Whether each address is bound that should be, and no other."""
        return self.code == 0 and self.actual == self.expected

    def fault(self) -> str:
        """Say what is wrong."""
        lacks, excess = self.expected - self.actual, self.actual - self.expected
        return (
            f"{self.day.at:%Y-%m-%d}: exit {self.code}, {len(lacks):,} not bound"
            f" ({first_of(lacks)}), {len(excess):,} still bound ({first_of(excess)})"
            f"\n{self.said}"
        )


def configured(directory: Path, time_limit: int, minimum_stay: int) -> Site:
    """Return a site that has made its first run, with both settings."""
    site = Site(directory)
    site.control("PUT", "/dialect", {"dataset_limit": LIMIT})
    site.control("PUT", _PATH, {"indicators": []})
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(io.StringIO()):
        site.configure(patch)
    path = directory / config.FILE_NAME
    chosen = f"time_limit = {time_limit}\nminimum_stay = {minimum_stay}\n"
    text = re.sub(r"(?m)^\[selection\]\n", rf"[selection]\n{chosen}", path.read_text())
    path.write_text(text)
    return site


def play(site: Site, year: Year, book: Book, lose_at: int | None) -> Iterator[Outcome]:
    """Run once a day; yield what became of each.

    Args:
        site: as ``configured``.
        year: its days.
        book: says what should be bound.
        lose_at: the day before which every local file is deleted; None: never.
    """
    for number, day in enumerate(year):
        if number == lose_at:
            lose(site.directory)
        site.control("PUT", "/clock", {"now": day.at.isoformat()})
        rows = [_row(row) for row in day.put]
        change = {"add": rows, "remove": list(day.gone)}
        site.control("POST", f"{_PATH}/change", change)
        apart = [
            {"type": "IP Address", "value": v, "status": "Whitelisted"}
            for v in day.let_through
        ]
        site.control("PUT", "/threatq/collections/Let through", {"indicators": apart})
        mark, said = site.mark, io.StringIO()
        with redirect_stdout(said), redirect_stderr(said):
            code = site.run("-v1")
        writes = len(site.writes(mark))
        yield Outcome(day, code, book.turn(day), site.ours(), writes, said.getvalue())


def lose(directory: Path) -> None:
    """Delete every local file but the configuration."""
    for path in directory.iterdir():
        if path.name != config.FILE_NAME:
            path.unlink()


def _row(row: Row) -> dict[str, object]:
    given: dict[str, object] = {
        "type": "IP Address",
        "value": row.value,
        "status": row.status,
        "updated_at": row.updated.strftime(_FORM),
    }
    if row.expires is not None:
        given["expires_at"] = row.expires.strftime(_FORM)
    return given


def rehearse(year: Year, lose_at: int | None) -> tuple[list[str], int, Counter[str]]:
    """Play a year; return it by the month, how many days were wrong, and the counts."""
    book, wrong, writes = Book(TIME_LIMIT, MINIMUM_STAY), 0, 0
    lines = [f"{'month':<10}{'listed':>9}{'bound':>9}{'writes':>9}  each day"]
    with tempfile.TemporaryDirectory() as place:
        site = configured(Path(place), TIME_LIMIT, MINIMUM_STAY)
        month, bad = f"{START:%Y-%m}", 0
        for outcome in play(site, year, book, lose_at):
            here = f"{outcome.day.at:%Y-%m}"
            if here != month:
                lines.append(_line(month, book, writes, bad))
                month, writes, bad = here, 0, 0
            writes += outcome.writes
            if not outcome.right:
                wrong, bad = wrong + 1, bad + 1
                lines.append(outcome.fault())
        lines.append(_line(month, book, writes, bad))
    return lines, wrong, book.told


def _line(month: str, book: Book, writes: int, bad: int) -> str:
    state = f"{bad} WRONG" if bad else "right"
    return (
        f"{month:<10}{len(book.listed):>9,}{len(book.bound):>9,}{writes:>9,}  {state}"
    )


def main(argv: list[str]) -> int:
    """Play both years; 1 where any day was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="FOLDER/NAME of -base.txt and -churn")
    parser.add_argument("--days", type=int, default=365)
    asked = parser.parse_args(argv)
    try:
        history = History.read(asked.data)
    except OSError as error:
        print(f"no history there: {error}", file=sys.stderr)
        return 2
    print(
        f"{len(history.base):,} addresses and a revision a day for"
        f" {len(history.revisions)} days; time limit {TIME_LIMIT} days, minimum stay"
        f" {MINIMUM_STAY} days; the lab's dataset_limit is {LIMIT:,} here (5,000 is the"
        " only documented figure)"
    )
    started, wrong, halfway = time.monotonic(), 0, asked.days // 2
    year = Year(history, asked.days)
    with ProcessPoolExecutor(2) as pool:
        years = [pool.submit(rehearse, year, lose_at) for lose_at in (None, halfway)]
        for played, how in zip(years, ("never", f"after {halfway} days"), strict=True):
            lines, bad, told = played.result()
            print(f"\nlocal files deleted: {how}")
            print("\n".join(lines))
            wrong += bad
    print()
    for what, count in sorted(told.items()):
        print(f"{count:>9,}  {what}")
    print(f"{wrong} days wrong; {time.monotonic() - started:.0f} s")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
