"""Write a plan to the target, batch by batch: ``apply``.

1. Additions first, while there is room; where there is none, as many of ours are taken
   out as the batch needs, last of all those that would stay for their minimum stay. A
   full set never deadlocks, nothing is unblocked early. What overlaps an entry that
   makes way is bound right after the batch that took that entry out.
2. A value refused for itself is noted and holds nothing else back.
3. A write without an answer is resolved by reading, never by repeating blindly.
4. What cannot be resolved raises, and no removal comes after it; so does a reading that
   shows that what was bound is gone again.
5. Where the appliance takes no comments, nothing new can be marked as ours: what is
   wanted is bound all the same, and nothing is removed.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from tq_conn_citrix_waf.core.dataset import Binding
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ports import Clock, Fate, Outcome, Target
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.errors import (
    TargetFaultError,
    TargetUnreachableError,
    UnverifiedError,
)
from tq_conn_citrix_waf.netscaler.bulk import FIRST, MOST, Bulk

T = TypeVar("T")

Tell = Callable[[str, int, int], None]
"""Called with a verb, how many are done, and how many there are."""

_UNANSWERED_MOST = 3
"""So many writes in a row may stay unanswered: then the appliance is taken for gone."""


@dataclass(slots=True)
class Applied:
    """What was written, as far as it got; kept up to date while writing.

    ``done`` was bound, ``undone`` unbound; ``room`` is how many more values the set may
    hold, None where the appliance tells; ``most`` values go in a request; ``unmarked``:
    the appliance takes no comments, so the run only added.
    """

    done: list[AddressRange] = field(default_factory=list)
    undone: list[AddressRange] = field(default_factory=list)
    room: int | None = None
    most: int = MOST
    refused: list[tuple[AddressRange, str]] = field(default_factory=list)
    left_out: list[AddressRange] = field(default_factory=list)
    unanswered: int = 0
    unmarked: bool = False

    @property
    def bound(self) -> int:
        """Count what was bound."""
        return len(self.done)

    @property
    def unbound(self) -> int:
        """Count what was unbound."""
        return len(self.undone)

    @property
    def written(self) -> bool:
        """Whether anything was changed, or may have been."""
        return bool(self.bound or self.unbound or self.unanswered)


def apply(
    target: Target, plan: Plan, mark: str, applied: Applied, clock: Clock, tell: Tell
) -> None:
    """Write a plan.

    Args:
        target: the data set that the plan was made for.
        plan: the allowed part.
        mark: the comment of what is bound.
        applied: filled in as the work goes on.
        clock: tells how long a batch takes, for the size of the next.
        tell: told of progress.

    Raises:
        TargetError: it could not be finished; ``applied`` says how far it got.
        UnverifiedError: what was bound did not stay.
    """
    _Work(target, plan, mark, applied, clock, tell).run()


class _Work:
    def __init__(
        self,
        target: Target,
        plan: Plan,
        mark: str,
        applied: Applied,
        clock: Clock,
        tell: Tell,
    ) -> None:
        self._target, self._mark = target, mark
        self._applied, self._tell = applied, tell
        self._bulk, self._clock = Bulk(min(FIRST, applied.most), applied.most), clock
        self._add = plan.add
        blocked = plan.add.intersect(plan.removed())
        self._open = deque(r for r in plan.add if not _touches(r, blocked))
        self._shut = deque(r for r in plan.add if _touches(r, blocked))
        bindings = [plan.dataset.binding(row) for row in plan.remove]
        overlap = plan.removed().intersect(plan.add)
        self._blockers = deque(b for b in bindings if _touches(b.range, overlap))
        self._out = deque(b for b in bindings if not _touches(b.range, overlap))
        self._spare = deque(plan.dataset.binding(row) for row in plan.stay)
        self._adds, self._removes = len(plan.add), len(bindings)
        self._silent = 0

    def run(self) -> None:
        self._bind(self._open)
        while self._blockers and not self._applied.unmarked:
            self._unbind_batch(self._blockers)
            self._open_up()
            self._bind(self._open)
        self._bind(self._shut)
        while self._out and not self._applied.unmarked:
            self._unbind_batch(self._out)

    def _open_up(self) -> None:
        """Move to what can be bound all before the next entry that is in the way."""
        while self._shut:
            if self._blockers and self._shut[0].last >= self._blockers[0].range.first:
                return
            self._open.append(self._shut.popleft())

    def _bind(self, queue: deque[AddressRange]) -> None:
        while queue:
            room = self._applied.room
            if room is not None and room < 1 and not self._make_room(len(queue)):
                self._applied.left_out += queue
                return
            most = self._bulk.size
            batch = _take(queue, most if room is None else min(most, max(1, room)))
            outcomes = self._send(lambda b: self._target.bind(b, self._mark), batch)
            if outcomes is None or self._mark_refused():
                queue.extendleft(reversed(batch))
                continue
            no_room, unknown = [], []
            for wanted, outcome in zip(batch, outcomes, strict=True):
                if outcome.fate is Fate.FULL:
                    no_room.append(wanted)
                elif outcome.fate is Fate.UNKNOWN:
                    unknown.append(wanted)
                else:
                    self._note_bound(wanted, outcome)
            queue.extendleft(reversed(no_room + self._not_bound(unknown)))
            self._tell("bind", self._applied.bound, self._adds)
            if no_room and not self._make_room(len(no_room)):
                self._applied.left_out += queue
                queue.clear()

    def _mark_refused(self) -> bool:
        """Whether the batch just sent was refused for its mark; from then on, none."""
        if self._target.comments is not False or not self._mark:
            return False
        self._mark, self._applied.unmarked = "", True
        return True

    def _send(
        self, write: Callable[[list[T]], list[Outcome]], batch: list[T]
    ) -> list[Outcome] | None:
        """Write a batch; None where it was turned away whole and a smaller one may go.

        Raises:
            TargetError: it was turned away, and a smaller one would be too.
        """
        started = self._clock.monotonic()
        try:
            outcomes = write(batch)
        except TargetFaultError:
            if len(batch) == 1:
                raise
            self._bulk.trouble(len(batch))
            return None
        unclear = [outcome.fate is Fate.UNKNOWN for outcome in outcomes]
        if any(unclear):
            self._bulk.trouble()
        else:
            self._bulk.went_well(len(batch), self._clock.monotonic() - started)
        self._heard(silent=all(unclear))
        return outcomes

    def _note_bound(self, wanted: AddressRange, outcome: Outcome) -> None:
        if outcome.fate is Fate.REFUSED:
            self._applied.refused.append((wanted, outcome.words))
        else:
            self._count([wanted], [])

    def _count(self, done: list[AddressRange], undone: list[AddressRange]) -> None:
        self._applied.done += done
        self._applied.undone += undone
        if self._applied.room is not None:
            self._applied.room += len(undone) - len(done)

    def _make_room(self, wanted: int) -> bool:
        """Take out as many of ours as a batch needs; False where none is left to go."""
        before = self._applied.unbound
        needed = min(wanted, self._bulk.size)
        for queue in (self._out, self._blockers, self._spare):
            while queue and self._applied.unbound - before < needed:
                self._unbind_batch(queue, needed - (self._applied.unbound - before))
        return self._applied.unbound > before

    def _unbind_batch(self, queue: deque[Binding], most: int = 1 << 30) -> None:
        batch = _take(queue, min(most, self._bulk.size))
        outcomes = self._send(self._target.unbind, batch)
        if outcomes is None:
            queue.extendleft(reversed(batch))
            return
        unknown = []
        for binding, outcome in zip(batch, outcomes, strict=True):
            if outcome.fate is Fate.UNKNOWN:
                unknown.append(binding)
            elif outcome.fate is Fate.REFUSED:
                self._applied.refused.append((binding.range, outcome.words))
            else:
                self._count([], [binding.range])
        queue.extendleft(reversed(self._still_bound(unknown)))
        self._tell("unbind", self._applied.unbound, self._removes)

    def _heard(self, *, silent: bool) -> None:
        self._silent = self._silent + 1 if silent else 0
        if self._silent > _UNANSWERED_MOST:
            raise TargetUnreachableError(
                f"{self._silent} writes in a row were not answered",
                "see whether the appliance is overloaded or restarting; the next run"
                " finishes the work",
            )

    def _not_bound(self, unknown: Sequence[AddressRange]) -> list[AddressRange]:
        """Read the set and return those that an unanswered write did not bind."""
        if not unknown:
            return []
        self._applied.unanswered += 1
        there = self._there()
        missing = [r for r in unknown if not there.covers(r.first, r.last)]
        self._count([r for r in unknown if r not in missing], [])
        return missing

    def _still_bound(self, unknown: Sequence[Binding]) -> list[Binding]:
        if not unknown:
            return []
        self._applied.unanswered += 1
        there = self._there()
        self._must_have_stayed(there)
        still = [b for b in unknown if there.covers(b.range.first, b.range.last)]
        self._count([], [b.range for b in unknown if b not in still])
        return still

    def _there(self) -> Ranges:
        """Read the set; a range may stand there as the blocks it is made of."""
        data = self._target.read()
        return Ranges.of(data.family, data.pairs()).merged()

    def _must_have_stayed(self, there: Ranges) -> None:
        """Stop before more goes, where a restart or a person took what was bound."""
        applied = self._applied
        others = (*self._open, *self._shut, *applied.left_out)
        excused = {*others, *(refused for refused, _ in applied.refused)}
        if any(
            not there.covers(r.first, r.last) and r not in excused for r in self._add
        ):
            raise UnverifiedError(
                "what was bound a moment ago is no longer in the set; nothing more is"
                " unbound",
                "see whether the appliance restarted, or who else changes this data"
                " set; the next run puts it right",
            )


def _touches(wanted: AddressRange, others: Ranges) -> bool:
    return len(others) > 0 and others.touches(wanted.first, wanted.last)


def _take(queue: deque[T], most: int) -> list[T]:
    return [queue.popleft() for _ in range(min(most, len(queue)))]
