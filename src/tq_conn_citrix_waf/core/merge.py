"""Lists put together, and cut down: what many collections ask for is one list.

1. An address that several ask for belongs to the entry that starts first, of these the
   widest, then that of the lowest collection, then of the lowest id. The others are
   counted as duplicates.
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
        (first, -last, part.collections[n], part.ids[n])
        for part in parts
        for n, (first, last) in enumerate(part.wanted.pairs())
    )
    firsts, lasts = column(family), column(family)
    ids, collections = array("q"), array("H")
    reached, repeated = -1, 0
    for first, ends, collection, id_ in rows:
        last = -ends
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
    protected, wide = Ranges.empty(family), Ranges.empty(family)
    for part in parts:
        statuses.update(part.statuses)
        rejections.extend(part.rejections)
        protected = protected.union(part.protected)
        wide = wide.union(part.wide)
    return Desired(
        Ranges(family, firsts, lasts),
        ids,
        collections,
        rejections,
        repeated + sum(part.duplicates for part in parts),
        dict(statuses),
        protected,
        wide,
        sum(part.split for part in parts),
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


def spare(desired: Desired, never_block: Ranges) -> Desired:
    """Return a list without never-block addresses, which count as protected then."""
    hits = desired.wanted.intersect(never_block)
    if not len(hits):
        return desired
    left = restrict(desired, desired.wanted.subtract(never_block))
    return replace(left, protected=desired.protected.union(hits))


def stand_in(wanted: Ranges, ids: "array[int]", collection: int) -> Desired:
    """Return a list of which no more is known than entries and ids."""
    none = Ranges.empty(wanted.family)
    owners = array("H", [collection]) * len(wanted)
    return Desired(wanted, ids, owners, Rejections(), protected=none, wide=none)


def nothing(family: Family) -> Desired:
    """Return the list of nothing."""
    return stand_in(Ranges.empty(family), array("q"), 0)
