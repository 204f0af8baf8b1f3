"""Is it blocked, and why, or why not: ``explain``.

    wanted | in the set   | causes
    -------+--------------+----------------------------------------------------------
    yes    | ours         | none: that is how it should be
    yes    | another's    | covered
    yes    | nothing      | held, set full, refused, lost, last run, next run, ...
    no     | ours         | not wanted (its removal may be held)
    no     | another's    | foreign, instance
    no     | nothing      | never-block, left out, left, no data set, not found

1. Blocked is what the set holds, whoever bound it; wanted is what a data collection
   asks for and nothing speaks against. Neither is ever taken for the other.
2. What is blocked or wanted, and not both by ours, has at least one cause; so has what
   is neither.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tq_conn_citrix_waf.core import causes
from tq_conn_citrix_waf.core.causes import Cause, Why
from tq_conn_citrix_waf.core.dataset import days_since_1970
from tq_conn_citrix_waf.core.facts import Facts, Hold
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.core.seen import Entry, Seen, Told, Whose, empty, how_much, see


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer.

    Attributes:
        seen: what the set has; None where that is not known.
        causes: the weightiest first.
    """

    facts: Facts
    seen: Seen | None
    causes: tuple[Cause, ...]

    @property
    def blocked(self) -> Told:
        """Whether it is blocked."""
        if self.seen is None:
            return Told.UNKNOWN if self.facts.set_name else Told.NO
        return how_much(self.seen.blocked, self.facts.asked)

    @property
    def wanted(self) -> Told:
        """Whether a data collection wants it blocked."""
        return how_much(self.facts.wanted, self.facts.asked)


def explain(facts: Facts) -> Explanation:
    """Return whether it is blocked, and why or why not."""
    seen = None
    if facts.dataset is not None:
        seen = see(facts.asked, facts.dataset, facts.instance)
    return Explanation(facts, seen, tuple(_causes(facts, seen)))


def _causes(facts: Facts, seen: Seen | None) -> Iterator[Cause]:
    wanted = facts.wanted
    if not facts.single:  # of a network all is told that is held, whatever it comes to
        held = (hold for hold in facts.holds if len(hold.entries))
        yield from (causes.held(hold, hold.entries) for hold in held)
    if wanted is not None and facts.set_name and seen is not None:
        yield from _missing(facts, wanted.subtract(seen.blocked.merged()))
    if len(facts.never):
        yield causes.never_block(facts)
    if not facts.set_name:
        yield causes.no_set(facts)
    if seen is not None:
        yield from _standing(facts, seen)
    yield from _unfit(facts)
    asking = any(not claim.left for claim in facts.claims)
    if wanted is not None and not len(wanted) and not asking and facts.voices:
        yield causes.nowhere(facts, blocked=seen is not None and bool(seen.entries))


def _missing(facts: Facts, missing: Ranges) -> Iterator[Cause]:
    """Yield why wanted addresses are in no entry; what explains them comes first."""
    for cause in _withheld(facts):
        part = missing.intersect(cause.part) if cause.part is not None else missing
        if len(part):
            if facts.single or cause.kind is not Why.HELD:
                yield replace(cause, part=part)
            missing = missing.subtract(part.merged())
    if len(missing) and facts.idle:
        yield causes.idle(facts, missing)
        return
    new = missing.subtract(facts.taken.merged())
    if len(new):
        yield causes.next_run(facts, new)
    known = missing.subtract(new.merged())
    if len(known):
        yield causes.lost(facts, known)


def _withheld(facts: Facts) -> Iterator[Cause]:
    """Yield what the last run did not bind, and why, wanted or not."""
    for hold in facts.holds:
        yield causes.held(hold, _held_back(facts, hold).merged())
    if facts.last is not None:
        yield causes.full(facts, facts.last.full.merged())
        for entry, words in facts.last.refused:
            one = Ranges.of(entry.family, [(entry.first, entry.last)])
            yield causes.refused(entry, words, one)


def _held_back(facts: Facts, hold: Hold) -> Ranges:
    """Return the additions that a refusal holds back.

    Never-block hits hold back all that is new in their collection.
    """
    if hold.held in (Held.ADDITIONS, Held.WIDE):
        return hold.entries
    if hold.held is Held.REMOVALS:
        return empty(facts.asked.family)
    pairs = [
        pair
        for voice in facts.voices
        if voice.wanted is not None and hold.collection in ("", voice.collection)
        for pair in voice.wanted.pairs()
    ]
    return Ranges.of(facts.asked.family, pairs).subtract(facts.taken)


def _standing(facts: Facts, seen: Seen) -> Iterator[Cause]:
    """Yield what is to be said of entries that stand in the set."""
    if facts.wanted is None:
        wanted = empty(facts.asked.family)
    else:
        wanted = facts.wanted.merged()
        covered = seen.foreign.intersect(wanted)
        if len(covered):
            yield causes.covered(covered)
        extra = seen.ours.subtract(wanted)
        for hold in facts.holds:
            part = extra.intersect(hold.entries.merged())
            if hold.held is Held.REMOVALS and len(part):
                if facts.single:
                    yield causes.held(hold, part)
                extra = extra.subtract(part.merged())
        for entry in seen.entries:
            part = extra.intersect(Ranges.of(extra.family, [facts.inside(entry)]))
            if len(part) and _stays(facts, entry):
                yield causes.stays(facts, entry, part)
                extra = extra.subtract(part)
        if len(extra):
            yield causes.unwanted(facts, extra)
    others = [
        entry
        for entry in seen.entries
        if entry.whose is not Whose.OURS and not wanted.covers(*facts.inside(entry))
    ]
    if len(others) > 1:
        yield causes.foreigners(facts, others)
    else:
        yield from (causes.foreign(facts, entry) for entry in others)


def _stays(facts: Facts, entry: Entry) -> bool:
    """Whether an entry of ours is to stay although nothing wants it any more."""
    stay, one = facts.stay, entry.binding.range
    if stay is None or entry.day is None or entry.whose is not Whose.OURS:
        return False
    return stay.holds(days_since_1970(entry.day), one.first, one.last)


def _unfit(facts: Facts) -> Iterator[Cause]:
    """Yield the indicators that get nothing, and why."""
    for claim in facts.claims:
        if claim.left:
            yield causes.left(claim)
        elif claim.reason is not None:
            yield causes.left_out(claim, claim.reason)
    counted = sum((Counter(voice.within) for voice in facts.voices), Counter())
    for reason, count in counted.items():
        yield causes.within(facts, reason, count)
