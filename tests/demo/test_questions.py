"""An answer is right if it says what the lab itself finds in the data sets."""

import pytest

from citrix_waf_lab.demo.questions import Question

ROWS = (
    {"value": "198.51.100.0/26"},
    {"value": "192.0.2.40", "endrange": "192.0.2.47"},
    {"value": "2001:db8::/64"},
)


@pytest.mark.parametrize(
    ("address", "blocked"),
    [
        ("198.51.100.7", True),
        ("198.51.100.64", False),
        ("192.0.2.44", True),
        ("192.0.2.48", False),
        ("2001:db8::7", True),
        ("2001:db9::7", False),
    ],
)
def test_only_what_is_so_is_a_right_answer(address: str, *, blocked: bool) -> None:
    asked = Question(address, "why not")
    assert asked.blocked(ROWS) is blocked
    assert (
        asked.answered(f"at noon\n{address} is blocked, and wanted\n", ROWS) is blocked
    )
    for no in ("not", "NOT"):
        said = f"at noon\n{address} is {no} blocked\n"
        assert asked.answered(said, ROWS) is not blocked


@pytest.mark.parametrize("said", ["", "198.51.100.70 is blocked", "is blocked"])
def test_no_answer_is_no_right_answer(said: str) -> None:
    assert not Question("198.51.100.7", "why not").answered(said, ROWS)
