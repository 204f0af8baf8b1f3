"""How an indicator looks: the members of query results, encoded once and kept.

Without ``fields`` a member has nested ``type`` and ``status``; with ``fields`` it has
just these, and type and status as plain texts. Both forms were seen in clients, so
which one holds is a switch as well.
"""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

import msgspec

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.threatq.events import Event
from citrix_waf_lab.threatq.library import Indicator, Library, Note
from citrix_waf_lab.threatq.query import (
    DATES,
    Getter,
    date_of,
    score_of,
    tag_names,
)
from citrix_waf_lab.threatq.vocabulary import Vocabulary

USUAL = (
    "id",
    "uuid",
    "class",
    "value",
    "hash",
    "type_id",
    "status_id",
    "type",
    "status",
    "score",
    "generated_score",
    "manual_score",
    "published_at",
    "created_at",
    "updated_at",
    "touched_at",
    "attributes",
    "sources",
    "tags",
    "adversaries",
)
"""What a member has when nobody asks for particular fields."""

RARE = (
    "description",
    "last_detected_at",
    "expires_at",
    "expired_at",
    "expires_calculated_at",
    "comments",
)
"""Further fields seen in answers, there only where they were given."""

ABSENT = frozenset({"score", "generated_score", *RARE})
"""Fields left out where they have no value; manual_score is null, which is inferred."""

FORMS_KEPT = 6
"""How many forms of one library are kept encoded; a client uses one or two."""

SPREAD = 0x9E3779B97F4A7C15F39CC0605CEDC835
"""An odd number (from the golden ratio) that spreads ids over uuids."""

LARGEST_UUID = 2**128

SOURCE = "Laboratory Feed"
"""The one source of all that is made here."""


@dataclass(frozen=True, slots=True)
class Form:
    """One way to show an indicator.

    Attributes:
        fields: what was asked for; None: the usual.
        nested: whether type and status are objects.
        score: ``number``, ``string`` or ``object``.
        nulls: whether fields without a value are null rather than left out.
        names_only: whether lists of objects become lists of names.
        stock_statuses: whether statuses go by their stock ids.
    """

    fields: tuple[str, ...] | None
    nested: bool
    score: str
    nulls: bool
    names_only: bool
    stock_statuses: bool


def form_of(dialect: Dialect, fields: tuple[str, ...] | None, *, scored: bool) -> Form:
    """Return the form that the switches give; ``scored``: ``with=score`` was sent."""
    asked = dialect["type_status_form"]
    return Form(
        fields,
        nested=asked == "nested" or (asked == "by fields" and fields is None),
        score="object" if scored else str(dialect["score_form"]),
        nulls=dialect["absent_keys"] == "null",
        names_only=fields is not None and dialect["fields_lists"] == "names",
        stock_statuses=dialect["status_ids"] == "stock",
    )


class Gallery:
    """Renders indicators, and keeps the bytes until an indicator changes."""

    def __init__(self, library: Library, vocabulary: Vocabulary) -> None:
        self._library = library
        self._vocabulary = vocabulary
        self._kept: OrderedDict[Form, dict[int, bytes]] = OrderedDict()
        self._getters: dict[Form, dict[str, Getter]] = {}
        library.forget = self._forget

    def _forget(self, number: int) -> None:
        for encoded in self._kept.values():
            encoded.pop(number, None)

    def encoded(self, ids: list[int], form: Form) -> bytes:
        """Return the members of these ids, encoded and separated by commas."""
        kept = self._kept.setdefault(form, {})
        self._kept.move_to_end(form)
        if len(self._kept) > FORMS_KEPT:
            self._kept.popitem(last=False)
        encode, rows = msgspec.json.Encoder().encode, self._library.by_id
        for number in ids:
            if number not in kept:
                kept[number] = encode(self.shown(rows[number], form))
        return b",".join([kept[n] for n in ids])

    def shown(self, indicator: Indicator, form: Form) -> dict[str, object]:
        """Return one member as an object."""
        getters = self._getters.get(form)
        if getters is None:
            getters = self._getters[form] = self._getters_of(form)
        member = {n: getter(indicator) for n, getter in getters.items()}
        if not form.nulls:
            for name in ABSENT.intersection(getters):
                if member[name] is None:
                    del member[name]
        if indicator.given:
            every = form.fields is None
            given = indicator.given.items()
            member.update((k, v) for k, v in given if k in getters or every)
            if "tags" in member:
                member["tags"] = tag_names(indicator)
        return member

    def known_fields(self) -> set[str]:
        """Return the names that ``fields`` may hold."""
        return {*USUAL, *RARE}

    def _getters_of(self, form: Form) -> dict[str, Getter]:
        names = form.fields
        if names is None:
            names = USUAL + RARE if form.nulls else USUAL
        getters = {**PLAIN, **self._term_getters(form)}
        getters.update({d: _date_getter(d) for d in DATES})
        getters["score"] = _score_getter(form)
        known = [n for n in names if n in USUAL + RARE or form.nulls]
        chosen = {n: getters.get(n, _nothing) for n in known}
        if form.names_only:
            chosen = {n: _names_getter(g) for n, g in chosen.items()}
        return chosen

    def _term_getters(self, form: Form) -> dict[str, Getter]:
        types = self._vocabulary.types.by_name
        statuses = self._vocabulary.statuses.by_name

        def status_id(indicator: Indicator) -> int:
            term = statuses[indicator.status]
            return term.stock_id if form.stock_statuses else term.own_id

        def nested_type(indicator: Indicator) -> object:
            term = types[indicator.type]
            return {"id": term.own_id, "name": term.name, "class": term.about}

        def nested_status(indicator: Indicator) -> object:
            about = statuses[indicator.status].about
            name = indicator.status
            return {"id": status_id(indicator), "name": name, "description": about}

        return {
            "class": lambda i: types[i.type].about,
            "type_id": lambda i: types[i.type].own_id,
            "status_id": status_id,
            "type": nested_type if form.nested else lambda i: i.type,
            "status": nested_status if form.nested else lambda i: i.status,
        }


def score_object(indicator: Indicator) -> dict[str, object]:
    """Return a score as ``with=score`` shows it; the manual one wins where set."""
    return {
        "generated_score": indicator.score,
        "manual_score": indicator.manual_score,
        "score_config_hash": hashlib.md5(b"score", usedforsecurity=False).hexdigest(),
    }


def note_shown(note: Note) -> dict[str, object]:
    """Return an attribute or a comment as query results show it."""
    shown: dict[str, object] = {"id": note.id}
    if note.name:
        shown["name"] = note.name
    shown["value"] = note.value
    shown["created_at"], shown["updated_at"] = note.created_at, note.updated_at
    if note.sources:
        shown["sources"] = [{"name": s} for s in note.sources]
    return shown


def event_shown(event: Event) -> dict[str, object]:
    """Return an event as its own route shows it."""
    return {
        "id": event.id,
        "title": event.title,
        "type": event.type,
        "happened_at": event.happened_at,
        "description": event.description,
        "created_at": event.created_at,
        "updated_at": event.created_at,
        "indicators": [{"id": i} for i in event.indicators],
        "sources": [{"name": s} for s in event.sources],
        "attributes": [{"name": n, "value": v} for n, v in event.attributes],
    }


def digest(indicator: Indicator) -> str:
    """Return the 32 hexadecimal digits that the field ``hash`` holds."""
    text = f"{indicator.type}:{indicator.value}".encode("utf-8", "surrogatepass")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _score_getter(form: Form) -> Getter:
    if form.score == "object":
        return score_object
    if form.score == "string":
        return lambda i: None if score_of(i) is None else str(score_of(i))
    return score_of


def _date_getter(name: str) -> Getter:
    return lambda i: date_of(i, name)


def _names_getter(getter: Getter) -> Getter:
    return lambda i: _names(getter(i))


def _nothing(_: Indicator) -> None:
    return None


def _sources(indicator: Indicator) -> list[dict[str, object]]:
    return [
        {
            "name": SOURCE,
            "source_type": "connectors",
            "source_id": 1,
            "reference_id": 1,
            "published_at": indicator.created_at,
            "source_expire_days": "90",
        }
    ]


def _uuid(indicator: Indicator) -> str:
    x = f"{indicator.id * SPREAD % LARGEST_UUID:032x}"
    return f"{x[:8]}-{x[8:12]}-4{x[13:16]}-a{x[17:20]}-{x[20:]}"


def _names(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [v["name"] if isinstance(v, dict) and "name" in v else v for v in value]


PLAIN: dict[str, Getter] = {
    "id": lambda i: i.id,
    "uuid": _uuid,
    "value": lambda i: i.value,
    "hash": digest,
    "generated_score": lambda i: i.score,
    "manual_score": lambda i: i.manual_score,
    "attributes": lambda i: [note_shown(a) for a in i.attributes],
    "sources": _sources,
    "tags": tag_names,
    "adversaries": lambda _: [],
}
