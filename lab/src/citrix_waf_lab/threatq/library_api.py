"""Routes that read lists and data collections."""

import json
from collections.abc import Mapping

import msgspec

from citrix_waf_lab.threatq.answers import data, plain, whole
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.rendering import form_of
from citrix_waf_lab.threatq.routing import PAGING, Call, Route, like
from citrix_waf_lab.threatq.searches import SavedSearch
from citrix_waf_lab.threatq.vocabulary import OTHER_OBJECTS, Term
from citrix_waf_lab.threatq.walk import Page, Wanted
from citrix_waf_lab.wire import Answer

QUERY_PARAMETERS = frozenset({"limit", "offset", "sort", "cursorMark", "with"})
LAID_DOWN = "2019-04-01 12:00:00"
"""When the stock types and statuses were made; any instant would do."""


def objects(call: Call) -> Answer:
    """``GET /api/objects``: the kinds of objects, with their types and statuses."""
    said = call.threatq.dialect["objects_lists"]
    vocabulary = call.threatq.vocabulary
    types = [{"name": t.name} for t in vocabulary.types]
    statuses = [{"name": t.name} for t in vocabulary.statuses]
    rows: list[dict[str, object]] = [
        {
            "collection": "indicators",
            "display_name": "Indicator",
            "display_name_plural": "Indicators",
            "types": [] if said == "no types" else types,
            "statuses": [] if said == "no statuses" else statuses,
        }
    ]
    for collection, one, several in OTHER_OBJECTS:
        names = vocabulary.event_types if collection == "events" else {}
        rows.append(
            {
                "collection": collection,
                "display_name": one,
                "display_name_plural": several,
                "types": [{"name": n} for n in sorted(names)],
                "statuses": [],
            }
        )
    return data([] if said == "empty" else rows)


def types(call: Call) -> Answer:
    """``GET /api/indicator/types``: type names with the ids of this instance."""
    return listed(call, [_type(t) for t in call.threatq.vocabulary.types])


def one_type(call: Call) -> Answer:
    """``GET /api/indicator/types/{id}``: one type."""
    return _one(call, [_type(t) for t in call.threatq.vocabulary.types])


def statuses(call: Call) -> Answer:
    """``GET /api/indicator/statuses``: statuses with their flags, as Y or N."""
    return listed(call, [_status(call, t) for t in call.threatq.vocabulary.statuses])


def status(call: Call) -> Answer:
    """``GET /api/indicator/statuses/{id}``: one status."""
    return _one(call, [_status(call, t) for t in call.threatq.vocabulary.statuses])


def _one(call: Call, rows: list[dict[str, object]]) -> Answer:
    for row in rows:
        if row["id"] == call.id():
            return data(row)
    raise Refusal(404, "id", "does not exist")


def _type(term: Term) -> dict[str, object]:
    return {
        "id": term.own_id,
        "name": term.name,
        "class": term.about,
        "created_at": LAID_DOWN,
        "updated_at": LAID_DOWN,
    }


def _status(call: Call, term: Term) -> dict[str, object]:
    stock = call.threatq.dialect["status_ids"] == "stock"
    return {
        "id": term.stock_id if stock else term.own_id,
        "name": term.name,
        "description": term.about,
        "user_editable": "N" if term.name in ("Expired", "Whitelisted") else "Y",
        "visible": "Y",
        "include_in_export": "Y" if term.name == "Active" else "N",
        "protected": "Y" if term.about else "N",
        "created_at": LAID_DOWN,
        "updated_at": LAID_DOWN,
    }


def listed(call: Call, rows: list[dict[str, object]], page: int = 0) -> Answer:
    """Answer a plain list: filters by ``id`` and ``name``, then a page.

    Args:
        call: the request, with ``limit``, ``offset``, ``id`` and ``name``.
        rows: all of them.
        page: rows when no limit is sent; 0: all.
    """
    for name in ("id", "name"):
        if name in call.query:
            wanted = call.query[name]
            rows = [r for r in rows if like(wanted, str(r[name]))]
    limit = call.number("limit", page or len(rows))
    offset = call.number("offset", 0)
    body: dict[str, object] = {"total": len(rows), "data": rows[offset:][:limit]}
    if page or "limit" in call.query or "offset" in call.query:
        body.update(limit=limit, offset=offset)
    return whole(body)


def searches(call: Call) -> Answer:
    """``GET /api/search/query``: the saved searches, that is the data collections."""
    dialect = call.threatq.dialect
    visible = call.threatq.searches.rows
    if dialect["collections_visible"] == "none":
        visible = []
    rows = [_row(call, r, r.id, r.hash) for r in visible]
    if dialect["collections_doubled"] == "yes":
        rows += [_row(call, r, r.twin_id, r.twin_hash) for r in visible]
    return listed(call, rows, int(dialect.number("collections_page")))


def save_search(call: Call) -> Answer:
    """``POST /api/search/query``: keep a query, under a name or (null) without."""
    body = call.sent_object("name", "json")
    name, query = body.get("name"), body.get("json")
    if name is not None and not isinstance(name, str):
        raise Refusal(None, "name", "must be a text or null")
    if not isinstance(query, dict) or not isinstance(query.get("api_query"), dict):
        raise Refusal(None, "json", "must hold ui_query and api_query")
    threatq = call.threatq
    threatq.walks.page(query["api_query"], Wanted("", 0, 0, None), "yes")
    saved = threatq.searches.save(
        name, query.get("ui_query"), query["api_query"], threatq.now_text()
    )
    return data(_row(call, saved, saved.id, saved.hash), 201)


def _row(call: Call, saved: SavedSearch, number: int, digest: str) -> dict[str, object]:
    stored: object = {"ui_query": saved.ui_query, "api_query": saved.api_query}
    if call.threatq.dialect["search_row_json"] == "string":
        stored = json.dumps(stored)
    row: dict[str, object] = {
        "id": number,
        "name": saved.name,
        "hash": digest,
        "json": stored,
        "user_id": 1,
        "created_at": saved.created_at,
        "updated_at": saved.updated_at,
    }
    if call.threatq.dialect["search_row_hash"] == "absent":
        del row["hash"]
    return row


def query(call: Call) -> Answer:
    """``POST /api/indicators/query``: the members of the query that is sent."""
    body = call.sent_object("criteria", "filters", "fields")
    return _members(call, body, _fields(call, body.get("fields")), "query_cursor")


def widget(call: Call) -> Answer:
    """``GET /api/indicators/query?widget=1``: everything, a page at a time."""
    if call.query.get("widget") != "1":
        raise Refusal(None, "widget", "must be 1")
    return _members(call, {}, None, "query_cursor")


def by_hash(call: Call) -> Answer:
    """``GET /api/indicators/query/hash/{hash}``: the members of a saved search."""
    dialect = call.threatq.dialect
    twins = dialect["collections_doubled"] == "yes"
    saved = call.threatq.searches.by_hash(call.groups[0], twins=twins)
    hidden = dialect["collections_visible"] == "none"
    if saved is None or hidden or dialect["hash_route"] == "absent":
        raise Refusal(404, "hash", "does not exist")
    return _members(call, saved.api_query, None, "hash_cursor")


def _fields(call: Call, fields: object) -> tuple[str, ...] | None:
    if fields is None:
        return None
    if not isinstance(fields, list):
        raise Refusal(None, "fields", "must be a list of texts")
    names = [f for f in fields if isinstance(f, str)]
    if len(names) != len(fields):
        raise Refusal(None, "fields", "must be a list of texts")
    known = call.threatq.gallery.known_fields()
    unknown = sorted(set(names) - known)
    if unknown and call.threatq.dialect["unknown_field"] == "refused":
        raise Refusal(None, "fields", f"{unknown[0]!r} is not a known field")
    return tuple(dict.fromkeys(names))


def _members(
    call: Call,
    wanted: Mapping[str, object],
    fields: tuple[str, ...] | None,
    cursor: str,
) -> Answer:
    threatq = call.threatq
    limit = call.number("limit", 0) if "limit" in call.query else None
    asked = Wanted(
        call.query.get("sort", ""),
        limit,
        call.number("offset", 0),
        call.query.get("cursorMark"),
    )
    page = threatq.walks.page(wanted, asked, str(threatq.dialect[cursor]))
    scored = "score" in call.words("with")
    form = form_of(threatq.dialect, fields, scored=scored)
    members = threatq.gallery.encoded(page.ids, form)
    whole_list = b"[" + members + b"]"
    if not page.ids and threatq.dialect["empty_page"] == "object":
        whole_list = b"{}"
    return plain(200, _envelope(page, whole_list))


def _envelope(page: Page, members: bytes) -> bytes:
    total = b"" if page.total is None else msgspec.json.encode(page.total)
    head = b"{" if page.total is None else b'{"total":' + total + b","
    tail: dict[str, object] = {"limit": page.limit}
    if page.next_mark is None:
        tail["offset"] = page.offset
    else:
        tail["nextCursorMark"] = page.next_mark
    return head + b'"data":' + members + b"," + msgspec.json.encode(tail)[1:]


FILTERED = PAGING | {"id", "name"}

ROUTES = (
    Route("GET", r"/api/objects", objects, PAGING),
    Route("GET", r"/api/indicator/types", types, FILTERED),
    Route("GET", r"/api/indicator/types/([0-9]{1,15})", one_type, PAGING),
    Route("GET", r"/api/indicator/statuses", statuses, FILTERED),
    Route("GET", r"/api/indicator/statuses/([0-9]{1,15})", status, PAGING),
    Route("GET", r"/api/search/query", searches, FILTERED),
    Route("POST", r"/api/search/query", save_search, PAGING),
    Route("POST", r"/api/indicators/query", query, QUERY_PARAMETERS),
    Route("GET", r"/api/indicators/query", widget, QUERY_PARAMETERS | {"widget"}),
    Route("GET", r"/api/indicators/query/hash/([^/]+)", by_hash, QUERY_PARAMETERS),
)
