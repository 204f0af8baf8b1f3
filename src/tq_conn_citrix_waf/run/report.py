"""All that happened in one run; text is a view of it."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from tq_conn_citrix_waf import secrets
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.drift import Drift
from tq_conn_citrix_waf.core.guard import Held, Refusal
from tq_conn_citrix_waf.core.model import BY_FIGURES, BY_STATUS, REASONS, Reason
from tq_conn_citrix_waf.core.plan import Plan, Stay, few
from tq_conn_citrix_waf.core.ports import Clock, Node
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.core.safelist import Strength
from tq_conn_citrix_waf.errors import (
    ConnectorError,
)
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.apply import Applied
from tq_conn_citrix_waf.run.gather import Part
from tq_conn_citrix_waf.run.protected import Protection
from tq_conn_citrix_waf.run.troubles import failed, full, held, refused
from tq_conn_citrix_waf.run.words import (
    SHOWN,
    drift_lines,
    kinds,
    row,
    sample,
    vanished,
)
from tq_conn_citrix_waf.store.records import Act
from tq_conn_citrix_waf.store.said import Given, Said

_LISTED = 100
"""So many spared entries are listed, each with its rules."""


@dataclass(slots=True)
class Change:
    """What becomes of one data set.

    Attributes:
        plan: what would put it in step.
        now: what is still to be done, as the set was read last.
        allowed: the part of it that may go ahead.
        refusals: what is held back.
        accepted: the list as it will be: the next run's L.
        begins: what is to go of the set, which the next run may finish.
        applied: what was written.
        unknown: whether a collection is not known, so that nothing is removed.
        after: the data set, read after the last write.
        drift: what others did to it since it was read before; None: not known.
        stay: how long an entry stays; None: no longer than it is wanted.
    """

    plan: Plan
    now: Plan
    allowed: Plan
    refusals: tuple[Refusal, ...] = ()
    accepted: Ranges = field(default_factory=lambda: Ranges.empty(Family.V4))
    begins: Ranges = field(default_factory=lambda: Ranges.empty(Family.V4))
    applied: Applied = field(default_factory=Applied)
    unknown: bool = False
    after: Dataset | None = None
    stay: Stay | None = None
    drift: Drift | None = None

    @property
    def standing(self) -> Dataset | None:
        """Return the data set as it stands now; None where that was not read."""
        return self.plan.dataset if not self.applied.written else self.after


@dataclass(slots=True)
class Report:
    """One run, filled in step by step.

    ``approve`` is the command line that allows what was held, with ``approve ID``;
    ``set_limit`` is how many values a set may hold, where somebody said;
    ``troubles`` hold what did not end the run and is not as it should be after it;
    ``through`` is what ThreatQ lets through, where a minimum stay asks for it;
    ``paused`` says that people stopped all writing: then nothing waits for consent;
    ``consents`` are those it goes by; ``act`` is what a person does, if it is no run.
    """

    collections: tuple[str, ...]
    appliance: str
    approve: str
    set_limit: int | None = None
    node: Node | None = None
    protection: Protection = field(default_factory=Protection)
    parts: tuple[Part, ...] = ()
    through: Mapping[Family, Ranges] | None = None
    paused: bool = False
    changes: list[Change] = field(default_factory=list)
    refusals: tuple[Refusal, ...] = ()
    saved: bool = False
    others_unsaved: bool = False
    troubles: list[ConnectorError] = field(default_factory=list)
    generations: tuple[int, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)
    consents: tuple[Given, ...] = ()
    act: Act | None = None

    @contextmanager
    def step(self, verb: str, clock: Clock) -> Iterator[None]:
        """Note how long a step takes, also where it fails."""
        started = clock.monotonic()
        try:
            yield
        finally:
            self.seconds[verb] = clock.monotonic() - started

    @property
    def digest(self) -> str:
        """Return 16 hexadecimal digits that name exactly what is planned."""
        digests = [change.plan.digest() for change in self.changes]
        if len(digests) == 1:
            return digests[0]
        return hashlib.sha256("".join(digests).encode()).hexdigest()[:16]

    @property
    def whose(self) -> dict[str, str]:
        """Return the data collection by the id of what is held back of it."""
        return {r.id: part.name for part in self.parts for r in part.refusals}

    def hold(self, said: Said, now: datetime) -> None:
        """Take in what is held back, and which collections failed.

        Args:
            said: what people said to what was held.
            now: UTC.
        """
        named: set[str] = set()
        for part in sorted(self.parts, key=lambda part: part.since is None):
            if part.failure is not None and part.name not in named:
                named.add(part.name)
                self.troubles.append(failed(part))
        self.refusals = (
            *(r for part in self.parts for r in part.refusals),
            *(r for change in self.changes for r in change.refusals),
        )
        if not self.paused:
            self.troubles += [held(r, self.approve, said, now) for r in self.refusals]

    @property
    def exit(self) -> Exit:
        """Return the code that the run ends with: the first trouble's."""
        return self.troubles[0].exit if self.troubles else Exit.IN_STEP

    def plan_lines(self) -> Iterator[str]:
        """Yield the plan as it is shown before anything is written."""
        return map(secrets.one_line, self._rows())

    def _rows(self) -> Iterator[str]:
        if not self.changes:
            return
        plans = [change.plan for change in self.changes]
        counts: Counter[Reason] = Counter()
        statuses: Counter[str] = Counter()
        for plan in plans:
            counts.update(plan.desired.rejections.counts())
            statuses.update(plan.desired.statuses)
        seen = statuses.total()
        yield from _mostly_out(counts, seen)
        where = f"{' and '.join(p.dataset.name for p in plans)} on {self.appliance}"
        if self.node is not None:
            where += f" ({self.node.build}, {self.node.role})"
        yield f"plan {self.digest} for {where}"
        yield row("collected", seen, f"indicators of {', '.join(self.collections)}")
        for status, count in sorted(statuses.items()):
            yield row("", count, f"with status {status or '(none)'}", 4)
        yield row("left out", counts.total(), "indicators")
        for reason in REASONS:
            if counts[reason]:
                yield row("", counts[reason], reason.value, 4)
        repeated = sum(plan.desired.duplicates for plan in plans)
        yield row("repeated", repeated, "ask for what another asks for")
        yield from self._never_block_lines(plans)
        for change in self.changes:
            if len(plans) > 1:
                yield f"  {change.plan.dataset.name}"
            yield from _set_lines(change.plan, self.collections)
            yield from drift_lines(change.drift)

    def _never_block_lines(self, plans: Sequence[Plan]) -> Iterator[str]:
        safelist = self.protection.safelist
        asked = [plan.desired.protected for plan in plans]
        wanted = [plan.desired.wanted for plan in plans]
        if any(map(len, asked)):
            yield row("spared", sum(map(len, asked)), "by never-block lists")
            for name, count in safelist.counted(asked, Strength.REFUSE).items():
                yield row("", count, name, 4)
        for name, count in safelist.counted(wanted, Strength.SHOW).items():
            yield row("shown", count, f"wanted, though on {name}")

    def spared(self) -> Iterator[tuple[AddressRange, list[str]]]:
        """Yield each entry that never-block lists cut out, with rules and networks."""
        for change in self.changes:
            for entry in change.plan.desired.protected:
                yield entry, self.protection.safelist.met(entry)

    def spared_lines(self) -> Iterator[str]:
        """Yield what never-block lists cut out: the first of them, and how many."""
        for n, (entry, rules) in enumerate(self.spared()):
            if n == _LISTED:
                yield "and more; plan --json lists all"
                return
            yield f"spared {entry}: {', '.join(rules)}"

    def refusal_lines(self) -> Iterator[str]:
        """Yield what was held back."""
        for refusal in self.refusals:
            by_rule = ""
            if refusal.held is Held.PROTECTED:
                safelist = self.protection.safelist
                hits = safelist.counted([refusal.entries], Strength.REFUSE)
                by_rule = "; by " + ", ".join(f"{r} {n:,}" for r, n in hits.items())
            yield (
                f"held {refusal.id}: {refusal.counted:,} {refusal.held}"
                f" (limit {refusal.limit:,}): {sample(refusal.entries)}{by_rule}"
            )

    def vanished_lines(self) -> Iterator[str]:
        """Yield what of ours had vanished, and what became of it."""
        for change in self.changes:
            if change.drift is not None and len(change.drift.vanished):
                name = change.plan.dataset.name
                yield vanished(name, change.drift, change.applied.done)

    def judge(self) -> None:
        """Add what the writing left undone to the troubles."""
        for change in self.changes:
            out = change.applied.left_out
            if out:
                self.troubles.insert(0, full(change.plan.dataset.name, out))
            if change.applied.refused:
                self.troubles.append(refused(change.applied.refused))

    def result_line(self) -> str:
        """Say how it ended."""
        bound = sum(change.applied.bound for change in self.changes)
        unbound = sum(change.applied.unbound for change in self.changes)
        done = f"{bound:,} bound, {unbound:,} unbound"
        saved = "saved" if self.saved else "nothing saved"
        held = ", part is held" if self.refusals else ""
        state = "in step" if not self.troubles else "not in step"
        return f"{state}: {done}, {saved}{held}"


def _mostly_out(counts: Counter[Reason], seen: int) -> Iterator[str]:
    for which, how in ((BY_STATUS, "status"), (BY_FIGURES, "score or date")):
        out = sum(counts[reason] for reason in which)
        if 2 * out > seen:
            yield f"more than half is left out by {how}: {out:,} of {seen:,}"


def _set_lines(plan: Plan, collections: Sequence[str]) -> Iterator[str]:
    """Yield what is wanted of one data set, and what changes in it."""
    wanted = plan.desired.wanted
    yield row("wanted", len(wanted), "entries")
    for kind, count in kinds(wanted).items():
        if count < len(wanted):
            yield row("", count, kind, 4)
    if len(collections) > 1:
        by_collection = Counter(plan.desired.collections)
        for position, name in enumerate(collections):
            yield row("", by_collection[position], f"of {name}", 4)
    if plan.desired.split:
        yield row("", plan.desired.split, "more, for what is cut out of blocks", 4)
    yield row("covered", plan.covered, "of them by entries of others")
    yield row("keep", plan.keep, "bound by us already")
    if plan.stay:
        words = f"wanted no more, and bound too short a while: {sample(plan.staying())}"
        yield row("stay", len(plan.stay), words)
    yield row("add", len(plan.add), sample(plan.add))
    yield row("remove", len(plan.remove), sample(plan.removed()))
    yield row("foreign", sum(plan.foreign.values()), "entries that stay untouched")
    for instance, count in few(plan.foreign, SHOWN).items():
        if instance:
            yield row("", count, f"of the connector {instance}", 4)
    unmarked = plan.foreign.get("", 0)
    if unmarked:
        inside = plan.unmarked_wanted
        yield row("", inside, "unmarked wanted", 4)
        yield row("", unmarked - inside, "unmarked unwanted", 4)
