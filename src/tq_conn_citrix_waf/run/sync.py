"""One run: collect, normalise, read, plan, check, apply, verify, save, record."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from tq_conn_citrix_waf.core.guard import UNLIMITED, Limits, Verdict, check
from tq_conn_citrix_waf.core.model import Mark
from tq_conn_citrix_waf.core.normalise import Rules
from tq_conn_citrix_waf.core.plan import Ownership, plan
from tq_conn_citrix_waf.core.ports import Clock, Source, Target
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.safelist import never_block
from tq_conn_citrix_waf.errors import (
    DatasetTypeError,
    PlanChangedError,
    SecondaryNodeError,
)
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.apply import Tell, apply
from tq_conn_citrix_waf.run.gather import Judge, Part, gather, keep, whole
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.verify import verify
from tq_conn_citrix_waf.store.accepted import Accepted
from tq_conn_citrix_waf.store.consents import Consents
from tq_conn_citrix_waf.store.ledger import Ledger


def _silent(_verb: str, _done: int, _of: int) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What people decided: limits, selection, saving.

    Attributes:
        statuses, expired: as in ``Rules``.
        ownership: whose entries may be removed.
        save: "always"; "own": not while others' changes are unsaved; or "never".
        set_limit: the most values the set may hold; None: the appliance tells.
        report_only: show what would be done, and write nothing.
    """

    limits: Limits = field(default_factory=Limits)
    statuses: frozenset[str] | None = None
    expired: bool = False
    ownership: Ownership = Ownership.OWNED
    save: str = "always"
    set_limit: int | None = None
    report_only: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What one run works with: both systems, the memory, and the policy.

    ``open_target`` signs in, and signs out when left.
    """

    source: Source
    open_target: Callable[[], AbstractContextManager[Target]]
    collections: tuple[str, ...]
    instance: str
    memory: Accepted
    consents: Consents
    ledger: Ledger
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    tell: Tell = _silent


def run_once(job: Job, report: Report, exact: str = "") -> None:
    """Put the data set in step with the data collections, as far as is allowed.

    Args:
        job: what to work with.
        report: filled in step by step.
        exact: the digest of the one plan that may be carried out: then it is, whole,
            since a person has seen it; '' for any plan, within the limits.

    Raises:
        ConnectorError: the run could not be finished; ``report`` says how far it got.
    """
    with report.step("collect", job.clock):
        parts = gather(job.source, job.collections, _judge(job))
    with job.open_target() as target:
        verdict = decide(job, target, parts, report, exact)
        if job.policy.report_only and not exact:
            return
        _accept(job, parts, verdict, report)
        if not verdict.plan.empty:
            _write(job, target, verdict, report)
        if job.memory.save_due:
            with report.step("save", job.clock):
                signed_in = target.sign_ins
            _save(job, target, report)
            if target.sign_ins != signed_in:  # a restart loses what was not yet saved
                verify(target.read(), verdict.plan, report.applied, job.instance)
    _record(report, job)


def plan_once(job: Job, report: Report) -> None:
    """Say in the report what a run would do; change nothing anywhere.

    Raises:
        ConnectorError: it cannot be told.
    """
    parts = gather(job.source, job.collections, _judge(job))
    with job.open_target() as target:
        decide(job, target, parts, report)


def decide(
    job: Job,
    target: Target,
    parts: Sequence[Part],
    report: Report,
    exact: str = "",
) -> Verdict:
    """Read, plan and check: what would be done. Changes nothing anywhere.

    Raises:
        PlanChangedError: the plan is not the exact one that was asked for.
        TargetError: the appliance cannot be read, or is not the one to write to.
    """
    desired = whole(parts)
    report.parts = tuple(parts)
    report.node = target.node()
    if report.node.role == "Secondary":
        raise secondary(report.appliance)
    with report.step("read", job.clock):
        dataset = target.read()
    if dataset.family is not desired.wanted.family:
        raise wrong_type(dataset.name, report.appliance)
    unknown = any(part.unknown for part in parts)
    ownership = Ownership.ADD_ONLY if unknown else job.policy.ownership
    with report.step("plan", job.clock):
        report.plan = plan(desired, dataset, job.instance, ownership)
    log.info("%s", "\n".join(report.plan_lines()))
    last = job.memory.read(dataset.family)
    consents = job.consents.valid(dataset.family, job.clock.now())
    limits = job.policy.limits
    if unknown:
        limits = replace(limits, remove_count=UNLIMITED.remove_count)
    if exact:
        if report.plan.digest() != exact:
            raise _changed(report.plan.digest(), exact)
        limits = UNLIMITED
    verdict = check(report.plan, limits, last, job.instance, consents)
    if unknown and last is not None:
        verdict = replace(verdict, accepted=verdict.accepted.union(last))
    report.hold(verdict)
    for line in report.refusal_lines():
        log.warning("%s", line)
    return verdict


def _accept(job: Job, parts: Sequence[Part], verdict: Verdict, report: Report) -> None:
    """Keep what was accepted, before the first write: a dead run is no flood."""
    now = job.clock.now()
    job.consents.hold(report.refusals, now)
    if job.memory.read(verdict.accepted.family) != verdict.accepted:
        job.memory.write(verdict.accepted)
    report.generations = keep(parts, job.ledger, now)


def _write(job: Job, target: Target, verdict: Verdict, report: Report) -> None:
    """Apply and verify."""
    _others_unsaved(job, target, report)
    job.memory.set_save_due(due=True)
    mark = str(Mark(job.instance, job.clock.now().date()))
    report.applied.room = _room(job.policy.set_limit, len(verdict.plan.dataset))
    with report.step("apply", job.clock):
        apply(target, verdict.plan, mark, report.applied, job.clock, job.tell)
    with report.step("verify", job.clock):
        if target.node().role == "Secondary":
            raise secondary(report.appliance)
        verify(target.read(), verdict.plan, report.applied, job.instance)


def _judge(job: Job) -> Judge:
    now, policy = job.clock.now(), job.policy
    return Judge(
        Rules(now, never_block(Family.V4), policy.statuses, policy.expired),
        policy.limits,
        job.consents.valid(Family.V4, now),
        job.ledger,
    )


def _room(limit: int | None, held: int) -> int | None:
    return None if limit is None else limit - held


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


def _changed(now: str, exact: str) -> PlanChangedError:
    return PlanChangedError(
        f"the plan is now {now}, and not {exact} any more: nothing is written",
        "look at the new plan (plan --json) and have that one allowed",
    )


def secondary(appliance: str) -> SecondaryNodeError:
    """Return the error that an appliance is the secondary of a pair."""
    return SecondaryNodeError(
        f"{appliance} is the secondary node of a pair: nothing written, since it would"
        " be lost",
        "enter an address that always reaches the primary, such as a SNIP with"
        " management access",
    )


def wrong_type(name: str, appliance: str) -> DatasetTypeError:
    """Return the error that a data set is none for IPv4."""
    return DatasetTypeError(
        f"the data set {name} on {appliance} has the type ipv6, and ipv4 is needed",
        "enter the name of a data set of type ipv4 as IP Block List",
    )


def _record(report: Report, job: Job) -> None:
    job.consents.complete()
    report.judge()
    for wanted, words in report.applied.refused:
        log.warning("the appliance refused %s: %s", wanted, words)
    if report.applied.unmarked:
        log.warning(
            "the appliance keeps no comments, so that nothing can be marked as ours:"
            " this run only added, and none of it will be removed by itself"
        )
    log.info("%s", report.result_line())
