"""The lock-out test: what would be bound, or stands, and must not: ``lockout``.

1. Nothing that any never-block rule refuses may be bound. It was cut out before; found
   here, it is a fault of this program.
2. What stands on the set, whoever bound it, and covers a management network, this host,
   the other node of a pair or a health probe is named, with the line that removes it.
   Blocked already, it is not for a run to decide: a person may have meant it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tq_conn_citrix_waf.core.commands import unbind_line
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.core.safelist import SafeList


@dataclass(frozen=True, slots=True)
class Cover:
    """An entry that covers what must stay open.

    Attributes:
        entry: the addresses that it blocks.
        rules: which rules it meets, each ``NAME: NETWORK``.
        command: the line that removes it from the set; '' where it is not on it.
    """

    entry: AddressRange
    rules: tuple[str, ...]
    command: str = ""


@dataclass(frozen=True, slots=True)
class Lockout:
    """What the test found: entries to be bound, and entries that stay on the set."""

    bound: tuple[Cover, ...]
    standing: tuple[Cover, ...]


def lockout(plan: Plan, safelist: SafeList) -> Lockout:
    """Return what a plan would block, or leaves blocked, and should not.

    Args:
        plan: as it would be applied, what is held back already taken out.
        safelist: of this run.
    """
    return Lockout(tuple(_bound(plan, safelist)), tuple(_standing(plan, safelist)))


def _bound(plan: Plan, safelist: SafeList) -> Iterator[Cover]:
    hits = plan.add.intersect(safelist.refused(plan.dataset.family))
    if len(hits):  # never so: one sweep is all that a good plan costs
        for entry in plan.add:
            if hits.touches(entry.first, entry.last):
                yield Cover(entry, tuple(safelist.met(entry)))


def _standing(plan: Plan, safelist: SafeList) -> Iterator[Cover]:
    dataset = plan.dataset
    open_ = safelist.lock_out(dataset.family)
    removed = set(plan.remove)
    at, stop = 0, len(open_)
    for row, (first, last) in enumerate(dataset.pairs()):
        while at < stop and open_.lasts[at] < first:
            at += 1
        if at == stop:
            return
        if open_.firsts[at] <= last and row not in removed:
            binding = dataset.binding(row)
            rules = tuple(safelist.met(binding.range, lock_out=True))
            yield Cover(binding.range, rules, unbind_line(dataset.name, binding))
