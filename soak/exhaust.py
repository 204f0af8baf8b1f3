"""Every order of events over three addresses, as deep as the time carries.

In three universes: three addresses of IPv4; of IPv6, which networks that nest and a
range across them hold as well; and of both families, where entries have a minimum stay.

A state is the sets, what was saved of them, both lists, and what both writers keep.
From the empty one, level by level: each list becomes any other, a person binds or
unbinds each entry, saves; the appliance restarts; days pass; either memory is lost, in
part or whole; either writer runs, is approved and runs, or dies at any instant of a
run. A state that was met is not gone into again. In each, whatever came before: once
the lists are there again and people allow what is held, both writers end in step.

All searches go down to one level before any goes to the next.

Usage: python -m soak.exhaust SECONDS [WORDS that a universe or ownership has]
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from soak.laws import BrokenLawError, hold
from soak.three import (
    ADDRESSES,
    FREE,
    FULL,
    HOMES,
    NOBODY,
    PERSON,
    SETS,
    SINGLE,
    A,
    After,
    B,
    Home,
    Known,
    Writer,
    aged,
    bits,
    digits,
    edited,
    of_digits,
)
from soak.three_laws import outcomes
from soak.three_runs import Run
from soak.three_states import KNOWN, State, code, lost, packed
from tq_conn_citrix_waf.core.plan import Ownership

Left = tuple[int, int, bool]
"""What a run leaves: the set, the writer's memory as a number, whether it saved."""


@dataclass
class Search:
    """A search level by level.

    Attributes:
        ownership: the first writer's.
        home: where the addresses lie.
        seen: each state that was met, and the one it was first reached from.
    """

    ownership: Ownership
    home: Home = SINGLE
    seen: dict[int, int] = field(default_factory=dict)
    depth: int = 0
    runs: dict[tuple[int, int, int, int], list[Left]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with an empty set, no lists, and no memory."""
        home = self.home
        self.writers = (Writer(A, self.ownership, home=home), Writer(B, home=home))
        self.edge = [State().packed()]
        self.seen[self.edge[0]] = -1

    def deepen(self, until: float) -> bool:
        """Go one level down; False where the time ran out in the middle of it."""
        found: list[int] = []
        for count, number in enumerate(self.edge):
            if count % 256 == 0 and time.monotonic() > until:
                return False
            try:
                self._follow(number, found)
            except BrokenLawError as broken:
                raise BrokenLawError(
                    "\n".join([str(broken), *self._way(number)])
                ) from None
        self.edge, self.depth = found, self.depth + 1
        return True

    def _follow(self, number: int, found: list[int]) -> None:
        for after in self._events(State.of(number)):
            if after not in self.seen:
                self.seen[after] = number
                found.append(after)
                self._recovers(State.of(after))

    def _way(self, number: int) -> Iterator[str]:
        """Yield the states that lead to one, the last first."""
        while number >= 0:
            yield f"after {State.of(number)}"
            number = self.seen[number]

    def _events(self, at: State) -> Iterator[int]:
        base = at.held * SETS + at.saved
        lists = base, at.wants, at.known
        for n, want in product((0, 1), self.home.lists):
            yield packed(*lists, n, want=want)
        for held in edited(at.held, self.home):
            yield packed(held * SETS + at.saved, at.wants, at.known)
        yield packed(at.held * (SETS + 1), at.wants, at.known)
        yield packed(at.saved * (SETS + 1), at.wants, at.known)
        if self.home.stay:
            later = aged(at.held) * SETS + aged(at.saved)
            yield packed(later, at.wants, at.known)
        for n in (0, 1):
            for kept in lost(at.known[n]):
                yield packed(*lists, n, known=kept)
            for held, known, saves in self._left(n, at.held, at.wants[n], at.known[n]):
                saved = held if saves else at.saved
                yield packed(held * SETS + saved, at.wants, at.known, n, known=known)

    def _left(self, n: int, held: int, want: int, known: int) -> list[Left]:
        key = (n, held, want, known)
        left = self.runs.get(key)
        if left is None:
            found = outcomes(self.writers[n], held, want, KNOWN[known])
            left = self.runs[key] = [_short(after) for after in found]
            # The first two have their places; of the others each counts once.
            left[2:] = set(left[2:]) - set(left[:2])
        return left

    def _recovers(self, at: State) -> None:
        """Let the lists be there, people approve, and both run, twice.

        Between, the days of a minimum stay pass.
        """
        held, known = at.held, [*at.known]
        wants = [want or 1 for want in at.wants]
        for n in (0, 1, 0, 1):
            held = aged(held) if n == 0 else held
            _, (held, known[n], _) = self._left(n, held, wants[n], known[n])[:2]
        for n, owner in ((0, A), (1, B)):
            open_ = bits(held, NOBODY) & wants[n]
            hold("runs left alone end in step", not open_, at, digits(held))
            stays = n == 0 and self.ownership is Ownership.ADD_ONLY
            more = bits(held, owner) & ~wants[n]
            hold("runs left alone end in step", stays or not more, at, digits(held))


def _short(after: After) -> Left:
    return after.held, code(after.known), after.saved


def collisions(first: int) -> int:
    """Let one writer run whole at every instant of the other's run; return how many.

    Both have long run: their memory is their list, the first writer's ``first``, and
    any other for the second. Afterwards each runs once more.
    """
    tried = 0
    sets = map(of_digits, product(range(4), repeat=ADDRESSES))
    for held, second in product(sets, range(1, FULL)):
        one, two = Writer(A, limits=FREE), Writer(B, limits=FREE)
        mine, theirs = Known(first, first), Known(second, second)
        steps = Run(one, held, first, mine)
        steps()
        for n in range(len(steps.steps)):
            tried += 1
            _collide((one, two), (first, second), held, (mine, theirs), n)
    return tried


def _collide(
    writers: tuple[Writer, Writer],
    wants: tuple[int, int],
    held: int,
    known: tuple[Known, Known],
    n: int,
) -> None:
    (one, two), (first, second) = writers, wants
    run = Run(one, held, first, known[0])
    kept = known[1]

    def meanwhile(run: Run) -> None:
        nonlocal kept
        after = Run(two, run.held, second, kept)()
        run.fill(after.held)
        kept = after.known

    run.between = (n, meanwhile)
    after = run()  # which may see the other: the next run ends it
    mine = after.known
    for writer, want, last in ((two, second, kept), (one, first, mine)):
        after = Run(writer, after.held, want, last)()
    for owner, want in ((A, first), (B, second)):
        wrong = (bits(after.held, NOBODY) & want) | (bits(after.held, owner) & ~want)
        hold("runs that collide end in step", not wrong, digits(held), wants, n)
    people = bits(held, PERSON) == bits(after.held, PERSON)
    hold("what people bound stands", people, digits(held), wants, n)


def main(words: Sequence[str]) -> int:
    """Search for so many seconds; return the exit code.

    Args:
        words: the seconds; then words that each search must have in its name.
    """
    seconds = float(words[0]) if words else 600.0
    started = time.monotonic()
    met = sum(collisions(first) for first in range(1, FULL))
    print(f"exhaust: two runs collide in {met:,} ways")
    searches = [
        Search(own, home)
        for home, own in product(HOMES, Ownership)
        if all(word in f"{home.words}, {own}" for word in words[1:])
    ]
    if not searches:
        print(f"exhaust: no search has all of these words: {' '.join(words[1:])}")
        return 2
    while _deepen(searches, started, seconds):
        pass
    print("exhaust: every law held")
    return 0


def _deepen(searches: Sequence[Search], started: float, seconds: float) -> bool:
    """Go one level down with each; False where the time ran out."""
    for search in searches:
        if not search.deepen(started + seconds):
            return False
        print(
            f"exhaust: {search.home.words}, {search.ownership}, depth {search.depth}:"
            f" {len(search.seen):,} states, {len(search.runs):,} situations of a run,"
            f" {time.monotonic() - started:.0f} s",
            flush=True,
        )
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
