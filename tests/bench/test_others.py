"""The simulated ways: what each makes of what strikes."""

from ipaddress import ip_address

import pytest

from history import Address
from hits import Hit
from others import WAYS, Blocked


def some(*numbers: int) -> Blocked:
    return frozenset[Address](ip_address(f"198.18.0.{n}") for n in numbers)


BLOCKED, LISTED = some(*range(10)), some(*range(2, 12))
HITS = {
    "nothing": None,
    "error": Hit("ThreatQ refuses", 0.5),
    "short": Hit("ThreatQ: a part is missing", 0.8),
    "half": Hit("ThreatQ: a part is missing", 0.5),
    "empty": Hit("ThreatQ: an empty list", 0.5),
    "early": Hit("NetScaler refuses", 0.2),
    "broken off": Hit("NetScaler refuses", 0.875),
    "lost": Hit("NetScaler restarts", 0.5),
}
ADD_ONLY, EMPTIED, REPLACED, RULE = WAYS
ALL, BOTH = LISTED, BLOCKED | LISTED
EIGHT, FIVE, SEVEN = some(*range(2, 10)), some(*range(2, 7)), some(*range(2, 9))
DONE = some(*range(1, 12))
"""Of four changes three are done: two come, then the first goes."""


@pytest.mark.parametrize(
    ("hit", "add_only", "emptied", "replaced", "rule"),
    [
        ("nothing", BOTH, ALL, ALL, ALL),
        ("error", BLOCKED, some(), BLOCKED, BLOCKED),
        ("short", BLOCKED, EIGHT, EIGHT, EIGHT),
        ("half", BLOCKED, FIVE, FIVE, BLOCKED),
        ("empty", BLOCKED, some(), some(), BLOCKED),
        ("early", BLOCKED, BLOCKED, BLOCKED, BLOCKED),
        ("broken off", BLOCKED | some(10), SEVEN, SEVEN, DONE),
        ("lost", BLOCKED, BLOCKED, BLOCKED, BLOCKED),
    ],
)
def test_each_way_does_what_its_table_says(
    hit: str, add_only: Blocked, emptied: Blocked, replaced: Blocked, rule: Blocked
) -> None:
    done = {way: step(BLOCKED, LISTED, HITS[hit]) for way, step in WAYS.items()}
    assert done == {
        ADD_ONLY: add_only,
        EMPTIED: emptied,
        REPLACED: replaced,
        RULE: rule,
    }
