"""Take over entries of others, or remove those that nobody wants: ``adopt``.

1. A binding cannot be edited: an entry is unbound and bound again with our mark, batch
   by batch, so that it stands open between two requests only.
2. What is wanted must be known: where a collection cannot be read, nothing is done.
3. A person has seen what is done. So no limit holds it back; lock, node, reading back
   and saving are as in a run.
4. Killed anywhere, at most one batch stands open, and the next run binds what is wanted
   of it.
"""

from collections.abc import Callable, Sequence

from tq_conn_citrix_waf.core.adopt import Asked, Taking, take
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ports import Target
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.errors import PlanHeldError, UnverifiedError
from tq_conn_citrix_waf.run.carry import carry_out
from tq_conn_citrix_waf.run.gather import held_back
from tq_conn_citrix_waf.run.job import Job
from tq_conn_citrix_waf.run.protected import keep_open
from tq_conn_citrix_waf.run.report import Change, Report
from tq_conn_citrix_waf.run.sync import accept, collect, decide
from tq_conn_citrix_waf.run.troubles import changed
from tq_conn_citrix_waf.run.words import sample
from tq_conn_citrix_waf.store.records import Act

BATCH = 50
"""Entries in a request: so many stand open between it and the next."""

Show = Callable[[Report, Sequence[Taking]], None]


def look(job: Job, report: Report, asked: Asked) -> list[Taking]:
    """Return what would be done; change nothing anywhere.

    Raises:
        ConnectorError: it cannot be told.
    """
    collect(job, report)
    with job.open_targets() as targets:
        return _found(job, targets, report, asked)


def adopt_once(
    job: Job, report: Report, exact: str, *, asked: Asked, act: Act, show: Show
) -> None:
    """Do what a person asked for.

    Args:
        job: what to work with.
        report: filled in step by step.
        exact: the digest of what the person has seen; '' where that is shown now.
        asked: what is asked for.
        act: who asked, and why.
        show: shown what is about to be done.

    Raises:
        ConnectorError: it could not be finished; ``report`` says how far it got.
    """
    report.act = act
    collect(job, report)
    with job.open_targets() as targets:
        found = _found(job, targets, report, asked)
        if exact and digest(found) != exact:
            raise changed(digest(found), exact)
        show(report, found)
        if all(one.plan.empty for one in found):
            return
        accept(job, report)
        _instead(report, found)
        carry_out(job, targets, report, _verify)
    report.judge()


def digest(found: Sequence[Taking]) -> str:
    """Return what names exactly what is about to be done."""
    return ":".join(one.plan.digest() for one in found)


def _found(
    job: Job, targets: Sequence[Target], report: Report, asked: Asked
) -> list[Taking]:
    for part in report.parts:
        if part.failure is not None:
            raise part.failure
    decide(job, targets, report)
    found = []
    for change in report.changes:
        family = change.plan.dataset.family
        never = report.protection.safelist.refused(family)
        wanted = held_back(report.parts, family)
        found.append(take(change.plan, asked, wanted, never))
    return found


def _instead(report: Report, found: Sequence[Taking]) -> None:
    """Put into the report what is done now, instead of what a run would do."""
    for change, one in zip(report.changes, found, strict=True):
        change.plan = change.allowed = one.plan
        change.applied.most = BATCH
        keep_open(one.plan, report.protection.safelist)
    report.refusals = ()
    others = (one for one in report.troubles if not isinstance(one, PlanHeldError))
    report.troubles = [*others]


def _verify(job: Job, target: Target, change: Change) -> None:
    """See that what was taken over is ours, and what was removed is gone.

    Raises:
        UnverifiedError: it is not.
    """
    after = change.after = target.read()
    change.now = plan(change.plan.desired, after, job.instance, stay=change.stay)
    ours = after.owner(job.instance)
    there = dict(zip(after.pairs(), after.owners, strict=True))
    applied = change.applied
    excused = {*applied.left_out, *(one for one, _ in applied.refused)}
    removed = change.plan.removed().subtract(change.plan.add)
    wrong = [
        *(r for r in change.plan.add if there.get((r.first, r.last)) != ours),
        *(r for r in removed if (r.first, r.last) in there),
    ]
    wrong = [one for one in wrong if one not in excused]
    if wrong:
        raise UnverifiedError(
            f"read again, {len(wrong):,} entries are not as they were made"
            f" ({sample(_ranges(wrong))}): gone, without our mark, or still there",
            "see whether the appliance keeps comments, and who else changes this data"
            " set; the next run binds what is wanted and not there",
        )


def _ranges(entries: Sequence[AddressRange]) -> Ranges:
    return Ranges.of(entries[0].family, ((r.first, r.last) for r in entries))
