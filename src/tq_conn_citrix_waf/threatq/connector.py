"""This connector's own entry in ThreatQ: making it, and finding it again.

1. A guess: how ThreatQ wants an entry made, and how it returns the form, is public
   nowhere. What is guessed stands here and in ``form`` only, and the first run has a
   way out: a refusal is a value, not an error.
2. An entry is never doubled: one that is there is used, and doubt is an error.

The calls are those of threatqsdk 1.8's connector class; ``POST`` is inferred from them.
"""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.threatq import answers, form
from tq_conn_citrix_waf.threatq.session import Session
from tq_conn_citrix_waf.threatq.statuses import status_id

_PATH = "/api/connectors"
_CATEGORY = "Labs"
_REFUSALS = frozenset({403, 404, 405, 422})


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
        shown = self.values.keys() | {form.PASSWORD}
        return shown >= set(form.LABELS) or not self.strange


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
    listed = _listed(session, name)
    if listed.status in _REFUSALS:  # what cannot be looked up might be doubled
        return NotRegistered(listed.status, answers.words(listed))
    entries = _named(session, name, listed)
    if entries:
        return Registered(_only(entries, name).id, made=False)
    body = {
        "name": name,
        "category": _CATEGORY,
        "custom_fields": form.blank(),
        "indicator_status_id": wanted_status,
    }
    answer = session.ask("POST", _PATH, None, msgspec.json.encode(body), safe=False)
    if answer.status in _REFUSALS:
        return NotRegistered(answer.status, answers.words(answer))
    return Registered(_made(answer), made=True)


def read_form(session: Session, name: str) -> form.Form:
    """Read what a person entered under this name.

    Raises:
        ConfigurationError: there is no such entry, or it is not clear which.
        SourceError: ThreatQ cannot be asked, or its answer cannot be read.
    """
    entries = _named(session, name, _listed(session, name))
    if not entries:
        raise ConfigurationError(
            f"ThreatQ has no integration named {name!r}, or this user does not see it",
            "run the connector with an empty directory once, or give the settings in"
            " its configuration file",
        )
    entry = _only(entries, name)
    enabled = form.switch("is_active", entry.is_active)
    return form.settle(entry.values, enabled=enabled)


def _listed(session: Session, name: str) -> Answer:
    return session.ask("GET", _PATH, {"name": name}, safe=True)


def _named(session: Session, name: str, listed: Answer) -> list[_Entry]:
    """Return the entries of exactly this name; the server's filter may be loose."""
    found = _data(answers.checked(listed, f"GET {_PATH}"))
    if found == {}:
        return []
    if not isinstance(found, list):
        raise form.unreadable("no list of integrations")
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
        raise form.unreadable("an integration without an id")
    values, strange = form.read(row.get("custom_fields"))
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


def _made(answer: Answer) -> str:
    """Return the id of the entry made; ThreatQ wraps some answers in a list."""
    found = _data(answers.checked(answer, f"POST {_PATH}"))
    if isinstance(found, list) and len(found) == 1:
        found = found[0]
    identity = found.get("id") if isinstance(found, dict) else None
    if not isinstance(identity, int | str):
        raise form.unreadable("no id for the integration that it made")
    return str(identity)


def _data(body: bytes) -> Any:  # noqa: ANN401  # any JSON
    found = answers.decoded(body, dict[str, Any])
    if found is None:
        raise form.unreadable("text that cannot be read")
    return found["data"]
