"""What strikes a run: it strikes, it passes, and the next run is in step."""

from collections.abc import Iterator

import pytest

from bench.made import START
from history import address
from hits import KINDS, Effect, Hit, draw, luck
from memory import World, world
from support.outside import Killed

FIRST = [f"198.18.0.{n}" for n in range(40)]
THEN = [*FIRST[:30], "203.0.114.1", "203.0.114.2"]
BAD = {Effect.ERROR: 3, Effect.SHORT: 5, Effect.EMPTY: 3}


@pytest.fixture
def place() -> Iterator[World]:
    with world(START) as made:
        made.collection(FIRST)
        assert made.run().code == 0
        yield made


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("depth", [0.0, 0.6, 0.9])
def test_after_a_run_that_was_struck_the_next_one_is_in_step(
    place: World, kind: str, depth: float
) -> None:
    place.change(THEN[30:], FIRST[30:])
    try:
        with Hit(kind, depth).on(place):
            place.run()
    except Killed:
        assert kind == "killed"
    assert place.run().code == 0
    assert place.blocked() == {address(value) for value in THEN}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        ("ThreatQ refuses", 3),
        ("ThreatQ: a web page", 3),
        ("ThreatQ: an empty list", 3),
        ("NetScaler refuses", 4),
        ("NetScaler restarts", 4),
    ],
)
def test_what_strikes_at_once_is_told(place: World, kind: str, code: int) -> None:
    place.change(THEN[30:], FIRST[30:])
    with Hit(kind, 0.0).on(place):
        assert place.run().code == code
    assert place.blocked() == {address(value) for value in FIRST}


def test_where_a_walk_ends_early_another_way_gives_the_whole_list(
    place: World,
) -> None:
    place.change(THEN[30:], FIRST[30:])
    with Hit("ThreatQ: a walk ends early", 0.0).on(place):
        assert place.run().code == 0
    assert place.blocked() == {address(value) for value in THEN}


def test_a_part_that_is_missing_is_held_and_comes_back(place: World) -> None:
    with Hit("ThreatQ: a part is missing", 0.5).on(place):
        told = place.run()
    assert (told.code, [(one.count, one.what) for one in told.held]) == (
        5,
        [(20, "removals")],
    )
    assert place.run().code == 0


def test_about_one_run_in_twenty_is_struck_and_a_seed_repeats() -> None:
    first, again = luck(7), luck(7)
    hits = [draw(first) for _ in range(2000)]
    assert hits == [draw(again) for _ in range(2000)]
    assert 60 < sum(hit is not None for hit in hits) < 140
    assert {hit.kind for hit in hits if hit} == {*KINDS}


@pytest.mark.parametrize(
    ("kind", "depth", "written"),
    [("killed", 0.7, 0.0), ("killed", 17 / 18, 0.75), ("NetScaler refuses", 0.75, 0.5)],
)
def test_writing_breaks_off_where_the_requests_that_write_are(
    kind: str, depth: float, written: float
) -> None:
    assert Hit(kind, depth).written == pytest.approx(written)
