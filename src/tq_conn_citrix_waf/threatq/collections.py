"""Data collections: a name becomes indicators. Fulfils ``core.ports.Source``.

1. A collection is found by its exact name, and only if one carries it.
2. Its stored query is sent as it was stored, byte for byte: editing it is how
   threatqsdk 1.8 comes to ask for everything. Without one, nothing is asked for.
3. Three ways to page, the next where one is refused: the stored query by cursor, the
   server's own name for it (its hash) by cursor, the stored query by offset. Where all
   are refused, likewise with pages of the server's own size: a limit may be too large.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import cached_property
from typing import Any
from urllib.parse import quote

import msgspec

from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.core.normalise import ADDRESS_TYPES
from tq_conn_citrix_waf.core.selection import NO_DATES, WHITELISTED, Dates
from tq_conn_citrix_waf.errors import (
    CollectionAmbiguousError,
    CollectionNotFoundError,
    ConfigurationError,
    SourceFaultError,
    SourceIncompleteError,
)
from tq_conn_citrix_waf.threatq import answers, walk
from tq_conn_citrix_waf.threatq.rows import Page, Reader
from tq_conn_citrix_waf.threatq.session import Session
from tq_conn_citrix_waf.threatq.statuses import Agreement, read_statuses

_LIST = "/api/search/query"
QUERY = "/api/indicators/query"
FIELDS = (
    "id",
    "value",
    "type",
    "status",
    "status_id",
    "score",
    "expires_at",
    "expired_at",
)


@dataclass(frozen=True, slots=True)
class Collection:
    """One data collection, as ThreatQ keeps it.

    Attributes:
        id: ThreatQ's number for it, as text; '' where it gave none.
        hash: the server's own name for its query; '' where it gave none.
        query: the stored query, each part as its JSON; empty where there is none.
    """

    id: str
    name: str
    hash: str = ""
    query: Mapping[str, msgspec.Raw] = field(default_factory=dict, repr=False)


_NOTHING = msgspec.Raw(b"null")


class _Saved(msgspec.Struct):
    id: Any = None
    name: Any = None
    hash: Any = None
    json: msgspec.Raw = _NOTHING


class _SavedPage(msgspec.Struct):
    data: list[_Saved]
    total: int | str | None = None


class _NoRows(msgspec.Struct):
    data: dict[str, Any]


class _Stored(msgspec.Struct):
    api_query: dict[str, msgspec.Raw]


class Threatq:
    """The data collections that one user sees, and the statuses, asked for once.

    Attributes:
        paged: the ways in which collections were read, each once.
    """

    def __init__(self, session: Session) -> None:
        self.paged: list[str] = []
        self._session = session

    def collect(
        self, name: str, position: int, dates: Dates = NO_DATES
    ) -> Iterator[Indicator]:
        """Yield every indicator of one data collection; see ``core.ports.Source``."""
        found = self.collection(name)
        reader = self.reader(dates)
        routes = self._routes(found, reader, (*FIELDS, *dates.names))
        yield from walk.indicators(routes, name, position, self._note)

    def _note(self, way: str) -> None:
        if way not in self.paged:
            self.paged.append(way)

    def reader(self, dates: Dates = NO_DATES) -> Reader:
        """Return what reads this ThreatQ's pages of indicators."""
        return Reader(Agreement(self._statuses), dates)

    def whitelisted(self) -> Iterator[Indicator]:
        """Yield every Whitelisted address; see ``core.ports.Source``.

        Should the server let part of the question fall, more comes, and is left out.
        """
        types = [{"type_name": name} for name in sorted(ADDRESS_TYPES)]
        criteria = {"+and": [{"status_name": WHITELISTED}, {"+or": types}]}
        stored = {"criteria": msgspec.Raw(msgspec.json.encode(criteria))}
        asked = Collection("", WHITELISTED, query=stored)
        reader = self.reader()
        routes = self._routes(asked, reader, FIELDS)
        for indicator in walk.indicators(routes, WHITELISTED, 0):
            if indicator.status == WHITELISTED or not indicator.status_agrees:
                yield indicator

    def collection(self, name: str) -> Collection:
        """Return the one data collection of exactly this name.

        Raises:
            CollectionNotFoundError: the user sees none; names like it are listed.
            CollectionAmbiguousError: there are several; their ids are listed.
            SourceError: the list is not to be had.
        """
        named = [saved for saved in self._saved if saved.name == name]
        if not named:
            raise self._not_found(name)
        if len(named) > 1:
            ids = ", ".join(str(saved.id) for saved in named)
            raise CollectionAmbiguousError(
                f"{len(named)} data collections are named {name!r}: ids {ids}",
                "rename all but one of them in ThreatQ",
            )
        return _collection(named[0])

    def _not_found(self, name: str) -> CollectionNotFoundError:
        visible = sorted({s.name for s in self._saved if isinstance(s.name, str)})
        folded = {one.casefold(): one for one in visible}
        near = get_close_matches(name.casefold(), folded, n=3)
        shown = ", ".join(repr(folded[one]) for one in near)
        return CollectionNotFoundError(
            f"there is no data collection {name!r}, or it is not shared with this user"
            + (f"; names like it: {shown}" if near else ""),
            "share it with the user of the integration, or correct its name",
        )

    @cached_property
    def _statuses(self) -> dict[int, str]:
        return read_statuses(self._session)

    @cached_property
    def _saved(self) -> list[_Saved]:
        """All rows of the list. It is not known to be paged: an honest total tells."""
        rows: list[_Saved] = []
        query: dict[str, str] = {}
        while True:
            page = _saved_page(self._session.get(_LIST, query))
            rows += page.data
            try:
                total = int(page.total or 0)
            except ValueError:
                total = 0
            if len(rows) >= total:
                return rows
            if not page.data:
                raise SourceIncompleteError(
                    f"GET {_LIST}: {len(rows)} of {total} data collections came",
                    answers.MAINTENANCE,
                )
            query = {"limit": str(walk.PAGE_ROWS), "offset": str(len(rows))}

    def _routes(
        self, found: Collection, reader: Reader, fields: Sequence[str]
    ) -> list[walk.Route]:
        """Return the ways to page: all with our size of a page, then with ThreatQ's."""
        query = {**found.query, "fields": fields} if found.query else {}
        usual = self._sized(found.hash, query, reader, {"limit": str(walk.PAGE_ROWS)})
        smaller = self._sized(found.hash, query, reader, {})
        smaller = [replace(r, name=f"{r.name}, ThreatQ's pages") for r in smaller]
        return usual + smaller

    def _sized(
        self,
        hash_: str,
        query: Mapping[str, object],
        reader: Reader,
        size: Mapping[str, str],
    ) -> list[walk.Route]:
        order = {**size, "sort": "id"}
        routes = []
        if query:
            ask = self._asking_query(query, reader, order, "cursorMark")
            routes.append(walk.Route("by cursor", ask, by_cursor=True))
        if hash_:
            ask = self._asking_hash(hash_, reader, order)
            routes.append(walk.Route("by hash and cursor", ask, by_cursor=True))
        if query:
            ask = self._asking_query(query, reader, order, "offset")
            routes.append(walk.Route("by offset", ask, by_cursor=False))
        return routes

    def _asking_query(
        self,
        query: Mapping[str, object],
        reader: Reader,
        order: Mapping[str, str],
        at: str,
    ) -> Callable[[str], Page]:
        body = msgspec.json.encode(query)

        def page(here: str) -> Page:
            got = self._session.post(QUERY, {**order, at: here}, body)
            return reader.read(got, f"POST {QUERY}")

        return page

    def _asking_hash(
        self, hash_: str, reader: Reader, order: Mapping[str, str]
    ) -> Callable[[str], Page]:
        path = f"{QUERY}/hash/{quote(hash_, safe='')}"

        def page(here: str) -> Page:
            got = self._session.get(path, {**order, "cursorMark": here})
            return reader.read(got, f"GET {path}")

        return page


def split_names(text: str) -> list[str]:
    """Split a comma list of names; a name that holds a comma stands in quotes.

    Quotes count only around a whole name; inside, a doubled one stands for itself. A
    name is listed once.

    Raises:
        ConfigurationError: a quote is not closed, or something follows a closed one.
    """
    names: list[str] = []
    at = 0
    while at < len(text):
        found = _NAME.match(text, at)
        if found is None:
            raise ConfigurationError(
                f"the list of data collections cannot be read from {text[at:]!r} on",
                "close the quote, and put a comma between two names",
            )
        quoted = found["quoted"]
        name = found["bare"]
        if quoted:
            name = quoted[1:-1].replace(quoted[0] * 2, quoted[0])
        if name and name not in names:
            names.append(name)
        at = found.end()
    return names


_NAME = re.compile(
    r"""\s*
    (?: (?P<quoted> "(?:[^"]|"")*" | '(?:[^']|'')*' )
      | (?P<bare> (?:[^,"'\s] [^,]*?)? )
    )
    \s* (?: , | $ )""",
    re.VERBOSE,
)


def _saved_page(body: bytes) -> _SavedPage:
    found = answers.decoded(body, _SavedPage)
    if found is not None:
        return found
    if answers.decoded(body, _NoRows) == _NoRows({}):
        return _SavedPage([])
    raise SourceFaultError(
        f"GET {_LIST}: ThreatQ answered no list of data collections",
        answers.MAINTENANCE,
    )


def _collection(saved: _Saved) -> Collection:
    return Collection(
        "" if saved.id is None else str(saved.id),
        saved.name,
        "" if saved.hash is None else str(saved.hash),
        _stored_query(saved.json),
    )


def _stored_query(stored: msgspec.Raw) -> dict[str, msgspec.Raw]:
    """Return the stored query, from an object or from the same as text; or {}.

    A query with neither criteria nor filters would ask for everything: it is none.
    """
    text = answers.decoded(bytes(stored), str)
    raw = bytes(stored) if text is None else text.encode()
    found = answers.decoded(raw, _Stored)
    query = found.api_query if found is not None else {}
    parts = (bytes(query.get(part, _NOTHING)) for part in ("criteria", "filters"))
    return query if any(part[:1] in (b"{", b"[") for part in parts) else {}
