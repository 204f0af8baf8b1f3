"""What was held back, and what a person then allowed: who, when and why.

1. A consent covers the *entries* that a refusal listed, not the moment: a list moves
   every hour.
2. It lapses 24 hours after it was given, or with the first complete run after that if
   none came in between.
3. Consents are kept when they have lapsed: they are the record.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from tq_conn_citrix_waf.core.addresses import read_ranges
from tq_conn_citrix_waf.core.guard import Consent, Held, Refusal
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.store.files import remove, write_private
from tq_conn_citrix_waf.store.place import place

LIFE = timedelta(hours=24)


class HeldBack(msgspec.Struct, frozen=True):
    """One refusal, as it is kept for ``approve``."""

    id: str
    held: Held
    family: Literal[4, 6]
    entries: list[str]
    limit: int
    size: int
    at: datetime
    where: str

    @property
    def ranges(self) -> Ranges:
        """Return its entries."""
        return read_ranges(Family(self.family), self.entries)


class Given(msgspec.Struct, frozen=True):
    """One consent. ``met`` says whether a complete run has come since."""

    refusal: HeldBack
    reason: str
    who: str
    at: datetime
    met: bool = False

    def valid(self, now: datetime) -> bool:
        """Whether it has not lapsed."""
        return now < self.at + LIFE or not self.met


class Consents:
    """Refusals and consents of one configuration directory for one data set."""

    def __init__(self, directory: Path, appliance: str, block_list: str) -> None:
        self._where = f"{block_list} on {appliance}"
        self._held = place(directory, appliance, block_list, "held")
        self._given = place(directory, appliance, block_list, "consents")

    def hold(self, refusals: Sequence[Refusal], now: datetime) -> None:
        """Keep what is held now, instead of what was.

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
            )
            for r in refusals
        ]
        write_private(self._held, msgspec.json.encode(rows))

    def valid(self, family: Family, now: datetime) -> list[Consent]:
        """Return the consents that count at an instant."""
        return [
            Consent(given.refusal.held, given.refusal.ranges)
            for given in self.counting(now)
            if given.refusal.family == family
        ]

    def counting(self, now: datetime) -> list[Given]:
        """Return who gave the consents that count at an instant, and why."""
        return [given for given in self._read() if given.valid(now)]

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
        """Return all that was given; a damaged record allows nothing."""
        try:
            return msgspec.json.decode(self._given.read_bytes(), type=list[Given])
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
            rows = msgspec.json.decode(path.read_bytes(), type=list[HeldBack])
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
            found += msgspec.json.decode(path.read_bytes(), type=list[Given])
        except (OSError, msgspec.DecodeError) as error:
            raise StateError(
                f"{path} cannot be read: {error}", "move it away: no run goes by it"
            ) from error
    return sorted(found, key=lambda given: given.at)


def give(path: Path, given: Given) -> None:
    """Add a consent to the record.

    Raises:
        StateError: it was not added; a damaged record is not written over.
    """
    try:
        before = msgspec.json.decode(path.read_bytes(), type=list[Given])
    except FileNotFoundError:
        before = []
    except (OSError, ValueError, RecursionError) as error:
        raise StateError(
            f"{path} cannot be read: {error}", "move it away and approve again"
        ) from error
    write_private(path, msgspec.json.encode([*before, given]))
