"""Every test that the walk through the guide names exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WALK = (ROOT / "docs/guide-walk.md").read_text("utf-8")


@pytest.mark.parametrize(
    "named", sorted(set(re.findall(r"`(tests/[^`*]+\.py\S*)`", WALK)))
)
def test_a_test_that_the_walk_names_exists(named: str) -> None:
    path, _, name = named.partition("::")
    text = (ROOT / path).read_text("utf-8")
    assert f"def {name}(" in text or not name
