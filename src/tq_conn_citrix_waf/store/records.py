"""What the ledger keeps, as values: generations of a collection, and runs.

Whoever ran builds a ``RunRecord``; the ledger gives it a number and keeps it as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.ranges import Family, Ranges

if TYPE_CHECKING:
    from array import array


def _none() -> Ranges:
    return Ranges.empty(Family.V4)


def _none6() -> Ranges:
    return Ranges.empty(Family.V6)


@dataclass(frozen=True, slots=True)
class Generation:
    """One data collection as it was accepted.

    Attributes:
        number: one count for all collections of a ledger, from 1.
        at: when it was last seen with this content, UTC.
        wanted: its entries.
        ids: for each entry, the id of the indicator that asks for it.
    """

    number: int
    collection: str
    at: datetime
    wanted: Ranges
    ids: "array[int]"


@dataclass(frozen=True, slots=True)
class GenerationLine:
    """A generation without its content.

    Attributes:
        since, seen: when it was accepted first and last with this content, UTC.
    """

    number: int
    collection: str
    family: Family
    since: datetime
    seen: datetime
    entries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """A data set as it was read last; ``at`` is UTC."""

    at: datetime
    dataset: Dataset


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """What a run held back.

    Attributes:
        id: what ``approve`` names it by.
        kind: additions, removals, or what else is held.
        counted: entries over what is allowed; ``limit``: so many are allowed.
        entries: those that were counted.
        collection: whose change it is; '' where it is the whole plan's.
    """

    id: str
    kind: str
    counted: int
    limit: int
    entries: Ranges = field(default_factory=_none)
    collection: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one run.

    Attributes:
        collected: indicators read.
        left_out: of these, not blocked, by the words of the reason.
        duplicates: of these, asking for what another asks for.
        wanted: entries that should be blocked.
        covered: of these, inside entries of others.
        kept: entries of ours that stay.
        added, removed: entries that the plan adds and removes.
        foreign: entries of others, by the instance in their mark ('' = no mark, and
            'others' for all but the most frequent).
        unmarked: of those without a mark, how many lie inside what is wanted.
        stay: entries of ours that are wanted no more, and stay for their minimum stay.
    """

    collected: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    duplicates: int = 0
    wanted: int = 0
    covered: int = 0
    kept: int = 0
    added: int = 0
    removed: int = 0
    foreign: Mapping[str, int] = field(default_factory=dict)
    unmarked: int = 0
    stay: int = 0


@dataclass(frozen=True, slots=True)
class SetRecord:
    """One data set at the end of a run.

    Attributes:
        name: of the data set; ``family``: 4 or 6.
        values: how many it holds, whoever bound them.
        limit: how many it may hold; None where nobody said and none was met.
        wanted: entries that should be blocked.
        blocked: of these, how many are, by our own entries or by those of others.
        left_out: of these, how many found no room.
        refused: how many the appliance refused for themselves.
    """

    name: str
    family: int
    values: int
    limit: int | None
    wanted: int
    blocked: int
    left_out: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """One data collection in a run.

    Attributes:
        entries: taken of it.
        protected: never-block addresses and networks that it asked for.
        since: of when the generation is that stands in for it, UTC; None where it was
            read.
    """

    name: str
    family: int
    entries: int
    protected: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """What a person had allowed, and a run went by.

    Attributes:
        id: of what had been held; ``kind``: as there.
        entries: how many it covers.
        who, reason: as they were given; ``at``: when, UTC.
    """

    id: str
    kind: str
    entries: int
    who: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Act:
    """What a person did: the command, who, why, and to what; '' where to all."""

    verb: str
    who: str
    why: str
    what: str = ""

    @property
    def words(self) -> str:
        """Say it in one line."""
        return f"{self.verb}{self.what and ' '}{self.what} by {self.who}: {self.why}"


@dataclass(frozen=True, slots=True)
class RunRecord:
    """One run, from its first request to its last.

    Attributes:
        started, ended: UTC.
        exit: the code it ended with.
        what, cure: its first trouble; '' where there was none.
        counts: None where it did not get as far as a plan.
        seconds: by the verb of each step, in the order they were done.
        plan: the digest of the plan; '' where there was none.
        build, role: of the appliance, as it names itself; '' where it was not reached.
        generations: numbers of those that made up what was wanted.
        held: what was held back.
        bound, unbound: what was really written, of IPv4.
        warnings: what else was said.
        bound6, unbound6: of IPv6.
        full, full6: what found no room in its set.
        refused: the appliance's words by the entry that it refused, the first of them.
        error: the class of its first trouble, '' where there was none.
        sets: each data set as the run left it; none where it did not get to a plan.
        collections: each data collection, by family.
        consents: those that it went by.
        dropped, dropped6: of what was unbound, that which a collection still holds and
            does not get, by the words of the reason.
        vanished, vanished6: of ours, gone since the set was read before, and wanted.
        came, came6: entries of others that were not there then.
        number: one count for all runs of a ledger, from 1; 0 before it is kept.
        act: what a person did, where it was no run.
    """

    started: datetime
    ended: datetime
    exit: int
    what: str = ""
    cure: str = ""
    counts: Counts | None = None
    seconds: Mapping[str, float] = field(default_factory=dict)
    plan: str = ""
    build: str = ""
    role: str = ""
    generations: tuple[int, ...] = ()
    held: tuple[HeldRecord, ...] = ()
    bound: Ranges = field(default_factory=_none)
    unbound: Ranges = field(default_factory=_none)
    warnings: tuple[str, ...] = ()
    bound6: Ranges = field(default_factory=_none6)
    unbound6: Ranges = field(default_factory=_none6)
    full: Ranges = field(default_factory=_none)
    full6: Ranges = field(default_factory=_none6)
    refused: Mapping[str, str] = field(default_factory=dict)
    error: str = ""
    sets: tuple[SetRecord, ...] = ()
    collections: tuple[CollectionRecord, ...] = ()
    consents: tuple[ConsentRecord, ...] = ()
    dropped: Mapping[str, Ranges] = field(default_factory=dict)
    dropped6: Mapping[str, Ranges] = field(default_factory=dict)
    vanished: Ranges = field(default_factory=_none)
    vanished6: Ranges = field(default_factory=_none6)
    came: Ranges = field(default_factory=_none)
    came6: Ranges = field(default_factory=_none6)
    number: int = 0
    act: Act | None = None
