"""What people let through at once: the never-block list that ``allow`` keeps.

1. A list with a hole is none: a damaged file is an error, never an empty list.
2. What has lapsed counts no more, and is thrown away at the next change.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tq_conn_citrix_waf.core.networks import read_network
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import remove, write_private

FILE_NAME = "tq-conn-citrix-waf.allowed"


class Allowed(msgspec.Struct, frozen=True):
    """One address or network: who lets it through, since when, why, how long.

    ``at`` and ``until`` are UTC; None: until a person ends it.
    """

    network: str
    who: str
    at: datetime
    reason: str
    until: datetime | None = None

    def counts(self, now: datetime) -> bool:
        """Whether it has not lapsed."""
        return self.until is None or now < self.until

    @property
    def range(self) -> AddressRange:
        """Return the addresses.

        Raises:
            ValueError: the text is no network.
        """
        found = read_network(self.network)
        if found is None:
            raise ValueError(f"{self.network!r} is no network")
        return found

    @property
    def words(self) -> str:
        """Say it in one line."""
        until = "" if self.until is None else f" until {self.until:%Y-%m-%d %H:%M} UTC"
        since = f"{self.at:%Y-%m-%d %H:%M} UTC"
        return f"{self.network} by {self.who} at {since}{until}: {self.reason}"


def allowed(directory: Path, now: datetime) -> list[Allowed]:
    """Return what is let through at an instant, in the order it was allowed.

    Raises:
        ConfigurationError: the file cannot be read whole.
    """
    path = directory / FILE_NAME
    try:
        found = msgspec.json.decode(read_file(path), type=list[Allowed])
        for one in found:
            one.range  # noqa: B018  # raises where it is none
        return [one for one in found if one.counts(now)]
    except FileNotFoundError:
        return []
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"what people let through, {path}, cannot be read: {error}",
            "move it away and allow anew what history names; until then nothing is"
            " written",
        ) from error


def keep(directory: Path, now: Sequence[Allowed]) -> None:
    """Keep what is let through from now on.

    Raises:
        StateError: it was not kept.
    """
    path = directory / FILE_NAME
    if now:
        write_private(path, msgspec.json.format(msgspec.json.encode(now)))
    else:
        remove(path)
