"""Every order of events over three addresses, to the depth that a minute carries.

``make exhaust`` goes deeper; see soak/exhaust.py.
"""

import math
import sys
from collections.abc import Iterator

import pytest

from soak.exhaust import Search, collisions
from soak.three import BOTH, FULL, NESTED, Home
from tq_conn_citrix_waf.core.plan import Ownership

DEEP = 3


@pytest.fixture(autouse=True)
def untraced() -> Iterator[None]:
    """Coverage makes a search eight times as slow, and others reach these lines.

    Not by ``no_cover`` of pytest-cov: a worker has a second tracer, of its process.
    """
    tracer = sys.gettrace()
    sys.settrace(None)
    yield
    sys.settrace(tracer)


@pytest.mark.parametrize("ownership", list(Ownership))
def test_whatever_comes_in_three_events_every_law_holds(ownership: Ownership) -> None:
    search = Search(ownership)
    while search.depth < DEEP:
        assert search.deepen(math.inf)
    # Counted once by the search itself: fewer would mean that an event has gone.
    assert len(search.seen) >= 2200


@pytest.mark.parametrize(("home", "states"), [(NESTED, 488), (BOTH, 304)])
def test_likewise_of_two_over_networks_both_families_and_a_minimum_stay(
    home: Home, states: int
) -> None:
    search = Search(Ownership.OWNED, home)
    while search.depth < DEEP - 1:
        assert search.deepen(math.inf)
    assert len(search.seen) >= states


@pytest.mark.parametrize("first", range(1, FULL))
def test_two_runs_that_collide_anywhere_end_in_step(first: int) -> None:
    assert collisions(first) > 2000
