"""Compare what was written with what stands there: ``verify``."""

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.plan import Plan, Stay, plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.errors import UnverifiedError
from tq_conn_citrix_waf.run.apply import Applied
from tq_conn_citrix_waf.run.words import sample


def verify(
    again: Dataset,
    written: Plan,
    applied: Applied,
    instance: str,
    stay: Stay | None = None,
) -> Plan:
    """See that a plan has come true, but for what is known not to have.

    Args:
        again: the data set, read after the last write.
        written: the plan that was applied.
        applied: what came of it; ``unmarked`` is set where our marks do not come back,
            and what was refused is let go where an entry of another covers it now.
        instance: whose mark makes an entry ours.
        stay: how long an entry stays, as when the plan was made.

    Returns:
        What is still to be done.

    Raises:
        UnverifiedError: the set is not what it was made to be.
    """
    now = plan(written.desired, again, instance, stay=stay, held=written.held)
    if now.unmarked_wanted > written.unmarked_wanted:
        applied.unmarked = True
    applied.refused = [
        (wanted, words) for wanted, words in applied.refused if _open(now, wanted)
    ]
    known = [*applied.left_out, *(refused for refused, _ in applied.refused)]
    excused = Ranges.of(again.family, ((r.first, r.last) for r in known))
    missing = now.add.intersect(written.add.merged()).subtract(excused)
    due = written.removed().merged().subtract(excused)
    left = Ranges.empty(again.family) if applied.unmarked else now.removed()
    left = left.intersect(due)
    if len(missing) or len(left):
        raise UnverifiedError(
            f"read again, the set lacks {len(missing):,} entries that were bound"
            f" ({sample(missing) or 'none'}) and still has {len(left):,} that were"
            " unbound",
            "see who else changes this data set; the next run puts it right",
        )
    return now


def _open(now: Plan, refused: AddressRange) -> bool:
    """Whether a refused one is still to be done: bound by nobody, or still there."""
    return any(
        len(due) and due.touches(refused.first, refused.last)
        for due in (now.add, now.removed())
    )
