"""Whether people have stopped all writing to the appliance: who, when and why.

A file beside the configuration. Damaged, it still counts: in doubt nothing is written.
"""

from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import remove, write_private

FILE_NAME = "tq-conn-citrix-waf.paused"
_UNKNOWN = "not known: the file is damaged"


class Pause(msgspec.Struct, frozen=True):
    """Who stopped all writing; ``at`` is UTC."""

    who: str
    at: datetime
    reason: str

    @property
    def words(self) -> str:
        """Say it in one line."""
        return f"paused by {self.who} since {self.at:%Y-%m-%d %H:%M} UTC: {self.reason}"


def pause(directory: Path, now: Pause) -> None:
    """Stop all writing, or say anew who stops it.

    Raises:
        StateError: it was not noted.
    """
    write_private(directory / FILE_NAME, msgspec.json.encode(now))


def paused(directory: Path) -> Pause | None:
    """Return who stopped all writing; None where nobody did."""
    path = directory / FILE_NAME
    try:
        return msgspec.json.decode(read_file(path), type=Pause)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, RecursionError):
        return Pause("somebody", datetime.fromtimestamp(0, UTC), _UNKNOWN)


def resume(directory: Path) -> None:
    """Let runs write again.

    Raises:
        StateError: the pause is still there.
    """
    remove(directory / FILE_NAME)
