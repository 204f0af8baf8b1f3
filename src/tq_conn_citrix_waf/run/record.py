"""What a run leaves in the ledger: ``record``."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tq_conn_citrix_waf.core.guard import Refusal
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.store.records import Counts, HeldRecord, RunRecord


def record(
    report: Report, started: datetime, ended: datetime, failure: ConnectorError | None
) -> RunRecord:
    """Return a run as the ledger keeps it.

    Args:
        report: of the run, as far as it got.
        started: when it began, UTC.
        ended: when it ended, UTC.
        failure: what ended it before its end; None where it came to its end.
    """
    troubles = report.troubles if failure is None else [failure, *report.troubles]
    first = troubles[0] if troubles else None
    plan, node = report.plan, report.node
    return RunRecord(
        started,
        ended,
        int(Exit.IN_STEP if first is None else first.exit),
        what="" if first is None else first.what,
        cure="" if first is None else first.cure,
        counts=None if plan is None else _counts(plan),
        seconds=report.seconds,
        plan="" if plan is None else plan.digest(),
        build="" if node is None else node.build,
        role="" if node is None else node.role,
        generations=report.generations,
        held=tuple(_held(report)),
        bound=_ranges(report.applied.done),
        unbound=_ranges(report.applied.undone),
        warnings=tuple(trouble.what for trouble in troubles[1:]),
    )


def _counts(plan: Plan) -> Counts:
    desired = plan.desired
    return Counts(
        collected=desired.seen,
        left_out={r.value: n for r, n in desired.rejections.counts().items()},
        duplicates=desired.duplicates,
        wanted=len(desired.wanted),
        covered=plan.covered,
        kept=plan.keep,
        added=len(plan.add),
        removed=len(plan.remove),
        foreign=plan.foreign,
        unmarked=plan.unmarked_wanted,
    )


def _held(report: Report) -> Iterator[HeldRecord]:
    whose = {r.id: part.name for part in report.parts for r in part.refusals}
    for refusal in report.refusals:
        yield _one(refusal, whose.get(refusal.id, ""))


def _one(refusal: Refusal, collection: str) -> HeldRecord:
    return HeldRecord(
        refusal.id,
        refusal.held.value,
        refusal.counted,
        refusal.limit,
        refusal.entries,
        collection,
    )


def _ranges(written: Iterable[AddressRange]) -> Ranges:
    rows = [*written]
    family = rows[0].family if rows else Family.V4
    return Ranges.of(family, ((r.first, r.last) for r in rows))
