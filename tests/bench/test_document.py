"""Measured tables in documents."""

import pytest

from document import put, table

TEXT = "a\n<!-- measured x: make x -->\nold\n<!-- /measured x -->\nb\n"


def test_what_is_between_the_markers_is_replaced_and_nothing_else() -> None:
    new = put(TEXT, "x", ["new"])
    assert new == TEXT.replace("old\n", "\nnew\n\n")
    assert put(new, "x", ["new"]) == new


@pytest.mark.parametrize("text", ["", TEXT + TEXT, TEXT.replace("/measured", "")])
def test_markers_that_are_not_there_once_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not there once"):
        put(text, "x", ["new"])


def test_numbers_stand_to_the_right_and_thousands_apart() -> None:
    assert table(["what", "count"], [["a", 1234], ["b", 5]]) == [
        "| what | count |",
        "| --- | --: |",
        "| a | 1,234 |",
        "| b | 5 |",
    ]
