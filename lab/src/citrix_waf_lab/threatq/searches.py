"""Saved searches, which ThreatQ's UI calls data collections.

A data collection that a person made in the lab is a saved search too: its stored query
asks for a tag-like mark that its members bear, so that whoever runs the stored query
gets its members, and whoever loses its filters on the way gets the whole library.
"""

import random
import string
from collections.abc import Iterable
from dataclasses import dataclass, field

HASH_LENGTH = 13
"""As long as the sample that Elastic's integration shows."""


@dataclass(slots=True)
class SavedSearch:
    """One row of the list of searches.

    Attributes:
        mark: what its members bear, or None for a search made over the API.
        members: the ids of its members (collections of the lab only).
        twin_id, twin_hash: what a second search of the same name goes by.
    """

    id: int
    name: str | None
    hash: str
    ui_query: object
    api_query: dict[str, object]
    created_at: str
    updated_at: str
    twin_id: int
    twin_hash: str
    mark: str | None = None
    members: set[int] = field(default_factory=set)


class Searches:
    """All saved searches of one instance, in order of creation.

    Attributes:
        members: the ids that bear a collection's mark, by the mark.
        version: grows with every change of members.
    """

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._last_id = rng.randrange(10, 400)
        self.rows: list[SavedSearch] = []
        self.members: dict[str, set[int]] = {}
        self.version = 0

    def collection(self, name: str) -> SavedSearch | None:
        """Return the data collection of a name, or None."""
        return next((r for r in self.rows if r.mark and r.name == name), None)

    def by_hash(self, wanted: str, *, twins: bool) -> SavedSearch | None:
        """Return the search that goes by a hash, or None."""
        for row in self.rows:
            if row.hash == wanted or (twins and row.twin_hash == wanted):
                return row
        return None

    def save(
        self, name: str | None, ui_query: object, api_query: dict[str, object], now: str
    ) -> SavedSearch:
        """Keep a query under a name (None: unnamed)."""
        self._last_id += 2
        row = SavedSearch(
            self._last_id - 1,
            name,
            self._hash(),
            ui_query,
            api_query,
            now,
            now,
            self._last_id,
            self._hash(),
        )
        self.rows.append(row)
        return row

    def save_collection(self, name: str, members: Iterable[int], now: str) -> None:
        """Make or replace the data collection of a name."""
        row = self.collection(name)
        if row is None:
            mark = f"collection-{self._hash()}"
            filters = {"+and": [{"+or": [{"tag_name": mark}]}]}
            ui_query = {"criteria": {}, "filters": {"tags": [mark]}}
            row = self.save(name, ui_query, {"criteria": {}, "filters": filters}, now)
            row.mark = mark
        chosen = set(members)
        if chosen != row.members:
            row.members, row.updated_at = chosen, now
            self.version += 1
        self.members[str(row.mark)] = row.members

    def _hash(self) -> str:
        letters = string.ascii_lowercase + string.digits
        return "".join(self._rng.choices(letters, k=HASH_LENGTH))
