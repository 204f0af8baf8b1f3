"""The table of answers: whole, and held against what really comes of them."""

from dataclasses import replace

import pytest

from citrix_waf_lab.lab import SWITCHES, Lab
from matrix.answers import ANSWERS
from matrix.judge import differences
from matrix.rows import IN_STEP, Does, Row
from matrix.run import declared, singles
from matrix.story import Story, told

SWITCH = {switch.name: switch for part in SWITCHES.values() for switch in part}


def test_each_switch_has_a_row_and_no_other() -> None:
    assert ANSWERS.keys() == SWITCH.keys()


@pytest.mark.parametrize("name", SWITCH)
def test_each_answer_has_a_row_and_numbers_some_besides_the_default(name: str) -> None:
    switch, answers = SWITCH[name], ANSWERS[name]
    assert all(switch.accepts(answer) for answer in answers)
    if switch.choices is None:
        default = Lab(seed=1).dialect[name]
        assert default in answers
        assert len(answers) > 1
    else:
        assert {*answers} == {*switch.choices}


def test_a_story_is_told_for_the_defaults_and_for_each_other_answer() -> None:
    answers = sum(len(some) - 1 for some in ANSWERS.values())
    assert len([*singles()]) == 1 + answers


@pytest.fixture(scope="module")
def usual() -> Story:
    return told({})


def test_the_defaults_are_in_step(usual: Story) -> None:
    assert differences(usual, IN_STEP, []) == []


@pytest.mark.parametrize(
    ("row", "flaw"),
    [
        (Row(Does.ADDS), "recovery: missing"),
        (Row(Does.FILLS, code=4), "first load: it ended with 0, not with 4"),
        (Row(Does.ENDS, code=4), "first load: it ended with 0"),
        (Row(says="no such words"), "it never said: no such words"),
    ],
)
def test_a_row_that_is_not_so_is_found_out(usual: Story, row: Row, flaw: str) -> None:
    assert any(one.startswith(flaw) for one in differences(usual, row, []))


def test_a_help_that_was_not_asked_for_is_found_out(usual: Story) -> None:
    assert differences(usual, IN_STEP, ["Password"]) == ["it did not ask for: Password"]


@pytest.mark.parametrize(
    ("change", "flaw"),
    [
        ({"lost": frozenset({("192.0.2.1", "")})}, "entries of people are gone"),
        ({"sessions": 1}, "1 sessions are open"),
        ({"shown": frozenset({"x"})}, "a secret was shown"),
        ({"writes": 2}, "2 requests that write"),
        ({"bound": frozenset({"192.0.2.77"})}, "missing"),
        ({"saved": frozenset()}, "saved are 0"),
    ],
)
def test_each_law_is_seen_to_be_broken(
    usual: Story, change: dict[str, object], flaw: str
) -> None:
    chapters = tuple(
        replace(one, **change) if one.name == "again" else one  # type: ignore[arg-type]  # fields by name
        for one in usual.chapters
    )
    found = differences(replace(usual, chapters=chapters), IN_STEP, [])
    assert any(one.startswith(f"again: {flaw}") for one in found)


@pytest.mark.parametrize(
    "dialect",
    [
        {"comment": "hidden"},
        {"comment": "refused", "array_bulk": "refused", "cidr": "refused"},
        {"cursor_end": "never changes", "total_form": "absent"},
        {"secret_fields": "masked"},
        {"connector_create_status": 403, "secret_fields": "absent"},
        {"maintenance": "html"},
    ],
)
def test_some_of_the_table_is_true(dialect: dict[str, str | int]) -> None:
    row, helps = declared(dialect)
    assert differences(told(dialect), row, helps) == []
