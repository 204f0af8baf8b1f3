"""The walk through the pages of one data collection.

1. A walk is whole if it ended as documented (the cursor stays the same, or a page is
   empty) and gave at least as many different ids as the last stated total; where none
   is stated, only an empty page is an end. Whatever else happens, it is not whole: no
   partial list ever leaves this file.
2. A walk that is not whole is done again, twice, and then once by each other way. A
   total that moves is no fault: a collection lives. But an empty page may not lower it:
   nothing, and nothing more to come, is how an outage looks.
3. Every walk ends: a page without a new id, a cursor seen before, or far more rows
   than any total stops it (threatqsdk 1.8 loops for ever on an empty page), and more
   than any list has, whatever total is stated.

So pages are kept until their walk is whole, and only then handed out, each let go as it
is: a consumer that had been given the first walk's pages could not take them back.
"""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.errors import (
    SourceError,
    SourceFaultError,
    SourceIncompleteError,
    SourceRefusedError,
)
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.rows import Page

log = logging.getLogger(__name__)

PAGE_ROWS = 1000
"""What threatqsdk 1.8 asks for; Kibana's integration stops at 500."""
_WALKS = 3
_CEILING = 5_000_000
"""Rows of any walk; five times the largest list foreseen."""
_MOST_TEXT = 2**28
"""Characters of their values, of which an address has 45 at most."""
_SLACK = 10_000
"""Rows that a walk may give beyond twice its total: a collection grows meanwhile."""

FIRST_CURSOR = "*"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to page through a collection.

    Attributes:
        name: for the log.
        page: returns the page at a cursor, or at a number of rows.
        by_cursor: whether each page names the next; else rows are counted.
    """

    name: str
    page: Callable[[str], Page]
    by_cursor: bool

    @property
    def start(self) -> str:
        """Where the first page lies."""
        return FIRST_CURSOR if self.by_cursor else "0"


@dataclass(slots=True)
class _Walk:
    """One pass: the pages so far, each holding new ids only; ``kept`` counts those.

    ``text`` counts the characters of all values.
    """

    pages: deque[Page] = field(default_factory=deque)
    ids: set[int] = field(default_factory=set)
    rows: int = 0
    text: int = 0
    kept: int = 0
    total: int | None = None
    trouble: str = ""

    def take(self, page: Page) -> bool:
        """Take in a page; return whether it brought anything new."""
        if page.total is not None and (page.rows or page.total > (self.total or 0)):
            self.total = page.total
        self.rows += page.rows
        self.pages.append(page)
        before = len(self.ids)
        fresh = set(page.ids)
        if len(fresh) < page.rows or 0 in fresh or not self.ids.isdisjoint(fresh):
            self._pick(page)
        else:
            self.ids |= fresh
        self.kept += len(page.ids)
        self.text += sum(map(len, page.values))
        return len(self.ids) > before

    def _pick(self, page: Page) -> None:
        """Leave out of a page what came before.

        A row without an id (0) is kept, so that it is counted, but it is no proof that
        the walk is whole.
        """
        picked = []
        for row, id_ in enumerate(page.ids):
            if id_ == 0 or id_ not in self.ids:
                picked.append(row)
            if id_:
                self.ids.add(id_)
        page.keep(picked)

    def ended(self, *, empty: bool) -> None:
        """Note that it ended as documented, and whether that was too early."""
        if self.total is None and not empty:
            self.trouble = "the cursor stayed the same, and no total was stated"
        if self.total is not None and len(self.ids) < self.total:
            self.trouble = f"{len(self.ids)} of {self.total} indicators came"

    def stray(self, here: str, seen: set[str], *, new: bool) -> str:
        """Return why the walk must not go on to ``here``, or ''."""
        if not here:
            return "a page does not say where the next one starts"
        if here in seen:
            return "the cursor turned back"
        if not new:
            return "a page gave only what had come before"
        most = _CEILING
        if self.total is not None:
            most = min(most, 2 * self.total + _SLACK)
        if self.rows > most or self.text > _MOST_TEXT:
            return f"{self.rows} rows came and there was no end"
        return ""


def indicators(
    routes: Sequence[Route],
    collection: str,
    position: int,
    paged: Callable[[str], None] = lambda _name: None,
) -> Iterator[Indicator]:
    """Yield every indicator of a collection, once it has been read whole.

    Args:
        routes: ways to page, the best first; one that is refused leads to the next.
        collection: its name, for messages.
        position: what goes into ``Indicator.collection``.
        paged: told the name of the route that gave a whole walk.

    Raises:
        SourceIncompleteError: no walk was whole.
        SourceError: a page could not be had.
    """
    route, pages = _whole(routes, collection)
    paged(route.name)
    while pages:
        yield from pages.popleft().indicators(position)


def _whole(routes: Sequence[Route], collection: str) -> tuple[Route, deque[Page]]:
    """Return the pages of a whole walk, and the first route that is not refused.

    A route counts as refused only at its first page: afterwards, going on elsewhere
    would mix two walks. One that never gives a whole walk is left for the next.
    """
    refused: SourceError | None = None
    broken: SourceError | None = None
    for route in routes:
        try:
            first = _first(route, collection)
        except (SourceRefusedError, SourceFaultError) as error:
            log.info("no paging %s: %s", route.name, error.what)
            refused = refused or error
            continue
        try:
            walks = _WALKS if broken is None else 1
            return route, _patient(route, first, collection, walks)
        except (SourceRefusedError, SourceFaultError, SourceIncompleteError) as error:
            log.info("no whole walk %s: %s", route.name, error.what)
            if broken is None and not isinstance(error, SourceIncompleteError):
                raise
            broken = broken or error
    raise (
        broken
        or refused
        or SourceRefusedError(
            f"{collection}: there is no way to read it",
            "open the data collection in ThreatQ and save it again",
        )
    )


def _first(route: Route, collection: str) -> Page:
    page = route.page(route.start)
    if route.by_cursor and page.rows and not page.cursor:
        raise SourceFaultError(
            f"{collection}: ThreatQ does not page {route.name}", answers.MAINTENANCE
        )
    return page


def _patient(route: Route, first: Page, collection: str, walks: int) -> deque[Page]:
    walk = _walk(route, first)
    for _ in range(walks - 1):
        if not walk.trouble:
            break
        log.warning("%s: %s: reading it again", collection, walk.trouble)
        walk = _walk(route, route.page(route.start))
    if walk.trouble:
        raise SourceIncompleteError(
            f"data collection {collection!r} could not be read whole:"
            f" {walk.trouble} ({walks} times)",
            "run again later; if it stays, look at the collection in ThreatQ",
        )
    log.info("%s: %d indicators, paged %s", collection, len(walk.ids), route.name)
    return walk.pages


def _walk(route: Route, page: Page) -> _Walk:
    walk = _Walk()
    here = route.start
    seen = {here}
    while True:
        new = walk.take(page)
        # By offset, from the first row that has not come: a page may repeat some.
        after = page.cursor if route.by_cursor else str(walk.kept)
        if page.rows == 0 or (route.by_cursor and after == here):
            walk.ended(empty=page.rows == 0)
            return walk
        walk.trouble = walk.stray(after, seen, new=new)
        if walk.trouble:
            return walk
        here = after
        seen.add(here)
        page = route.page(here)
