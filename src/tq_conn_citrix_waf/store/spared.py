"""What never-block lists gave last, and which of their hits people know of.

Kept per appliance and data set. Lost or damaged, it is as if it had never been: a list
that cannot be read then ends the run, and many hits are held and shown once more.
"""

import hashlib
from datetime import datetime
from pathlib import Path

import msgspec

from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import write_private
from tq_conn_citrix_waf.store.place import place


class Copy(msgspec.Struct, frozen=True):
    """One list as it was read last, whole; ``at`` is when, UTC."""

    at: datetime
    networks: list[str]


class Remembered(msgspec.Struct, frozen=True):
    """What is kept.

    Attributes:
        lists: by the name of the list.
        hits: by data collection, what of it was let through and not held for it.
    """

    lists: dict[str, Copy] = msgspec.field(default_factory=dict)
    hits: dict[str, list[str]] = msgspec.field(default_factory=dict)


class Spared:
    """The memory of one configuration directory for one data set."""

    def __init__(self, directory: Path, appliance: str, block_list: str) -> None:
        self.path = place(directory, appliance, block_list, "spared")

    def read(self) -> Remembered:
        """Return what is kept; nothing where that cannot be trusted."""
        try:
            head, _, body = read_file(self.path).partition(b"\n")
        except FileNotFoundError:
            return Remembered()
        except OSError as error:
            return self._anew(str(error))
        if head != _digest(body):
            return self._anew("its checksum does not match")
        try:
            return msgspec.json.decode(body, type=Remembered)
        except ValueError as error:  # another release's; msgspec's own are ValueErrors
            return self._anew(str(error))

    def _anew(self, why: str) -> Remembered:
        log.warning("%s is damaged (%s): it is begun anew", self.path, why)
        return Remembered()

    def write(self, remembered: Remembered) -> None:
        """Keep it, where there is anything to keep or there was.

        Raises:
            StateError: it was not kept.
        """
        if remembered != Remembered() or self.path.exists():
            body = msgspec.json.encode(remembered)
            write_private(self.path, _digest(body) + b"\n" + body)


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest().encode()
