"""One run over three addresses, whole or dead anywhere: the program's own core.

``trust``, ``plan``, ``check``, ``apply`` and ``verify`` are the program's; the target
is the fake that fulfils its contract. What a run keeps is kept in the order of
``run.sync``: what is accepted before the first write, a generation when the run ends.
A set is a number in base 4, a digit an address: nobody's, the first writer's, the
second's, a person's.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.universe import DAY, HOME, MARKS, OTHER, OURS
from soak import reference
from soak.reference import Content, Foresight, Situation, foresee
from soak.universe import V4, Entries
from soak.writer import hold
from support.fake import FakeTarget, Mishap
from tq_conn_citrix_waf.core.guard import Consent, Held, Limits, Refusal, check
from tq_conn_citrix_waf.core.merge import nothing, stand_in
from tq_conn_citrix_waf.core.model import Dataset, Desired, Mark, Rejections
from tq_conn_citrix_waf.core.plan import Ownership, entries, plan
from tq_conn_citrix_waf.core.ports import Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.core.trust import trust
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.apply import Applied, apply
from tq_conn_citrix_waf.run.verify import verify

ADDRESSES = 3
FULL = 1 << ADDRESSES
NOBODY, A, B, PERSON = range(4)
INSTANCES = {A: OURS, B: OTHER}
COMMENTS = ("", MARKS["ours"], MARKS["other's"], MARKS["a person's"])
LIMITS = Limits(remove_count=1, remove_share=0.0, add_count=1, add_share=0.0)
FREE = Limits(remove_count=ADDRESSES, add_count=ADDRESSES)
_NOW = datetime(2026, 3, 1, tzinfo=UTC)


class DeadError(Exception):
    """The run is dead."""


@dataclass(frozen=True, slots=True)
class Known:
    """What a writer keeps: lists as bits, an address each; None: not known.

    Attributes:
        last: the list accepted last.
        good: the data collection as it was last believed.
        due: whether a save is due.
    """

    last: int | None = None
    good: int | None = None
    due: bool = False


@dataclass(frozen=True, slots=True)
class Writer:
    """Which of the two writes, whose entries it may remove, and how many."""

    owner: int
    ownership: Ownership = Ownership.OWNED
    limits: Limits = LIMITS

    @property
    def instance(self) -> str:
        """Return what its marks carry."""
        return INSTANCES[self.owner]


@dataclass(frozen=True, slots=True)
class After:
    """What a run left: the set, its memory, whether it saved, what it held."""

    held: int
    known: Known
    saved: bool
    refusals: tuple[Refusal, ...] = ()


def digits(number: int) -> list[int]:
    """Return who holds each address."""
    return [number >> (2 * n) & 3 for n in range(ADDRESSES)]


def bits(number: int, owner: int) -> int:
    """Return the addresses that somebody holds, as bits."""
    return sum(1 << n for n, digit in enumerate(digits(number)) if digit == owner)


class Box(FakeTarget):
    """The fake; a step may be a death, and so may each single item of a write."""

    def __init__(self, number: int, step: Callable[[str], Mishap | None]) -> None:
        super().__init__(hook=step)
        self.capacity = ADDRESSES
        self.fill(number)

    def fill(self, number: int) -> None:
        """Let the set be this one."""
        self.running.clear()
        for n, digit in enumerate(digits(number)):
            if digit:
                self.put(str(_at(n)), comment=COMMENTS[digit])

    def _write(self, step: str, acts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
        return super()._write(step, [self._single(step, act) for act in acts])

    def _single(self, step: str, act: Callable[[], Outcome]) -> Callable[[], Outcome]:
        def one() -> Outcome:
            done = act()
            self.hook(f"{step} one")
            return done

        return one

    def number(self) -> int:
        """Return the set as a number."""
        found = 0
        for wanted, binding in self.running.items():
            digit = COMMENTS.index(binding.comment)
            found |= digit << (2 * (wanted.first - HOME.base))
        return found


class _Clock:
    """Time stands still."""

    def now(self) -> datetime:
        return _NOW

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def _at(n: int) -> AddressRange:
    return AddressRange(Family.V4, HOME.base + n, HOME.base + n)


def _ranges(some: int) -> Ranges:
    return HOME.ranges((n, n) for n in range(ADDRESSES) if some >> n & 1)


def _bits(ranges: Ranges) -> int:
    return sum(1 << (r.first - HOME.base) for r in ranges)


def _desired(some: int) -> Desired:
    wanted = _ranges(some)
    rows = len(wanted)
    return Desired(
        wanted, array("q", range(rows)), array("H", [0] * rows), Rejections()
    )


class Run:
    """One run; ``steps`` names each instant at which it may die.

    Args:
        writer: who runs.
        held: the set.
        want: its data collection; 0, which is none, is an outage.
        known: its memory.
        consents: what people allowed.
    """

    def __init__(
        self,
        writer: Writer,
        held: int,
        want: int,
        known: Known,
        consents: tuple[Consent, ...] = (),
    ) -> None:
        self._writer, self._want, self._consents = writer, want, consents
        self._held, self.known = held, known
        self.saved, self.refusals = False, tuple[Refusal, ...]()
        self.steps: list[str] = []
        self.writes = 0
        self.die_at = -1
        self.mishap: tuple[int, Mishap] | None = None
        self.between: tuple[int, Callable[[Box], None]] | None = None
        self.box = Box(held, self._step)

    def _step(self, step: str) -> Mishap | None:
        if len(self.steps) == self.die_at:
            raise DeadError
        if self.between is not None and self.between[0] == len(self.steps):
            self.between[1](self.box)
        mishap = None
        if self.mishap is not None and self.mishap[0] == len(self.steps):
            mishap = self.mishap[1]
        self.steps.append(step)
        self.writes += step in ("bind", "unbind", "save")
        return mishap

    def __call__(self) -> After:
        """Run, to its end or its death; what it sees to be wrong ends it, too."""
        with suppress(DeadError, ConnectorError):
            self._run()
        return After(self.box.number(), self.known, self.saved, self.refusals)

    def _run(self) -> None:
        if not self._want and self.known.good is None:
            return
        limits, instance = self._writer.limits, self._writer.instance
        data = self.box.read()
        taken, refused = self._believed(data)
        held = _ranges(self._want) if refused else None
        made = plan(taken, data, instance, self._writer.ownership, None, held)
        before = None if self.known.last is None else _ranges(self.known.last)
        verdict = check(made, limits, before, instance, self._consents)
        self.refusals = (*refused, *verdict.refusals)
        self._step("accept")
        self.known = replace(self.known, last=_bits(verdict.accepted))
        if not verdict.plan.empty:
            self._step("note that a save is due")
            self.known = replace(self.known, due=True)
            mark, applied = str(Mark(instance, DAY)), Applied()
            apply(self.box, verdict.plan, mark, applied, _Clock(), _tell)
            verify(self.box.read(), verdict.plan, applied, instance)
        if self.known.due:
            self.box.save()
            self.saved = True
            self._step("note that none is due")
            self.known = replace(self.known, due=False)
        self._step("record")
        if self._want:
            self.known = replace(self.known, good=_bits(taken.wanted))

    def _believed(self, data: Dataset) -> tuple[Desired, tuple[Refusal, ...]]:
        """Return what of the collection is taken; what is ours is nothing new."""
        last = None if self.known.good is None else _stand_in(self.known.good)
        if not self._want:
            return last or nothing(Family.V4), ()
        given, limits = _desired(self._want), self._writer.limits
        found = trust(given, last, limits, self._consents)
        if any(refusal.held is Held.ADDITIONS for refusal in found.refusals):
            ours = Consent(
                Held.ADDITIONS, entries(data, self._writer.instance, ours=True)
            )
            found = trust(given, last, limits, (*self._consents, ours))
        return found.desired, found.refusals


def _stand_in(some: int) -> Desired:
    wanted = _ranges(some)
    return stand_in(wanted, array("q", range(len(wanted))), 0)


def _tell(_verb: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def outcomes(writer: Writer, held: int, want: int, known: Known) -> Iterator[After]:
    """Yield what a run can leave, each judged: whole, approved, broken, dead.

    The first is the whole run, the second one that is approved and runs again.
    """
    run = Run(writer, held, want, known)
    whole = run()
    _judge_whole(writer, held, want, known, whole)
    hold("a run with nothing to do writes nothing", _idle(writer, want, whole))
    yield whole
    yield _approved(writer, want, whole)
    for n, step in enumerate(run.steps):
        if step in ("bind", "unbind"):
            for mishap in Mishap:
                again = Run(writer, held, want, known)
                again.mishap = (n, mishap)
                after = again()
                same = replace(after, refusals=whole.refusals) == whole
                hold("what is not answered is read, and done", same, mishap, after)
        dying = Run(writer, held, want, known)
        dying.die_at = n
        dead = dying()
        _judge_dead(held, dead, whole)
        yield dead


def _approved(writer: Writer, want: int, before: After) -> After:
    after, given = before, tuple[Consent, ...]()
    for _ in range(2):  # what a collection held may hide what the whole plan holds
        given += tuple(Consent(r.held, r.entries) for r in after.refusals)
        if not after.refusals:
            return after
        after = Run(writer, after.held, want, after.known, given)()
    hold("what is approved goes ahead", not after.refusals, after)
    return after


def _idle(writer: Writer, want: int, after: After) -> bool:
    again = Run(writer, after.held, want, after.known)
    left = again()
    return again.writes == 0 and left.held == after.held


def _judge_whole(
    writer: Writer, held: int, want: int, known: Known, after: After
) -> None:
    way = foresight(writer, held, want, known)
    gone = bits(held, B) & ~bits(after.held, B) if writer.owner == A else 0
    hold("another instance's entries stand", not gone, held, after)
    people = bits(held, PERSON) & ~bits(after.held, PERSON)
    allowed = writer.ownership is Ownership.EXCLUSIVE
    hold("what people bound stands", allowed or not people, held, after)
    opened = bits(after.held, NOBODY) & ~bits(held, NOBODY)
    hold("what a list asks for stays blocked", not opened & want, held, want, after)
    out = opened & (known.good or 0)
    hold("an outage unblocks nothing", want or not out, held, after)
    expected = sum(
        (writer.owner if HOME.base + n in way.add else digit) << (2 * n)
        for n, digit in enumerate(digits(held))
        if (HOME.base + n, HOME.base + n) not in way.remove or HOME.base + n in way.add
    )
    hold("it does what the reference says", after.held == expected, way, after)
    kept = _memory(after.known)
    there = [(m.last, m.good) for m in (kept, way.memory)]
    remembered = there[0] == there[1]
    hold("it remembers what it must", remembered, way, after)
    wrote = after.held != held or known.due
    hold("what was written is saved", after.saved == (wrote and way.written), after)


def _judge_dead(held: int, dead: After, whole: After) -> None:
    """Each address is as it was, or as the whole run leaves it."""
    pairs = zip(digits(held), digits(dead.held), digits(whole.held), strict=True)
    fine = all(now in (before, after) for before, now, after in pairs)
    hold("a dead run has done a part of the whole one", fine, held, dead, whole)


def foresight(writer: Writer, held: int, want: int, known: Known) -> Foresight:
    """Return what the reference says."""
    bound = {
        (HOME.base + n, HOME.base + n): COMMENTS[digit]
        for n, digit in enumerate(digits(held))
        if digit
    }
    content = Content(_entries(want)) if want else None
    policy = reference.Policy(writer.ownership.value, 1, 1)
    mine, memory = f"tq-waf:{writer.instance}:", _memory(known)
    lists = {"list": content}
    return foresee(Situation(mine, bound, lists, memory, policy, _NOW, (V4,)))


def _memory(known: Known) -> reference.Memory:
    last = {} if known.last is None else {V4: _entries(known.last)}
    good = {} if known.good is None else {("list", V4): _entries(known.good)}
    return reference.Memory(last, good)


def _entries(some: int) -> Entries:
    return frozenset(
        (HOME.base + n, HOME.base + n) for n in range(ADDRESSES) if some >> n & 1
    )
