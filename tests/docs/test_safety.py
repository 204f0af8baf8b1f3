"""The table of others' wounds: whole, and every test that it names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs/safety.md").read_text("utf-8").partition("## Wounds")[2]
WOUNDS = (ROOT / "tests/wounds/test_wounds.py").read_text("utf-8")


def test_the_table_has_every_row_once() -> None:
    numbers = [int(n) for n in re.findall(r"(?m)^\| (\d+) \|", TABLE)]
    assert numbers == [*range(1, 31)]


def test_every_wound_that_is_tried_is_in_the_table() -> None:
    tried = re.findall(r"(?m)^def (test_\w+)", WOUNDS)
    assert tried == sorted({*re.findall(r"`(test_\w+)`", TABLE)})


@pytest.mark.parametrize("named", sorted({*re.findall(r"`(tests/[^`]+)`", TABLE)}))
def test_a_test_that_is_named_elsewhere_exists(named: str) -> None:
    path, _, name = named.partition("::")
    assert f"def {name}" in (ROOT / path).read_text("utf-8")
