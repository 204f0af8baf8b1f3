"""All that happened in one run; text is a view of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tq_conn_citrix_waf.core.guard import Held, Refusal, Verdict
from tq_conn_citrix_waf.core.model import BY_STATUS
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ports import Clock, Node
from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    DatasetFullError,
    EntriesRefusedError,
    PlanHeldError,
    SourceError,
)
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.apply import Applied
from tq_conn_citrix_waf.run.gather import Part

_SHOWN = 5
"""So many entries are named where there are more; the count is always whole."""


@dataclass(slots=True)
class Report:
    """One run, filled in step by step.

    ``approve`` is the command line that allows what was held, with ``ID`` for the id;
    ``troubles`` hold what did not end the run and is not as it should be after it.
    """

    collections: tuple[str, ...]
    appliance: str
    approve: str
    node: Node | None = None
    parts: tuple[Part, ...] = ()
    plan: Plan | None = None
    refusals: tuple[Refusal, ...] = ()
    applied: Applied = field(default_factory=Applied)
    saved: bool = False
    others_unsaved: bool = False
    troubles: list[ConnectorError] = field(default_factory=list)
    generations: tuple[int, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, verb: str, clock: Clock) -> Iterator[None]:
        """Note how long a step takes, also where it fails."""
        started = clock.monotonic()
        try:
            yield
        finally:
            self.seconds[verb] = clock.monotonic() - started

    def hold(self, verdict: Verdict) -> None:
        """Take in what is held back, and which collections failed."""
        for part in self.parts:
            if part.failure is not None:
                self.troubles.append(_failed(part))
        held = [r for part in self.parts for r in part.refusals]
        self.refusals = (*held, *verdict.refusals)
        self.troubles += [refusal_trouble(r, self.approve) for r in self.refusals]

    @property
    def exit(self) -> Exit:
        """Return the code that the run ends with: the first trouble's."""
        return self.troubles[0].exit if self.troubles else Exit.IN_STEP

    def plan_lines(self) -> Iterator[str]:
        """Yield the plan as it is shown before anything is written."""
        if self.plan is None:
            return
        plan, desired = self.plan, self.plan.desired
        where = f"{plan.dataset.name} on {self.appliance}"
        if self.node is not None:
            where += f" ({self.node.build}, {self.node.role})"
        names = ", ".join(self.collections)
        counts = desired.rejections.counts()
        out = sum(counts.get(reason, 0) for reason in BY_STATUS)
        if 2 * out > desired.seen:
            yield f"more than half is left out by status: {out:,} of {desired.seen:,}"
        yield f"plan {plan.digest()} for {where}"
        yield _row("collected", desired.seen, f"indicators of {names}")
        for status, count in sorted(desired.statuses.items()):
            yield _row("", count, f"with status {status or '(none)'}", 4)
        yield _row("left out", len(desired.rejections), "indicators")
        for reason, count in counts.items():
            yield _row("", count, reason.value, 4)
        yield _row("repeated", desired.duplicates, "ask for what another asks for")
        yield _row("wanted", len(desired.wanted), "entries")
        yield _row("covered", plan.covered, "of them by entries of others")
        yield _row("keep", plan.keep, "bound by us already")
        yield _row("add", len(plan.add), sample(plan.add))
        yield _row("remove", len(plan.remove), sample(plan.removed()))
        yield _row("foreign", sum(plan.foreign.values()), "entries that stay untouched")
        for instance, count in plan.foreign.items():
            if instance:
                yield _row("", count, f"of the connector {instance}", 4)
        unmarked = plan.foreign.get("", 0)
        if unmarked:
            inside = plan.unmarked_wanted
            yield _row("", inside, "unmarked wanted", 4)
            yield _row("", unmarked - inside, "unmarked unwanted", 4)

    def refusal_lines(self) -> Iterator[str]:
        """Yield what was held back."""
        for refusal in self.refusals:
            yield (
                f"held {refusal.id}: {refusal.counted:,} {refusal.held}"
                f" (limit {refusal.limit:,}): {sample(refusal.entries)}"
            )

    def judge(self) -> None:
        """Add what the writing left undone to the troubles."""
        out, refused = self.applied.left_out, self.applied.refused
        if out:
            named = Ranges.of(out[0].family, ((r.first, r.last) for r in out))
            self.troubles.insert(
                0,
                DatasetFullError(
                    f"the data set is full: {len(out):,} wanted entries are not blocked"
                    f" ({sample(named)})",
                    "narrow the data collection, or use a release that holds more"
                    " values in a set",
                ),
            )
        if refused:
            wanted, words = refused[0]
            self.troubles.append(
                EntriesRefusedError(
                    f"the appliance refused {len(refused):,} entries, the first"
                    f" {wanted}: {words}",
                    "look at these entries on the appliance; all others went ahead",
                )
            )

    def result_line(self) -> str:
        """Say how it ended."""
        done = f"{self.applied.bound:,} bound, {self.applied.unbound:,} unbound"
        saved = "saved" if self.saved else "nothing saved"
        held = ", part is held" if self.refusals else ""
        state = "in step" if not self.troubles else "not in step"
        return f"{state}: {done}, {saved}{held}"


def _row(name: str, count: int, words: str, indent: int = 0) -> str:
    return f"  {name:<10}{count:>9,}  {'':<{indent}}{words}".rstrip()


def sample(ranges: Ranges) -> str:
    """Return the first few of many ranges, and that there are more."""
    shown = [str(ranges[row]) for row in range(min(_SHOWN, len(ranges)))]
    more = f" and {len(ranges) - _SHOWN:,} more" if len(ranges) > _SHOWN else ""
    return ", ".join(shown) + more


_WORRIES = {
    Held.ADDITIONS: "a filter that widened by mistake",
    Held.REMOVALS: "a source that lost part of its list",
    Held.PROTECTED: "a list that does not belong on an edge: nothing is taken from it",
}


def refusal_trouble(refusal: Refusal, approve: str) -> PlanHeldError:
    """Return what a refusal means for whoever reads the exit code."""
    return PlanHeldError(
        f"{refusal.counted:,} {refusal.held} are over the limit of {refusal.limit:,}"
        f" for a list of {refusal.size:,} and are held ({refusal.id})",
        f"look whether this is {_WORRIES[refusal.held]}; if it is meant, run:"
        f" {approve.replace('ID', refusal.id)}",
    )


def _failed(part: Part) -> SourceError:
    """Return the failure of a collection, and what stands in for it."""
    if part.failure is None or part.since is None:
        raise ValueError(part)
    return type(part.failure)(
        f"{part.failure.what}; its last good list, of {part.since:%Y-%m-%d %H:%M} UTC,"
        " stands in",
        part.failure.cure,
    )
