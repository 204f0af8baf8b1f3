"""Connectors: what the vendor's integrations register, and their forms in the UI.

How one is created, and the shape of ``custom_fields``, no public source shows; both
stand behind switches. Field names are those of the SDK's ``Feed``.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass

FIELD_TYPES = ("text", "password", "checkbox")
Scalar = str | bool | None


@dataclass(slots=True)
class FormField:
    """One field of a connector's form; ``value`` is None until somebody fills it."""

    key: str
    label: str
    type: str
    value: Scalar = None


@dataclass(slots=True)
class Connector:
    """One connector as the store holds it; times are UTC without a zone."""

    id: int
    name: str
    category: str
    namespace: str
    fields: list[FormField]
    indicator_status_id: int | None
    created_at: str
    updated_at: str
    is_active: bool = False
    last_import_at: str | None = None
    last_import_count: int | None = None


def form_field(raw: object) -> FormField:
    """Read one element of ``custom_fields`` as it is sent.

    Raises:
        ValueError: the element is not ``{key, label, type, value?}``.
    """
    if not isinstance(raw, dict) or not set(raw) <= {"key", "label", "type", "value"}:
        raise ValueError(f"a field is {{key, label, type, value?}}, not {raw!r}")
    words = {}
    for part in ("key", "label", "type"):
        word = raw.get(part)
        if not isinstance(word, str) or not word:
            raise ValueError(f"a field's {part} is a text, not {word!r}")
        words[part] = word
    if words["type"] not in FIELD_TYPES:
        raise ValueError(f"a field's type is one of {', '.join(FIELD_TYPES)}")
    field = FormField(words["key"], words["label"], words["type"])
    if raw.get("value") is not None:
        field.value = checked(field, raw["value"])
    return field


def checked(field: FormField, value: object) -> str | bool:
    """Return a value for a field if it is of the right kind.

    Raises:
        ValueError: a checkbox wants true or false, everything else a text.
    """
    if field.type == "checkbox":
        if value is True or value is False:
            return value
        raise ValueError(f"{field.label!r} takes true or false, not {value!r}")
    if isinstance(value, str):
        return value
    raise ValueError(f"{field.label!r} takes a text, not {value!r}")


class Connectors:
    """All connectors of one instance, in order of creation."""

    def __init__(self, rng: random.Random) -> None:
        self._last_id = rng.randrange(20, 200)
        self.rows: list[Connector] = []

    def by_id(self, number: int) -> Connector | None:
        """Return the connector of an id, or None."""
        return next((c for c in self.rows if c.id == number), None)

    def by_name(self, name: str) -> Connector | None:
        """Return the first connector of a name, or None."""
        return next((c for c in self.rows if c.name == name), None)

    def add(
        self, name: str, category: str, fields: list[FormField], now: str
    ) -> Connector:
        """Make a connector; it is switched off."""
        self._last_id += 1
        namespace = "".join(name.split())
        made = Connector(
            self._last_id, name, category, namespace, fields, None, now, now
        )
        self.rows.append(made)
        return made

    def view(self) -> list[dict[str, object]]:
        """Return all of them as the lab's control interface shows them."""
        return [
            {
                "id": c.id,
                "name": c.name,
                "is_active": c.is_active,
                "form": {f.label: f.value for f in c.fields},
            }
            for c in self.rows
        ]

    def fill(self, name: str, form: Mapping[str, object], now: str) -> None:
        """Fill in a form by its labels, ``enabled`` being the switch; all or nothing.

        Raises:
            KeyError: there is no such connector.
            ValueError: it has no such field, or the value is of the wrong kind.
        """
        connector = self.by_name(name)
        if connector is None:
            known = ", ".join(repr(c.name) for c in self.rows) or "none"
            raise KeyError(f"no connector {name!r}; there are: {known}")
        by_label = {f.label: f for f in connector.fields}
        new: list[tuple[FormField, str | bool]] = []
        active = connector.is_active
        for label, value in form.items():
            if label == "enabled":
                if not isinstance(value, bool):
                    raise ValueError(f"'enabled' takes true or false, not {value!r}")
                active = value
            elif label not in by_label:
                known = ", ".join(map(repr, [*by_label, "enabled"]))
                raise ValueError(f"no field {label!r}; there are: {known}")
            else:
                new.append((by_label[label], checked(by_label[label], value)))
        for field, right in new:
            field.value = right
        connector.is_active, connector.updated_at = active, now
