"""What a run meets, what is known before it, and what it should come to.

The nouns of the reference: sets of integers, and no other algebra.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from soak.universe import (
    FAMILIES,
    NONE,
    NOTHING,
    Addresses,
    Entries,
    Pair,
    family,
    of,
    spread,
)

REMOVALS, ADDITIONS, HITS = "removals", "additions", "never-block hits"


@dataclass(frozen=True, slots=True)
class Content:
    """What a data collection gives.

    Attributes:
        wanted: what may be blocked.
        hits: what must not.
        lapsed: whether some of it is left out for its date.
        message: whether more of it is no address than is.
    """

    wanted: Entries
    hits: Entries = NONE
    lapsed: bool = False
    message: bool = False

    @property
    def outage(self) -> bool:
        """Whether it is no list: only time may leave nothing of one."""
        return self.message or not (self.wanted or self.lapsed)

    def of(self, version: int) -> "Content":
        """Return what it gives of a family."""
        return Content(of(self.wanted, version), of(self.hits, version))


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
    """What a writer keeps in its directory; what is absent is not known.

    Attributes:
        last: by family, the list accepted last.
        good: by collection and family, as it was last believed.
        consents: all that were ever given.
        held: what the last run held back.
        due: whether a save is due.
        hits: by collection and family, the never-block hits that people know of.
        begun: by family, what a run that did not end was to take out.
    """

    last: Mapping[int, Entries] = field(default_factory=dict)
    good: Mapping[tuple[str, int], Entries] = field(default_factory=dict)
    consents: tuple[Consent, ...] = ()
    held: tuple[Held, ...] = ()
    due: bool = False
    hits: Mapping[tuple[str, int], Addresses] = field(default_factory=dict)
    begun: Mapping[int, Addresses] = field(default_factory=dict)

    @property
    def plain(self) -> tuple[object, ...]:
        """Return it as addresses, however they are cut into entries."""
        last = {version: spread(kept) for version, kept in self.last.items()}
        good = {which: spread(kept) for which, kept in self.good.items()}
        held = Counter(self.held)
        return last, good, self.consents, held, self.due, self.hits, self.begun


@dataclass(frozen=True, slots=True)
class Policy:
    """What people decided for a writer."""

    ownership: str = "owned"
    removals: int = 2
    additions: int = 3
    minimum_stay: int = 0
    time_limit: int = 0


@dataclass(frozen=True, slots=True)
class Situation:
    """All that a run meets.

    Attributes:
        mine: how the comments begin that make a binding the writer's.
        bound: the sets: each binding with its comment.
        lists: the writer's collections; None: cannot be read.
        families: that have a data set.
        through: what ThreatQ has as Whitelisted; None: it does not tell.
    """

    mine: str
    bound: Mapping[Pair, str]
    lists: Mapping[str, Content | None]
    memory: Memory
    policy: Policy
    now: datetime
    families: tuple[int, ...] = FAMILIES
    through: Addresses | None = NOTHING

    def ours(self, comment: str) -> bool:
        """Whether a comment is this writer's mark."""
        return comment.startswith(self.mine)

    def young(self, comment: str) -> bool:
        """Whether a comment tells of a day since which a minimum stay is not over."""
        if not (self.policy.minimum_stay and self.ours(comment)):
            return False
        since = date.fromisoformat(comment.removeprefix(self.mine))
        days = (self.now.date() - since).days
        return 0 <= days <= self.policy.minimum_stay

    @property
    def standing(self) -> Entries:
        """Return the writer's own entries."""
        return frozenset(p for p, comment in self.bound.items() if self.ours(comment))

    def allowing(self, kind: str, entries: Addresses) -> "Situation":
        """Return the same, with one thing more that people allow."""
        given = Consent(Held(kind, entries), self.now)
        consents = (*self.memory.consents, given)
        return replace(self, memory=replace(self.memory, consents=consents))

    def of(self, version: int) -> "Situation":
        """Return the same, with the bindings of one family."""
        bound = {p: c for p, c in self.bound.items() if family(p[0]) == version}
        return replace(self, bound=bound, families=(version,))


@dataclass(frozen=True, slots=True)
class Foresight:
    """What a run should come to.

    Attributes:
        code: that it ends with.
        add: addresses that it binds.
        remove: bindings that it takes out.
        memory: after it.
        wanted: all that should be blocked, and is if it is already, believed or not.
        written: whether it gets as far as the appliance.
        stays: bindings that are wanted no more, and whose minimum stay is not over.
        begins: by family, what it is to take out for good.
    """

    code: int
    add: Addresses
    remove: Entries
    memory: Memory
    wanted: Addresses
    written: bool = True
    stays: Entries = NONE
    begins: Mapping[int, Addresses] = field(default_factory=dict)

    def done(self, before: Iterable[Pair], after: Iterable[Pair]) -> bool:
        """Whether it made of one state of the sets the other."""
        stays = frozenset(before) - self.remove
        come = frozenset(after) - stays
        return stays <= frozenset(after) and spread(come) == self.add


def marked(comment: str) -> bool:
    """Whether a comment is some connector's mark: ``tq-waf:instance:day``."""
    found = re.fullmatch(r"tq-waf:[0-9a-f]{8}:(\d{4}-\d{2}-\d{2})", comment)
    try:
        return found is not None and bool(date.fromisoformat(found[1]))
    except ValueError:
        return False
