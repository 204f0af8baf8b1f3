"""The generator of rows: every pair, nothing that must stand apart, repeatable."""

from collections.abc import Mapping
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from citrix_waf_lab.dialects import Value
from matrix.pairs import Pair, pairs, rows

CHOICES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.lists(st.integers(0, 5), min_size=1, max_size=4, unique=True),
    min_size=2,
)


def none(_row: Mapping[str, Value]) -> bool:
    return False


def covered(found: list[dict[str, Value]]) -> set[Pair]:
    return {frozenset(p) for row in found for p in combinations(row.items(), 2)}


@given(CHOICES, st.integers(0, 9))
def test_every_pair_stands_in_some_row(
    choices: dict[str, list[Value]], seed: int
) -> None:
    found = rows(choices, none, seed)
    assert covered(found) == {*pairs(choices)}
    assert all(row.keys() == choices.keys() for row in found)


@given(CHOICES)
def test_a_seed_repeats(choices: dict[str, list[Value]]) -> None:
    assert rows(choices, none, 1) == rows(choices, none, 1)


def test_what_must_stand_apart_has_a_row_of_its_own_or_none() -> None:
    choices: dict[str, list[Value]] = {name: [0, 1, 2] for name in "abcd"}

    def apart(row: Mapping[str, Value]) -> bool:
        return row.get("a") == 1 and row.get("b") == 2

    found = rows(choices, apart, 1)
    assert covered(found) == {*pairs(choices)}
    assert [row for row in found if apart(row)] == [{"a": 1, "b": 2}]


def test_there_are_few_rows() -> None:
    choices: dict[str, list[Value]] = {name: [0, 1, 2] for name in "abcdefghij"}
    assert len(rows(choices, none, 1)) < 25
