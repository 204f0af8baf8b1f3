"""What the core's story needs from outside, as shapes: the two systems and the clock.

The adapters fulfil these; tests fulfil them in memory. One contract, every target.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tq_conn_citrix_waf.core.dataset import Binding, Dataset
from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.core.selection import NO_DATES, Dates


class Clock(Protocol):
    """Time as an argument, so that no test sleeps."""

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that only ever grow."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


class Source(Protocol):
    """Where indicators come from."""

    def collect(
        self, name: str, position: int, dates: Dates = NO_DATES
    ) -> Iterator[Indicator]:
        """Yield every indicator of one data collection.

        Args:
            name: of the data collection.
            position: what to put into each ``Indicator.collection``.
            dates: which to put into each, besides the date of expiry.

        Raises:
            SourceError: also at the very end, where the walk cannot be shown whole.
        """
        ...

    def whitelisted(self) -> Iterator[Indicator]:
        """Yield every address that is to be let through, in whatever collection.

        Raises:
            SourceError: as ``collect``.
        """
        ...


class Fate(StrEnum):
    """What became of one binding in a write."""

    DONE = "done"
    ALREADY = "already so"
    FULL = "set full"
    REFUSED = "refused"
    UNKNOWN = "no answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one binding, and the appliance's words where it refused."""

    fate: Fate
    words: str = ""


@dataclass(frozen=True, slots=True)
class Node:
    """The appliance that answers.

    Attributes:
        build: as it names itself.
        role: "Stand-alone", "Primary" or "Secondary", or what it says instead.
    """

    build: str
    role: str


class Target(Protocol):
    """One data set on one appliance."""

    @property
    def comments(self) -> bool | None:
        """Whether bindings take a comment; None before the first was written.

        Where it is False, nothing of a batch with a mark was bound.
        """
        ...

    @property
    def sign_ins(self) -> int:
        """How often it was signed in to: between two of them it may have restarted."""
        ...

    def node(self) -> Node:
        """Return who answers.

        Raises:
            TargetError: it cannot be asked.
        """
        ...

    def read(self) -> Dataset:
        """Read the whole data set, once, sorted.

        Raises:
            DatasetMissingError, DatasetTypeError: there is no such data set.
            TargetError: it cannot be read whole.
        """
        ...

    def bind(self, ranges: Sequence[AddressRange], mark: str) -> list[Outcome]:
        """Bind one batch, each with the mark in its comment.

        Returns:
            One outcome for each range, in order. Nothing is repeated: where the answer
            was lost, the fate is UNKNOWN and reading resolves it.

        Raises:
            TargetError: nothing of the batch was done.
        """
        ...

    def unbind(self, bindings: Sequence[Binding]) -> list[Outcome]:
        """Unbind one batch by the appliance's own spelling; as ``bind``."""
        ...

    def unsaved(self) -> bool | None:
        """Whether the running configuration differs from the saved; None: not told."""
        ...

    def save(self) -> None:
        """Make the running configuration survive a restart.

        Raises:
            TargetError: it was not saved.
        """
        ...
