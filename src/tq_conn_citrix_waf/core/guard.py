"""What may go ahead, and what is held back: ``check``.

Let L be the last list that was accepted. Counted are ``wanted - L``, as far as it would
really be bound, and ``L - wanted``: so putting back what a reboot lost counts nothing,
nor does what stands on the appliance and an old L does not know. Entries of ours that
stand there, are in neither, and would go, count as removals too: a lost L frees none.

1. What is over a limit is held whole: all new additions, or all removals.
2. What is under its limit goes ahead, whatever becomes of the other.
3. A first load, with no L and nothing of ours on the appliance, may add freely.
4. What stays on the appliance for now is no removal yet: it counts on the day it goes.
5. A consent covers the entries that its refusal listed: they are not counted, and go
   ahead even where others are held. So does what collections ask for and a never-block
   list lets through: *allow* is a person's wish and no outage.
6. An entry goes whole or stays whole. Where a part of it may go and another may not, it
   stays, and the refusal names all of it: a run that died between taking it out and
   binding the rest anew would open what nobody allowed.
7. What a run was allowed to take out, and died before, the next one takes out. Where
   more is over the limit, it has used that up: no run takes out more than one may.
"""

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from tq_conn_citrix_waf.core.model import Desired
from tq_conn_citrix_waf.core.normalise import WIDEST
from tq_conn_citrix_waf.core.plan import Plan, entries
from tq_conn_citrix_waf.core.ranges import Family, Ranges, distinct


@dataclass(frozen=True, slots=True)
class Limits:
    """What one unattended run may do: the larger of a number and a share of L.

    The defaults were measured on public lists: ordinary churn is 0.03 to 0.6 % an
    hour, single steps to 4 %; accidents were 18 to 62 % in one step.

    Attributes:
        cover_factor: a list that covers so many times the addresses has widened, too.
        protected_count, protected_share: never-block hits that a collection may have.
        widest_ipv4, widest_ipv6: a block of a shorter prefix needs consent.
    """

    remove_count: int = 10
    remove_share: float = 0.10
    add_count: int = 500
    add_share: float = 0.25
    cover_factor: int = 10
    protected_count: int = 10
    protected_share: float = 0.01
    widest_ipv4: int = WIDEST[Family.V4]
    widest_ipv6: int = WIDEST[Family.V6]

    def removals(self, size: int) -> int:
        """Return how many removals are allowed at a list of this size."""
        return max(self.remove_count, int(self.remove_share * size))

    def protected(self, size: int) -> int:
        """Return how many never-block hits a collection of this size may have."""
        return max(self.protected_count, int(self.protected_share * size))

    def additions(self, size: int) -> int:
        """Return how many additions are allowed at a list of this size."""
        return max(self.add_count, int(self.add_share * size))


UNLIMITED = Limits(remove_count=1 << 128, add_count=1 << 128)
"""For a plan that a person has seen, entry by entry."""


class Held(StrEnum):
    """What is held back: half of a plan, or a collection that hits too much."""

    ADDITIONS = "additions"
    REMOVALS = "removals"
    PROTECTED = "never-block hits"
    WIDE = "wide blocks"


@dataclass(frozen=True, slots=True)
class Refusal:
    """The part of a plan that was held back.

    Attributes:
        entries: what was counted against the limit, and is over it; and what stays
            with it, though it may go.
        counted: how many entries the former is; one that is cut in pieces counts once.
        size: of the last accepted list.
    """

    held: Held
    entries: Ranges
    counted: int
    limit: int
    size: int

    @property
    def id(self) -> str:
        """Name it: 8 hexadecimal digits, the same for the same entries."""
        text = "\n".join([self.held.value, *map(str, self.entries)])
        return hashlib.sha256(text.encode()).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Consent:
    """What a person allowed: the entries of one refusal."""

    held: Held
    entries: Ranges


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may go ahead.

    Attributes:
        plan: the allowed part of the plan that was checked.
        accepted: the list as it will be: the next run's L.
        refusals: what was held back, at most one of each kind.
    """

    plan: Plan
    accepted: Ranges
    refusals: tuple[Refusal, ...]

    def begins(self) -> Ranges:
        """Return what goes by it: the next run may finish it, should this one die."""
        stays = self.plan.desired.wanted.union(self.accepted).merged()
        return self.plan.removed().subtract(stays)


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a change of a list comes to, held against the limits.

    Attributes:
        accepted: the list as it may be.
        come, go: what a person has allowed already, never-block lists included.
        refusals: what is over a limit, at most one of each kind.
    """

    accepted: Ranges
    come: Ranges
    go: Ranges
    refusals: tuple[Refusal, ...]

    def holds(self, held: Held) -> bool:
        """Whether a kind of change is held back."""
        return any(refusal.held is held for refusal in self.refusals)

    def naming(self, stays: Ranges) -> "Weighed":
        """Return the same; the removals held name all that stays, allowed or not."""
        more = stays.intersect(self.go)
        refusals = tuple(
            replace(r, entries=r.entries.union(more)) if r.held is Held.REMOVALS else r
            for r in self.refusals
        )
        return replace(self, refusals=refusals) if len(more) else self


def weigh(
    wanted: Ranges,
    before: Ranges,
    limits: Limits,
    consents: Sequence[Consent] = (),
    stray: Ranges | None = None,
    due: Ranges | None = None,
) -> Weighed:
    """Hold the step from one list to the next against the limits.

    Args:
        wanted: the list as it should be.
        before: the list accepted last.
        limits: what one step may be.
        consents: those that have not lapsed.
        stray: what would go besides, in neither list.
        due: of what is wanted, all that is not blocked yet; None: that is not known.
    """
    may_come = granted(consents, Held.ADDITIONS, wanted.family)
    may_come = may_come.union(granted(consents, Held.WIDE, wanted.family)).merged()
    may_go = granted(consents, Held.REMOVALS, wanted.family)
    fresh, entry = wanted.subtract_with_rows(before)
    # What is blocked is not counted, but accepted only with the rest: else L, and the
    # limits with it, would grow by what was held.
    free = may_come if due is None else may_come.union(fresh.subtract(due)).merged()
    new, pieces = fresh.subtract_with_rows(free)
    come = distinct(entry[piece] for piece in pieces)
    gone = before.subtract(wanted)
    if stray is not None:
        # Cut before they are joined: joining sorts, and what is left is small.
        gone = gone.union(stray.subtract(wanted))
    gone, pieces = gone.subtract_with_rows(may_go)
    go = distinct(pieces)
    refusals, accepted = [], wanted
    limit = limits.additions(len(before))
    if come > limit or _widened(new, before, limits):
        refusals.append(Refusal(Held.ADDITIONS, new, come, limit, len(before)))
        accepted = accepted.intersect(before.union(may_come).merged())
    limit = limits.removals(len(before))
    if go > limit:
        refusals.append(Refusal(Held.REMOVALS, gone, go, limit, len(before)))
        accepted = accepted.union(before.subtract(may_go))
    return Weighed(accepted, may_come, may_go, tuple(refusals))


def _widened(new: Ranges, before: Ranges, limits: Limits) -> bool:
    """Whether few entries cover so much that a filter must have slipped.

    Below the number that is always free, a small list may grow as it likes.
    """
    return _size(new) > max(limits.add_count, limits.cover_factor * _size(before))


def _size(ranges: Ranges) -> int:
    """Count addresses; of IPv6 the /64 networks, of which a single host may use one."""
    if ranges.family is Family.V4:
        return ranges.addresses()
    return sum((last >> 64) - (first >> 64) + 1 for first, last in ranges.pairs())


def check(
    plan: Plan,
    limits: Limits,
    last: Ranges | None,
    instance: str,
    consents: Sequence[Consent] = (),
    begun: Ranges | None = None,
) -> Verdict:
    """Return what of a plan may go ahead.

    Args:
        plan: what would put the set in step.
        limits: what one run may do.
        last: L, the list accepted last; None where that is not known.
        instance: whose entries stand in for an unknown L.
        consents: those that have not lapsed.
        begun: what the run before was allowed to take out, if it did not end.
    """
    before = last if last is not None else entries(plan.dataset, instance, ours=True)
    wanted, removed = _wanted(plan, before), plan.removed()
    if last is None and not len(before):
        # No first load takes out what people bound: under exclusive, it could.
        limits = replace(limits, add_count=UNLIMITED.add_count)
    weighed = _weighed(plan, before, limits, consents)
    if begun and weighed.holds(Held.REMOVALS):
        none_more = replace(limits, remove_count=0, remove_share=0.0)
        finished = [*consents, Consent(Held.REMOVALS, begun)]
        weighed = _weighed(plan, before, none_more, finished)
    allowed = plan
    if weighed.holds(Held.ADDITIONS):
        # The wanted part of an entry that makes way is blocked now: it is no addition.
        known = before.union(removed).union(weighed.come).merged()
        allowed = replace(allowed, add=plan.add.intersect(known))
    if weighed.holds(Held.REMOVALS):
        # Of an entry wider than what is wanted, only the rest had to be allowed.
        free = wanted.union(weighed.go).merged()
        rows = [row for row in plan.remove if free.covers(*plan.dataset.ends(row))]
        allowed = replace(allowed, remove=array("L", rows))
        stays = removed.subtract(allowed.removed()).merged()
        allowed = replace(allowed, add=allowed.add.subtract(stays))
        weighed = weighed.naming(stays.subtract(wanted))
    return Verdict(allowed, weighed.accepted, weighed.refusals)


def _weighed(
    plan: Plan, before: Ranges, limits: Limits, consents: Sequence[Consent]
) -> Weighed:
    """Weigh a plan. What stays is held to be in both lists, and is in neither after."""
    wanted, removed, staying = _wanted(plan, before), plan.removed(), plan.staying()
    due = plan.add.subtract(removed.merged())
    consents = [*consents, let_through(plan.desired)]
    if not staying:
        return weigh(wanted, before, limits, consents, removed, due)
    rest = staying.subtract(wanted)
    wanted, before = (one.union(staying) for one in (wanted, before))
    weighed = weigh(wanted, before, limits, consents, removed, due)
    return replace(weighed, accepted=weighed.accepted.subtract(rest))


def _wanted(plan: Plan, before: Ranges) -> Ranges:
    """Return what is wanted: what was accepted and is held now has not gone."""
    wanted = plan.desired.wanted
    return wanted.union(before.intersect(plan.held)) if plan.held else wanted


def let_through(desired: Desired) -> Consent:
    """Return that what is asked for and never blocked may go.

    How much of it a collection may hold is limited by itself (``trust``).
    """
    return Consent(Held.REMOVALS, desired.protected)


def granted(consents: Sequence[Consent], held: Held, family: Family) -> Ranges:
    """Return all that consents of one kind cover."""
    pairs = (pair for c in consents if c.held is held for pair in c.entries.pairs())
    return Ranges.of(family, pairs).merged()
