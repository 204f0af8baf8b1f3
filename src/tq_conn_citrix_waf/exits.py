"""The exit codes: one number for each way that a run can end."""

from enum import IntEnum


class Exit(IntEnum):
    """How a run ended; the table in the documentation is made from this."""

    IN_STEP = 0
    BUG = 1
    CONFIGURATION = 2
    SOURCE = 3
    TARGET = 4
    REFUSED = 5
    UNVERIFIED = 6
    STATE = 7
    INTERRUPTED = 130

    @property
    def meaning(self) -> str:
        """Say in a few words what the code means."""
        return _MEANING[self]


_MEANING = {
    Exit.IN_STEP: "in step, or nothing to do",
    Exit.BUG: "a fault of this program; it prints a report to paste",
    Exit.CONFIGURATION: "the configuration or the command line",
    Exit.SOURCE: "ThreatQ: out of reach, refused, or its answer cannot be trusted",
    Exit.TARGET: "the NetScaler: out of reach, refused, or the set is full",
    Exit.REFUSED: "part of the plan is over a limit and was held back",
    Exit.UNVERIFIED: "the set, read again, is not what was written",
    Exit.STATE: "the configuration directory: locked, unreadable or full",
    Exit.INTERRUPTED: "interrupted by a person or a signal",
}
