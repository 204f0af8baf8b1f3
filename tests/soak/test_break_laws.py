"""Each law of the searches can fail; ``make break-laws`` shows it (some minutes).

Here only that its list is as the program and the searches are.
"""

from pathlib import Path

from soak.break_laws import faults
from soak.mutations import MUTATIONS

SAFETY = Path(__file__).parents[2] / "docs/safety.md"


def test_each_law_has_a_break_and_each_break_still_fits_the_program() -> None:
    assert [*faults()] == []


def test_the_document_tells_of_each_break_that_it_was_noticed() -> None:
    text = SAFETY.read_text("utf-8")
    rows = [f"| {m.law} | {m.words} | " for m in MUTATIONS]
    assert [row for row in rows if row not in text] == []
    assert "| not noticed |" not in text
