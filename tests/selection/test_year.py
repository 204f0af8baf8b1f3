"""A year in small: each address is bound and unbound on the day the rules say.

The rules are a calculation of their own (``bench/year_rules.py``), which shares no line
with the connector; here it is also held against days that were counted by hand.
"""

import random
from datetime import timedelta

import pytest

from year import chosen, play
from year_history import START, Day, Row, Year
from year_rules import Book

TIME_LIMIT, MINIMUM_STAY = 20, 4
DAYS = 38


def made_up(seed: int) -> Year:
    """Some addresses that come, go, flap, expire, and are let through."""
    chance = random.Random(seed)  # noqa: S311  # the same year each time
    every = [f"198.18.{n // 8}.{n % 8}" for n in range(90)]
    every += [f"100.64.0.{n}" for n in range(3)]
    listed, revisions = set(every[::2]), []
    for _ in range(DAYS - 15):
        away = [value for value in every if value not in listed]
        come = chance.sample(away, chance.randrange(3))
        go = chance.sample(sorted(listed), chance.randrange(3))
        listed = (listed | set(come)) - set(go)
        revisions.append((come, go))
    return Year(every[::2], revisions, DAYS, before=15, expiring=25, seed=seed)


@pytest.mark.parametrize("lose_at", [None, DAYS // 2], ids=["kept", "lost halfway"])
def test_each_address_is_bound_and_unbound_on_its_day(
    lose_at: int | None,
) -> None:
    book = Book(TIME_LIMIT, MINIMUM_STAY)
    with chosen(TIME_LIMIT, MINIMUM_STAY) as place:
        for outcome in play(place, made_up(1), book, lose_at):
            assert outcome.right, outcome.fault()
    happened = {what for what, count in book.told.items() if count > 1}
    assert happened >= {
        "bound",
        "days that an address stayed",
        "unbound: expired",
        "unbound: let through",
        "unbound: no longer listed",
        "unbound: time limit reached",
    }


def test_the_calculation_says_what_counting_by_hand_says() -> None:
    book = Book(time_limit=6, minimum_stay=2)
    stays, leaves, ends, through = (f"198.18.0.{n}" for n in range(4))
    never = "10.0.0.1"
    noon = START + timedelta(hours=12)
    first = tuple(
        Row(value, "Active", noon - timedelta(days=ago), expires)
        for value, ago, expires in (
            (stays, 0, None),
            (leaves, 0, None),
            (ends, 5, None),
            (through, 0, None),
            (never, 0, None),
        )
    )
    bound = []
    for n in range(7):
        put = first if n == 0 else ()
        gone = (leaves,) if n == 1 else (through,) if n == 2 else ()
        day = Day(noon + timedelta(days=n), put, gone, gone if n == 2 else ())
        bound.append(book.turn(day))
    # Bound on day 0, a minimum stay of 2: free to go on day 3. The one that is let
    # through goes at once; the time limit of the last one is reached on day 6.
    assert bound == [
        {stays, leaves, ends, through},
        {stays, leaves, ends, through},
        {stays, leaves, ends},
        {stays},
        {stays},
        {stays},
        set(),
    ]
