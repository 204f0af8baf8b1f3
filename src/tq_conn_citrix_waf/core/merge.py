"""Lists put together, and cut down: what many collections ask for is one list.

1. An address that several ask for belongs to the first: the lowest collection, then
   the lowest id. The others are counted as duplicates.
2. Nothing is lost: what of an entry others do not ask for stays, in pieces.
"""

from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from tq_conn_citrix_waf.core.model import Desired, Rejections
from tq_conn_citrix_waf.core.ranges import Family, Ranges, column


def merge(parts: Sequence[Desired]) -> Desired:
    """Return one list of several, which are of one family; at least one."""
    if len(parts) == 1:
        return parts[0]
    family = parts[0].wanted.family
    rows = sorted(
        (first, part.collections[n], part.ids[n], last)
        for part in parts
        for n, (first, last) in enumerate(part.wanted.pairs())
    )
    firsts, lasts = column(family), column(family)
    ids, collections = array("q"), array("H")
    reached, repeated = -1, 0
    for first, collection, id_, last in rows:
        if last <= reached:
            repeated += 1
            continue
        firsts.append(max(first, reached + 1))
        lasts.append(last)
        ids.append(id_)
        collections.append(collection)
        reached = last
    statuses: Counter[str] = Counter()
    rejections = Rejections()
    protected = Ranges.empty(family)
    for part in parts:
        statuses.update(part.statuses)
        rejections.extend(part.rejections)
        protected = protected.union(part.protected)
    return Desired(
        Ranges(family, firsts, lasts),
        ids,
        collections,
        rejections,
        repeated + sum(part.duplicates for part in parts),
        dict(statuses),
        protected,
    )


def restrict(desired: Desired, to: Ranges) -> Desired:
    """Return a list without what lies outside of some ranges."""
    outside = desired.wanted.subtract(to.merged())
    kept, rows = desired.wanted.subtract_with_rows(outside)
    return replace(
        desired,
        wanted=kept,
        ids=array("q", map(desired.ids.__getitem__, rows)),
        collections=array("H", map(desired.collections.__getitem__, rows)),
    )


def stand_in(wanted: Ranges, ids: "array[int]", collection: int) -> Desired:
    """Return a list of which no more is known than entries and ids."""
    return Desired(wanted, ids, array("H", [collection]) * len(wanted), Rejections())


def nothing(family: Family) -> Desired:
    """Return the list of nothing."""
    return Desired(Ranges.empty(family), array("q"), array("H"), Rejections())
