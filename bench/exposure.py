"""What safety is worth, in address-hours: for this connector and for simpler ways.

Usage: exposure.py FOLDER/NAME [--seeds N] [--write DOCUMENT --plot FILE.svg]

1. Runs are at each revision, and every hour until the next. 5 % of them are struck by
   a fault or killed, drawn from a seed; all ways meet the same ones.
2. *Unprotected* is an address that should be blocked and is not, for an hour; *wrongly
   blocked* one that is and should not be. What should be is the publisher's last list.
3. This connector is the real program against the lab. Of its runs those are left out
   that would find nothing to do. What it holds back a person allows 8 hours later.
"""

import argparse
import random
import sys
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

from document import table, write
from history import V4, V6, Address, History, Revision
from hits import Hit, draw, luck
from memory import DOCUMENTED, Told, World, world
from others import WAYS
from plot import Curve, draw_curves
from support.outside import Killed

RAISED = 50_000
HOUR = timedelta(hours=1)
ANSWER = timedelta(hours=8)
"""So long does a person need to allow what was held: a night, or a working day."""
OURS = "this connector"


@dataclass(frozen=True, slots=True)
class Slot:
    """The time from one run to the next.

    Attributes:
        hours: how long it is.
        fresh: whether the list became another one since the run before.
        hit: what strikes the run.
    """

    at: datetime
    hours: float
    revision: Revision
    fresh: bool
    hit: Hit | None


@dataclass(slots=True)
class Exposure:
    """Address-hours of one way, summed up over time.

    Attributes:
        unprotected, wrong: so far.
        least: the smallest share of the wanted addresses that was ever blocked.
        curve: after each run the hours since the start, and both sums.
    """

    unprotected: float = 0.0
    wrong: float = 0.0
    least: float = 1.0
    curve: list[tuple[float, float, float]] = field(default_factory=list)

    def add(
        self, wanted: frozenset[Address], blocked: frozenset[Address], hours: float
    ) -> None:
        """Take in one slot."""
        open_ = len(wanted - blocked)
        self.unprotected += open_ * hours
        self.wrong += len(blocked - wanted) * hours
        self.least = min(self.least, 1 - open_ / max(1, len(wanted)))
        before = self.curve[-1][0] if self.curve else 0.0
        self.curve.append((before + hours, self.unprotected, self.wrong))


def slots(revisions: Iterator[Revision], rng: random.Random) -> Iterator[Slot]:
    """Yield every run's slot: at each revision, and hourly until the next."""
    here = next(revisions)
    for there in [*revisions, None]:
        end = here.at + HOUR if there is None else there.at
        times = [here.at]
        while times[-1] + HOUR < end:
            times.append(times[-1] + HOUR)
        for at, until in pairwise([*times, end]):
            hit = draw(rng) if here.number else None
            yield Slot(at, (until - at) / HOUR, here, at == here.at, hit)
        if there is not None:
            here = there


@dataclass(slots=True)
class Keeper:
    """This connector, run slot by slot, and the person who looks after it.

    ``asked`` counts what a person had to allow; ``ended`` the runs by exit code, and
    those that were killed.
    """

    world: World
    versions: Sequence[int]
    blocked: frozenset[Address] = frozenset()
    settled: bool = False
    held: Told | None = None
    since: datetime | None = None
    asked: int = 0
    ended: Counter[str] = field(default_factory=Counter)

    def pass_(self, slot: Slot) -> frozenset[Address]:
        """Do what is due at a slot; return what is blocked until the next."""
        self.world.at(slot.at)
        if slot.fresh:
            self._publish(slot.revision)
        elif self.settled and slot.hit is None:
            return self.blocked
        if self.held and self.since and slot.at - self.since >= ANSWER:
            self.world.approve(self.held.held)
            self.asked += len(self.held.held)
            self.since = None
        told = self._run(slot.hit)
        self.settled = told is not None and told.code == 0
        if told is not None:
            self.held = told if told.held else None
            self.since = (self.since or slot.at) if told.held else None
        self.blocked = self.world.blocked()
        return self.blocked

    def _publish(self, revision: Revision) -> None:
        if revision.number:
            self.world.change(revision.add, revision.remove)
        else:
            self.world.collection(sorted(revision.listed))

    def _run(self, hit: Hit | None) -> Told | None:
        """Run; None where the process was killed."""
        with nullcontext() if hit is None else hit.on(self.world):
            try:
                told = self.world.run()
            except Killed:
                told = None
        self.ended["killed" if told is None else str(told.code)] += 1
        return told


@dataclass(frozen=True, slots=True)
class Measured:
    """The exposure of each way over one history, and what became of our runs."""

    found: dict[str, Exposure]
    ended: Counter[str]
    asked: int


def expose(history: History, seed: int) -> Measured:
    """Play one history with the bad luck of one seed."""
    base = history.base()
    versions = (V4, V6) if any(":" in value for value in base) else (V4,)
    found = {way: Exposure() for way in [OURS, *WAYS]}
    blocked: dict[str, frozenset[Address]] = dict.fromkeys(WAYS, frozenset())
    wanted: frozenset[Address] = frozenset()
    first = next(history.revisions()).at
    limit = DOCUMENTED if len(base) <= DOCUMENTED else RAISED
    with world(first, limit, both=V6 in versions) as place:
        keeper = Keeper(place, versions)
        for slot in slots(history.revisions(), luck(seed)):
            listed = slot.revision.wanted(*versions)
            wanted = listed or wanted
            for way, step in WAYS.items():
                blocked[way] = step(blocked[way], listed, slot.hit)
                found[way].add(wanted, blocked[way], slot.hours)
            found[OURS].add(wanted, keeper.pass_(slot), slot.hours)
    return Measured(found, keeper.ended, keeper.asked)


def play(history: History, seeds: int) -> list[Measured]:
    """Play a history with each of some seeds, a process each."""
    if seeds == 1:
        return [expose(history, 1)]
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        return list(pool.map(partial(expose, history), range(1, seeds + 1)))


def main(words: list[str]) -> int:
    """Measure, print, and write."""
    parser = argparse.ArgumentParser(prog="make exposure", description=__doc__)
    parser.add_argument("data", type=Path, help="FOLDER/NAME of NAME-base.txt")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--write", type=Path, help="the document to renew")
    parser.add_argument("--plot", type=Path, help="the plot to draw, as SVG")
    options = parser.parse_args(words)
    history = History(options.data)
    if not history.there:
        parser.error(f"there is no {history.name}-base.txt with its -churn.jsonl")
    lines = shown(measured := play(history, options.seeds))
    print("\n".join(lines))
    if options.write is not None:
        write(options.write, f"exposure of {history.name.name}", lines)
    if options.plot is not None:
        options.plot.write_text(draw_curves(_curves(measured[0].found)), "utf-8")
    return 0


def shown(measured: Sequence[Measured]) -> list[str]:
    """Return the table: the mean over the seeds, and of the least the least."""
    number = len(measured)
    rows: list[Sequence[object]] = []
    for way in measured[0].found:
        ones = [one.found[way] for one in measured]
        unprotected = round(sum(one.unprotected for one in ones) / number)
        wrong = round(sum(one.wrong for one in ones) / number)
        least = f"{100 * min(one.least for one in ones):.1f} %"
        rows.append((way, unprotected, wrong, least))
    ended: Counter[str] = sum((one.ended for one in measured), Counter())
    runs = ", ".join(f"{n:,} with {code}" for code, n in sorted(ended.items()))
    hours = measured[0].found[OURS].curve[-1][0]
    asked = sum(one.asked for one in measured) / number
    said = (
        f"Over {hours:,.0f} hours, the mean of {number} seeds. This connector's runs"
        f" ended: {runs.replace('with killed', 'killed')}. Consents:"
        f" {asked:.1f} a seed."
    )
    heads = ["way", "address-hours unprotected", "wrongly blocked", "least protected"]
    return [*table(heads, rows), "", *textwrap.wrap(said, 100)]


def _curves(found: dict[str, Exposure]) -> list[Curve]:
    return [
        Curve(
            way,
            [(hours / 24, unprotected) for hours, unprotected, _ in one.curve],
            [(hours / 24, wrong) for hours, _, wrong in one.curve],
        )
        for way, one in found.items()
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
