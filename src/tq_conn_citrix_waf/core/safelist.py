"""What must never be blocked, whatever any collection says.

1. A rule has a name, networks of both families and a strength: REFUSE cuts its networks
   out of everything that is wanted, SHOW only counts what falls in them.
2. What a rule refuses is refused, whatever another rule says. ``may_block`` opens the
   built-in rule and no other.
3. A list is read whole or not at all: a safe list with a hole is no safe list.

Built in are the networks that reach nobody else's host, or our own inside: to block
them is never protection and often an outage. Documentation and benchmark networks are
not among them: they reach nobody, and examples use them.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from tq_conn_citrix_waf.core.addresses import read_address, read_range
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.errors import ConfigurationError

BUILT_IN: dict[Family, tuple[str, ...]] = {
    Family.V4: (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ),
    Family.V6: ("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
}
BUILT_IN_NAME = "built-in list"

_SHOWN = 5
"""So many wrong lines of a file are named."""
_LONGEST = 60
"""So much of a wrong line is shown."""


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

    def rule_for(self, wanted: AddressRange, *, lock_out: bool = False) -> list[str]:
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

    def counted(self, wanted: Ranges, strength: Strength) -> dict[str, int]:
        """Count, for each rule of a strength, the entries that it touches.

        Args:
            wanted: entries before anything is cut out of them; sorted, disjoint.
            strength: of the rules.

        Returns:
            The rules that touch any, by name; an entry may count for several.
        """
        counts: dict[str, int] = {}
        for rule in self.rules:
            if rule.strength is strength:
                hits = _touched(wanted, rule.ranges(wanted.family))
                if hits:
                    counts[rule.name] = counts.get(rule.name, 0) + hits
        return counts

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


def never_block(family: Family) -> Ranges:
    """Return the built-in never-block networks of a family."""
    found = (read_range(family, text) for text in BUILT_IN[family])
    return Ranges.of(family, ((r.first, r.last) for r in found if r is not None))


def built_in(may_block: Iterable[AddressRange] = ()) -> Rule:
    """Return the built-in rule, without what this site may block."""
    v4, v6 = split(may_block)
    return Rule(
        BUILT_IN_NAME,
        never_block(Family.V4).subtract(v4),
        never_block(Family.V6).subtract(v6),
    )


def read_network(text: str) -> AddressRange | None:
    """Read an address, a CIDR block or a range ``a-b``; None where it is no such thing.

    A block with host bits set is none: ``192.0.2.1/2`` may be a slip for ``/24``.
    """
    family = Family.V6 if ":" in text else Family.V4
    start, hyphen, end = (part.strip() for part in text.partition("-"))
    if hyphen:
        return read_range(family, start, end) if end and "/" not in start else None
    found = read_range(family, start)
    address = read_address(family, start.partition("/")[0])
    return found if found is not None and found.first == address else None


def read_lines(text: str, place: str) -> list[AddressRange]:
    """Read a list of networks, one a line; ``#`` begins a comment.

    Args:
        text: of the whole file.
        place: where it comes from, for messages.

    Raises:
        ConfigurationError: a line cannot be read, or there is no network at all.
    """
    found, wrong = [], []
    for number, line in enumerate(text.split("\n"), 1):
        entry = line.partition("#")[0].strip()
        if entry:
            network = read_network(entry)
            if network is None:
                wrong.append(f"line {number}: {entry[:_LONGEST]!r}")
            else:
                found.append(network)
    if wrong:
        more = f" and {len(wrong) - _SHOWN:,} more" if len(wrong) > _SHOWN else ""
        raise ConfigurationError(
            f"{place} cannot be read whole: {', '.join(wrong[:_SHOWN])}{more}",
            "write one address, CIDR block (without host bits) or range a-b a line;"
            " nothing is written until the whole list can be read",
        )
    if not found:
        raise ConfigurationError(
            f"{place} holds no network: taken for a list that was lost",
            "fill it, or take it out of the configuration file",
        )
    return found
