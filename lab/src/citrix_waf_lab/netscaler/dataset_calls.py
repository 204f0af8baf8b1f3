"""The resource policydataset: add, read, change, delete data sets (CUR)."""

from citrix_waf_lab.netscaler import edits, shapes
from citrix_waf_lab.netscaler.bulk import Verb, run
from citrix_waf_lab.netscaler.calls import Call, Methods
from citrix_waf_lab.netscaler.configuration import Settings
from citrix_waf_lab.netscaler.datasets import Dataset
from citrix_waf_lab.netscaler.edits import Object
from citrix_waf_lab.netscaler.reading import selected
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.shapes import Json, Reply
from citrix_waf_lab.netscaler.vocabulary import Refusal

ATTRIBUTES = ("name", "type", "comment", "dynamic")


def _add_or_update(settings: Settings, item: Object, rules: Rules) -> None:
    """Add a data set or, if it is there, change what can be changed of it."""
    present = settings.datasets.get(edits.text(item, "name"))
    if present is None:
        edits.add_dataset(settings, item, rules)
        return
    for attribute, value in (("type", present.kind), ("comment", present.comment)):
        if item.get(attribute, value) != value:
            raise Refusal(278, attribute)
    rest = {key: item[key] for key in item if key not in ("type", "comment")}
    if rest.keys() > {"name"}:
        edits.update_dataset(settings, rest, rules)


def _unset(settings: Settings, item: Object, rules: Rules) -> None:
    if item.get("dynamic") is not True:
        raise Refusal(1095, "dynamic")
    name = edits.text(item, "name")
    edits.update_dataset(settings, {**item, "name": name, "dynamic": "NO"}, rules)


_ALL = frozenset({*ATTRIBUTES, "patsetfile"})
_ADD = Verb(
    "add policy dataset",
    ("name", "type"),
    _ALL,
    edits.add_dataset,
    201,
    reversible=True,
)
_MERGE = Verb(
    "add policy dataset", ("name", "type"), _ALL, _add_or_update, 201, reversible=True
)
_CHANGE = Verb(
    "set policy dataset",
    ("name",),
    frozenset({"name", "dynamic"}),
    edits.update_dataset,
    200,
)
_UNSET = Verb(
    "unset policy dataset", ("name",), frozenset({"name", "dynamic"}), _unset, 200
)


def _post(call: Call) -> Reply:
    if call.query.action == "unset":
        return run(call, _UNSET)
    if call.query.action is not None:
        raise Refusal(1240)
    return run(call, _MERGE if call.query.idempotent else _ADD)


def _put(call: Call) -> Reply:
    return run(call, _CHANGE)


def _delete(call: Call) -> Reply:
    name = call.need_name()
    for key in call.query.args:
        raise Refusal(1090, key)
    call.allow(f"rm policy dataset {name}")
    warning = call.warned()
    edits.delete_dataset(call.running, name)
    call.appliance.configuration.touch()
    # A DELETE answers with a body (SDK parses it unconditionally; inferred).
    return Reply(209 if warning else 200, shapes.DONE, warning=warning)


def row(name: str, dataset: Dataset, rules: Rules) -> dict[str, Json]:
    """Return a data set as a GET shows it; what has no value is left out."""
    found: dict[str, Json] = {"name": name, "type": dataset.kind}
    if dataset.comment:
        found["comment"] = dataset.comment
    if rules.dynamic:
        found["dynamic"] = dataset.dynamic
    return found


def _get(call: Call) -> Reply:
    rules = call.rules()
    if call.name is not None:
        call.allow(f"show policy dataset {call.name}")
        named = {call.name: call.running.dataset(call.name)}
    else:
        call.allow("show policy dataset")
        named = call.running.datasets
    rows = [row(name, dataset, rules) for name, dataset in named.items()]
    for key, value in call.query.args.items():
        if key != "dynamiconly":
            raise Refusal(1090, key)
        if value.lower() == "true":
            rows = [found for found in rows if found.get("dynamic") == "YES"]
    return selected(call, rows, ATTRIBUTES)


METHODS: Methods = {"GET": _get, "POST": _post, "PUT": _put, "DELETE": _delete}
