"""The files of what was held back, and of what people then said to it.

Words are kept when they have lapsed: they are the record.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from tq_conn_citrix_waf.core.guard import Consent, Refusal
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.store.place import place
from tq_conn_citrix_waf.store.said import Given, HeldBack, Said


class Consents:
    """Refusals and consents of one configuration directory for one data set.

    Args:
        directory: the configuration directory.
        appliance: its URL.
        block_list: the name of the data set.
        needed: how many persons must approve.
    """

    def __init__(
        self, directory: Path, appliance: str, block_list: str, needed: int = 1
    ) -> None:
        self._needed = needed
        self._where = f"{block_list} on {appliance}"
        self._held = place(directory, appliance, block_list, "held")
        self._given = place(directory, appliance, block_list, "consents")

    def hold(
        self, refusals: Sequence[Refusal], whose: Mapping[str, str], now: datetime
    ) -> None:
        """Keep what is held now, instead of what was.

        Args:
            refusals: what is held.
            whose: the data collection that it is of, by id; not there: the plan's.
            now: UTC.

        Raises:
            StateError: it was not kept.
        """
        if not refusals:
            remove(self._held)
            return
        rows = [
            HeldBack(
                r.id,
                r.held,
                4 if r.entries.family is Family.V4 else 6,
                [str(entry) for entry in r.entries],
                r.limit,
                r.size,
                now,
                self._where,
                whose.get(r.id, ""),
            )
            for r in refusals
        ]
        write_private(self._held, msgspec.json.encode(rows))

    def said(self) -> Said:
        """Return all that people said; a damaged record allows nothing."""
        return Said(self._read(), self._needed)

    def valid(self, family: Family, now: datetime) -> list[Consent]:
        """Return the consents that count at an instant."""
        return self.said().valid(family, now)

    def counting(self, now: datetime) -> list[Given]:
        """Return who gave the consents that count at an instant, and why."""
        said = self.said()
        agreed = {
            (consent.held, int(consent.entries.family)): consent.entries
            for family in Family
            for consent in said.valid(family, now)
        }
        found = []
        for one in said.approvals(now):
            held = one.given.refusal
            entries = agreed.get((held.held, held.family))
            if entries is not None and len(one.left.intersect(entries)):
                found.append(one.given)
        return found

    def complete(self) -> None:
        """Note that a complete run has come.

        Raises:
            StateError: it was not noted.
        """
        given = self._read()
        if any(not one.met for one in given):
            met = [msgspec.structs.replace(one, met=True) for one in given]
            write_private(self._given, msgspec.json.encode(met))

    def _read(self) -> list[Given]:
        try:
            return msgspec.json.decode(read_file(self._given), type=list[Given])
        except FileNotFoundError:
            return []
        except (OSError, ValueError, RecursionError) as error:
            log.warning("%s is damaged (%s): no consent counts", self._given, error)
            return []


def held_back(directory: Path) -> dict[str, tuple[HeldBack, Path]]:
    """Return all that is held in a directory, by id, with the file of its consents.

    Raises:
        StateError: a file cannot be read.
    """
    found = {}
    try:
        paths = sorted(directory.glob("tq-conn-citrix-waf.*.held"))
    except OSError as error:
        raise StateError(
            f"{directory} cannot be read: {error.strerror}",
            "run this as the user who runs the connector, or as root",
        ) from error
    for path in paths:
        try:
            rows = msgspec.json.decode(read_file(path), type=list[HeldBack])
        except (OSError, ValueError, RecursionError) as error:
            raise StateError(
                f"{path} cannot be read: {error}",
                "remove it and run the connector again: it lists anew what is held",
            ) from error
        found.update({row.id: (row, path.with_suffix(".consents")) for row in rows})
    return found


def all_given(directory: Path) -> list[Given]:
    """Return every consent that was given in a directory, oldest first.

    Raises:
        StateError: a record cannot be read.
    """
    found: list[Given] = []
    for path in sorted(directory.glob("tq-conn-citrix-waf.*.consents")):
        try:
            found += msgspec.json.decode(read_file(path), type=list[Given])
        except (OSError, msgspec.DecodeError) as error:
            raise StateError(
                f"{path} cannot be read: {error}", "move it away: no run goes by it"
            ) from error
    return sorted(found, key=lambda given: given.at)


def said(path: Path, needed: int) -> Said:
    """Return all that people said, from the file of consents.

    Raises:
        StateError: it cannot be read.
    """
    try:
        return Said(msgspec.json.decode(read_file(path), type=list[Given]), needed)
    except FileNotFoundError:
        return Said([], needed)
    except (OSError, ValueError, RecursionError) as error:
        raise StateError(
            f"{path} cannot be read: {error}", "move it away and approve again"
        ) from error


def give(path: Path, given: Given) -> None:
    """Add a word to the record.

    Raises:
        StateError: it was not added; a damaged record is not written over.
    """
    before = said(path, 1).given
    write_private(path, msgspec.json.encode([*before, given]))
