"""The ledger: what runs did, and what each data collection last gave.

1. It never makes a run fail. What goes wrong in it is said, and the run goes on.
2. A damaged file is set aside and a new one begun; one that cannot be used for now (a
   full disk, a lock) stays, and is left alone until the next run.
3. ``keep`` holds a generation in memory; ``record`` writes it with its run, in one
   transaction. One writer: the lock of the configuration directory is held.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.model import Rejections
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.log import fields, log
from tq_conn_citrix_waf.store.database import (
    FILE_NAME,
    DamagedError,
    is_damage,
    set_aside,
)
from tq_conn_citrix_waf.store.packed import Kept, Seen, kept, seen
from tq_conn_citrix_waf.store.records import (
    Counts,
    Generation,
    GenerationLine,
    HeldRecord,
    RunRecord,
    Standing,
)
from tq_conn_citrix_waf.store.shelf import Shelf, shelf

if TYPE_CHECKING:
    from array import array

__all__ = [
    "FILE_NAME",
    "Counts",
    "Generation",
    "GenerationLine",
    "HeldRecord",
    "Ledger",
    "ReadLedger",
    "RunRecord",
    "Standing",
    "ledgers",
]

T = TypeVar("T")
# ValueError: text that has no UTF-8, such as the name of a file can be.
_TROUBLE = (sqlite3.Error, OSError, DamagedError, ValueError)


class Ledger:
    """The ledger of one configuration directory for one data set.

    Args:
        directory: the configuration directory.
        appliance: its URL.
        block_list: the name of the data set.
    """

    def __init__(self, directory: Path, appliance: str, block_list: str) -> None:
        self.path = directory / FILE_NAME
        self.appliance = appliance
        self.block_list = block_list
        self._waiting: list[Kept] = []
        self._seen: list[Seen] = []
        self._off = False

    def last_good(self, collection: str, family: Family) -> Generation | None:
        """Return a collection as it was accepted last; None where that is not known."""
        waiting = self._waits(collection, family)
        if waiting is not None:
            return waiting.generation()

        def ask(file: Shelf, list_: int) -> Generation | None:
            number = file.latest(list_, collection, family)
            return None if number is None else file.generation(list_, number)

        return self._ask(ask, None)

    def keep(
        self,
        collection: str,
        wanted: Ranges,
        ids: "array[int]",
        at: datetime,
        left_out: Rejections | None = None,
    ) -> int:
        """Take a collection as it is accepted now; ``record`` writes it.

        Args:
            collection: its name.
            wanted: its entries.
            ids: for each entry, the id of the indicator that asks for it.
            at: UTC.
            left_out: what it holds and does not get, as far as it is worth keeping.

        Returns:
            The number of the generation; that of the last one if nothing changed.
        """
        new = kept(collection, wanted, ids, at, left_out or Rejections())
        waiting = self._waits(collection, wanted.family)
        if waiting is None:
            number = self._same(new) or self._next()
        elif waiting.digests == new.digests:
            number = waiting.number
            self._waiting.remove(waiting)
        else:
            number = self._next()
        self._waiting.append(replace(new, number=number))
        return number

    def see(self, dataset: Dataset, at: datetime) -> None:
        """Take a data set as it was read last; ``record`` writes it."""
        self._seen.append(seen(dataset, at))

    def record(self, run: RunRecord) -> int:
        """Write a run, the generations that were kept in it, and the sets it saw.

        Returns:
            Its number; 0 where it could not be written.
        """
        generations, self._waiting = self._waiting, []
        sets, self._seen = self._seen, []
        whose = self.appliance, self.block_list
        for _ in ("as it is", "anew, where that is damaged"):
            if self._off:
                break
            try:
                with shelf(self.path) as file:
                    number = file.add(whose, generations, sets, run)
            except _TROUBLE as error:
                self._troubled(error)
            else:
                facts = fields(event="recorded", run=number, exit=run.exit)
                log.info("recorded as run %d", number, extra=facts)
                return number
        return 0

    def runs(self, most: int) -> list[RunRecord]:
        """Return the last runs, newest first."""
        return self._ask(lambda file, list_: file.runs(list_, most), [])

    def numbers(self, most: int) -> list[int]:
        """Return the numbers of the last runs, newest first."""
        return self._ask(lambda file, list_: file.numbers(list_, most), [])

    def numbers_since(self, since: datetime) -> list[int]:
        """Return the numbers of the runs since an instant, newest first."""
        return self._ask(lambda file, list_: file.numbers_since(list_, since), [])

    def run(self, number: int) -> RunRecord | None:
        """Return one run; None where it is not kept."""
        return self._ask(lambda file, list_: file.run(list_, number), None)

    def generations(self, most: int) -> list[GenerationLine]:
        """Return the last generations of all collections, newest first."""
        return self._ask(lambda file, list_: file.lines(list_, most), [])

    def generation(self, number: int) -> Generation | None:
        """Return one generation with its content; None where it is not kept."""
        return self._ask(lambda file, list_: file.generation(list_, number), None)

    def left_out(self, collection: str, family: Family) -> Rejections | None:
        """Return what a collection held last and did not get; None: not kept."""

        def ask(file: Shelf, list_: int) -> Rejections | None:
            number = file.latest(list_, collection, family)
            return None if number is None else file.left_out(number)

        return self._ask(ask, None)

    def left_out_of(self, number: int) -> Rejections | None:
        """Return what was left out of a generation; None: not kept."""
        return self._ask(lambda file, _list: file.left_out(number), None)

    def standing(self, family: Family) -> Standing | None:
        """Return the data set of a family as a run read it last."""
        return self._ask(lambda file, list_: file.standing(list_, family), None)

    def difference(self, before: int, after: int) -> tuple[Ranges, Ranges] | None:
        """Return what one generation adds to another, and what it removes.

        Returns:
            None where one of them is not kept, or they are of different families.
        """
        one, two = self.generation(before), self.generation(after)
        if one is None or two is None or one.wanted.family is not two.wanted.family:
            return None
        return two.wanted.subtract(one.wanted), one.wanted.subtract(two.wanted)

    def _ask(self, ask: Callable[[Shelf, int], T], default: T) -> T:
        try:
            if self._off or not self.path.exists():
                return default
            with shelf(self.path) as file:
                return ask(file, file.find(self.appliance, self.block_list))
        except _TROUBLE as error:
            self._troubled(error)
            return default

    def _waits(self, collection: str, family: Family) -> Kept | None:
        of = (collection, family)
        found = [k for k in self._waiting if (k.collection, k.family) == of]
        return found[-1] if found else None

    def _same(self, new: Kept) -> int:
        """Return the number of the last generation if it is the same, else 0."""

        def ask(file: Shelf, list_: int) -> int:
            number = file.latest(list_, new.collection, new.family) or 0
            return number if number and file.digests(number) == new.digests else 0

        return self._ask(ask, 0)

    def _next(self) -> int:
        """Return a number that no generation has had."""
        following = self._ask(lambda file, _list: file.following(), 1)
        return max([following, *(k.number + 1 for k in self._waiting)])

    def _troubled(self, error: Exception) -> None:
        """Say what is wrong, and leave the file alone or begin a new one."""
        why: object = error
        if is_damage(error):
            try:
                aside = set_aside(self.path)
            except OSError as refused:
                why = f"{error}; {refused.strerror}"
            else:
                log.warning(
                    "the ledger %s cannot be used (%s): set aside as %s, a new one is"
                    " begun",
                    self.path,
                    error,
                    aside.name,
                )
                return
        self._off = True
        log.warning(
            "the ledger %s cannot be used (%s): this run is not in the history",
            self.path,
            why,
        )


class ReadLedger(Ledger):
    """The ledger for somebody who only looks: its trouble is his, and it stays.

    Every method that reads may raise ``StateError``.
    """

    def _troubled(self, error: Exception) -> None:
        raise unreadable(self.path, error) from error


def ledgers(directory: Path) -> list[ReadLedger]:
    """Return the ledger of each data set of which a directory knows runs.

    Raises:
        StateError: the file cannot be read.
    """
    path = directory / FILE_NAME
    try:
        if not path.exists():
            return []
        with shelf(path) as file:
            return [ReadLedger(directory, *whose) for whose in file.lists()]
    except _TROUBLE as error:
        raise unreadable(path, error) from error


def unreadable(path: Path, error: Exception) -> StateError:
    """Return the error that the file cannot be read."""
    cure = "run it again; if it stays so, look who works with the file"
    if is_damage(error):
        cure = "nothing: the next run sets it aside and begins a new one"
    return StateError(f"the ledger {path} cannot be read: {error}", cure)
