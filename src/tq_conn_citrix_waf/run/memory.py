"""What runs left in the configuration directory, for somebody who only looks.

What cannot be read is said once, and is as if it had never been: whoever asks gets what
else is known.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.facts import Hold, LastRun
from tq_conn_citrix_waf.core.guard import Consent, Held, granted
from tq_conn_citrix_waf.core.model import Rejections
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.core.seen import enclosed
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.run.asked import Kept
from tq_conn_citrix_waf.store.consents import Consents, held_back
from tq_conn_citrix_waf.store.ledger import ReadLedger, RunRecord, Standing

T = TypeVar("T")
_LOOKED_BACK = 10
"""So many runs are looked through for one that came as far as a plan."""


@dataclass(slots=True)
class Memory:
    """What runs left for one appliance and data set.

    Attributes:
        ledger: None where nobody knows whose.
        approvals: how many persons must approve what is held.
        notes: what could not be read.
    """

    directory: Path
    ledger: ReadLedger | None
    approvals: int = 1
    notes: list[str] = field(default_factory=list)

    def run(self) -> RunRecord | None:
        """Return the last run."""
        return next(iter(self._ask(lambda one: one.runs(1)) or ()), None)

    def last(self, asked: AddressRange) -> LastRun | None:
        """Return how the last run ended, and what it left out of a range."""
        runs = self._ask(lambda one: one.runs(_LOOKED_BACK))
        if not runs:
            return None
        planned = next((run for run in runs if run.counts is not None), runs[0])
        refused = [(read_any(text), words) for text, words in planned.refused.items()]
        return LastRun(
            runs[0].ended,
            runs[0].exit,
            runs[0].what,
            runs[0].cure,
            runs[0].counts is not None,
            enclosed(
                planned.full if asked.family is Family.V4 else planned.full6, asked
            ),
            tuple(
                (one, words)
                for one, words in refused
                if one is not None and one.family is asked.family
            ),
        )

    def kept(self, collection: str, family: Family) -> Kept:
        """Return what the last run kept of a collection."""
        found = self._ask(lambda one: one.last_good(collection, family))
        left = Rejections()
        for rejections in self._ask(lambda one: _left_out(one, collection)) or ():
            left.extend(rejections)
        return Kept(found, left)

    def standing(self, family: Family) -> Standing | None:
        """Return the data set of a family as a run read it last."""
        return self._ask(lambda one: one.standing(family))

    def consents(self, family: Family, now: datetime) -> list[Consent]:
        """Return the consents that count."""
        one = self.ledger
        if one is None:
            return []
        kept = Consents(self.directory, one.appliance, one.block_list, self.approvals)
        return kept.valid(family, now)

    def holds(
        self, asked: AddressRange, consents: list[Consent], approve: str
    ) -> list[Hold]:
        """Return what of a range the last run held back."""
        rows = self._try(lambda: held_back(self.directory)) or {}
        run = self.run()
        whose = {r.id: r.collection for r in run.held} if run else {}
        one = self.ledger
        where = f"{one.block_list} on {one.appliance}" if one else ""
        found = []
        for row, _ in rows.values():
            if row.where != where or row.family != asked.family:
                continue
            entries = row.ranges
            agreed = not len(
                entries.subtract(granted(consents, row.held, asked.family))
            )
            hold = Hold(
                row.id,
                row.held,
                enclosed(entries, asked),
                len(row.entries),
                whose.get(row.id, ""),
                agreed,
                approve.replace("ID", row.id),
            )
            if len(hold.entries) or row.held is Held.PROTECTED:
                found.append(hold)
        return found

    def _ask(self, ask: Callable[[ReadLedger], T]) -> T | None:
        one = self.ledger
        return None if one is None else self._try(lambda: ask(one))

    def _try(self, read: Callable[[], T]) -> T | None:
        try:
            return read()
        except StateError as error:
            if error.what not in self.notes:
                self.notes.append(error.what)
            return None


def _left_out(ledger: ReadLedger, collection: str) -> list[Rejections]:
    found = (ledger.left_out(collection, family) for family in Family)
    return [one for one in found if one is not None]
