"""What one run should do, told a second time: sets of integers, and no other algebra.

Written from the rules (what is trusted, held, removed, kept), not from the program. It
is slow, small, and has no notion of batches, sessions or files: those are what the
machine attacks.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from soak.universe import NOTHING, Addresses, Pair, count, spread

REMOVALS, ADDITIONS, HITS = "removals", "additions", "never-block hits"
HITS_FREE, HITS_SHARE = 10, 0.01
WIDER = 10
"""A list that covers so many times the addresses has widened."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a data collection gives: what may be blocked, and what must not."""

    wanted: Addresses
    hits: Addresses = NOTHING


@dataclass(frozen=True, slots=True)
class Held:
    """One refusal: what kind of change, of which entries."""

    kind: str
    entries: Addresses


@dataclass(frozen=True, slots=True)
class Consent:
    """A person's consent to a refusal; ``met`` once a complete run has come."""

    held: Held
    at: datetime
    met: bool = False

    def valid(self, now: datetime) -> bool:
        """Whether it has not lapsed."""
        return not self.met or now - self.at < timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Memory:
    """What a writer keeps in its directory.

    Attributes:
        last: the list accepted last; None: not known.
        good: each collection as it was last believed; absent: not known.
        consents: all that were ever given.
        held: what the last run held back.
        due: whether a save is due.
        hits: by collection, the never-block hits that people know of.
    """

    last: Addresses | None = None
    good: Mapping[str, Addresses] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    held: tuple[Held, ...] = ()
    due: bool = False
    hits: Mapping[str, Addresses] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Policy:
    """What people decided for a writer."""

    ownership: str = "owned"
    removals: int = 2
    additions: int = 3


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a run meets.

    Attributes:
        mine: how the comments begin that make a binding the writer's.
        bound: the set: each binding with its comment.
        lists: the writer's collections; None: cannot be read.
    """

    mine: str
    bound: Mapping[Pair, str]
    lists: Mapping[str, Content | None]
    memory: Memory
    policy: Policy
    now: datetime

    def ours(self, comment: str) -> bool:
        """Whether a comment is this writer's mark."""
        return comment.startswith(self.mine)

    @property
    def standing(self) -> Addresses:
        """Return what the writer's own entries hold."""
        return spread(p for p, comment in self.bound.items() if self.ours(comment))

    def allowing(self, kind: str, entries: Addresses) -> "Situation":
        """Return the same, with one thing more that people allow."""
        given = Consent(Held(kind, entries), self.now)
        consents = (*self.memory.consents, given)
        return replace(self, memory=replace(self.memory, consents=consents))


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a run should come to.

    Attributes:
        code: that it ends with.
        add: addresses that it binds, each by itself.
        remove: bindings that it takes out.
        memory: after it.
        wanted: all that should be blocked, and is if it is already, believed or not.
        written: whether it gets as far as the appliance.
    """

    code: int
    add: Addresses
    remove: frozenset[Pair]
    memory: Memory
    wanted: Addresses
    written: bool = True

    def leaves(self, bound: Iterable[Pair]) -> set[Pair]:
        """Return what it makes of a set."""
        return {pair for pair in bound if pair not in self.remove} | {
            (n, n) for n in self.add
        }


@dataclass(frozen=True, slots=True)
class _Unsure:
    """What is not simply taken: held back, asked for by what is held, let through.

    ``unknown``: of some collection nothing is known.
    """

    held: tuple[Held, ...]
    asked: Addresses
    through: Addresses
    unknown: bool


@dataclass(frozen=True, slots=True)
class _Weighed:
    accepted: Addresses
    held: tuple[Held, ...]

    def holds(self, kind: str) -> bool:
        return any(held.kind == kind for held in self.held)


def foresee(now: Situation) -> Foresight:
    """Return what a run should do in a situation."""
    good, hits = dict(now.memory.good), dict(now.memory.hits)
    code, taken, asked, through = 0, NOTHING, NOTHING, NOTHING
    held: list[Held] = []
    unknown: list[str] = []
    for name, content in now.lists.items():
        before = now.memory.good.get(name)
        if content is None or not content.wanted:
            if before is None:
                return Foresight(
                    3, NOTHING, frozenset(), now.memory, NOTHING, written=False
                )
            code, taken = 3, taken | before
            continue
        believed, refused = _believe(now, name, content, before)
        held += refused
        asked |= content.wanted if refused else NOTHING
        if not any(one.kind == HITS for one in refused):
            hits[name], through = content.hits, through | content.hits
        if believed is None:
            unknown.append(name)
            continue
        taken |= believed
        good[name] = believed
    unsure = _Unsure(tuple(held), asked, through, unknown=bool(unknown))
    known = {name: found for name, found in hits.items() if found}
    memory = replace(now.memory, good=good, hits=known)
    return _planned(now, taken, memory, unsure, code)


def _believe(
    now: Situation, name: str, content: Content, before: Addresses | None
) -> tuple[Addresses | None, tuple[Held, ...]]:
    known = now.memory.hits.get(name, NOTHING)
    hits = content.hits - _allowed(now, HITS) - known
    size = count(content.wanted) + len(content.hits)
    if len(hits) > max(HITS_FREE, int(HITS_SHARE * size)):
        return before, (Held(HITS, hits),)
    if before is None:
        return content.wanted, ()
    weighed = _weigh(now, content.wanted, before)
    if weighed.holds(ADDITIONS):  # what is ours already was accepted once
        stands = now.allowing(ADDITIONS, now.standing)
        weighed = _weigh(stands, content.wanted, before)
    return weighed.accepted, weighed.held


def _weigh(
    now: Situation,
    wanted: Addresses,
    before: Addresses,
    stray: frozenset[Pair] = frozenset(),
    due: Addresses | None = None,
) -> _Weighed:
    additions, removals = now.policy.additions, now.policy.removals
    new = wanted - before - _allowed(now, ADDITIONS)
    if due is not None:  # what is blocked is not counted
        new &= due
    gone, may_go = (before | spread(stray)) - wanted, _allowed(now, REMOVALS)
    accepted, held = wanted, []
    widened = len(new) > max(additions, WIDER * len(before))
    if count(new) > additions or widened:
        held.append(Held(ADDITIONS, new))
        accepted &= before | _allowed(now, ADDITIONS)
    if count(gone, may_go, stray) > removals:
        held.append(Held(REMOVALS, gone - may_go))
        accepted |= before - may_go
    return _Weighed(accepted, tuple(held))


def _planned(
    now: Situation,
    wanted: Addresses,
    memory: Memory,
    unsure: _Unsure,
    code: int,
) -> Foresight:
    ours = now.standing
    now = now.allowing(REMOVALS, unsure.through)
    remove = frozenset(_removable(now, wanted | unsure.asked, unsure))
    stays = spread(pair for pair in now.bound if pair not in remove)
    last = memory.last
    before = ours if last is None else last
    if last is None and not ours:
        now = replace(now, policy=replace(now.policy, additions=len(wanted)))
    if unsure.unknown:
        now = replace(now, policy=replace(now.policy, removals=1 << 60))
    add = (wanted | (unsure.asked & spread(remove))) - stays
    kept = wanted | (before & unsure.asked)
    weighed = _weigh(now, kept, before, remove, add - spread(remove))
    if weighed.holds(ADDITIONS):
        add &= before | spread(remove) | _allowed(now, ADDITIONS)
    if weighed.holds(REMOVALS):
        may = kept | _allowed(now, REMOVALS)
        remove = frozenset(pair for pair in remove if spread([pair]) <= may)
        add -= spread(pair for pair in now.bound if pair not in remove)
    accepted = weighed.accepted
    if unsure.unknown and last is not None:
        accepted |= last
    refused = (*unsure.held, *weighed.held)
    # Where all of a first list is held, the free first load is still to come.
    untold = last is None and unsure.unknown and not accepted
    after = replace(
        memory,
        last=None if untold else accepted,
        held=refused,
        consents=tuple(replace(c, met=True) for c in memory.consents),
        due=False,
    )
    return Foresight(
        code or (5 if refused else 0), add, remove, after, wanted | unsure.asked
    )


def _removable(now: Situation, wanted: Addresses, unsure: _Unsure) -> Iterator[Pair]:
    if unsure.unknown or now.policy.ownership == "add-only":
        return
    for pair, comment in now.bound.items():
        unmarked = now.policy.ownership == "exclusive" and not marked(comment)
        if (now.ours(comment) or unmarked) and not spread([pair]) <= wanted:
            yield pair


def marked(comment: str) -> bool:
    """Whether a comment is some connector's mark: ``tq-waf:instance:day``."""
    found = re.fullmatch(r"tq-waf:[0-9a-f]{8}:(\d{4}-\d{2}-\d{2})", comment)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False


def _allowed(now: Situation, kind: str) -> Addresses:
    given = (
        c.held.entries
        for c in now.memory.consents
        if c.held.kind == kind and c.valid(now.now)
    )
    return NOTHING.union(*given)
