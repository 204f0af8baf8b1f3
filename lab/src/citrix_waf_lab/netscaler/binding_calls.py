"""The resources policydataset_value_binding and policydataset_binding.

Binding is a PUT (NREF; N8N; TF; SDK) or a POST (ANS), with or without the set's name
in the path; unbinding is a DELETE with args, or a POST with ``?action=unbind`` (SDK).
A binding cannot be changed: unbind it and bind it anew (TF).
"""

from citrix_waf_lab.netscaler import edits, shapes
from citrix_waf_lab.netscaler.bulk import Verb, run
from citrix_waf_lab.netscaler.calls import Call, Methods
from citrix_waf_lab.netscaler.datasets import Dataset
from citrix_waf_lab.netscaler.reading import Row, selected
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.shapes import Json, Reply
from citrix_waf_lab.netscaler.vocabulary import Refusal

ATTRIBUTES = ("name", "value", "endrange", "comment", "index")

_BIND = Verb(
    "bind policy dataset",
    ("name", "value"),
    frozenset(ATTRIBUTES),
    edits.bind,
    201,
    reversible=True,
)
_UNBIND = Verb(
    "unbind policy dataset",
    ("name", "value"),
    frozenset({"name", "value", "endrange"}),
    edits.unbind,
    200,
)


def _put(call: Call) -> Reply:
    return run(call, _BIND)


def _post(call: Call) -> Reply:
    if call.query.action is None:
        if call.query.idempotent:
            # Not for bindings (NREF); with which code it is refused is inferred.
            raise Refusal(278, "idempotent")
        return run(call, _BIND)
    if call.query.action != "unbind" or (
        call.appliance.dialect["bulk_unbind"] == "refused"
    ):
        raise Refusal(1240)
    return run(call, _UNBIND)


def _delete(call: Call) -> Reply:
    name, args = call.need_name(), dict(call.query.args)
    if args.setdefault("name", name) != name:
        raise Refusal(278, "name")
    for key in args:
        if key not in _UNBIND.attributes:
            raise Refusal(1090, key)
    call.allow(f"unbind policy dataset {name} {args.get('value', '')}")
    warning = call.warned()
    edits.unbind(call.running, args, call.rules())
    call.appliance.configuration.touch()
    # A DELETE answers with a body (SDK parses it unconditionally; inferred).
    return Reply(209 if warning else 200, shapes.DONE, warning=warning)


def _named(call: Call) -> dict[str, Dataset]:
    """Return the sets that a GET asks for."""
    if call.name is not None:
        call.allow(f"show policy dataset {call.name}")
        return {call.name: call.running.dataset(call.name)}
    if not call.query.bulkbindings:
        raise Refusal(1095, "name")
    call.allow("show policy dataset")
    return call.running.datasets


def _rows(name: str, dataset: Dataset, rules: Rules) -> list[Row]:
    return [{"name": name, **row} for row in edits.rows(dataset, rules)]


def _no_args(call: Call) -> None:
    for key in call.query.args:
        raise Refusal(1090, key)


def _get(call: Call) -> Reply:
    _no_args(call)
    rules = call.rules()
    rows: list[Row] = []
    for name, dataset in _named(call).items():
        rows += _rows(name, dataset, rules)
    return selected(call, rows, ATTRIBUTES)


def _get_nested(call: Call) -> Reply:
    _no_args(call)
    rules = call.rules()
    found: list[dict[str, Json]] = []
    for name, dataset in _named(call).items():
        rows = _rows(name, dataset, rules)
        nested: dict[str, Json] = {"policydataset_value_binding": rows} if rows else {}
        found.append({"name": name, **nested})
    return selected(call, found, ("name",))


METHODS: Methods = {"GET": _get, "POST": _post, "PUT": _put, "DELETE": _delete}
NESTED: Methods = {"GET": _get_nested}
