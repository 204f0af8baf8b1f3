"""What a run leaves in the ledger: ``record``."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.guard import Refusal
from tq_conn_citrix_waf.core.model import Reason
from tq_conn_citrix_waf.core.plan import Plan, few
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.gather import Part
from tq_conn_citrix_waf.run.report import Change, Report
from tq_conn_citrix_waf.store.records import (
    CollectionRecord,
    ConsentRecord,
    Counts,
    HeldRecord,
    RunRecord,
    SetRecord,
)
from tq_conn_citrix_waf.store.said import Given

_NO_ADDRESS = (Reason.OTHER_TYPE, Reason.MALFORMED)
_REFUSED_MOST = 1000
"""So many refusals of entries are kept with their words."""
_NAMED_MOST = 20
"""So many other instances are kept by their names."""


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
    changes, node = report.changes, report.node
    return RunRecord(
        started,
        ended,
        int(Exit.IN_STEP if first is None else first.exit),
        what="" if first is None else first.what,
        cure="" if first is None else first.cure,
        counts=counted([change.plan for change in changes]) if changes else None,
        seconds=report.seconds,
        plan=report.digest if changes else "",
        build="" if node is None else node.build,
        role="" if node is None else node.role,
        generations=report.generations,
        held=tuple(_held(report)),
        bound=_written(report, Family.V4, "done"),
        unbound=_written(report, Family.V4, "undone"),
        warnings=tuple(trouble.what for trouble in troubles[1:]),
        bound6=_written(report, Family.V6, "done"),
        unbound6=_written(report, Family.V6, "undone"),
        full=_written(report, Family.V4, "left_out"),
        full6=_written(report, Family.V6, "left_out"),
        refused=dict(islice(_refused(report), _REFUSED_MOST)),
        error="" if first is None else type(first).__name__,
        sets=tuple(_set(change, report.set_limit) for change in changes),
        collections=tuple(map(_collection, report.parts)),
        consents=tuple(map(_consent, report.consents)),
        dropped=_dropped(report, Family.V4),
        dropped6=_dropped(report, Family.V6),
        vanished=_drifted(report, Family.V4, "vanished"),
        vanished6=_drifted(report, Family.V6, "vanished"),
        came=_drifted(report, Family.V4, "come"),
        came6=_drifted(report, Family.V6, "come"),
        act=report.act,
    )


def counted(plans: Sequence[Plan]) -> Counts:
    """Return the numbers of the plans for all data sets together."""
    left_out: Counter[str] = Counter()
    foreign: Counter[str] = Counter()
    for plan in plans:
        for reason, count in plan.desired.rejections.counts().items():
            left_out[reason.value] += count
        foreign.update(plan.foreign)
    return Counts(
        collected=sum(plan.desired.seen for plan in plans),
        left_out=left_out,
        duplicates=sum(plan.desired.duplicates for plan in plans),
        wanted=sum(len(plan.desired.wanted) for plan in plans),
        covered=sum(plan.covered for plan in plans),
        kept=sum(plan.keep for plan in plans),
        stay=sum(len(plan.stay) for plan in plans),
        added=sum(len(plan.add) for plan in plans),
        removed=sum(len(plan.remove) for plan in plans),
        foreign=few(foreign, _NAMED_MOST),
        unmarked=sum(plan.unmarked_wanted for plan in plans),
    )


def _refused(report: Report) -> Iterator[tuple[str, str]]:
    for change in report.changes:
        yield from ((str(entry), words) for entry, words in change.applied.refused)


def _set(change: Change, limit: int | None) -> SetRecord:
    wanted, now = change.plan.desired.wanted, change.now
    open_, lacking = now.add.merged(), 0
    if len(open_):
        lacking = sum(open_.touches(first, last) for first, last in wanted.pairs())
    values, left_out = len(now.dataset), len(change.applied.left_out)
    return SetRecord(
        now.dataset.name,
        int(wanted.family),
        values,
        values if limit is None and left_out else limit,
        len(wanted),
        len(wanted) - lacking,
        left_out,
        len(change.applied.refused),
    )


def _collection(part: Part) -> CollectionRecord:
    return CollectionRecord(
        part.name,
        int(part.family),
        len(part.taken.wanted),
        0 if part.given is None else len(part.given.protected),
        part.since,
    )


def _consent(given: Given) -> ConsentRecord:
    held = given.refusal
    return ConsentRecord(
        held.id,
        held.held.value,
        len(held.entries),
        given.who,
        given.reason,
        given.at,
    )


def _held(report: Report) -> Iterator[HeldRecord]:
    whose = report.whose
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


def _written(report: Report, family: Family, which: str) -> Ranges:
    """Return what was bound ("done"), unbound ("undone") or not, of a family."""
    pairs = (
        (one.first, one.last)
        for change in report.changes
        for one in getattr(change.applied, which)
        if one.family is family
    )
    return Ranges.of(family, pairs)


def _dropped(report: Report, family: Family) -> dict[str, Ranges]:
    """Return why a collection that holds it does not get what was unbound."""
    undone = _written(report, family, "undone")
    if not len(undone):
        return {}
    found: dict[str, list[tuple[int, int]]] = {}
    for part in report.parts:
        if part.family is not family or part.given is None:
            continue
        for _, value, reason in part.given.rejections:
            about = None if reason in _NO_ADDRESS else read_any(value)
            if about is None or about.family is not family:
                continue
            if undone.touches(about.first, about.last):
                pair = about.first, about.last
                found.setdefault(reason.value, []).append(pair)
    return {
        words: undone.intersect(Ranges.of(family, pairs))
        for words, pairs in found.items()
    }


def _drifted(report: Report, family: Family, which: str) -> Ranges:
    """Return what had "vanished" or "come" of a family."""
    found = (c.drift for c in report.changes if c.plan.dataset.family is family)
    return next(
        (getattr(drift, which) for drift in found if drift is not None),
        Ranges.empty(family),
    )
