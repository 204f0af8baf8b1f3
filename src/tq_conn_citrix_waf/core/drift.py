"""What became of a data set between two runs, by other hands: ``drift``.

    before   | now                  | it has
    ---------+----------------------+-----------------------------------------
    ours     | gone, and wanted     | vanished: unbound, or lost in a restart
    foreign  | foreign              | stayed
    any other| foreign              | come: somebody bound it

What of ours is gone and not wanted is no drift: a run that died may have unbound it.
"""

from dataclasses import dataclass
from datetime import datetime

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.plan import Plan, entries
from tq_conn_citrix_waf.core.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Drift:
    """What others did to a data set.

    Attributes:
        since: when it was read before, UTC.
        vanished: was ours, is gone, and is wanted.
        come: is not ours, and was not there or was ours.
    """

    since: datetime
    vanished: Ranges
    come: Ranges


def drift(since: datetime, before: Dataset, now: Plan, instance: str) -> Drift:
    """Return what others did to a data set.

    Args:
        since: when it was read before, UTC.
        before: as it was then.
        now: what would put it in step, as it was read now; of the same family.
        instance: whose mark makes an entry ours.
    """
    vanished = come = Ranges.empty(now.dataset.family)
    if len(now.add):
        # What lies in an entry that makes way is not gone yet.
        missing = now.add.subtract(now.removed().merged())
        vanished = entries(before, instance, ours=True).intersect(missing)
    if now.foreign:
        there = entries(before, instance, ours=False).merged()
        come = entries(now.dataset, instance, ours=False).subtract(there)
    return Drift(since, vanished, come)
