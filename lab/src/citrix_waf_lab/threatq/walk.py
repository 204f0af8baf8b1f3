"""Walks over query results: which ids, in which order, which page, which words.

A page is cut by offset or by cursor mark; every way in which a walk can go wrong in the
world (a cap, a total that lies, an empty page too early, rows that come twice, marks
that never end) is a switch and acts here.
"""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.threatq.cursor import (
    START,
    Order,
    another_mark,
    mark_of,
    order_of,
    place_of,
    sorted_ids,
)
from citrix_waf_lab.threatq.library import Library
from citrix_waf_lab.threatq.query import Ground, compile_query
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.searches import Searches
from citrix_waf_lab.threatq.vocabulary import Vocabulary

RESULTS_KEPT = 8
"""Results kept until the library changes; a client walks one or two at a time."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a page.

    Attributes:
        sort: as sent, or ''.
        limit: rows wanted; None: as many as is usual.
        offset: rows to leave out; without meaning beside a mark.
        mark: the cursor mark, or None to page by offset.
    """

    sort: str
    limit: int | None
    offset: int
    mark: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a walk: ids, and the words around them.

    ``total`` is None where none is said; ``next_mark`` is None in a walk by offset.
    """

    ids: list[int]
    total: int | str | None
    limit: int
    offset: int
    next_mark: str | None


class Walks:
    """All walks over one library."""

    def __init__(
        self,
        clock: Clock,
        dialect: Dialect,
        library: Library,
        vocabulary: Vocabulary,
        searches: Searches,
    ) -> None:
        self._clock = clock
        self._dialect = dialect
        self._library = library
        self._vocabulary = vocabulary
        self._searches = searches
        self._kept: OrderedDict[tuple[object, ...], list[int]] = OrderedDict()
        self._pages_given = 0

    def page(self, query: Mapping[str, object], wanted: Wanted, cursor: str) -> Page:
        """Cut one page of the members of a query.

        Args:
            query: ``{"criteria", "filters"}``.
            wanted: which page.
            cursor: what a mark meets: ``yes``, ``refused`` or ``ignored``.

        Raises:
            Refusal: the query or the page cannot be had.
        """
        limit = self._limit(wanted.limit)
        mark = wanted.mark if cursor != "ignored" else None
        if mark is not None and cursor == "refused":
            raise Refusal(None, "cursorMark", "is not supported")
        cap = int(self._dialect.number("offset_cap"))
        if mark is None and cap and wanted.offset > cap:
            raise Refusal(None, "offset", f"may not be greater than {cap}")
        order = order_of(wanted.sort)
        ids = self._result(query, order)
        first = wanted.offset
        if mark is not None:
            first = place_of(mark, ids, order, self._library)
        served = self._served(ids, first, limit)
        then = None if mark is None else self._next_mark(mark, served, order)
        return Page(served, self._total(len(ids)), limit, first, then)

    def _limit(self, limit: int | None) -> int:
        if limit is None:
            return int(self._dialect.number("page_default"))
        largest = int(self._dialect.number("page_limit"))
        if not largest or limit <= largest:
            return limit
        if self._dialect["page_over_limit"] == "refused":
            raise Refusal(None, "limit", f"may not be greater than {largest}")
        return largest

    def _result(self, query: Mapping[str, object], order: Order) -> list[int]:
        now = self._clock.now()
        if self._dialect["expiry_job"] == "run":
            self._library.expire_due(now.strftime("%Y-%m-%d %H:%M:%S"))
        ground = Ground(
            self._vocabulary,
            self._searches.members,
            now,
            stock_statuses=self._dialect["status_ids"] == "stock",
            equals=str(self._dialect["operator_equals"]),
        )
        parts = {p: query.get(p, {}) for p in ("criteria", "filters")}
        compiled = compile_query(parts, ground)
        words = json.dumps(parts, sort_keys=True)
        versions = (self._library.version, self._searches.version)
        instant = now if compiled.timed else None
        key = (words, order, ground.stock_statuses, instant, *versions)
        if key not in self._kept:
            rows = self._library.by_id
            found = [n for n in self._library.ids if compiled.test(rows[n])]
            self._kept[key] = sorted_ids(found, order, self._library)
        self._kept.move_to_end(key)
        if len(self._kept) > RESULTS_KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    def _served(self, ids: list[int], first: int, limit: int) -> list[int]:
        stop = int(self._dialect.number("empty_page_after"))
        if (stop and first >= stop) or first >= len(ids) or not limit:
            return []
        back = min(int(self._dialect.number("page_overlap")), first, limit - 1)
        return ids[first - back : first - back + limit]

    def _next_mark(self, mark: str, served: list[int], order: Order) -> str:
        ending = self._dialect["cursor_end"]
        if ending == "never changes":
            return mark
        if served:
            return mark_of(self._library.by_id[served[-1]], order)
        if ending == "turns back":
            return START
        if ending == "never ends":
            return another_mark(mark, order)
        return mark

    def _total(self, total: int) -> int | str | None:
        form, truth = self._dialect["total_form"], self._dialect["total_truth"]
        self._pages_given += 1
        wrong = {
            "true": total,
            "one more": total + 1,
            "one less": max(0, total - 1),
            "grows": total + self._pages_given,
            "shrinks": max(0, total - self._pages_given),
        }[str(truth)]
        if form == "absent":
            return None
        return str(wrong) if form == "string" else wrong
