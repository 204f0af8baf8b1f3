"""L, the list that was accepted last, and whether a save is due.

Kept per appliance and data set, written *before* the first change of a run, so that a
run that dies is finished by the next one and not taken for a flood of changes. Text, a
range a line: an operator can read it. Lost or damaged, it is as if it had never been,
and the guard falls back on what stands on the appliance.
"""

import hashlib
from pathlib import Path

from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.store.place import place


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
        self._due = place(directory, appliance, block_list, "unsaved")

    def read(self, family: Family) -> Ranges | None:
        """Return the list, or None where there is none that can be trusted."""
        try:
            text = self.path.read_text("ascii")
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            self._distrust(str(error))
            return None
        head, _, body = text.partition("\n")
        if head != self._head(body):
            self._distrust("its checksum does not match")
            return None
        pairs = []
        for line in body.splitlines():
            value, _, end = line.partition("-")
            found = read_range(family, value, end)
            if found is None:
                self._distrust(f"{line!r} is no range of the set's family")
                return None
            pairs.append((found.first, found.last))
        return Ranges.of(family, pairs)

    def write(self, ranges: Ranges) -> None:
        """Keep a list.

        Raises:
            StateError: it was not kept.
        """
        body = "".join(f"{r}\n" for r in ranges)
        write_private(self.path, f"{self._head(body)}\n{body}".encode("ascii"))

    def _head(self, body: str) -> str:
        digest = hashlib.sha256(body.encode()).hexdigest()
        return f"# accepted for {self._whose!a} sha256 {digest}"

    def _distrust(self, why: str) -> None:
        log.warning(
            "%s is damaged (%s): what stands on the appliance is taken instead",
            self.path,
            why,
        )

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
