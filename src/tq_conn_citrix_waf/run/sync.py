"""One run: collect, normalise, read, plan, check, apply, verify, save, record."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.drift import Drift, drift
from tq_conn_citrix_waf.core.guard import UNLIMITED, Held, Refusal, check
from tq_conn_citrix_waf.core.normalise import Rules
from tq_conn_citrix_waf.core.plan import Ownership, Plan, Stay, entries, plan
from tq_conn_citrix_waf.core.ports import Target
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import (
    SourceError,
)
from tq_conn_citrix_waf.log import fields, log
from tq_conn_citrix_waf.run.carry import carry_out, look
from tq_conn_citrix_waf.run.gather import (
    Judge,
    again,
    any_unknown,
    gather,
    held_back,
    keep,
    whole,
)
from tq_conn_citrix_waf.run.job import Job, Policy
from tq_conn_citrix_waf.run.protected import Protection, keep_open, with_hits
from tq_conn_citrix_waf.run.report import Change, Report
from tq_conn_citrix_waf.run.stay import let_through, released
from tq_conn_citrix_waf.run.troubles import changed
from tq_conn_citrix_waf.run.words import sample


def run_once(job: Job, report: Report, exact: str = "") -> None:
    """Put the data sets in step with the data collections, as far as is allowed.

    Args:
        job: what to work with.
        report: filled in step by step.
        exact: the digest of the one plan that may be carried out: then it is, whole,
            since a person has seen it; '' for any plan, within the limits.

    Raises:
        ConnectorError: the run could not be finished; ``report`` says how far it got.
    """
    collect(job, report)
    with job.open_targets() as targets:
        decide(job, targets, report, exact)
        if job.policy.report_only and not exact:
            return
        accept(job, report)
        carry_out(job, targets, report)
    _record(report, job)


def plan_once(job: Job, report: Report) -> None:
    """Say in the report what a run would do; change nothing anywhere.

    Raises:
        ConnectorError: it cannot be told.
    """
    collect(job, report)
    with job.open_targets() as targets:
        decide(job, targets, report)


def collect(job: Job, report: Report) -> None:
    """Read what must never be blocked, and then what should be.

    Raises:
        ConnectorError: one of them cannot be had, and nothing stands in.
    """
    with report.step("collect", job.clock):
        report.protection = job.protect()
        report.troubles += report.protection.troubles
        judge = _judge(job, report.protection)
        report.parts = tuple(gather(job.source, job.collections, judge))


def decide(
    job: Job, targets: Sequence[Target], report: Report, exact: str = ""
) -> None:
    """Read, plan and check: what would be done. Changes nothing anywhere.

    Raises:
        PlanChangedError: the plan is not the exact one that was asked for.
        TargetError: the appliance cannot be read, or is not the one to write to.
        LockoutError: something would be bound that must never be.
    """
    if job.policy.minimum_stay:
        with report.step("collect", job.clock):
            report.through = _let_through(job, report)
    datasets = look(dict(zip(job.memories, targets, strict=True)), report, job.clock)
    with report.step("plan", job.clock):
        read = {dataset.family: dataset for dataset in datasets}
        report.parts = again(
            report.parts,
            lambda family: _accepted_once(job, read[family]),
            _judge(job, report.protection),
        )
        report.changes = [_planned(job, dataset, report) for dataset in datasets]
    lines = "\n".join(report.plan_lines())
    log.info("%s", lines, extra=fields(event="plan", plan=report.digest))
    for line in report.spared_lines():
        log.info("%s", line)
    if exact and report.digest != exact:
        raise changed(report.digest, exact)
    for change in report.changes:
        _check(job, change, exact=bool(exact))
    report.hold(job.consents.said(), job.clock.now())
    for refusal, line in zip(report.refusals, report.refusal_lines(), strict=True):
        log.warning("%s", line, extra=_held(refusal))
    for change in report.changes:
        keep_open(change.allowed, report.protection.safelist)


def _accepted_once(job: Job, dataset: Dataset) -> Ranges:
    """Return what stands of ours; and L, which a run that died may have opened."""
    ours = entries(dataset, job.instance, ours=True)
    last = job.memories[dataset.family].read(dataset.family)
    return ours if last is None else ours.union(last)


def _let_through(job: Job, report: Report) -> Mapping[Family, Ranges] | None:
    try:
        return let_through(job.source, report.parts)
    except SourceError as error:
        log.warning("nothing stays bound for its minimum stay: %s", error.what)
        report.troubles.append(error)
        return None


def _stay(job: Job, never_block: Ranges, report: Report) -> Stay | None:
    if report.through is None:
        return None
    now = job.clock.now()
    consents = job.consents.valid(never_block.family, now)
    free = released(report.through, never_block, consents)
    return Stay(now.date(), job.policy.minimum_stay, free)


def _planned(job: Job, dataset: Dataset, report: Report) -> Change:
    parts = report.parts
    desired = whole(parts, dataset.family)
    unknown = any_unknown(parts, dataset.family)
    ownership = Ownership.ADD_ONLY if unknown else job.policy.ownership
    never = report.protection.safelist.refused(dataset.family)
    stay = _stay(job, never, report)
    held = held_back(parts, dataset.family)
    made = plan(desired, dataset, job.instance, ownership, stay, held)
    # Where a collection is held for its never-block hits, those that are bound stay
    # until a person agrees; but none is bound anew.
    made = replace(made, add=made.add.subtract(never))
    return Change(
        made,
        made,
        made,
        unknown=unknown,
        stay=stay,
        drift=_drift(job, made),
    )


def _drift(job: Job, made: Plan) -> Drift | None:
    """Return what others did since the set was read before; None: not known."""
    last = job.ledger.standing(made.dataset.family)
    if last is None or last.dataset.name != made.dataset.name:
        return None
    return drift(last.at, last.dataset, made, job.instance)


def _check(job: Job, change: Change, *, exact: bool) -> None:
    """Hold the plan for one data set against the limits."""
    family = change.plan.dataset.family
    memory = job.memories[family]
    last, begun = memory.read(family), memory.begun(family)
    consents = job.consents.valid(family, job.clock.now())
    limits = job.policy.limits
    if change.unknown:
        limits = replace(limits, remove_count=UNLIMITED.remove_count)
    if exact:
        limits = UNLIMITED
    verdict = check(change.plan, limits, last, job.instance, consents, begun)
    change.allowed, change.refusals = verdict.plan, verdict.refusals
    change.accepted, change.begins = verdict.accepted, verdict.begins()
    if begun and any(refusal.held is Held.REMOVALS for refusal in verdict.refusals):
        words = "the run before did not end: what it was to take out goes first, and"
        log.warning("%s is all that may go in this one: %s", words, sample(begun))
    if change.unknown and last is not None:
        change.accepted = verdict.accepted.union(last)


def accept(job: Job, report: Report) -> None:
    """Keep what was accepted, before the first write: a dead run is no flood."""
    now = job.clock.now()
    report.consents = tuple(job.consents.counting(now))
    job.consents.hold(report.refusals, report.whose, now)
    for change in report.changes:
        memory = job.memories[change.accepted.family]
        last = memory.read(change.accepted.family)
        if last is None and change.unknown and not len(change.accepted):
            continue  # all was held: the first load, which is free, is still to come
        if not change.unknown:
            memory.begin(change.begins)
        if last != change.accepted:
            memory.write(change.accepted)
    job.spared.write(with_hits(report.protection.remembered, report.parts))
    report.generations = keep(report.parts, job.ledger, now)


def _judge(job: Job, protection: Protection) -> Judge:
    now, policy, safelist = job.clock.now(), job.policy, protection.safelist
    return Judge(
        rules(policy, now, {f: safelist.refused(f) for f in job.memories}),
        policy.selections,
        policy.limits,
        {family: job.consents.valid(family, now) for family in job.memories},
        job.ledger,
        protection.hits,
        {family: safelist.lock_out(family) for family in job.memories},
    )


def rules(policy: Policy, now: datetime, never_block: Mapping[Family, Ranges]) -> Rules:
    """Return what holds for all collections, for the families with a data set."""
    limits = policy.limits
    return Rules(
        now,
        never_block,
        {Family.V4: limits.widest_ipv4, Family.V6: limits.widest_ipv6},
    )


def _record(report: Report, job: Job) -> None:
    job.consents.complete()
    for change in report.changes:
        if not change.unknown:
            job.memories[change.accepted.family].end()
    report.judge()
    for line in report.vanished_lines():
        log.warning("%s", line)
    for change in report.changes:
        for wanted, words in change.applied.refused:
            log.warning("the appliance refused %s: %s", wanted, words)
    if any(change.applied.unmarked for change in report.changes):
        log.warning(
            "the appliance keeps no comments, so that nothing can be marked as ours:"
            " this run only added, and none of it will be removed by itself"
        )
    log.info("%s", report.result_line(), extra=_result(report))


def _held(refusal: Refusal) -> dict[str, dict[str, object]]:
    return fields(
        event="held",
        id=refusal.id,
        kind=refusal.held.value,
        counted=refusal.counted,
        limit=refusal.limit,
    )


def _result(report: Report) -> dict[str, dict[str, object]]:
    return fields(
        event="result",
        exit=int(report.exit),
        bound=sum(change.applied.bound for change in report.changes),
        unbound=sum(change.applied.unbound for change in report.changes),
        saved=report.saved,
        held=len(report.refusals),
    )
