"""Routes that read single indicators; shapes differ from those of query results.

By its id an indicator has its columns, and what ``with`` names; ``/details`` has all of
it, with milliseconds in two of its dates.
"""

from citrix_waf_lab.threatq.answers import data, whole
from citrix_waf_lab.threatq.cursor import order_of, sorted_ids
from citrix_waf_lab.threatq.library import Indicator
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.rendering import (
    SOURCE,
    event_shown,
    form_of,
    note_shown,
    score_object,
)
from citrix_waf_lab.threatq.routing import PAGING, Call, Route, like
from citrix_waf_lab.threatq.vocabulary import OTHER_OBJECTS
from citrix_waf_lab.wire import Answer

COLUMNS = (
    "id",
    "class",
    "value",
    "hash",
    "type_id",
    "status_id",
    "description",
    "published_at",
    "created_at",
    "updated_at",
    "touched_at",
    "last_detected_at",
    "expires_at",
    "expires_calculated_at",
)
"""What an indicator has by its id when nothing is asked for."""

RELATED = (
    "attributes",
    "comments",
    "indicators",
    "sources",
    "tags",
    *(collection for collection, _, _ in OTHER_OBJECTS),
)
_GIVEN = frozenset(RELATED) - {"tags"}
"""What is served as it was given; tags are given as names and served as objects."""

FILTERS = ("id", "value", "class", "type_id", "status_id")


def indicators(call: Call) -> Answer:
    """``GET /api/indicators``: those that fit the filters; ``%`` is the wildcard."""
    library = call.threatq.library
    order = order_of(call.query.get("sort", ""))
    rows = [
        row
        for n in sorted_ids(library.ids, order, library)
        if _fits(call, row := shown(call, library.by_id[n]))
    ]
    limit = call.number("limit", int(call.threatq.dialect.number("page_default")))
    offset = call.number("offset", 0)
    return whole(
        {
            "total": len(rows),
            "data": rows[offset:][:limit],
            "limit": limit,
            "offset": offset,
        }
    )


def indicator(call: Call) -> Answer:
    """``GET /api/indicators/{id}?with=...``: one indicator and what is asked for."""
    return data(shown(call, known(call)))


def details(call: Call) -> Answer:
    """``GET /api/indicators/{id}/details?with=...``: one indicator, all of it."""
    row = known(call)
    form = form_of(call.threatq.dialect, None, scored=False)
    member = call.threatq.gallery.shown(row, form)
    for name in ("touched_at", "published_at"):
        member[name] = f"{member[name]}.000"
    member.update(related(call, row, call.words("with")))
    return data(member)


def relation(call: Call) -> Answer:
    """``GET /api/indicators/{id}/{related}``: what belongs to one indicator."""
    name = call.groups[1]
    if name not in RELATED:
        raise Refusal(404, "relation", "does not exist")
    rows = related(call, known(call), frozenset({name}))[name]
    listed = list(rows) if isinstance(rows, list) else []
    listed = _sorted(call, listed)
    limit = call.number("limit", len(listed))
    offset = call.number("offset", 0)
    return whole({"total": len(listed), "data": listed[offset:][:limit]})


def known(call: Call) -> Indicator:
    """Return the indicator that the path names.

    Raises:
        Refusal: there is none.
    """
    row = call.threatq.library.by_id.get(call.id())
    if row is None:
        raise Refusal(404, "indicator", "does not exist")
    return row


def shown(call: Call, row: Indicator) -> dict[str, object]:
    """Return an indicator as it is by its id."""
    form = form_of(call.threatq.dialect, COLUMNS, scored=False)
    member = call.threatq.gallery.shown(row, form)
    member.update(related(call, row, call.words("with")))
    return member


def related(call: Call, row: Indicator, names: frozenset[str]) -> dict[str, object]:
    """Return what belongs to an indicator, by the names that ``with`` may hold."""
    vocabulary, shows = call.threatq.vocabulary, {n.split(".")[0] for n in names}
    kind = vocabulary.types.by_name[row.type]
    status = vocabulary.statuses.by_name[row.status]
    stock = call.threatq.dialect["status_ids"] == "stock"
    status_id = status.stock_id if stock else status.own_id
    everything: dict[str, object] = {
        "type": {"id": kind.own_id, "name": kind.name, "class": kind.about},
        "status": {"id": status_id, "name": status.name, "description": status.about},
        "score": score_object(row),
        "sources": [_source(row)],
        "attributes": [note_shown(n) for n in row.attributes],
        "tags": [{"id": t.id, "name": t.name} for t in row.tags],
        "comments": [note_shown(n) for n in row.comments],
        "events": [event_shown(e) for e in call.threatq.events.of(row.id)],
        "indicators": [],
        "watchlist": [],
    }
    everything.update({c: [] for c, _, _ in OTHER_OBJECTS if c != "events"})
    everything.update({n: g for n, g in row.given.items() if n in _GIVEN})
    for name in ("attributes", "comments"):
        if f"{name}.sources" in names:
            everything[name] = _with_sources(everything[name], row)
    unknown = sorted(shows - set(everything))
    if unknown and call.threatq.dialect["unknown_field"] == "refused":
        raise Refusal(None, "with", f"{unknown[0]!r} is not a relation")
    return {n: v for n, v in everything.items() if n in shows}


def _source(row: Indicator) -> dict[str, object]:
    return {
        "id": 1,
        "name": SOURCE,
        "type": "connectors",
        "tlp_id": None,
        "published_at": row.created_at,
        "pivot": {"id": row.id, "indicator_id": row.id, "source_id": 1},
    }


def _with_sources(notes: object, row: Indicator) -> list[object]:
    """Return attributes or comments, each with its sources.

    stix-shifter reads name and updated_at of each source; that what names none has the
    one source of all is inferred.
    """
    listed = notes if isinstance(notes, list) else []
    shown: list[object] = []
    for note in listed:
        if not isinstance(note, dict):
            shown.append(note)
            continue
        dated = {"updated_at": note.get("updated_at", row.updated_at)}
        sources = note.get("sources") or [{"name": SOURCE}]
        shown.append({**note, "sources": [{**dated, **source} for source in sources]})
    return shown


def _fits(call: Call, row: dict[str, object]) -> bool:
    return all(
        like(call.query[name], str(row.get(name, "")))
        for name in FILTERS
        if name in call.query
    )


def _sorted(call: Call, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    for word in reversed(call.query.get("sort", "").split(",")):
        name = word.removeprefix("-")
        if name:
            rows.sort(key=lambda r: str(r.get(name)), reverse=word.startswith("-"))
    return rows


ROUTES = (
    Route("GET", r"/api/indicators", indicators, PAGING | set(FILTERS)),
    Route("GET", r"/api/indicators/([0-9]{1,15})", indicator, PAGING),
    Route("GET", r"/api/indicators/([0-9]{1,15})/details", details, PAGING),
    Route("GET", r"/api/indicators/([0-9]{1,15})/([a-z_]+)", relation, PAGING),
)
