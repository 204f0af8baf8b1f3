"""All pairs of answers in few rows: a small greedy generator, seeded.

Each row starts from a pair that is not covered yet; then each switch, in random order,
takes the answer that covers most new pairs with what the row holds already. Of some
such rows the one that covers most is taken.
"""

import random
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import combinations

from citrix_waf_lab.dialects import Value

Answer = tuple[str, Value]
Pair = frozenset[Answer]
Apart = Callable[[Mapping[str, Value]], bool]

_TRIES = 3
"""Rows made for each that is taken; more makes hardly fewer rows."""


def rows(
    choices: Mapping[str, Sequence[Value]], apart: Apart, seed: int
) -> list[dict[str, Value]]:
    """Return rows that cover all pairs; each has an answer for every switch.

    Args:
        choices: the answers of each switch.
        apart: whether some answers may not stand in one row; where these are two, the
            pair has a row of its own.
        seed: what is drawn at random comes from it.
    """
    rng = random.Random(seed)  # noqa: S311  # it must repeat
    left = dict.fromkeys(pairs(choices))  # in order, so that a seed repeats
    found = [dict(pair) for pair in left if apart(dict(pair))]
    for pair in map(frozenset, (row.items() for row in found)):
        del left[pair]
    while left:
        made = [_row(choices, apart, left, rng) for _ in range(_TRIES)]
        best = max(made, key=lambda row: len(left.keys() & _covered(row)))
        for pair in _covered(best):
            left.pop(pair, None)
        found.append(best)
    return found


def pairs(choices: Mapping[str, Sequence[Value]]) -> Iterator[Pair]:
    """Yield every pair of answers of two switches."""
    for one, other in combinations(choices, 2):
        for answer in choices[one]:
            for second in choices[other]:
                yield frozenset({(one, answer), (other, second)})


def _covered(row: Mapping[str, Value]) -> set[Pair]:
    return {frozenset(pair) for pair in combinations(row.items(), 2)}


def _row(
    choices: Mapping[str, Sequence[Value]],
    apart: Apart,
    left: Collection[Pair],
    rng: random.Random,
) -> dict[str, Value]:
    row: dict[str, Value] = dict(rng.choice(list(left)))
    order = [name for name in choices if name not in row]
    rng.shuffle(order)
    for name in order:
        answers = rng.sample(list(choices[name]), len(choices[name]))
        answers = [a for a in answers if not apart({**row, name: a})]
        row[name] = max(answers, key=lambda a: _gain(row, (name, a), left))
    return row


def _gain(row: Mapping[str, Value], new: Answer, left: Collection[Pair]) -> int:
    return sum(frozenset({old, new}) in left for old in row.items())
