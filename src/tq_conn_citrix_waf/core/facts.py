"""What is known about an address or a network that somebody asks about.

Each half, the set and what is wanted, says of when it is: asked just now, or as a run
left it. What is not known is None, never an empty list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import chain

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.core.model import Reason
from tq_conn_citrix_waf.core.plan import Ownership, Stay
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.core.seen import Entry, empty


@dataclass(frozen=True, slots=True)
class Claim:
    """An indicator that asks for it, or would if nothing spoke against.

    Attributes:
        collection: that holds it; '' where none in use does.
        value: as ThreatQ spells it.
        range: what the value stands for; None where it is no address.
        status: '' where it is not known.
        since: since when ThreatQ has it; None where that is not known.
        reason: why it gets nothing; None where it does.
        live: whether ThreatQ said so just now; else the last run did.
        left: whether its collection held it at the last run and does no more.
    """

    collection: str
    id: int
    value: str
    range: AddressRange | None
    status: str = ""
    score: float | None = None
    since: date | None = None
    reason: Reason | None = None
    live: bool = True
    left: bool = False


@dataclass(frozen=True, slots=True)
class Voice:
    """What one collection says; ranges are cut to what was asked about.

    Attributes:
        wanted: what it wants of it; None where that is not known.
        taken: what the last run took of it.
        wide: what of it is so wide that a person has to agree, where nobody has.
        within: of what lies inside and gets nothing, how much for which reason.
        at: when ThreatQ or a run said so; None where nobody did.
        trouble: why ThreatQ did not say it just now; '' where it did.
    """

    collection: str
    wanted: Ranges | None
    taken: Ranges
    claims: tuple[Claim, ...]
    wide: Ranges
    within: Mapping[Reason, int] = field(default_factory=dict)
    at: datetime | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Hold:
    """What the last run held back.

    Attributes:
        id: '' for a wide block that no run has seen yet.
        entries: the part within what was asked about.
        counted: how many entries it is in all.
        collection: whose change it is; '' where it is the whole plan's.
        approved: whether a person has agreed since.
        command: that agrees.
    """

    id: str
    held: Held
    entries: Ranges
    counted: int = 0
    collection: str = ""
    approved: bool = False
    command: str = ""


@dataclass(frozen=True, slots=True)
class LastRun:
    """What the last run left: what found no room, or was refused, in which words.

    ``planned`` says whether it came as far as a plan.
    """

    at: datetime
    exit: int
    what: str
    cure: str
    planned: bool
    full: Ranges
    refused: tuple[tuple[AddressRange, str], ...]


@dataclass(frozen=True, slots=True)
class View:
    """Of when one system is seen.

    Attributes:
        at: None where nothing is known of it.
        trouble: why it was not asked just now; '' where it was.
    """

    at: datetime | None
    trouble: str = ""

    @property
    def live(self) -> bool:
        """Whether it was asked just now."""
        return self.at is not None and not self.trouble


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known about what was asked; ranges are cut to it.

    Attributes:
        instance: whose mark makes an entry ours.
        appliance: its URL; '' where that is not known.
        set_name: the data set of its family; '' where there is none.
        dataset: as it stands; None where that is not known.
        voices: what each collection says.
        elsewhere: indicators that ThreatQ has, in whatever collection.
        rules: never-block rules that meet it, each with its network.
        never: what they refuse.
        idle: why no run changes anything; '' where runs do.
        wakes: the command line that lets runs go on; '' where none does.
        stay: how long an entry of ours stays at least; None: no longer than wanted.
        program: the command line of a run.
        notes: what else could not be read.
    """

    asked: AddressRange
    instance: str
    netscaler: View
    threatq: View
    appliance: str
    set_name: str
    dataset: Dataset | None
    never: Ranges
    voices: tuple[Voice, ...] = ()
    elsewhere: tuple[Claim, ...] = ()
    rules: tuple[str, ...] = ()
    holds: tuple[Hold, ...] = ()
    last: LastRun | None = None
    idle: str = ""
    wakes: str = ""
    ownership: Ownership = Ownership.OWNED
    stay: Stay | None = None
    program: str = ""
    notes: tuple[str, ...] = ()

    @property
    def single(self) -> bool:
        """Whether it is one address."""
        return self.asked.first == self.asked.last

    @property
    def whole(self) -> Ranges:
        """Return all that was asked about."""
        pair = (self.asked.first, self.asked.last)
        return Ranges.of(self.asked.family, [pair])

    @property
    def wanted(self) -> Ranges | None:
        """Return what any collection wants; None where that is not known."""
        if not self.set_name:
            return empty(self.asked.family)
        known = [v.wanted for v in self.voices if v.wanted is not None]
        joined = self._joined(known).subtract(self.never)
        all_known = self.voices and len(known) == len(self.voices)
        if all_known or joined.merged().covers(self.asked.first, self.asked.last):
            return joined
        return None

    @property
    def taken(self) -> Ranges:
        """Return what the last run took of all collections."""
        return self._joined([voice.taken for voice in self.voices])

    @property
    def claims(self) -> list[Claim]:
        """Return all indicators of collections in use that have to do with it."""
        return [claim for voice in self.voices for claim in voice.claims]

    def inside(self, entry: Entry) -> tuple[int, int]:
        """Return (first, last) of the part of an entry that was asked about."""
        one = entry.binding.range
        return max(one.first, self.asked.first), min(one.last, self.asked.last)

    def _joined(self, parts: Sequence[Ranges]) -> Ranges:
        pairs = chain.from_iterable(part.pairs() for part in parts)
        return Ranges.of(self.asked.family, pairs)
