"""Routes of events, such as a sighting of an indicator."""

from datetime import datetime

from citrix_waf_lab.threatq.answers import data
from citrix_waf_lab.threatq.events import Event
from citrix_waf_lab.threatq.library_api import listed
from citrix_waf_lab.threatq.query import TIME_FORM
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.rendering import event_shown
from citrix_waf_lab.threatq.routing import PAGING, Call, Route
from citrix_waf_lab.threatq.writing_api import source_names, text_of
from citrix_waf_lab.wire import Answer


def report(call: Call) -> Answer:
    """``POST /api/events``: something happened, to these indicators."""
    body = call.sent_object(
        "title",
        "type",
        "type_id",
        "happened_at",
        "description",
        "sources",
        "attributes",
        "indicators",
    )
    threatq = call.threatq
    title, happened_at = text_of(body, "title"), text_of(body, "happened_at")
    try:
        datetime.strptime(happened_at, TIME_FORM)  # noqa: DTZ007 - UTC, without a zone
    except ValueError as error:
        raise Refusal(None, "happened_at", "is not a date") from error
    description = body.get("description", "")
    if not isinstance(description, str):
        raise Refusal(None, "description", "must be a text")
    event = Event(
        threatq.events.next_id(),
        title,
        _type(call, body),
        happened_at,
        description,
        threatq.now_text(),
        _indicators(call, body.get("indicators", [])),
        source_names(body),
        _attributes(body.get("attributes", [])),
    )
    threatq.events.rows[event.id] = event
    return data(event_shown(event), 201)


def events(call: Call) -> Answer:
    """``GET /api/events``: all of them."""
    return listed(call, [event_shown(e) for e in call.threatq.events.rows.values()])


def event(call: Call) -> Answer:
    """``GET /api/events/{id}``: one of them."""
    found = call.threatq.events.rows.get(call.id())
    if found is None:
        raise Refusal(404, "event", "does not exist")
    return data(event_shown(found))


def _type(call: Call, body: dict[str, object]) -> str:
    types = call.threatq.vocabulary.event_types
    name, number = body.get("type"), body.get("type_id")
    if name is None:
        name = next((n for n, i in types.items() if i == number), None)
    if not isinstance(name, str) or name not in types:
        raise Refusal(None, "type", "is required and must be one that exists")
    return name


def _indicators(call: Call, sent: object) -> tuple[int, ...]:
    if not isinstance(sent, list):
        raise Refusal(None, "indicators", "must be a list")
    ids = [s.get("id") if isinstance(s, dict) else None for s in sent]
    there = [i for i in ids if isinstance(i, int) and i in call.threatq.library.by_id]
    if len(there) != len(ids):
        raise Refusal(None, "indicators", "must be ids of indicators that exist")
    return tuple(there)


def _attributes(sent: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(sent, list):
        raise Refusal(None, "attributes", "must be a list")
    objects = [s for s in sent if isinstance(s, dict)]
    if len(objects) != len(sent):
        raise Refusal(None, "attributes", "must be objects")
    return tuple((text_of(o, "name"), text_of(o, "value")) for o in objects)


ROUTES = (
    Route("POST", r"/api/events", report, PAGING),
    Route("GET", r"/api/events", events, PAGING | {"id"}),
    Route("GET", r"/api/events/([0-9]{1,15})", event, PAGING),
)
