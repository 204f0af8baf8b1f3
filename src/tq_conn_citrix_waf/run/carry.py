"""From a plan to the appliance: write, read back, save.

1. What is written is verified before it is saved, and after a restart once more.
2. Nothing is written on the secondary node of a pair: it would be lost.
"""

from collections.abc import Callable, Mapping, Sequence

from tq_conn_citrix_waf.core.dataset import Dataset, Mark
from tq_conn_citrix_waf.core.ports import Clock, Target
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.apply import apply
from tq_conn_citrix_waf.run.job import Job
from tq_conn_citrix_waf.run.report import Change, Report
from tq_conn_citrix_waf.run.troubles import secondary, wrong_type
from tq_conn_citrix_waf.run.verify import verify


def look(
    targets: Mapping[Family, Target], report: Report, clock: Clock
) -> list[Dataset]:
    """Read the data sets of an appliance that may be written to.

    Raises:
        TargetError: it cannot be read, or is not the one to write to.
    """
    report.node = next(iter(targets.values())).node()
    if report.node.role == "Secondary":
        raise secondary(report.appliance)
    with report.step("read", clock):
        datasets = [target.read() for target in targets.values()]
    for dataset, family in zip(datasets, targets, strict=True):
        if dataset.family is not family:
            raise wrong_type(dataset, family, report.appliance)
    return datasets


Verify = Callable[[Job, Target, Change], None]
"""Reads a set back; raises ``UnverifiedError`` where it is not what was written."""


def in_step(job: Job, target: Target, change: Change) -> None:
    """See that what was allowed has come true."""
    after = change.after = target.read()
    applied = change.applied
    change.now = verify(after, change.allowed, applied, job.instance, change.stay)


def carry_out(
    job: Job, targets: Sequence[Target], report: Report, check: Verify = in_step
) -> None:
    """Write, read back and save what is allowed.

    Raises:
        TargetError: it could not be finished; ``report`` says how far it got.
        UnverifiedError: read again, a set is not what was written.
    """
    for target, change in zip(targets, report.changes, strict=True):
        if not change.allowed.empty:
            _write(job, target, change, report)
            with report.step("verify", job.clock):
                if target.node().role == "Secondary":
                    raise secondary(report.appliance)
                check(job, target, change)
    if job.memory.save_due:
        with report.step("save", job.clock):
            signed_in = targets[0].sign_ins
        _save(job, targets[0], report)
        if targets[0].sign_ins != signed_in:  # a restart loses what was not saved
            for target, change in zip(targets, report.changes, strict=True):
                check(job, target, change)


def _write(job: Job, target: Target, change: Change, report: Report) -> None:
    _others_unsaved(job, target, report)
    job.memory.set_save_due(due=True)
    mark = str(Mark(job.instance, job.clock.now().date()))
    change.applied.room = _room(job.policy.set_limit, len(change.allowed.dataset))
    with report.step("apply", job.clock):
        apply(target, change.allowed, mark, change.applied, job.clock, job.tell)


def _room(limit: int | None, held: int) -> int | None:
    return None if limit is None else max(0, limit - held)


def _others_unsaved(job: Job, target: Target, report: Report) -> None:
    """See, before the first write, whether somebody else has unsaved changes."""
    if job.memory.save_due or not target.unsaved():
        return
    report.others_unsaved = True
    if job.policy.save == "always":
        log.info("others have unsaved changes on the appliance: saved with ours")


def _save(job: Job, target: Target, report: Report) -> None:
    if job.policy.save == "never":
        log.warning("nothing is saved (save = never): a restart loses what was bound")
    elif job.policy.save == "own" and report.others_unsaved:
        log.warning("not saved: others have unsaved changes (save = own)")
        return
    elif target.unsaved() is not False:
        target.save()
        report.saved = True
    job.memory.set_save_due(due=False)
