"""L, the list accepted last; what a run began to take out; whether a save is due.

Kept per appliance and data set, the first two written *before* the first change of a
run, so that one that dies is finished by the next and not taken for a flood of changes.
Text, a range a line: an operator can read it. Lost or damaged, it is as if it had never
been, and the guard falls back on what stands on the appliance.
"""

import hashlib
from pathlib import Path

from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.store.place import place

_MOST = 2**28
"""Bytes of a list: three million ranges of IPv6, of which a line has 80 at most."""


class Accepted:
    """The memory of one configuration directory for one data set.

    Args:
        directory: the configuration directory.
        appliance: its URL.
        block_list: the name of the data set.
    """

    def __init__(self, directory: Path, appliance: str, block_list: str) -> None:
        self._whose = f"{block_list} on {appliance}"
        self.path = place(directory, appliance, block_list, "accepted")
        self._begun = place(directory, appliance, block_list, "begun")
        self._due = place(directory, appliance, block_list, "unsaved")

    def read(self, family: Family) -> Ranges | None:
        """Return the list, or None where there is none that can be trusted."""
        lost = "what stands on the appliance is taken instead"
        return self._read(self.path, "accepted", family, lost)

    def write(self, ranges: Ranges) -> None:
        """Keep a list.

        Raises:
            StateError: it was not kept.
        """
        self._write(self.path, "accepted", ranges)

    def begun(self, family: Family) -> Ranges | None:
        """Return what a run that did not end was to take out; None: there is none."""
        lost = "what a run that did not end was to take out counts anew"
        return self._read(self._begun, "begun", family, lost)

    def begin(self, removed: Ranges) -> None:
        """Keep, before the first change, what a run is to take out.

        Raises:
            StateError: it was not kept.
        """
        if len(removed):
            self._write(self._begun, "begun", removed)
        else:
            self.end()

    def end(self) -> None:
        """Forget what was begun: it is done, or a person undoes it.

        Raises:
            StateError: it was not forgotten.
        """
        remove(self._begun)

    def _read(self, path: Path, what: str, family: Family, lost: str) -> Ranges | None:
        try:
            rows = self._rows(what, read_file(path, _MOST).decode("ascii"))
            return Ranges.of(family, [_ends(family, row) for row in rows])
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            log.warning("%s is damaged (%s): %s", path, error, lost)
            return None

    def _rows(self, what: str, text: str) -> list[str]:
        head, _, body = text.partition("\n")
        if head != self._head(what, body):
            raise ValueError("its checksum does not match")
        return body.splitlines()

    def _write(self, path: Path, what: str, ranges: Ranges) -> None:
        body = "".join(f"{r}\n" for r in ranges)
        head = self._head(what, body)
        write_private(path, f"{head}\n{body}".encode("ascii"))

    def _head(self, what: str, body: str) -> str:
        digest = hashlib.sha256(body.encode()).hexdigest()
        return f"# {what} for {self._whose!a} sha256 {digest}"

    @property
    def save_due(self) -> bool:
        """Whether a run wrote to the appliance and did not get as far as saving."""
        return self._due.exists()

    def set_save_due(self, *, due: bool) -> None:
        """Note before the first change that a save is due, and after it that it is not.

        Raises:
            StateError: it was not noted.
        """
        if due and not self.save_due:
            write_private(self._due, b"changes were made and not yet saved\n")
        elif not due:
            remove(self._due)


def _ends(family: Family, row: str) -> tuple[int, int]:
    value, _, end = row.partition("-")
    found = read_range(family, value, end)
    if found is None:
        raise ValueError(f"{row!r} is no range of the set's family")
    return found.first, found.last
