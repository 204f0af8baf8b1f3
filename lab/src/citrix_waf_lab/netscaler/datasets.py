"""One data set: bindings that never overlap, each with an index.

1. Two bindings of a set share no value, so a binding is known by its first value.
2. An index that was given automatically is never given again (CUR).
3. Binding a single value into 100,000 costs the same as into ten.
"""

from bisect import bisect_left, bisect_right, insort

import msgspec

from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.values import address, echoed, plain, subnet
from citrix_waf_lab.netscaler.vocabulary import Refusal

INDEX_MOST = 4294967290
"""Largest index, CUR policydataset_value_binding."""


class Binding(msgspec.Struct, frozen=True, gc=False):
    """One value or range of a set, with the texts that it was bound by."""

    first: int
    last: int
    index: int
    value: str
    endrange: str | None
    comment: str | None


class _Singles:
    """Single values in order, sorted only when a range asks for them.

    What was unbound stays in the list until it outweighs what is bound; whoever asks
    looks each one up.
    """

    __slots__ = ("_fresh", "_gone", "_sorted")

    def __init__(self, values: list[int]) -> None:
        self._sorted: list[int] = []
        self._fresh = values
        self._gone = 0

    def add(self, value: int) -> None:
        self._fresh.append(value)

    def drop(self, bound: dict[int, Binding]) -> None:
        self._gone += 1
        if self._gone > len(bound) + 1000:
            self._sorted = []
            self._fresh = [b.first for b in bound.values() if b.first == b.last]
            self._gone = 0

    def any_between(self, first: int, last: int, bound: dict[int, Binding]) -> bool:
        if self._fresh:
            self._sorted += self._fresh
            self._sorted.sort()
            self._fresh = []
        at = bisect_left(self._sorted, first)
        while at < len(self._sorted) and self._sorted[at] <= last:
            if self._sorted[at] in bound:
                return True
            at += 1
        return False


class Dataset:
    """A data set of the configuration.

    Attributes:
        kind: its type, one of ``KINDS``.
        comment: its own comment, or None.
        dynamic: ``YES`` or ``NO``.
        next_index: the next automatic index.
    """

    def __init__(self, kind: str, comment: str | None = None) -> None:
        self.kind = kind
        self.comment = comment
        self.dynamic = "NO"
        self.next_index = 1
        self._bound: dict[int, Binding] = {}
        self._ranges: list[int] = []
        self._singles = _Singles([])
        self._indexes: set[int] = set()
        self._first_had_index = False

    def copy(self) -> "Dataset":
        """Return a set that goes its own way from here on."""
        twin = Dataset(self.kind, self.comment)
        twin.dynamic = self.dynamic
        twin.next_index = self.next_index
        twin._bound = dict(self._bound)
        twin._ranges = list(self._ranges)
        twin._singles = _Singles(
            [b.first for b in self._bound.values() if b.first == b.last]
        )
        twin._indexes = set(self._indexes)
        twin._first_had_index = self._first_had_index
        return twin

    def bindings(self) -> list[Binding]:
        """Return all bindings in order of their index."""
        return sorted(self._bound.values(), key=lambda binding: binding.index)

    def span(self, value: str, endrange: str | None, rules: Rules) -> tuple[int, int]:
        """Return first and last of a value of this set's kind.

        Raises:
            Refusal: it is no value of this kind, or value and endrange do not fit.
        """
        kind = self.kind
        if kind not in ("ipv4", "ipv6"):
            return self._plain_span(value, endrange, rules)
        if "/" in value and rules.cidr:
            if endrange is not None:
                raise Refusal(rules.endrange_misuse, "endrange")
            return subnet(kind, value, by_format=rules.by_format)
        first = address(kind, value, by_format=rules.by_format)
        if endrange is None:
            return first, first
        if "/" in endrange:
            raise Refusal(rules.endrange_misuse, "endrange")
        return self._ordered(
            first, address(kind, endrange, by_format=rules.by_format), rules
        )

    def _plain_span(
        self, value: str, endrange: str | None, rules: Rules
    ) -> tuple[int, int]:
        first = plain(self.kind, value)
        if endrange is None:
            return first, first
        if self.kind in ("mac", "double"):
            raise Refusal(rules.endrange_misuse, "endrange")
        return self._ordered(first, plain(self.kind, endrange), rules)

    @staticmethod
    def _ordered(first: int, last: int, rules: Rules) -> tuple[int, int]:
        if last < first:
            raise Refusal(1113)
        if last == first and not rules.endrange_on_single:
            raise Refusal(278, "endrange")
        return first, last

    def bind(self, new: Binding, rules: Rules, *, index_given: bool = False) -> None:
        """Add a binding, or nothing.

        Raises:
            Refusal: duplicate, overlap, index in use or past its most, set full.
        """
        bound = self._bound
        first, last = new.first, new.last
        if first in bound:
            same = bound[first].last == last
            raise rules.duplicated() if same else rules.overlapping()
        if self._ranges and self._in_a_range(first, last):
            raise rules.overlapping()
        if last > first and self._singles.any_between(first, last, bound):
            raise rules.overlapping()
        self._check_index(new.index, rules, given=index_given)
        if len(bound) >= rules.limit:
            raise rules.full()
        if not bound:
            self._first_had_index = index_given
        bound[first] = new
        self._indexes.add(new.index)
        if new.index >= self.next_index:
            self.next_index = new.index + 1
        if last > first:
            insort(self._ranges, first)
        else:
            self._singles.add(first)

    def _check_index(self, index: int, rules: Rules, *, given: bool) -> None:
        if index in self._indexes:
            raise Refusal(2830)
        if index > INDEX_MOST:
            raise Refusal(1108, "index")
        mixed = bool(self._bound) and self._first_had_index and not given
        if mixed and not rules.index_mixing:
            raise Refusal(1093, "index")

    def _in_a_range(self, first: int, last: int) -> bool:
        at = bisect_right(self._ranges, last)
        if at == 0:
            return False
        # The range that starts last before our end is the only one that can reach us.
        return self._bound[self._ranges[at - 1]].last >= first

    def unbind(self, value: str, endrange: str | None, rules: Rules) -> None:
        """Remove a binding.

        Raises:
            Refusal: it is not bound, or not by this spelling.
        """
        try:
            first, last = self.span(value, endrange, rules)
        except Refusal as error:
            raise rules.unbound() from error
        found = self._bound.get(first)
        if found is None or found.last != last:
            raise rules.unbound()
        if not rules.any_spelling and (value, endrange) not in (
            (found.value, found.endrange),
            self.shown(found, rules),
        ):
            raise rules.unbound()
        del self._bound[first]
        self._indexes.discard(found.index)
        if last > first:
            del self._ranges[bisect_left(self._ranges, first)]
        else:
            self._singles.drop(self._bound)

    def shown(self, binding: Binding, rules: Rules) -> tuple[str, str | None]:
        """Return value and endrange of a binding as a GET shows them."""
        if self.kind == "ipv4" and "/" not in binding.value:
            return binding.value, binding.endrange
        masked, compressed = rules.masked, rules.compressed
        value = echoed(self.kind, binding.value, masked=masked, compressed=compressed)
        end = binding.endrange
        if end is not None:
            end = echoed(self.kind, end, masked=masked, compressed=compressed)
        return value, end
