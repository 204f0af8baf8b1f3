"""Routes of connectors: reading, registering, changing; every shape is a switch."""

import json

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.threatq.answers import data
from citrix_waf_lab.threatq.connectors import Connector, FormField, form_field
from citrix_waf_lab.threatq.library_api import FILTERED, listed
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.routing import PAGING, Call, Route
from citrix_waf_lab.wire import Answer

WRITABLE = (
    "name",
    "custom_fields",
    "indicator_status_id",
    "is_active",
    "last_import_at",
    "last_import_count",
)
MASK = "********"

_PAIRS: dict[str, tuple[object, object]] = {
    "true/false": (True, False),
    "1/0": (1, 0),
    '"1"/"0"': ("1", "0"),
    '"1"/""': ("1", ""),
    '"on"/""': ("on", ""),
    '"true"/"false"': ("true", "false"),
    '"True"/"False"': ("True", "False"),
    '"Y"/"N"': ("Y", "N"),
    "true/null": (True, None),
}
_ON = (True, 1, "1", "true", "True", "Y", "on")
_OFF = (False, 0, "0", "", "false", "False", "N", None)


def connectors(call: Call) -> Answer:
    """``GET /api/connectors``: all, or those of a name or an id."""
    rows = [shown(call, c) for c in call.threatq.connector_list.rows]
    return listed(call, rows)


def connector(call: Call) -> Answer:
    """``GET /api/connectors/{id}``: one of them."""
    return data(shown(call, _known(call)))


def create(call: Call) -> Answer:
    """``POST /api/connectors``: register one; it is switched off."""
    dialect = call.threatq.dialect
    status = int(dialect.number("connector_create_status"))
    if status != 201:  # noqa: PLR2004 - the one answer that is no refusal
        raise Refusal(status, "connectors", "cannot be created by this client")
    body = call.sent_object("name", "category", *WRITABLE)
    for name in ("name", "category", "custom_fields"):
        if name not in body:
            raise Refusal(None, name, "is required")
    category, known = body["category"], call.threatq.vocabulary.categories
    if not isinstance(category, str) or category not in known:
        raise Refusal(None, "category", "does not exist")
    name = _name(call, body["name"], None)
    fields = _form(body["custom_fields"])
    settings = _settings(call, body)
    made = call.threatq.connector_list.add(
        name, category, fields, call.threatq.now_text()
    )
    _take(made, settings)
    return data(shown(call, made), 201)


def update(call: Call) -> Answer:
    """``PUT /api/connectors/{id}``: change what is named."""
    row = _known(call)
    body = call.sent_object(*WRITABLE)
    name = _name(call, body["name"], row) if "name" in body else row.name
    fields = _form(body["custom_fields"]) if "custom_fields" in body else row.fields
    settings = _settings(call, body)
    row.name, row.fields = name, fields
    _take(row, settings)
    row.updated_at = call.threatq.now_text()
    return data(shown(call, row))


def shown(call: Call, row: Connector) -> dict[str, object]:
    """Return a connector with the fields of the SDK's ``Feed``."""
    dialect, related = call.threatq.dialect, call.words("with")
    category_id = call.threatq.vocabulary.categories[row.category]
    category: object = row.category
    if "category" in related:
        category = {"id": category_id, "name": row.category}
    on, off = _PAIRS[str(dialect["is_active_form"])]
    member: dict[str, object] = {
        "id": row.id,
        "name": row.name,
        "namespace": row.namespace,
        "custom_fields": _shaped(dialect, row.fields),
        "frequency": None,
        "category_id": category_id,
        "category": category,
        "indicator_status_id": row.indicator_status_id,
        "tlp_id": None,
        "gate_oauth2_client_id": None,
        "last_import_at": row.last_import_at,
        "last_import_count": row.last_import_count,
        "is_active": on if row.is_active else off,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }
    if "tlp" in related:
        member["tlp"] = None
    return member


def _shaped(dialect: Dialect, fields: list[FormField]) -> object:
    shape = dialect["custom_fields_shape"]
    values = [(f, _values(dialect, f)) for f in fields]
    if shape == "by key":
        return {f.key: v for f, held in values for v in held}
    if shape == "by label":
        return {f.label: v for f, held in values for v in held}
    rows: list[dict[str, object]] = []
    for field, held in values:
        rows.append({"key": field.key, "label": field.label, "type": field.type})
        rows[-1].update(("value", v) for v in held)
    return json.dumps(rows) if shape == "text" else rows


def _values(dialect: Dialect, field: FormField) -> list[object]:
    """Return how a field's value reads: one value, or none where it is left out."""
    form = "plain"
    if field.value is None:
        form = str(dialect["unset_fields"])
    elif field.type == "password":
        form = str(dialect["secret_fields"])
    elif field.type == "checkbox":
        on, off = _PAIRS[str(dialect["checkbox_form"])]
        return [on if field.value else off]
    if form == "absent":
        return []
    return [{"plain": field.value, "masked": MASK, "null": None, "empty": ""}[form]]


def _known(call: Call) -> Connector:
    row = call.threatq.connector_list.by_id(call.id())
    if row is None:
        raise Refusal(404, "connector", "does not exist")
    return row


def _name(call: Call, name: object, own: Connector | None) -> str:
    if not isinstance(name, str) or not name:
        raise Refusal(None, "name", "must be a text")
    taken = call.threatq.connector_list.by_name(name)
    unique = call.threatq.dialect["connector_names"] == "unique"
    if unique and taken is not None and taken is not own:
        raise Refusal(None, "name", "has already been taken")
    return name


def _form(fields: object) -> list[FormField]:
    if not isinstance(fields, list):
        raise Refusal(None, "custom_fields", "must be a list of fields")
    try:
        read = [form_field(f) for f in fields]
    except ValueError as error:
        raise Refusal(None, "custom_fields", f"are not valid: {error}") from error
    for part in ({f.key for f in read}, {f.label for f in read}):
        if len(part) != len(read):
            raise Refusal(None, "custom_fields", "have a key or a label twice")
    return read


def _settings(call: Call, body: dict[str, object]) -> dict[str, object]:
    """Check the plain values that a body sets."""
    settings = {k: body[k] for k in WRITABLE[2:] if k in body}
    if "is_active" in settings:
        active = settings["is_active"]
        if not any(active == v and type(active) is type(v) for v in _ON + _OFF):
            raise Refusal(None, "is_active", "must be true or false")
        settings["is_active"] = active in _ON
    number = settings.get("indicator_status_id")
    if number is not None:
        stock = call.threatq.dialect["status_ids"] == "stock"
        terms = call.threatq.vocabulary.statuses
        whole = isinstance(number, int) and not isinstance(number, bool)
        if not whole or terms.name_of(int(str(number)), stock=stock) is None:
            raise Refusal(None, "indicator_status_id", "does not exist")
    for name, kind in (("last_import_at", str), ("last_import_count", int)):
        if not isinstance(settings.get(name), kind | None):
            raise Refusal(None, name, "is of the wrong kind")
    return settings


def _take(row: Connector, settings: dict[str, object]) -> None:
    for name, value in settings.items():
        setattr(row, name, value)


ROUTES = (
    Route("GET", r"/api/connectors", connectors, FILTERED),
    Route("POST", r"/api/connectors", create, PAGING),
    Route("GET", r"/api/connectors/([0-9]{1,15})", connector, PAGING),
    Route("PUT", r"/api/connectors/([0-9]{1,15})", update, PAGING),
)
