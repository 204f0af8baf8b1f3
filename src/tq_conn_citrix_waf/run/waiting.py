"""What waits for consent, and what people have said to it so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf.core.guard import Held, granted
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.store.consents import held_back, said
from tq_conn_citrix_waf.store.said import LIFE, Approval, Given, HeldBack

WHAT_FOLLOWS: Mapping[Held, str] = {
    Held.ADDITIONS: "the next run binds what of these is still wanted",
    Held.REMOVALS: "the next run unbinds what of these is ours and still not wanted",
    Held.WIDE: "the next run binds these blocks, but for what must never be blocked",
    Held.PROTECTED: (
        "the next run takes the collection as it is, and lets these addresses through"
    ),
}
"""What a run does once enough persons have approved; ordinary change comes beside."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One refusal of the last run.

    Attributes:
        row: the refusal.
        path: the file of its consents.
        approvals: those that count and are about some of its entries.
        approvers: who has approved all of it.
        needed: how many persons must.
        agreed: whether the next run does all of it.
        refused: who said no to it last; None: nobody.
    """

    row: HeldBack
    path: Path
    approvals: tuple[Approval, ...]
    approvers: tuple[str, ...]
    needed: int
    agreed: bool
    refused: Given | None

    def covered(self, one: Approval) -> int:
        """Return how many of its entries an approval is about."""
        entries = self.row.ranges
        return len(entries) - len(entries.subtract(one.left))


def waiting(directory: Path, needed: int, now: datetime) -> dict[str, Waiting]:
    """Return all that waits in a directory, by id.

    Args:
        directory: of the configuration.
        needed: how many persons must approve.
        now: UTC.

    Raises:
        StateError: a file cannot be read.
    """
    return {
        name: _one(row, path, needed, now)
        for name, (row, path) in held_back(directory).items()
    }


def _one(row: HeldBack, path: Path, needed: int, now: datetime) -> Waiting:
    words, entries = said(path, needed), row.ranges
    approvals = tuple(
        one
        for one in words.approvals(now)
        if one.given.refusal.held is row.held
        and one.given.refusal.family == row.family
        and len(one.left.intersect(entries.merged()))
    )
    family = Family(row.family)
    agreed = granted(words.valid(family, now), row.held, family)
    return Waiting(
        row,
        path,
        approvals,
        tuple(words.approvers(row.held, entries, now)),
        needed,
        not len(entries.subtract(agreed)),
        words.refused(row.id),
    )


def lapses(one: Given) -> str:
    """Say until when an approval counts."""
    until = f"{one.at + LIFE:%Y-%m-%d %H:%M} UTC"
    return until if one.met else f"{until}, or later with the first complete run"
