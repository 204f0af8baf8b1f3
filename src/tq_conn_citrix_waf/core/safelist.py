"""What must never be blocked, whatever any collection says.

1. A rule has a name, networks of both families and a strength: REFUSE cuts its networks
   out of everything that is wanted, SHOW only counts what falls in them.
2. What a rule refuses is refused, whatever another rule says. ``may_block`` opens the
   built-in rule and no other.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from tq_conn_citrix_waf.core.networks import built_in_networks
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges

BUILT_IN_NAME = "built-in list"
ALLOWED_NAME = "allowed by hand"
"""The rule of what a person let through at once, one by one: it is known to people."""


class Strength(StrEnum):
    """What a rule does with what falls in its networks."""

    REFUSE = "refuse"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Rule:
    """Networks that one source says are not to be blocked.

    Attributes:
        name: which source, as a person knows it.
        v4, v6: the networks; overlaps are melted.
        strength: whether they are refused, or only counted and shown.
        lock_out: whether to block them would cut off those who could undo it.
    """

    name: str
    v4: Ranges
    v6: Ranges
    strength: Strength = Strength.REFUSE
    lock_out: bool = False

    @classmethod
    def of(
        cls,
        name: str,
        networks: Iterable[AddressRange],
        strength: Strength = Strength.REFUSE,
        *,
        lock_out: bool = False,
    ) -> "Rule":
        """Make one of networks in any order."""
        v4, v6 = split(networks)
        return cls(name, v4, v6, strength, lock_out)

    def ranges(self, family: Family) -> Ranges:
        """Return the networks of a family."""
        return self.v4 if family is Family.V4 else self.v6

    def met(self, wanted: AddressRange) -> Iterator[AddressRange]:
        """Yield the networks that a range meets."""
        own = self.ranges(wanted.family)
        row = bisect_left(own.lasts, wanted.first)
        while row < len(own) and own.firsts[row] <= wanted.last:
            yield own[row]
            row += 1


@dataclass(frozen=True, slots=True)
class SafeList:
    """All rules of one run."""

    rules: tuple[Rule, ...]

    def refused(self, family: Family) -> Ranges:
        """Return what is cut out of everything that is wanted; neighbours joined."""
        return self._union(family, (r for r in self.rules if _refuses(r)))

    def lock_out(self, family: Family) -> Ranges:
        """Return what, blocked, would lock people or this connector out."""
        return self._union(family, (r for r in self.rules if r.lock_out))

    def met(self, wanted: AddressRange, *, lock_out: bool = False) -> list[str]:
        """Return each rule and network that a range meets, ``NAME: NETWORK``.

        Refusing rules come first.

        Args:
            wanted: an entry, as it was asked for.
            lock_out: only the rules of that kind.
        """
        rules = sorted(self.rules, key=lambda r: not _refuses(r))
        return [
            f"{rule.name}: {network}"
            for rule in rules
            if rule.lock_out or not lock_out
            for network in rule.met(wanted)
        ]

    def counted(self, lists: Iterable[Ranges], strength: Strength) -> dict[str, int]:
        """Count, for each rule of a strength, the entries that it touches.

        Args:
            lists: of either family.
            strength: of the rules.

        Returns:
            The rules that touch any, by name; an entry may count for several.
        """
        counts: Counter[str] = Counter()
        for entries in lists:
            for rule in self.rules:
                if rule.strength is strength:
                    counts[rule.name] += _touched(entries, rule.ranges(entries.family))
        return {name: count for name, count in counts.items() if count}

    @staticmethod
    def _union(family: Family, rules: Iterable[Rule]) -> Ranges:
        pairs = chain.from_iterable(rule.ranges(family).pairs() for rule in rules)
        return Ranges.of(family, pairs).merged()


def _refuses(rule: Rule) -> bool:
    return rule.strength is Strength.REFUSE


def _touched(these: Ranges, others: Ranges) -> int:
    """Count those of some ranges that any of the others meets."""
    at, stop, count = 0, len(others), 0
    for first, last in these.pairs():
        while at < stop and others.lasts[at] < first:
            at += 1
        count += at < stop and others.firsts[at] <= last
    return count


def split(networks: Iterable[AddressRange]) -> tuple[Ranges, Ranges]:
    """Return networks by family: IPv4, IPv6."""
    pairs: dict[Family, list[tuple[int, int]]] = {family: [] for family in Family}
    for network in networks:
        pairs[network.family].append((network.first, network.last))
    return (
        Ranges.of(Family.V4, pairs[Family.V4]),
        Ranges.of(Family.V6, pairs[Family.V6]),
    )


def built_in(may_block: Iterable[AddressRange] = ()) -> Rule:
    """Return the built-in rule, without what this site may block."""
    v4, v6 = split(may_block)
    return Rule(
        BUILT_IN_NAME,
        built_in_networks(Family.V4).subtract(v4),
        built_in_networks(Family.V6).subtract(v6),
    )
