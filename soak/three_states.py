"""All there is in a search of three addresses, each state as one number.

Numbers are small, and quickly told apart: a search meets hundreds of thousands.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

from soak.three import FULL, HOMES, LISTS, SETS, Known

_LISTS = [None, *sorted({n for home in HOMES for n in home.lists})]
_KNOWN = 512 * FULL
"""No fewer than there are memories."""


def code(known: Known) -> int:
    """Return a memory as a number."""
    kept = _LISTS.index(known.last) * len(_LISTS) + _LISTS.index(known.good)
    return (kept * 2 + known.due) * FULL + known.begun


KNOWN = [
    Known(last, good, due=due, begun=begun)
    for last, good, due, begun in product(_LISTS, _LISTS, (False, True), range(FULL))
]
"""Every memory there is, at the place of its number."""


@dataclass(frozen=True, slots=True)
class State:
    """All there is."""

    held: int = 0
    saved: int = 0
    wants: tuple[int, int] = (0, 0)
    known: tuple[int, int] = (0, 0)

    def packed(self) -> int:
        """Return it as one number."""
        number = self.held * SETS + self.saved
        for want, known in zip(self.wants, self.known, strict=True):
            number = (number * LISTS + want) * _KNOWN + known
        return number

    @classmethod
    def of(cls, number: int) -> "State":
        """Return the state of a number."""
        parts = []
        for size in (_KNOWN, LISTS, _KNOWN, LISTS, SETS):
            number, part = divmod(number, size)
            parts.append(part)
        known_b, want_b, known_a, want_a, saved = parts
        return cls(number, saved, (want_a, want_b), (known_a, known_b))


def lost(known: int) -> Iterator[int]:
    """Yield a memory after some of it is lost, or all."""
    kept = KNOWN[known]
    yield from {
        code(replace(kept, last=None)),
        code(replace(kept, good=None)),
        code(replace(kept, begun=0)),
        0,
    }


def packed(
    sets: int,
    wants: tuple[int, int],
    memories: tuple[int, int],
    n: int = 0,
    want: int | None = None,
    known: int | None = None,
) -> int:
    """Return a state as a number, something of one of its writers changed."""
    lists, kept = [*wants], [*memories]
    if want is not None:
        lists[n] = want
    if known is not None:
        kept[n] = known
    first = (sets * LISTS + lists[0]) * _KNOWN + kept[0]
    return (first * LISTS + lists[1]) * _KNOWN + kept[1]
