"""Search with one law alone; print after what it was broken, or an empty line.

Usage: python -m soak.notice machine|exhaust LAW
"""

import math
import sys

from hypothesis import Phase

from soak import laws
from soak.exhaust import Search, collisions
from soak.laws import BrokenLawError
from soak.machine import SmallWorld
from soak.run import search
from soak.three import FULL
from tq_conn_citrix_waf.core.plan import Ownership

RUNS, STEPS, SEEDS = 150, 50, (1, 2, 3)
DEPTH = 4


def main(words: list[str]) -> int:
    """Search; return the exit code."""
    how, law = words
    laws.ONLY.add(law)
    print(_machine() if how == "machine" else _exhaust())
    return 0


def _machine() -> str:
    for number in SEEDS:
        try:
            search(RUNS, STEPS, number, (Phase.generate,))
        except BrokenLawError:
            return f"{SmallWorld.broke_at:,} runs"
    return ""


def _exhaust() -> str:
    found = Search(Ownership.OWNED)
    try:
        while found.depth < DEPTH:
            found.deepen(math.inf)
    except BrokenLawError:
        return f"{found.depth + 1} events"
    tried = 0
    try:
        for first in range(1, FULL):
            tried += collisions(first)
    except BrokenLawError:
        return f"< {tried + 1:,} collisions"
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
