"""One row of a check: what was looked at, how it is, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.exits import Exit


class State(StrEnum):
    """How something was found to be."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    UNCHECKED = "not checked"


class Area(StrEnum):
    """Where something was looked at; makes its findings."""

    HOST = "This host"
    THREATQ = "ThreatQ"
    NETSCALER = "NetScaler"
    MESSAGES = "Messages"

    def ok(self, name: str, words: str) -> "Finding":
        """Return that something is as a run needs it."""
        return Finding(self, name, State.OK, words)

    def warn(self, name: str, words: str, cure: str) -> "Finding":
        """Return that a run works, but somebody should look."""
        return Finding(self, name, State.WARN, words, cure)

    def fail(self, name: str, error: ConnectorError) -> "Finding":
        """Return that a run would end with an error."""
        return Finding(self, name, State.FAIL, error.what, error.cure, error.exit)

    def unchecked(self, name: str, words: str) -> "Finding":
        """Return that something could not be looked at."""
        return Finding(self, name, State.UNCHECKED, words)


@dataclass(frozen=True, slots=True)
class Finding:
    """One row.

    Attributes:
        name: what was looked at, in a word or two.
        words: what was found; may hold text of the other side, on one line.
        cure: what a person does; '' unless it warns or fails.
        exit: the code that a run would end with; 0 unless it fails.
    """

    area: Area
    name: str
    state: State
    words: str
    cure: str = ""
    exit: Exit = Exit.IN_STEP
