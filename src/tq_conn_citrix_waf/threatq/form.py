"""The form in ThreatQ: six fields, in whatever shape ThreatQ returns them.

1. A guess, as is ``connector``: no source shows ``custom_fields``. So every shape that
   is likely is read, and one that could be read in two ways is an error.
2. What comes back masked, or not at all, is absent, not empty: it may come from
   elsewhere, and a mask is never sent on.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from tq_conn_citrix_waf.errors import SourceFaultError
from tq_conn_citrix_waf.threatq import answers

PASSWORD = "Password"  # noqa: S105  # a label, not a password
_CHECKBOX = "Use HTTPS"
LABELS = (
    "API IP/Hostname",
    "Username",
    PASSWORD,
    "Data Collection",
    "IP Block List",
    _CHECKBOX,
)
"""The form's six fields, as the vendor's guide names them."""

_OFF = frozenset({"", "0", "false", "n", "no", "off", "none", "null"})
_ON = frozenset({"1", "true", "y", "yes", "on"})
_MASK = frozenset("*\u2022\u25cf")
"""What stands in place of a secret: asterisks, bullets, black circles."""


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


def settle(values: dict[str, Any], *, enabled: bool) -> Form:
    """Make the form of what its fields hold, by label; see ``read``.

    Raises:
        SourceFaultError: a field holds what cannot be read.
    """
    fields: dict[str, str | bool] = {}
    masked = []
    for label in LABELS:
        value = values.get(label)
        if _is_mask(label, value):
            masked.append(label)
        elif label in values:
            reading = switch if label == _CHECKBOX else _text
            fields[label] = reading(label, value)
    return Form(enabled=enabled, fields=fields, masked=tuple(masked))


def read(custom_fields: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ANN401  # any JSON
    """Return what the six fields hold, by label, and the names of all others."""
    values: dict[str, Any] = {}
    strange = []
    for names, value in _fields(custom_fields):
        keys = [_key(name) for name in names if isinstance(name, str)]
        label = next((_BY_KEY[key] for key in keys if key in _BY_KEY), None)
        if label is None:
            strange += keys[:1]
        else:
            values.setdefault(label, value)
    return values, strange


def blank() -> list[dict[str, str | bool]]:
    """Return the six fields as a new entry has them."""
    return [_field(label) for label in LABELS]


def _fields(form: Any) -> list[tuple[list[Any], Any]]:  # noqa: ANN401  # any JSON
    """Read a form in any of its shapes: what each field may be named, and its value.

    A list of fields, an object by key or by label, or either as JSON text; a field is
    an object with ``value``, or the bare value.
    """
    if isinstance(form, str):
        form = answers.decoded(form.encode(), object)
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
    if label == PASSWORD:
        kind = "password"
    made: dict[str, str | bool] = {"key": _key(label), "label": label, "type": kind}
    if label == _CHECKBOX:
        # Ticked from the start: who forgets it must not send a password in the clear.
        return made | {"type": "checkbox", "value": True}
    return made | {"value": value}


def switch(label: str, value: Any) -> bool:  # noqa: ANN401  # any JSON
    """Read a switch: threatqsdk 1.8 shows that more than ``true`` is to be expected."""
    said = "" if value is None else str(value).strip().casefold()
    if said in _OFF:
        return False
    if said in _ON:
        return True
    raise unreadable(f"{label!r} neither on nor off")


def _is_mask(label: str, value: Any) -> bool:  # noqa: ANN401  # any JSON
    """Whether a value stands in for another; a password may also be left out."""
    if label != PASSWORD:
        return False
    return value is None or (
        isinstance(value, str) and {*value} <= _MASK and value != ""
    )


def _text(label: str, value: Any) -> str:  # noqa: ANN401  # any JSON
    if value is None:
        return ""
    if isinstance(value, str):
        return value if label == PASSWORD else value.strip()
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise unreadable(f"{label!r} as something other than text")


def unreadable(what: str) -> SourceFaultError:
    """Return the error for an answer that is unlike all that was guessed."""
    return SourceFaultError(
        f"/api/connectors: ThreatQ answered {what}",
        "give the settings in the configuration file instead; see its comments",
    )
