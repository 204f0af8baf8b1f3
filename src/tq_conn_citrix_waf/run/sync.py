"""One run: collect, normalise, read, plan, check, apply, verify, save, record."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tq_conn_citrix_waf.core.guard import Limits, Verdict, check
from tq_conn_citrix_waf.core.model import Desired, Indicator, Mark
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.plan import Ownership, Plan, plan
from tq_conn_citrix_waf.core.ports import Clock, Source, Target
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.safelist import never_block
from tq_conn_citrix_waf.errors import (
    DatasetTypeError,
    SecondaryNodeError,
    SourceEmptyError,
)
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.apply import Tell, apply
from tq_conn_citrix_waf.run.report import Report, refusal_trouble
from tq_conn_citrix_waf.run.verify import verify
from tq_conn_citrix_waf.store.accepted import Accepted
from tq_conn_citrix_waf.store.consents import Consents


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
    """

    limits: Limits = field(default_factory=Limits)
    statuses: frozenset[str] | None = None
    expired: bool = False
    ownership: Ownership = Ownership.OWNED
    save: str = "always"
    set_limit: int | None = None


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
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    tell: Tell = _silent


def run_once(job: Job, report: Report) -> None:
    """Put the data set in step with the data collections, as far as is allowed.

    Raises:
        ConnectorError: the run could not be finished; ``report`` says how far it got.
    """
    desired = normalise(_collect(job), _rules(job))
    _refuse_nothing(desired, job)
    with job.open_target() as target:
        report.node = target.node()
        if report.node.role == "Secondary":
            raise secondary(report.appliance)
        dataset = target.read()
        if dataset.family is not desired.wanted.family:
            raise wrong_type(dataset.name, report.appliance)
        report.plan = plan(desired, dataset, job.instance, job.policy.ownership)
        log.info("%s", "\n".join(report.plan_lines()))
        verdict = _check(job, report.plan)
        _hold(report, verdict, job)
        if not verdict.plan.empty:
            _others_unsaved(job, target, report)
            job.memory.set_save_due(due=True)
            mark = str(Mark(job.instance, job.clock.now().date()))
            report.applied.room = _room(job.policy.set_limit, len(dataset))
            apply(target, verdict.plan, mark, report.applied, job.clock, job.tell)
            if target.node().role == "Secondary":
                raise secondary(report.appliance)
            verify(target.read(), verdict.plan, report.applied, job.instance)
        if job.memory.save_due:
            _save(job, target, report)
    _record(report, job)


def _rules(job: Job) -> Rules:
    return Rules(
        job.clock.now(),
        never_block(Family.V4),
        job.policy.statuses,
        job.policy.expired,
    )


def _check(job: Job, changes: Plan) -> Verdict:
    """Say what may go ahead, and keep the list that was accepted before it does."""
    family = changes.dataset.family
    last = job.memory.read(family)
    consents = job.consents.valid(family, job.clock.now())
    verdict = check(changes, job.policy.limits, last, job.instance, consents)
    if last != verdict.accepted:
        job.memory.write(verdict.accepted)
    return verdict


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


def _collect(job: Job) -> Iterator[Indicator]:
    """Yield all of every collection; one that is empty is taken for an outage."""
    for position, name in enumerate(job.collections):
        empty = True
        for indicator in job.source.collect(name, position):
            empty = False
            yield indicator
        if empty:
            raise SourceEmptyError(
                f"the data collection {name!r} is empty: taken for an outage, nothing"
                " is written",
                "look at it in ThreatQ; what is on the appliance stays until the"
                " collection holds something again",
            )


def _refuse_nothing(desired: Desired, job: Job) -> None:
    """Take a list of nothing for an outage, whatever made it so."""
    if not len(desired.wanted):
        names = ", ".join(job.collections)
        raise SourceEmptyError(
            f"none of the {desired.seen:,} indicators of {names} can be blocked: taken"
            " for an outage, nothing is written",
            "look at the types and statuses in the data collection",
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


def _hold(report: Report, verdict: Verdict, job: Job) -> None:
    report.refusals = verdict.refusals
    job.consents.hold(verdict.refusals, job.clock.now())
    report.troubles += [refusal_trouble(r, report.approve) for r in verdict.refusals]
    for line in report.refusal_lines():
        log.warning("%s", line)


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
