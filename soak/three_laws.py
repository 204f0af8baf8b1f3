"""What a run over three addresses can leave, each held against the laws."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from soak import situation
from soak.laws import hold
from soak.reference import foresee
from soak.situation import Content, Foresight, Situation
from soak.three import (
    COMMENTS,
    NOBODY,
    NOW,
    PERSON,
    A,
    After,
    B,
    Known,
    Writer,
    bindings,
    bits,
    digits,
    joins,
)
from soak.three_runs import Run
from soak.universe import of, spread
from support.fake import Mishap
from tq_conn_citrix_waf.core.guard import Consent
from tq_conn_citrix_waf.core.plan import Ownership

_REMEMBERED = 2**15
"""Runs, of which each holds some kilobytes; most are asked for again soon, or never."""


@lru_cache(_REMEMBERED)
def ran(
    writer: Writer, held: int, want: int, known: Known
) -> tuple[After, tuple[tuple[str, After], ...], int]:
    """Return what a whole run leaves, its steps, and how many of them write.

    With each step is what a run leaves that dies just before it.
    """
    run = Run(writer, held, want, known)
    after = run()
    return after, tuple(zip(run.steps, run.deaths, strict=True)), run.writes


def outcomes(writer: Writer, held: int, want: int, known: Known) -> Iterator[After]:
    """Yield what a run can leave, each judged: whole, approved, broken, dead.

    The first is the whole run, the second one that is approved and runs again.
    """
    whole, steps, _ = ran(writer, held, want, known)
    _judge_whole(writer, held, want, known, whole)
    # A part of a network that made way is ours now, so it is no growth any more: the
    # rest of what was held may be under its limit in the next run, judged then.
    made_way = joins(held) & ~joins(whole.held) and whole.refusals
    settled = whole
    if known.begun and whole.refusals:
        # A dead run had used up the limit: what was held may be under the next one's.
        settled, _, _ = ran(writer, whole.held, want, whole.known)
    idle = made_way or _idle(writer, want, settled)
    hold("a run with nothing to do writes nothing", idle)
    yield whole
    yield _approved(writer, want, whole)
    for n, (step, dead) in enumerate(steps):
        if step in ("bind", "unbind"):
            for mishap in Mishap:
                again = Run(writer, held, want, known)
                again.mishap = (n, mishap)
                after = again()
                same = replace(after, refusals=whole.refusals) == whole
                hold("what is not answered is read, and done", same, mishap, after)
        _judge_dead(held, dead, whole)
        after, _, _ = ran(writer, dead.held, want, dead.known)
        _finishes(after, whole)
        yield dead


def _finishes(after: After, whole: After) -> None:
    """See that the run after a dead one holds back nothing more."""
    before = {refusal.held for refusal in whole.refusals}
    new = [refusal for refusal in after.refusals if refusal.held not in before]
    hold("what a dead run began is finished", not new, after, whole)


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
    left, _, writes = ran(writer, after.held, want, after.known)
    return writes == 0 and left.held == after.held


def _judge_whole(
    writer: Writer, held: int, want: int, known: Known, after: After
) -> None:
    way = foresight(writer, held, want, known)
    other = B if writer.owner == A else A
    gone = bits(held, other) & ~bits(after.held, other)
    hold("another instance's entries stand", not gone, held, after)
    people = bits(held, PERSON) & ~bits(after.held, PERSON)
    allowed = writer.ownership is Ownership.EXCLUSIVE
    hold("what people bound stands", allowed or not people, held, after)
    opened = bits(after.held, NOBODY) & ~bits(held, NOBODY)
    hold("what a list asks for stays blocked", not opened & want, held, want, after)
    out = opened & (known.good or 0)
    hold("an outage unblocks nothing", want or not out, held, after)
    removed = spread(way.remove)
    expected = [
        writer.new if place in way.add else digit * (place not in removed)
        for place, digit in zip(writer.home.places, digits(held), strict=True)
    ]
    done = digits(after.held) == expected
    hold("it does what the reference says", done, way, after)
    kept = _memory(writer, after.known)
    remembered = (
        kept.plain[:2] == way.memory.plain[:2] and kept.begun == way.memory.begun
    )
    hold("it remembers what it must", remembered, way, after)
    wrote = after.held != held or known.due
    hold("what was written is saved", after.saved == (wrote and way.written), after)


def _judge_dead(held: int, dead: After, whole: After) -> None:
    """Each address is as it was, or as the whole run leaves it.

    Or open, for a moment, where a network of which only a part is wanted makes way.
    """
    pairs = zip(digits(held), digits(dead.held), digits(whole.held), strict=True)
    opens = [NOBODY] if joins(held) & ~joins(whole.held) else []
    fine = all(now in (before, after, *opens) for before, now, after in pairs)
    hold("a dead run has done a part of the whole one", fine, held, dead, whole)


def foresight(writer: Writer, held: int, want: int, known: Known) -> Foresight:
    """Return what the reference says."""
    home = writer.home
    bound = {
        home.pair(first, last): COMMENTS[digit] for first, last, digit in bindings(held)
    }
    content = Content(home.entries(want)) if want else None
    policy = situation.Policy(writer.ownership.value, 1, 1, writer.stay)
    mine, memory = f"tq-waf:{writer.instance}:", _memory(writer, known)
    families = tuple(map(int, home.families))
    return foresee(
        Situation(mine, bound, {"list": content}, memory, policy, NOW, families)
    )


def _memory(writer: Writer, known: Known) -> situation.Memory:
    home, last, good = writer.home, known.last, known.good
    which, begun = [*map(int, home.families)], home.entries(known.begun)
    return situation.Memory(
        {} if last is None else {v: of(home.entries(last), v) for v in which},
        {} if good is None else {("list", v): of(home.entries(good), v) for v in which},
        begun={v: spread(pairs) for v in which if (pairs := of(begun, v))},
    )
