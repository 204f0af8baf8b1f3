"""A year in the lab, a run a day: is each address bound and unbound on its day?

The real command line runs in process against the lab, whose clock leaps from day to
day. What should be bound is told by a calculation of its own (``year_rules``). The year
is run twice: the second time every local file but the configuration is deleted halfway,
and all has to be the same.
"""

import argparse
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from document import table, write
from history import History
from kinds.both import Both
from memory import World, world
from support.outside import COLLECTION
from tq_conn_citrix_waf import config
from year_history import START, Day, Row, Year
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


@contextmanager
def chosen(time_limit: int, minimum_stay: int) -> Iterator[World]:
    """Set up a lab and a connector with both settings, and an empty collection."""
    with world(START, LIMIT) as place:
        place.collection([])
        settings = Both(place.site)
        settings.key("selection", f"time_limit = {time_limit}")
        settings.key("selection", f"minimum_stay = {minimum_stay}")
        yield place


def play(
    place: World, year: Year, book: Book, lose_at: int | None
) -> Iterator[Outcome]:
    """Run once a day; yield what became of each.

    Args:
        place: as ``chosen``.
        year: its days.
        book: says what should be bound.
        lose_at: the day before which every local file is deleted; None: never.
    """
    site = place.site
    for number, day in enumerate(year):
        if number == lose_at:
            lose(site.directory)
        place.at(day.at)
        rows = [_row(row) for row in day.put]
        change = {"add": rows, "remove": list(day.gone)}
        site.control("POST", f"{_PATH}/change", change)
        apart = [
            {"type": "IP Address", "value": v, "status": "Whitelisted"}
            for v in day.let_through
        ]
        site.control("PUT", "/threatq/collections/Let through", {"indicators": apart})
        told = place.run()
        yield Outcome(
            day, told.code, book.turn(day), place.entries(), told.wrote, told.said
        )


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


@dataclass(slots=True)
class Played:
    """What became of a year.

    Attributes:
        months: month, listed and bound at its end, writes, days right.
        faults: a day each.
        told: how often each thing happened.
    """

    months: list[tuple[str, int, int, int, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)


def rehearse(year: Year, lose_at: int | None) -> Played:
    """Play a year."""
    book, played = Book(TIME_LIMIT, MINIMUM_STAY), Played()
    with chosen(TIME_LIMIT, MINIMUM_STAY) as place:
        outcomes = play(place, year, book, lose_at)
        for month, days in groupby(outcomes, key=lambda one: f"{one.day.at:%Y-%m}"):
            writes = right = count = 0
            for day in days:
                count, writes, right = count + 1, writes + day.writes, right + day.right
                if not day.right:
                    played.faults.append(day.fault())
            sizes = len(book.listed), len(book.bound)
            played.months.append((month, *sizes, writes, f"{right} of {count}"))
    played.told = book.told
    return played


def main(argv: list[str]) -> int:
    """Play both years; 1 where any day was wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path, help="FOLDER/NAME of -base.txt and -churn")
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--write", type=Path, help="the document to renew")
    asked = parser.parse_args(argv)
    history = History(asked.data)
    if not history.there:
        parser.error(f"there is no {history.name}-base.txt with its -churn.jsonl")
    changes = [(r.add, r.remove) for r in history.revisions() if r.number]
    year = Year(history.base(), changes, asked.days)
    started, halfway = time.monotonic(), asked.days // 2
    with ProcessPoolExecutor(2) as pool:
        years = [pool.submit(rehearse, year, lose_at) for lose_at in (None, halfway)]
        kept, lost = (played.result() for played in years)
    lines = [*_told(year), *_table(kept, lost, halfway)]
    print("\n".join(lines))
    for fault in (*kept.faults, *lost.faults):
        print(fault)
    print(f"({time.monotonic() - started:.0f} s)", file=sys.stderr)
    if asked.write is not None:
        write(asked.write, f"year of {history.name.name}", lines)
    return int(bool(kept.faults or lost.faults))


def _told(year: Year) -> list[str]:
    return textwrap.wrap(
        f"{len(year.base):,} addresses, a revision a day for {len(year.revisions)}"
        f" days, {year.days} runs. Time limit {TIME_LIMIT} days, minimum stay"
        f" {MINIMUM_STAY} days; the lab's dataset_limit is {LIMIT:,} here (5,000 is the"
        " only documented figure).",
        120,
    )


def _table(kept: "Played", lost: "Played", halfway: int) -> list[str]:
    heads = [
        "month",
        "listed",
        "bound",
        "writes",
        "right",
        f"lost after {halfway} days",
    ]
    rows = [
        (*row, again[-1]) for row, again in zip(kept.months, lost.months, strict=True)
    ]
    counts = [(count, what) for what, count in sorted(kept.told.items())]
    return ["", *table(heads, rows), "", *table(["times", "what"], counts)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
