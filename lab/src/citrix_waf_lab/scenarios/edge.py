"""The scenario ``edge``: a collection of all kinds, a set with three entries by hand.

1. Whoever draws an indicator says what must become of it; no rule is applied later.
2. The same seed gives the same indicators, in the same order.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from ipaddress import ip_address, ip_network
from itertools import cycle, islice
from typing import TYPE_CHECKING

from citrix_waf_lab.scenarios.values import (
    MISSPELLINGS,
    OTHER_TYPES,
    RESPELLINGS,
    misspelt,
    neighbourhood,
    other_value,
    public_address,
    respelt,
)

if TYPE_CHECKING:
    from citrix_waf_lab.lab import Lab

COLLECTION = "Block at edge"
DATASET = "tq_block_list"
DATASET6 = "tq_block_list6"
DATASETS = (DATASET, DATASET6)
"""The block lists; the one for IPv6 is made when the play comes to it."""

BY_HAND: tuple[dict[str, str], ...] = (
    {"value": "203.0.113.9", "comment": "CHG0031187 scans our VPN"},
    {"value": "198.51.100.0/26", "comment": "CHG0032650 until the audit ends"},
    {"value": "192.0.2.40", "endrange": "192.0.2.47"},
)
"""Bound by an administrator: an address, a subnet and a range, two with a reason."""

COVERED = ("203.0.113.9", "198.51.100.7", "198.51.100.23", "192.0.2.44")
"""Wanted, and within what is bound by hand."""

PLAIN = ("198.51.100.200", "198.51.100.201")
"""Wanted, and bound by nobody yet; the lab's card names them."""

SIZE = 4000


class Fate(StrEnum):
    """What must become of an indicator, in the words that the demo prints."""

    BLOCK = "to be blocked"
    OTHER_TYPE = "no address by its type"
    MALFORMED = "no address by its value"
    IPV6 = "IPv6, for which there is no data set"
    WHITELISTED = "status Whitelisted"
    EXPIRED = "expired, by status or by date"
    UNCLEAR = "status name and status id disagree"
    NEVER_BLOCK = "in a network that must never be blocked"


@dataclass(frozen=True, slots=True)
class Member:
    """One indicator of the collection, and what must become of it.

    ``further`` are keys beside type, value, status and score.
    """

    type: str
    value: str
    fate: Fate
    status: str = "Active"
    score: int = 5
    further: dict[str, object] = field(default_factory=dict)

    def body(self) -> dict[str, object]:
        """Return what the control interface takes."""
        return {
            "type": self.type,
            "value": self.value,
            "status": self.status,
            "score": self.score,
            **self.further,
        }

    def numbers(self) -> range:
        """Return the addresses that its value stands for, as numbers."""
        start, _, end = self.value.replace("[.]", ".").partition("-")
        network = ip_network(start.removeprefix("::ffff:"), strict=False)
        last = ip_address(end) if end else network[-1]
        return range(int(network[0]), int(last) + 1)


@dataclass(frozen=True, slots=True)
class Day:
    """What a day changes: new members, members of another status, and departures."""

    added: tuple[Member, ...]
    changed: tuple[Member, ...]
    left: tuple[Member, ...]

    def after(self, members: list[Member]) -> list[Member]:
        """Return the members at the end of the day."""
        gone = {m.value for m in (*self.left, *self.changed)}
        return [m for m in members if m.value not in gone] + [
            *self.changed,
            *self.added,
        ]


# One address of each IPv4 network that the house rule names, and some more of those
# that a sensor inside a company reports about itself.
_NEVER = (
    *("0.1.2.3", "10.20.30.40", "10.1.1.1", "100.64.7.7", "100.127.255.254"),
    *("127.0.0.1", "127.0.0.53", "169.254.169.254", "172.16.4.4", "172.31.0.12"),
    *("192.0.0.8", "192.168.1.1", "192.168.178.1", "224.0.0.251", "240.0.0.1"),
    "255.255.255.255",
)

NETWORKS = (
    ("CIDR Block", "203.0.114.0/26"),
    ("CIDR Block", "203.0.114.32/28"),
    ("CIDR Block", "172.15.255.192-172.16.0.63"),
    ("IPv6 Address", "2001:db8:77::1"),
    ("CIDR Block", "2001:db8:78::/120"),
)
"""A network, one inside it, a range half of which is private, and two of IPv6."""
PRIVATE, PRIVATE_SIZE = int(ip_address("172.16.0.0")), 1 << 20
"""172.16.0.0/12, in which the private half lies."""


def networks() -> list[Member]:
    """Return what the collection gains when an analyst puts networks into it."""
    return [Member(kind, value, Fate.BLOCK) for kind, value in NETWORKS]


def widened(rng: random.Random, taken: set[str]) -> list[Member]:
    """Draw what a filter that widened by mistake lets in: 1,200 addresses."""
    return [*islice(_Draw(rng, set(taken)).addresses(), 1200)]


_BLOCKED_STATUSES = ("Review", "Indirect", "Send to NetScaler")
"""Beside Active; the last is one that a site has made itself."""

_PAST = ("2024-03-31 23:59:59", "2025-06-30 12:00:00", "2025-12-31 00:00:00")
_FAR = "2099-12-31 00:00:00"
"""Dates long gone, and one that no reader of today sees pass."""

_BY_TYPE = {"IPv6 Address": Fate.IPV6, "CIDR Block": Fate.BLOCK}
_COMMON = ("URL", "FQDN", "SHA-256", "MD5", "Email Address", "IPv6 Address")


def members(rng: random.Random, whitelisted_id: int) -> list[Member]:
    """Draw the indicators of the collection.

    Args:
        rng: where all that is random comes from.
        whitelisted_id: the id of the status Whitelisted on this instance, served with
            the name Active where name and id should disagree.
    """
    draw = _Draw(rng)
    left_out = [
        *draw.many(264, lambda: draw.other(rng.choice(_COMMON))),
        *(draw.other(kind) for kind in (*OTHER_TYPES, *OTHER_TYPES)),
        *(draw.malformed(way) for way in (*MISSPELLINGS, *MISSPELLINGS)),
        *draw.many(60, lambda: draw.address(Fate.WHITELISTED, status="Whitelisted")),
        *draw.many(120, lambda: draw.address(Fate.EXPIRED, status="Expired")),
        *draw.many(40, lambda: draw.address(Fate.EXPIRED, ends=rng.choice(_PAST))),
        *draw.many(8, lambda: draw.unclear(whitelisted_id)),
        *(Member("IP Address", value, Fate.NEVER_BLOCK) for value in _NEVER),
    ]
    blocked = [
        *(Member("IP Address", value, Fate.BLOCK) for value in (*COVERED, *PLAIN)),
        *draw.many(160, lambda: draw.address(status=rng.choice(_BLOCKED_STATUSES))),
        *draw.many(40, lambda: draw.address(ends=_FAR)),
        *(draw.respelt(way) for way in (*RESPELLINGS, *RESPELLINGS)),
    ]
    rest = SIZE - len(left_out) - len(blocked)
    found = [*left_out, *blocked, *islice(draw.addresses(), rest)]
    rng.shuffle(found)
    return found


def day(before: list[Member], rng: random.Random) -> Day:
    """Draw a day of ordinary change: about 120 in, 100 out.

    Most of what goes leaves the collection; some of it stays in it as Expired or
    Whitelisted, which must have the same effect.
    """
    draw = _Draw(rng, {m.value for m in before})
    ready = [m for m in before if m.fate is Fate.BLOCK and m.value not in COVERED]
    going = rng.sample([m for m in ready if m.value not in PLAIN], 100)
    expired = [_turned(m, "Expired", Fate.EXPIRED) for m in going[:25]]
    cleared = [_turned(m, "Whitelisted", Fate.WHITELISTED) for m in going[25:30]]
    return Day(
        added=tuple(islice(draw.addresses(), 120)),
        changed=(*expired, *cleared),
        left=tuple(going[30:]),
    )


def drawn(lab: "Lab") -> list[Member]:
    """Draw what a lab's collection holds at its start; the same for the same lab."""
    whitelisted = lab.threatq_state.vocabulary.statuses.by_name["Whitelisted"]
    # The client id comes from the lab's seed and outlives a reset, as this must.
    rng = random.Random(f"{lab.credentials.client_id}/edge")  # noqa: S311 -- must repeat
    return members(rng, whitelisted.own_id)


def fill(lab: "Lab") -> None:
    """Fill a lab: the collection, and on each appliance the set, saved."""
    bodies = [member.body() for member in drawn(lab)]
    lab.threatq_state.put_collection(COLLECTION, bodies)
    for box in lab.appliance_states.values():
        box.put_dataset(DATASET, "ipv4", list(BY_HAND))
        box.configuration.save()


def _turned(member: Member, status: str, fate: Fate) -> Member:
    return replace(member, status=status, fate=fate)


class _Draw:
    """Draws members of which no two have one value."""

    def __init__(self, rng: random.Random, taken: set[str] | None = None) -> None:
        self._rng = rng
        self._taken = taken or {*COVERED, *PLAIN, *_NEVER}

    def many(self, count: int, one: Callable[[], Member]) -> Iterator[Member]:
        return (one() for _ in range(count))

    def other(self, kind: str) -> Member:
        value = self._new(lambda: other_value(kind, self._rng))
        fate = _BY_TYPE.get(kind, Fate.OTHER_TYPE)
        return Member(kind, value, fate, score=self._score())

    def respelt(self, way: str) -> Member:
        value = self._new(lambda: respelt(way, self._rng))
        return Member("IP Address", value, Fate.BLOCK, score=self._score())

    def malformed(self, way: str) -> Member:
        value = self._new(lambda: misspelt(way, self._rng))
        return Member("IP Address", value, Fate.MALFORMED, score=self._score())

    def address(
        self, fate: Fate = Fate.BLOCK, status: str = "Active", ends: str = ""
    ) -> Member:
        value = self._new(lambda: public_address(self._rng))
        further: dict[str, object] = {"expires_at": ends} if ends else {}
        return Member("IP Address", value, fate, status, self._score(), further)

    def unclear(self, whitelisted_id: int) -> Member:
        further: dict[str, object] = {"status_id": whitelisted_id}
        return replace(self.address(Fate.UNCLEAR), further=further)

    def addresses(self) -> Iterator[Member]:
        """Yield Active addresses without end: some alone, most with neighbours."""
        for most in cycle((1, 4, 2, 9, 1, 3)):
            for value in neighbourhood(self._rng, self._rng.randint(1, most)):
                if value not in self._taken:
                    self._taken.add(value)
                    yield Member("IP Address", value, Fate.BLOCK, score=self._score())

    def _new(self, one: Callable[[], str]) -> str:
        while (value := one()) in self._taken:
            pass
        self._taken.add(value)
        return value

    def _score(self) -> int:
        return self._rng.choices(range(3, 11), (1, 2, 4, 6, 8, 6, 4, 2))[0]
