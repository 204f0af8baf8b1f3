"""How an indicator looks: the members of query results, encoded once and kept.

Without ``fields`` a member has nested ``type`` and ``status``; with ``fields`` it has
just these, and type and status as plain texts. Both forms were seen in clients, so
which one holds is a switch as well.
"""

import hashlib
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.threatq.library import Indicator, Library, Note
from citrix_waf_lab.threatq.query import DATES, date_of, score_of, tag_names
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

FORMS_KEPT = 6
"""How many forms of one library are kept encoded; a client uses one or two."""

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
        member: dict[str, object] = {}
        names = USUAL + RARE if form.fields is None else form.fields
        for name in names:
            value = self._field(indicator, name, form)
            if value is not None or form.nulls:
                member[name] = value
        if form.fields is None:
            for name, value in indicator.given.items():
                member.setdefault(name, value)
        return member

    def known_fields(self) -> set[str]:
        """Return the names that ``fields`` may hold."""
        return {*USUAL, *RARE}

    def _field(self, indicator: Indicator, name: str, form: Form) -> object:
        if name in indicator.given and name != "tags":
            return indicator.given[name]
        if name in ("type", "status", "type_id", "status_id", "class"):
            return self._term(indicator, name, form)
        if name == "score":
            return _score(indicator, form)
        if name in DATES:
            return date_of(indicator, name)
        plain = PLAIN.get(name)
        value = None if plain is None else plain(indicator)
        return _names(value) if form.names_only else value

    def _term(self, indicator: Indicator, name: str, form: Form) -> object:
        kind = self._vocabulary.types.by_name[indicator.type]
        status = self._vocabulary.statuses.by_name[indicator.status]
        status_id = status.stock_id if form.stock_statuses else status.own_id
        if name == "class":
            return kind.about
        if name == "type_id":
            return kind.own_id
        if name == "status_id":
            return status_id
        if not form.nested:
            return indicator.type if name == "type" else indicator.status
        if name == "type":
            return {"id": kind.own_id, "name": kind.name, "class": kind.about}
        return {"id": status_id, "name": status.name, "description": status.about}


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


def digest(indicator: Indicator) -> str:
    """Return the 32 hexadecimal digits that the field ``hash`` holds."""
    text = f"{indicator.type}:{indicator.value}".encode("utf-8", "surrogatepass")
    return hashlib.md5(text, usedforsecurity=False).hexdigest()


def _score(indicator: Indicator, form: Form) -> object:
    score = score_of(indicator)
    if form.score == "object":
        return score_object(indicator)
    return str(score) if form.score == "string" and score is not None else score


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


def _names(value: object) -> object:
    if not isinstance(value, list):
        return value
    return [v["name"] if isinstance(v, dict) and "name" in v else v for v in value]


PLAIN: dict[str, Callable[[Indicator], object]] = {
    "id": lambda i: i.id,
    "uuid": lambda i: str(uuid.UUID(hex=digest(i), version=4)),
    "value": lambda i: i.value,
    "hash": digest,
    "generated_score": lambda i: i.score,
    "manual_score": lambda i: i.manual_score,
    "attributes": lambda i: [note_shown(a) for a in i.attributes],
    "sources": _sources,
    "tags": tag_names,
    "adversaries": lambda _: [],
}
