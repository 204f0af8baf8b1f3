"""Which entries of others become ours, and which unwanted ones go: ``take``.

    whose, in the mark | inside the wanted | asked for         | it is
    -------------------+-------------------+-------------------+-------------------
    nobody's           | yes               | take over         | taken over
    nobody's           | in part, or not   | take over         | left
    nobody's           | yes, or in part   | remove the stale  | left
    nobody's           | no                | remove the stale  | removed
    another's          | either            | take over its     | taken over

1. What is taken over keeps its ends: unbound and bound again, it is the same entry.
2. An entry that overlaps another is left: bound again, it would be refused. So is one
   that holds what must never be blocked: we do not bind it.
"""

from array import array
from collections import Counter
from dataclasses import dataclass, replace
from enum import StrEnum

from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import Column, Ranges


class Left(StrEnum):
    """Why an entry is left as it is."""

    UNWANTED = "wanted by no collection"
    PART = "wanted in part"
    WANTED = "wanted"
    OVERLAP = "overlaps another entry"
    NEVER = "holds what must never be blocked"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asked for: the unmarked entries, or those of an instance.

    ``stale``: those unmarked ones that nobody wants, to be removed.
    """

    instance: str = ""
    stale: bool = False


@dataclass(frozen=True, slots=True)
class Taking:
    """What is to be done, as a plan; and how many entries are left, and why."""

    plan: Plan
    left: dict[Left, int]


def take(plan: Plan, asked: Asked, wanted: Ranges, never: Ranges) -> Taking:
    """Return what becomes of the entries of others in one data set.

    Args:
        plan: what would put it in step.
        asked: what a person asked for.
        wanted: all that a collection wants, what of it is held back too.
        never: what must never be blocked.
    """
    data, sure = plan.dataset, plan.desired.wanted.merged()
    wanted = wanted.union(sure).merged()
    whose = data.owner(asked.instance)
    taken, left = array("L"), Counter[Left]()
    reached = -1
    for row, (first, last) in enumerate(data.pairs()):
        overlaps = first <= reached or _meets_next(data.firsts, row, last)
        reached = max(reached, last)
        if data.owners[row] != whose:
            continue
        why: Left | None = None
        if asked.stale:
            why = _wanted(wanted, first, last)
        elif overlaps:
            why = Left.OVERLAP
        elif never.touches(first, last):
            why = Left.NEVER
        elif not asked.instance and not sure.covers(first, last):
            why = Left.PART if wanted.touches(first, last) else Left.UNWANTED
        if why is None:
            taken.append(row)
        else:
            left[why] += 1
    again = Ranges.of(data.family, () if asked.stale else map(data.ends, taken))
    return Taking(replace(plan, add=again, remove=taken), dict(left))


def _meets_next(firsts: Column, row: int, last: int) -> bool:
    return row + 1 < len(firsts) and firsts[row + 1] <= last


def _wanted(wanted: Ranges, first: int, last: int) -> Left | None:
    if wanted.covers(first, last):
        return Left.WANTED
    return Left.PART if wanted.touches(first, last) else None
