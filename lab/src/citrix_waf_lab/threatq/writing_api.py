"""Routes that write to single indicators: status, score, attributes, tags, comments."""

from dataclasses import replace

from citrix_waf_lab.threatq.answers import data, plain
from citrix_waf_lab.threatq.indicator_api import known, shown
from citrix_waf_lab.threatq.library import Entry, Indicator, Note
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.rendering import note_shown, score_object
from citrix_waf_lab.threatq.routing import PAGING, Call, Route
from citrix_waf_lab.wire import Answer

HIGHEST = 100
"""The largest score that the store can hold; the UI shows 10."""

ENTRY_KEYS = (
    "value",
    "class",
    "description",
    "type",
    "type_id",
    "status",
    "status_id",
    "sources",
    "attributes",
    "tags",
    "published_at",
)


def change(call: Call) -> Answer:
    """``PUT /api/indicators/{id}``: another status, by name or by id."""
    row = known(call)
    body = call.sent_object("status", "status_id", "sources")
    source_names(body)
    status = _term(call, body, "status")
    row.status = status
    row.given = {k: v for k, v in row.given.items() if k != "status_id"}
    call.threatq.library.touch(row, call.threatq.now_text())
    updated = int(call.threatq.dialect.number("update_status"))
    return data(shown(call, row), updated)


def score(call: Call) -> Answer:
    """``PUT /api/indicator/{id}/scores``: a manual score, or null for none."""
    row = known(call)
    body = call.sent_object("manual_score")
    manual = body.get("manual_score", "")
    if isinstance(manual, bool) or not isinstance(manual, int | float | None):
        raise Refusal(None, "manual_score", "must be a number or null")
    if manual is not None and not 0 <= manual <= HIGHEST:
        raise Refusal(None, "manual_score", f"must be from 0 to {HIGHEST}")
    row.manual_score = manual
    call.threatq.library.touch(row, call.threatq.now_text())
    updated = int(call.threatq.dialect.number("update_status"))
    return data({"indicator_id": row.id, **score_object(row)}, updated)


def add_attributes(call: Call) -> Answer:
    """``POST /api/indicators/{id}/attributes``: one, or several in an array."""
    row = known(call)
    keys = ("name", "value", "sources", "published_at", "overwrite_existing")
    bodies = _bodies(call, *keys)
    added: list[Note] = []
    attributes = list(row.attributes)
    for body in bodies:
        name, value = text_of(body, "name"), text_of(body, "value")
        note = _note(call, name, value, source_names(body))
        same = [a for a in attributes if (a.name, a.value) == (name, value)]
        if body.get("overwrite_existing") is True:
            attributes = [a for a in attributes if a.name != name]
            same = []
        if not same:
            attributes.append(note)
        added.append(same[0] if same else note)
    row.attributes = tuple(attributes)
    call.threatq.library.touch(row, call.threatq.now_text())
    return data([_attribute(row, n) for n in added], 201)


def change_attribute(call: Call) -> Answer:
    """``PUT /api/indicators/{id}/attributes/{id}``: another value, in place."""
    row = known(call)
    value = text_of(call.sent_object("value"), "value")
    row.attributes, changed = _replaced(call, row.attributes, call.id(1), value)
    call.threatq.library.touch(row, call.threatq.now_text())
    updated = int(call.threatq.dialect.number("update_status"))
    return data(_attribute(row, changed), updated)


def drop_attribute(call: Call) -> Answer:
    """``DELETE /api/indicators/{id}/attributes/{id}``."""
    row = known(call)
    row.attributes = _without(row.attributes, call.id(1))
    call.threatq.library.touch(row, call.threatq.now_text())
    return plain(204, b"", ())


def add_tags(call: Call) -> Answer:
    """``POST /api/indicators/{id}/tags``: one, or several in an array."""
    row = known(call)
    names = [text_of(body, "name") for body in _bodies(call, "name")]
    tags = {t.name: t for t in row.tags}
    for name in names:
        tags.setdefault(name, _note(call, name, ""))
    row.tags = tuple(tags.values())
    call.threatq.library.touch(row, call.threatq.now_text())
    return data([{"id": tags[n].id, "name": n} for n in names], 201)


def drop_tag(call: Call) -> Answer:
    """``DELETE /api/indicators/{id}/tags/{id}``."""
    row = known(call)
    row.tags = _without(row.tags, call.id(1))
    call.threatq.library.touch(row, call.threatq.now_text())
    return plain(204, b"", ())


def add_comment(call: Call) -> Answer:
    """``POST /api/indicators/{id}/comments``: one comment."""
    row = known(call)
    body = call.sent_object("value", "sources")
    note = _note(call, "", text_of(body, "value"), source_names(body))
    row.comments = (*row.comments, note)
    call.threatq.library.comment_homes[note.id] = row.id
    return data(note_shown(note), 201)


def change_comment(call: Call) -> Answer:
    """``PUT /api/indicators/comments/{id}``: another text."""
    library = call.threatq.library
    value = text_of(call.sent_object("value"), "value")
    home = library.comment_homes.get(call.id())
    if home is None:
        raise Refusal(404, "comment", "does not exist")
    row = library.by_id[home]
    row.comments, changed = _replaced(call, row.comments, call.id(), value)
    updated = int(call.threatq.dialect.number("update_status"))
    return data(note_shown(changed), updated)


def add_indicators(call: Call) -> Answer:
    """``POST /api/indicators`` and the two ``consume`` routes: one or several.

    ``data`` is always an array; ``existing`` says that one was there already.
    """
    entries: list[Entry] = []
    library = call.threatq.library
    for body in _bodies(call, *ENTRY_KEYS):
        source_names(body)
        kind, status = _term(call, body, "type"), _term(call, body, "status")
        value = text_of(body, "value")
        entries.append(Entry(kind, value, status, None))
    rows: list[dict[str, object]] = []
    for entry in entries:
        there = library.find(entry.type, entry.value)
        row = there or library.put(entry, call.threatq.now_text())
        rows.append(shown(call, row))
        if there is not None:
            rows[-1]["existing"] = "Y"
    return data(rows, 201)


def text_of(body: dict[str, object], name: str) -> str:
    """Return a text that a body must have.

    Raises:
        Refusal: it has none, or an empty one.
    """
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Refusal(None, name, "is required and must be a text")
    return value


def source_names(body: dict[str, object]) -> tuple[str, ...]:
    """Return the names of the sources that a body gives.

    Raises:
        Refusal: they are no list of ``{name, ...}``.
    """
    sources = body.get("sources", [])
    if not isinstance(sources, list):
        raise Refusal(None, "sources", "must be a list")
    names = [s.get("name") if isinstance(s, dict) else None for s in sources]
    texts = [n for n in names if isinstance(n, str) and n]
    if len(texts) != len(names):
        raise Refusal(None, "sources", "must have names")
    return tuple(texts)


def _bodies(call: Call, *keys: str) -> list[dict[str, object]]:
    body = call.sent()
    several = body if isinstance(body, list) else [body]
    objects = [b for b in several if isinstance(b, dict)]
    if not objects or len(objects) != len(several):
        raise Refusal(None, "body", "must be an object or a list of objects")
    return [call.only(b, *keys) for b in objects]


def _term(call: Call, body: dict[str, object], name: str) -> str:
    """Return the name of the type or status that a body names, by name or by id."""
    vocabulary = call.threatq.vocabulary
    terms = vocabulary.types if name == "type" else vocabulary.statuses
    word, number = body.get(name), body.get(f"{name}_id")
    if isinstance(word, str) and word in terms.by_name:
        return word
    stock = name == "status" and call.threatq.dialect["status_ids"] == "stock"
    if isinstance(number, int) and word is None:
        found = terms.name_of(number, stock=stock)
        if found is not None:
            return found
    raise Refusal(None, name, "is required and must be one that exists")


def _note(call: Call, name: str, value: str, sources: tuple[str, ...] = ()) -> Note:
    now, number = call.threatq.now_text(), call.threatq.library.next_id()
    return Note(number, name, value, now, now, sources)


def _attribute(row: Indicator, note: Note) -> dict[str, object]:
    shown_note = note_shown(note)
    return {**shown_note, "attribute_id": note.id, "indicator_id": row.id}


def _replaced(
    call: Call, notes: tuple[Note, ...], number: int, value: str
) -> tuple[tuple[Note, ...], Note]:
    for place, note in enumerate(notes):
        if note.id == number:
            now = call.threatq.now_text()
            changed = replace(note, value=value, updated_at=now)
            return (*notes[:place], changed, *notes[place + 1 :]), changed
    raise Refusal(404, "id", "does not exist")


def _without(notes: tuple[Note, ...], number: int) -> tuple[Note, ...]:
    rest = tuple(n for n in notes if n.id != number)
    if len(rest) == len(notes):
        raise Refusal(404, "id", "does not exist")
    return rest


_ONE = r"/api/indicators/([0-9]{1,15})"
_TWO = r"/([0-9]{1,15})"

ROUTES = (
    Route("POST", r"/api/indicators", add_indicators, PAGING),
    Route("POST", r"/api/indicators/consume(?:/new)?", add_indicators, PAGING),
    Route("PUT", _ONE, change, PAGING),
    Route("PUT", r"/api/indicator/([0-9]{1,15})/scores", score, PAGING),
    Route("POST", _ONE + r"/attributes", add_attributes, PAGING),
    Route("PUT", _ONE + r"/attributes" + _TWO, change_attribute, PAGING),
    Route("DELETE", _ONE + r"/attributes" + _TWO, drop_attribute, PAGING),
    Route("POST", _ONE + r"/tags", add_tags, PAGING),
    Route("DELETE", _ONE + r"/tags" + _TWO, drop_tag, PAGING),
    Route("POST", _ONE + r"/comments", add_comment, PAGING),
    Route("PUT", r"/api/indicators/comments" + _TWO, change_comment, PAGING),
)
