"""What one run should do, told a second time: sets of integers, and no other algebra.

Written from the rules (what is trusted, held, removed, kept), not from the program. It
is slow, small, and has no notion of batches, sessions or files: those are what the
machine attacks. Each family, which has a data set of its own, is foreseen by itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import reduce

from soak.situation import (
    ADDITIONS,
    HITS,
    REMOVALS,
    Content,
    Foresight,
    Held,
    Situation,
    marked,
)
from soak.universe import (
    NONE,
    NOTHING,
    PROTECTED,
    Addresses,
    Entries,
    Pair,
    clip,
    first_asks,
    melted,
    size,
    spread,
    touching,
)

HITS_FREE, HITS_SHARE = 10, 0.01
WIDER = 10
"""A list that covers so many times the addresses has widened."""


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

    def naming(self, stuck: Addresses) -> "_Weighed":
        """Say of the removals held that these stay with them."""
        return replace(
            self,
            held=tuple(
                replace(h, entries=h.entries | stuck) if h.kind == REMOVALS else h
                for h in self.held
            ),
        )


def foresee(now: Situation) -> Foresight:
    """Return what a run should do in a situation."""
    out = [n for n, given in now.lists.items() if given is None or given.outage]
    known = {name for name, _ in now.memory.good}
    if not known.issuperset(out):
        return Foresight(3, NOTHING, NONE, now.memory, NOTHING, written=False)
    memory = replace(
        now.memory,
        held=(),
        consents=tuple(replace(c, met=True) for c in now.memory.consents),
        due=False,
    )
    untold = bool(now.policy.minimum_stay) and now.through is None
    way = Foresight(3 if out or untold else 0, NOTHING, NONE, memory, NOTHING)
    return reduce(
        lambda way, version: _further(way, now.of(version), out), now.families, way
    )


def _further(way: Foresight, now: Situation, out: list[str]) -> Foresight:
    """Return a way with what becomes of one family."""
    (version,) = now.families
    good, hits = dict(way.memory.good), dict(way.memory.hits)
    taken, asked, through = NONE, NOTHING, NOTHING
    held: list[Held] = []
    unknown = False
    for name, given in now.lists.items():
        which, before = (name, version), now.memory.good.get((name, version))
        if name in out or given is None:
            unknown |= before is None
            taken = first_asks([*taken, *(before or NONE)])
            continue
        content = given.of(version)
        believed, refused = _believe(now, name, content, before)
        held += refused
        asked |= spread(content.wanted) if refused else NOTHING
        if not any(one.kind == HITS for one in refused):
            through |= spread(content.hits)
            hits[which] = spread(content.hits)
        if believed is None:
            unknown = True
            continue
        taken = first_asks([*taken, *believed])
        good[which] = believed
    memory = replace(way.memory, good=good, hits={k: v for k, v in hits.items() if v})
    unsure = _Unsure(tuple(held), asked, through, unknown=unknown)
    return _planned(now, taken, unsure, replace(way, memory=memory))


def _believe(
    now: Situation, name: str, content: Content, before: Entries | None
) -> tuple[Entries | None, tuple[Held, ...]]:
    (version,) = now.families
    known = now.memory.hits.get((name, version), NOTHING)
    new = clip(content.hits, spread(content.hits) - _allowed(now, HITS) - known)
    rows = len(content.wanted) + len(content.hits)
    if len(new) > max(HITS_FREE, int(HITS_SHARE * rows)):
        return before, (Held(HITS, spread(new)),)
    if before is None:
        return content.wanted, ()
    now = now.allowing(REMOVALS, spread(content.hits))
    weighed = _weigh(now, content.wanted, before)
    if weighed.holds(ADDITIONS):  # what is ours, or in the last list, was accepted once
        last = now.memory.last.get(version, NONE)
        once = now.allowing(ADDITIONS, spread((*now.standing, *last)))
        weighed = _weigh(once, content.wanted, before)
    left = weighed.accepted - spread(content.wanted)
    pieces = (*clip(content.wanted, weighed.accepted), *clip(before, left))
    return first_asks(pieces), weighed.held


def _weigh(
    now: Situation,
    wanted: Entries,
    before: Entries,
    stray: Entries = NONE,
    due: Addresses | None = None,
) -> _Weighed:
    asked, known = spread(wanted), spread(before)
    may_come, may_go = _allowed(now, ADDITIONS), _allowed(now, REMOVALS)
    new = asked - known - may_come
    if due is not None:  # what is blocked is not counted
        new &= due
    gone = melted(clip((*before, *stray), (known | spread(stray)) - asked))
    accepted, held = asked, []
    free = max(now.policy.additions, WIDER * size(before))
    if touching(wanted, new) > now.policy.additions or size(clip(wanted, new)) > free:
        held.append(Held(ADDITIONS, new))
        accepted &= known | may_come
    if touching(gone, spread(gone) - may_go) > now.policy.removals:
        held.append(Held(REMOVALS, spread(gone) - may_go))
        accepted |= known - may_go
    return _Weighed(accepted, tuple(held))


def _planned(
    now: Situation, taken: Entries, unsure: _Unsure, way: Foresight
) -> Foresight:
    (version,) = now.families
    ours, wanted = now.standing, spread(taken)
    now = now.allowing(REMOVALS, unsure.through)
    unwanted = frozenset(_removable(now, wanted | unsure.asked, unsure))
    staying = frozenset(_staying(now, unwanted))
    remove = unwanted - staying
    stand = spread(now.bound.keys() - remove)
    last = now.memory.last.get(version)
    before = ours if last is None else last
    if last is None and not ours:
        now = replace(now, policy=replace(now.policy, additions=1 << 60))
    if unsure.unknown:
        now = replace(now, policy=replace(now.policy, removals=1 << 60))
    add = (wanted | (unsure.asked & spread(remove))) - stand
    kept = melted((*taken, *clip(before, unsure.asked)))
    # What stays is no removal: it is as if both lists had it.
    lists = melted((*kept, *staying)), melted((*before, *staying))
    due = add - spread(remove)
    weighed = _weigh(now, *lists, remove, due)
    begun = now.memory.begun.get(version, NOTHING)
    if weighed.holds(REMOVALS) and begun:  # the run that died has used up the limit
        now = replace(now, policy=replace(now.policy, removals=0))
        now = now.allowing(REMOVALS, begun)
        weighed = _weigh(now, *lists, remove, due)
    if weighed.holds(ADDITIONS):
        add &= spread(before) | spread(remove) | _allowed(now, ADDITIONS)
    if weighed.holds(REMOVALS):
        may = spread(kept) | _allowed(now, REMOVALS)
        stuck = frozenset(pair for pair in remove if not spread([pair]) <= may)
        remove -= stuck
        add -= spread(now.bound.keys() - remove)
        weighed = weighed.naming(spread(stuck) - spread(kept))
    accepted = weighed.accepted - (spread(staying) - spread(kept))
    if unsure.unknown and last is not None:
        accepted |= spread(last)
    refused = (*unsure.held, *weighed.held)
    lasts = dict(way.memory.last)
    # Where all of a first list is held, the free first load is still to come.
    if not (last is None and unsure.unknown and not accepted):
        lasts[version] = clip(melted((*kept, *before, *(last or NONE))), accepted)
    goes = dict(way.memory.begun)
    if not unsure.unknown:
        goes.pop(version, None)
    memory = replace(
        way.memory, last=lasts, held=(*way.memory.held, *refused), begun=goes
    )
    begins = {} if unsure.unknown else {version: spread(remove) - wanted - accepted}
    return Foresight(
        way.code or (5 if refused else 0),
        way.add | add,
        way.remove | remove,
        memory,
        way.wanted | wanted | unsure.asked,
        stays=way.stays | staying,
        begins={**way.begins, **begins},
    )


def _removable(now: Situation, wanted: Addresses, unsure: _Unsure) -> Iterator[Pair]:
    if unsure.unknown or now.policy.ownership == "add-only":
        return
    for pair, comment in now.bound.items():
        unmarked = now.policy.ownership == "exclusive" and not marked(comment)
        if (now.ours(comment) or unmarked) and not spread([pair]) <= wanted:
            yield pair


def _staying(now: Situation, unwanted: Entries) -> Iterator[Pair]:
    """Yield what is wanted no more, and was bound too short a while ago.

    What must never be blocked, is Whitelisted, or was given up by people, may not wait.
    """
    if now.through is None:
        return
    at_once = now.through | PROTECTED | _allowed(now, REMOVALS)
    for pair in unwanted:
        if now.young(now.bound[pair]) and not spread([pair]) & at_once:
            yield pair


def _allowed(now: Situation, kind: str) -> Addresses:
    given = (
        c.held.entries
        for c in now.memory.consents
        if c.held.kind == kind and c.valid(now.now)
    )
    return NOTHING.union(*given)
