"""Every case there is with three addresses, not only those that chance finds.

All data sets (each address alone or in an entry with its neighbours; ours, another's or
a person's), all wanted lists, a stop after any of the writes in any order.
"""

from collections.abc import Iterator
from itertools import chain, combinations, product

import pytest

from core.universe import (
    HOME,
    MARKS,
    OURS,
    Appliance,
    Pair,
    addresses,
    desired,
)
from tq_conn_citrix_waf.core.guard import Held, Limits, check
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ranges import Ranges

OWNERS = ("ours", "other's", "a person's")
# Where an address and its neighbour part: all ways to cut three addresses into entries.
CUTS = (
    [(0, 0), (1, 1), (2, 2)],
    [(0, 1), (2, 2)],
    [(0, 0), (1, 2)],
    [(0, 2)],
)
SINGLES = [HOME.ranges((n, n) for n in some) for some in ((), (0,), (1,), (2,))] + [
    HOME.ranges((n, n) for n in some) for some in ((0, 1), (0, 2), (1, 2), (0, 1, 2))
]


def all_sets() -> list[dict[Pair, str]]:
    """All data sets of three addresses, each once: 91."""
    found = {}
    for cut in CUTS:
        for owners in product(("", *OWNERS), repeat=len(cut)):
            pairs = zip(HOME.pairs(cut), owners, strict=True)
            held = {pair: MARKS[owner] for pair, owner in pairs if owner}
            found[tuple(held.items())] = held
    return list(found.values())


def all_wanted() -> list[Ranges]:
    """All wanted lists of three addresses, each once: 13."""
    found = {}
    for cut in CUTS:
        for chosen in product((False, True), repeat=len(cut)):
            some = [pair for pair, yes in zip(cut, chosen, strict=True) if yes]
            found[tuple(some)] = HOME.ranges(some)
    return list(found.values())


WANTED = all_wanted()
SETS = all_sets()


def test_the_cases_are_as_many_as_counting_says() -> None:
    # By hand: w(n) = w(n-1) + sum of w(n-k) * kinds for an entry of k addresses at the
    # front; one kind of wanted entry: 1, 2, 5, 13; three owners: 1, 4, 19, 91.
    assert len(WANTED) == 13
    assert len(SETS) == 91


@pytest.mark.parametrize("want", WANTED, ids=str)
def test_every_plan_keeps_every_law(want: Ranges) -> None:
    for held in SETS:
        appliance = Appliance(held=dict(held))
        appliance.apply(plan(desired(want), appliance.dataset(), OURS))
        assert in_step(appliance, want, held)
        assert plan(desired(want), appliance.dataset(), OURS).empty


@pytest.mark.parametrize("want", WANTED, ids=str)
def test_a_run_that_stops_anywhere_is_finished_by_the_next(want: Ranges) -> None:
    for held in SETS:
        for stopped in stops(held, want):
            assert stopped.foreign(OURS) == Appliance(held=held).foreign(OURS)
            stopped.apply(plan(desired(want), stopped.dataset(), OURS))
            assert in_step(stopped, want, held)


def in_step(appliance: Appliance, want: Ranges, before: dict[Pair, str]) -> bool:
    return (
        addresses(want) <= appliance.addresses()
        and appliance.marked(OURS) <= addresses(want)
        and appliance.foreign(OURS) == Appliance(held=before).foreign(OURS)
    )


def stops(held: dict[Pair, str], want: Ranges) -> Iterator[Appliance]:
    """Yield the set after each choice of a plan's writes that an appliance can take."""
    made = plan(desired(want), Appliance(held=held).dataset(), OURS)
    writes = [(s.pair, s.comment) for s in Appliance(held=held).steps(made, OURS)]
    sizes = range(len(writes) + 1)
    for done in chain.from_iterable(combinations(writes, size) for size in sizes):
        left = {pair: c for pair, c in held.items() if (pair, None) not in done}
        binds = [(pair, c) for pair, c in done if c is not None]
        taken = Appliance(held=left).addresses()
        if not any(taken & set(range(a, z + 1)) for (a, z), _ in binds):
            yield Appliance(held=left | dict(binds))


@pytest.mark.parametrize("last", [None, *SINGLES], ids=str)
@pytest.mark.parametrize("most", list(product((0, 1), repeat=2)), ids=str)
def test_every_check_keeps_every_law(
    last: Ranges | None, most: tuple[int, int]
) -> None:
    limits = Limits(most[0], 0.0, most[1], 0.0)
    for owners, want in product(product(("", "ours", "a person's"), repeat=3), SINGLES):
        pairs = zip(HOME.pairs((n, n) for n in range(3)), owners, strict=True)
        held = {pair: MARKS[owner] for pair, owner in pairs if owner}
        appliance = Appliance(held=dict(held))
        before, mine = appliance.addresses(), appliance.marked(OURS)
        known = mine if last is None else addresses(last)
        verdict = check(
            plan(desired(want), appliance.dataset(), OURS), limits, last, OURS
        )
        new = addresses(want) - known - before
        gone = (known | mine) - addresses(want)
        free = last is None and not mine
        assert {r.held: addresses(r.entries) for r in verdict.refusals} == {
            kind: counted
            for kind, counted, limit in (
                (Held.ADDITIONS, new, most[1]),
                (Held.REMOVALS, gone, most[0]),
            )
            if len(counted) > limit and not free
        }
        appliance.apply(verdict.plan)
        kinds = {r.held for r in verdict.refusals}
        stays = mine if Held.REMOVALS in kinds else mine & addresses(want)
        due = addresses(want) - (new if Held.ADDITIONS in kinds else set())
        assert appliance.addresses() == (before - mine) | stays | due
