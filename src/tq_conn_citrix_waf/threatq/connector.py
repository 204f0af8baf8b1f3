"""This connector's own entry in ThreatQ: making it, and reading its form.

1. A guess: how ThreatQ wants an entry made, and how it returns the form, is public
   nowhere. What is guessed stands in this file only, and the first run has a way out.
2. An entry is never doubled: one that is there is used, and doubt is an error.
3. What a person has not entered, or what comes back masked, is absent, not empty: it
   may come from elsewhere, and a mask is never sent on.

The calls are those of threatqsdk 1.8's connector class; ``POST`` is inferred from them.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tq_conn_citrix_waf.errors import ConfigurationError, SourceFaultError
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.session import Session
from tq_conn_citrix_waf.threatq.statuses import status_id

_PATH = "/api/connectors"
_CATEGORY = "Labs"
_PASSWORD = "Password"  # noqa: S105  # a label, not a password
_CHECKBOX = "Use HTTPS"
LABELS = (
    "API IP/Hostname",
    "Username",
    _PASSWORD,
    "Data Collection",
    "IP Block List",
    _CHECKBOX,
)
"""The form's six fields, as the vendor's guide names them."""

_REFUSALS = frozenset({403, 404, 405, 422})
_OFF = frozenset({"", "0", "false", "n", "no", "off", "none", "null"})
_ON = frozenset({"1", "true", "y", "yes", "on"})
_MASK = frozenset("*\u2022\u25cf")
"""What stands in place of a secret: asterisks, bullets, black circles."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The entry in ThreatQ; ``made`` is False where it was there before."""

    id: str
    made: bool


@dataclass(frozen=True, slots=True)
class NotRegistered:
    """ThreatQ refused to make an entry: with which HTTP status, in which words."""

    status: int
    words: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a person entered in ThreatQ.

    Attributes:
        enabled: the switch above the form.
        fields: by label, as far as ThreatQ tells them; the checkbox is a bool.
        masked: the labels whose values ThreatQ does not tell.
    """

    enabled: bool
    fields: dict[str, str | bool] = field(repr=False)
    masked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    """One connector object.

    Attributes:
        values: what the form's fields hold, by label, as far as they are shown.
        strange: names of shown fields that are none of the six.
    """

    id: str
    is_active: Any
    values: dict[str, Any] = field(repr=False)
    strange: list[str]

    @property
    def ours(self) -> bool:
        """Whether it carries the form: all of it, or what of it is shown and no more.

        Fields that nobody has filled in, and a hidden password, may not be shown.
        """
        shown = self.values.keys() | {_PASSWORD}
        return shown >= set(LABELS) or not self.strange


def register(session: Session, name: str, status: str) -> Registered | NotRegistered:
    """Find the entry of this name, or make one with the form's six fields.

    Args:
        session: of a user who may do so.
        name: of the entry, exactly.
        status: name of the status for objects that the integration makes.

    Raises:
        ConfigurationError: the status is unknown; several entries carry the name and
            the fields; or one of that name carries other fields.
        SourceError: ThreatQ cannot be asked.
    """
    wanted_status = status_id(session, status)
    entries = _named(session, name)
    if entries:
        return Registered(_only(entries, name).id, made=False)
    body = {
        "name": name,
        "category": _CATEGORY,
        "custom_fields": [_field(label) for label in LABELS],
        "indicator_status_id": wanted_status,
    }
    answer = session.ask("POST", _PATH, None, msgspec.json.encode(body), safe=False)
    if answer.status in _REFUSALS:
        return NotRegistered(answer.status, answers.words(answer))
    return Registered(_made(answer), made=True)


def read_form(session: Session, name: str) -> Form:
    """Read what a person entered under this name.

    Raises:
        ConfigurationError: there is no such entry, or it is not clear which.
        SourceError: ThreatQ cannot be asked, or its answer cannot be read.
    """
    entries = _named(session, name)
    if not entries:
        raise ConfigurationError(
            f"ThreatQ has no integration named {name!r}, or this user does not see it",
            "run the connector with an empty directory once, or give the settings in"
            " its configuration file",
        )
    entry = _only(entries, name)
    fields: dict[str, str | bool] = {}
    masked = []
    for label in LABELS:
        value = entry.values.get(label)
        if label == _CHECKBOX:
            fields[label] = _switch(label, value)
        elif _is_mask(label, value):
            masked.append(label)
        else:
            fields[label] = _text(label, value)
    enabled = _switch("is_active", entry.is_active)
    return Form(enabled=enabled, fields=fields, masked=tuple(masked))


def _named(session: Session, name: str) -> list[_Entry]:
    """Return the entries of exactly this name; the server's filter may be loose."""
    found = _data(session.get(_PATH, {"name": name}))
    if found == {}:
        return []
    if not isinstance(found, list):
        raise _unreadable("no list of integrations")
    rows = [r for r in found if isinstance(r, dict) and r.get("name") == name]
    return [_entry(_whole(session, row)) for row in rows]


def _whole(session: Session, row: dict[str, Any]) -> dict[str, Any]:
    """Return an entry with its form, which a list may leave out."""
    if row.get("custom_fields") or "id" not in row:
        return row
    found = _data(session.get(f"{_PATH}/{row['id']}"))
    return found if isinstance(found, dict) else row


def _entry(row: dict[str, Any]) -> _Entry:
    identity = row.get("id")
    if not isinstance(identity, int | str):
        raise _unreadable("an integration without an id")
    values: dict[str, Any] = {}
    strange = []
    for names, value in _fields(row.get("custom_fields")):
        keys = [_key(name) for name in names if isinstance(name, str)]
        label = next((_BY_KEY[key] for key in keys if key in _BY_KEY), None)
        if label is None:
            strange += keys[:1]
        else:
            values.setdefault(label, value)
    return _Entry(str(identity), row.get("is_active"), values, strange)


def _only(entries: list[_Entry], name: str) -> _Entry:
    fitting = [entry for entry in entries if entry.ours]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        ids = ", ".join(entry.id for entry in fitting)
        raise ConfigurationError(
            f"ThreatQ has {len(fitting)} integrations named {name!r}: ids {ids}",
            "delete or rename all but one of them, or choose another with --name",
        )
    first = entries[0]
    raise ConfigurationError(
        f"the integration {name!r} in ThreatQ (id {first.id}) is another one: it has"
        f" the fields {answers.shown(', '.join(first.strange))}",
        "rename or delete it in ThreatQ, or choose another name with --name",
    )


def _fields(form: Any) -> list[tuple[list[Any], Any]]:  # noqa: ANN401  # any JSON
    """Read a form in any of its shapes: what each field may be named, and its value.

    A list of fields, an object by key or by label, or either as JSON text; a field is
    an object with ``value``, or the bare value.
    """
    if isinstance(form, str):
        try:
            form = msgspec.json.decode(form)
        except msgspec.DecodeError:
            return []
    named: list[tuple[Any, Any]] = []
    if isinstance(form, list):
        named = [(None, one) for one in form if isinstance(one, dict)]
    elif isinstance(form, dict):
        named = [*form.items()]
    return [
        ([one.get("label"), one.get("key"), one.get("name"), name], one.get("value"))
        if isinstance(one, dict)
        else ([name], one)
        for name, one in named
    ]


def _key(label: str) -> str:
    """Return the obvious key of a label: ``api_ip_hostname``."""
    return re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")


_BY_KEY = {_key(label): label for label in LABELS}


def _field(label: str) -> dict[str, str | bool]:
    kind, value = "text", ""
    if label == _PASSWORD:
        kind = "password"
    made: dict[str, str | bool] = {"key": _key(label), "label": label, "type": kind}
    if label == _CHECKBOX:
        # Ticked from the start: who forgets it must not send a password in the clear.
        return made | {"type": "checkbox", "value": True}
    return made | {"value": value}


def _switch(label: str, value: Any) -> bool:  # noqa: ANN401  # any JSON
    """Read a switch: threatqsdk 1.8 shows that more than ``true`` is to be expected."""
    said = "" if value is None else str(value).strip().casefold()
    if said in _OFF:
        return False
    if said in _ON:
        return True
    raise _unreadable(f"{label!r} neither on nor off")


def _is_mask(label: str, value: Any) -> bool:  # noqa: ANN401  # any JSON
    """Whether a value stands in for another; a password may also be left out."""
    if label != _PASSWORD:
        return False
    return value is None or (
        isinstance(value, str) and {*value} <= _MASK and value != ""
    )


def _text(label: str, value: Any) -> str:  # noqa: ANN401  # any JSON
    if value is None:
        return ""
    if isinstance(value, str):
        return value if label == _PASSWORD else value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise _unreadable(f"{label!r} as something other than text")


def _made(answer: Answer) -> str:
    """Return the id of the entry made; ThreatQ wraps some answers in a list."""
    found = _data(answers.checked(answer, f"POST {_PATH}"))
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    identity = found.get("id") if isinstance(found, dict) else None
    if not isinstance(identity, int | str):
        raise _unreadable("no id for the integration that it made")
    return str(identity)


def _data(body: bytes) -> Any:  # noqa: ANN401  # any JSON
    return msgspec.json.decode(body)["data"]


def _unreadable(what: str) -> SourceFaultError:
    return SourceFaultError(
        f"{_PATH}: ThreatQ answered {what}",
        "give the settings in the configuration file instead; see its comments",
    )
