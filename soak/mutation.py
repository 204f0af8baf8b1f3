"""One way to break the program on purpose, and what more than one law is tried with."""

from dataclasses import dataclass

Patch = tuple[str, str, str]
"""A file below the program's folder, a text that stands there once, and another."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break the program.

    Attributes:
        law: what must be noticed, as the searches name it.
        words: what the broken program does.
        search: "machine" or "exhaust".
    """

    law: str
    words: str
    patches: tuple[Patch, ...]
    search: str = "machine"


PLAN, GUARD, APPLY = "core/plan.py", "core/guard.py", "run/apply.py"

UNMARKED_OURS: Patch = (
    PLAN,
    "Ownership.OWNED: (ours,),",
    "Ownership.OWNED: (ours, 0),",
)
FORGOTTEN: Patch = (
    PLAN,
    "        add,\n        remove,\n",
    "        add,\n        remove[1:],\n",
)
