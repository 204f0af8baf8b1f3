"""What a small history holds: every kind of trouble that a real one had."""

from datetime import UTC, datetime

START = datetime(2024, 1, 3, 10, tzinfo=UTC)
BASE = [*(f"198.18.0.{n}" for n in range(60)), "10.0.0.1", "2001:db8::1"]
MESSAGE = ["You can only fetch this once in 30 minutes.", "(sorry)"]
STEPS: list[tuple[list[str], list[str]]] = [
    (["203.0.114.1"], ["198.18.0.0"]),
    ([], [*BASE[1:], "203.0.114.1"]),
    (MESSAGE, []),
    ([*BASE[20:], "203.0.114.1"], MESSAGE),
    (["203.0.114.2"], ["203.0.114.1"]),
    (["203.0.114.3"], []),
]
"""What comes and what goes: churn, nothing, a message, a real cut, churn twice."""
