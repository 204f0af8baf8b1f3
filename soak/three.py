"""One run over three addresses, whole or dead anywhere: the program's own core.

``trust``, ``plan``, ``check``, ``apply`` and ``verify`` are the program's; the target
is the fake that fulfils its contract. What a run keeps is kept in the order of
``run.sync``: what is accepted before the first write, a generation when the run ends.
A set is a number in base 4, a digit an address: nobody's, the first writer's, the
second's, a person's. The first two addresses are neighbours, and may be one entry, a
network of two: then ``JOINED`` is added, and to a list ``NETWORK``.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.universe import DAY, HOME, MARKS, OTHER, OURS, UNIVERSES, Universe
from soak import situation
from soak.laws import hold
from soak.reference import foresee
from soak.situation import Content, Foresight, Situation
from soak.universe import Entries, spread
from support.fake import FakeTarget, Mishap
from tq_conn_citrix_waf.core.dataset import Dataset, Mark, spelling
from tq_conn_citrix_waf.core.guard import Consent, Held, Limits, Refusal, check
from tq_conn_citrix_waf.core.merge import nothing, stand_in
from tq_conn_citrix_waf.core.model import Desired, Rejections
from tq_conn_citrix_waf.core.plan import Ownership, entries, plan
from tq_conn_citrix_waf.core.ports import Outcome
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.core.trust import trust
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.apply import Applied, apply
from tq_conn_citrix_waf.run.verify import verify

ADDRESSES = 3
FULL = 1 << ADDRESSES
JOINED, NETWORK = 1 << 2 * ADDRESSES, FULL
SIXTH = next(home for home in UNIVERSES if home.family is Family.V6)
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
    home: Universe = HOME

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


def bindings(number: int) -> Iterator[tuple[int, int, int]]:
    """Yield first and last address of each binding, and whose it is."""
    held = digits(number)
    if number & JOINED:
        yield 0, 1, held[0]
    for n in range(2 if number & JOINED else 0, ADDRESSES):
        if held[n]:
            yield n, n, held[n]


def bits(number: int, owner: int) -> int:
    """Return the addresses that somebody holds, as bits."""
    return sum(1 << n for n, digit in enumerate(digits(number)) if digit == owner)


class Box(FakeTarget):
    """The fake; a step may be a death, and so may each single item of a write."""

    def __init__(
        self, number: int, step: Callable[[str], Mishap | None], home: Universe
    ) -> None:
        super().__init__(hook=step, family=home.family)
        self.home, self.capacity = home, ADDRESSES
        self.fill(number)

    def fill(self, number: int) -> None:
        """Let the set be this one."""
        self.running.clear()
        for first, last, digit in bindings(number):
            (there,) = self.home.ranges([(first, last)])
            self.put(*spelling(there), comment=COMMENTS[digit])

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
            for n in range(wanted.first, wanted.last + 1):
                found |= digit << (2 * (n - self.home.base))
            found |= JOINED * (wanted.first < wanted.last)
        return found


class _Clock:
    """Time stands still."""

    def now(self) -> datetime:
        return _NOW

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


def _pairs(some: int) -> list[tuple[int, int]]:
    """Return the entries of a list."""
    found = [(n, n) for n in range(ADDRESSES) if some >> n & 1]
    return [(0, 1), *found[2:]] if some & NETWORK else found


def _bits(ranges: Ranges, home: Universe) -> int:
    found = 0
    for first, last in ranges.pairs():
        found |= sum(1 << (n - home.base) for n in range(first, last + 1))
        found |= NETWORK * (first < last)
    return found


def _desired(wanted: Ranges) -> Desired:
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
        self.box = Box(held, self._step, writer.home)

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

    def _ranges(self, some: int) -> Ranges:
        return self._writer.home.ranges(_pairs(some))

    def _run(self) -> None:
        if not self._want and self.known.good is None:
            return
        limits, instance = self._writer.limits, self._writer.instance
        home = self._writer.home
        data = self.box.read()
        taken, refused = self._believed(data)
        held = self._ranges(self._want).merged() if refused else None
        made = plan(taken, data, instance, self._writer.ownership, None, held)
        before = None if self.known.last is None else self._ranges(self.known.last)
        verdict = check(made, limits, before, instance, self._consents)
        self.refusals = (*refused, *verdict.refusals)
        self._step("accept")
        self.known = replace(self.known, last=_bits(verdict.accepted, home))
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
            self.known = replace(self.known, good=_bits(taken.wanted, home))

    def _believed(self, data: Dataset) -> tuple[Desired, tuple[Refusal, ...]]:
        """Return what of the collection is taken; what is ours is nothing new."""
        good = self.known.good
        last = None if good is None else _stand_in(self._ranges(good))
        if not self._want:
            return last or nothing(self._writer.home.family), ()
        given = _desired(self._ranges(self._want))
        limits = self._writer.limits
        found = trust(given, last, limits, self._consents)
        if any(refusal.held is Held.ADDITIONS for refusal in found.refusals):
            ours = Consent(
                Held.ADDITIONS, entries(data, self._writer.instance, ours=True)
            )
            found = trust(given, last, limits, (*self._consents, ours))
        return found.desired, found.refusals


def _stand_in(wanted: Ranges) -> Desired:
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
    # A part of a network that made way is ours now, so it is no growth any more: the
    # rest of what was held may be under its limit in the next run, judged then.
    made_way = held & JOINED and not whole.held & JOINED and whole.refusals
    idle = made_way or _idle(writer, want, whole)
    hold("a run with nothing to do writes nothing", idle)
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
    base, removed = writer.home.base, spread(way.remove)
    expected = [
        writer.owner if base + n in way.add else digit * (base + n not in removed)
        for n, digit in enumerate(digits(held))
    ]
    done = digits(after.held) == expected
    hold("it does what the reference says", done, way, after)
    kept = _memory(writer, after.known)
    remembered = kept.plain[:2] == way.memory.plain[:2]
    hold("it remembers what it must", remembered, way, after)
    wrote = after.held != held or known.due
    hold("what was written is saved", after.saved == (wrote and way.written), after)


def _judge_dead(held: int, dead: After, whole: After) -> None:
    """Each address is as it was, or as the whole run leaves it.

    Or open, for a moment, where a network of which only a part is wanted makes way.
    """
    pairs = zip(digits(held), digits(dead.held), digits(whole.held), strict=True)
    opens = [NOBODY] if held & JOINED and not whole.held & JOINED else []
    fine = all(now in (before, after, *opens) for before, now, after in pairs)
    hold("a dead run has done a part of the whole one", fine, held, dead, whole)


def foresight(writer: Writer, held: int, want: int, known: Known) -> Foresight:
    """Return what the reference says."""
    home = writer.home
    bound = {
        (home.base + first, home.base + last): COMMENTS[digit]
        for first, last, digit in bindings(held)
    }
    content = Content(_entries(writer, want)) if want else None
    policy = situation.Policy(writer.ownership.value, 1, 1)
    mine, memory = f"tq-waf:{writer.instance}:", _memory(writer, known)
    lists, families = {"list": content}, (int(home.family),)
    return foresee(Situation(mine, bound, lists, memory, policy, _NOW, families))


def _memory(writer: Writer, known: Known) -> situation.Memory:
    which, last, good = int(writer.home.family), known.last, known.good
    return situation.Memory(
        {} if last is None else {which: _entries(writer, last)},
        {} if good is None else {("list", which): _entries(writer, good)},
    )


def _entries(writer: Writer, some: int) -> Entries:
    return frozenset(writer.home.pairs(_pairs(some)))
