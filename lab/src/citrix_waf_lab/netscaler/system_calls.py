"""The resources nsconfig, nsversion, nshardware, nsfeature, hanode and nsip."""

from citrix_waf_lab.netscaler import bodies, edits, owned, shapes
from citrix_waf_lab.netscaler.calls import Call, Methods, written
from citrix_waf_lab.netscaler.edits import Object
from citrix_waf_lab.netscaler.node import FEATURES, feature, moment
from citrix_waf_lab.netscaler.reading import selected
from citrix_waf_lab.netscaler.shapes import Json, Reply
from citrix_waf_lab.netscaler.vocabulary import Refusal


def _get_version(call: Call) -> Reply:
    call.allow("show ns version")
    return shapes.done(nsversion=call.appliance.node.version())


def _get_hardware(call: Call) -> Reply:
    call.allow("show ns hardware")
    return shapes.done(nshardware=call.appliance.node.hardware())


def _get_config(call: Call) -> Reply:
    call.allow("show ns config")
    configuration = call.appliance.configuration
    found: dict[str, Json] = {
        **call.appliance.node.addresses(),
        "lastconfigchangedtime": moment(configuration.changed_at),
        "lastconfigsavetime": moment(configuration.saved_at),
    }
    form = call.appliance.dialect["configchanged_form"]
    if form == "text":
        found["configchanged"] = str(configuration.changed).lower()
    elif form == "boolean" or configuration.changed:
        found["configchanged"] = configuration.changed
    return shapes.done(nsconfig=found)


def _one_object(call: Call) -> Object:
    content = bodies.read(call.request, call.resource, call.appliance.dialect)
    if content.array:
        raise Refusal(1234)
    return content.objects[0]


def _save(call: Call) -> Reply:
    if call.query.action is None:
        raise Refusal(1237)
    if call.query.action != "save":
        raise Refusal(1240)
    item = _one_object(call)
    edits.known(item, frozenset({"all"}))
    if not isinstance(item.get("all", True), bool):
        raise Refusal(1234, "all")
    call.allow("save ns config -all" if item.get("all") else "save ns config")
    seconds = call.appliance.configuration.save()
    return Reply(200, delay=seconds)


def _get_feature(call: Call) -> Reply:
    call.allow("show ns feature")
    enabled = call.running.features
    flags: dict[str, Json] = {name.lower(): name in enabled for name in FEATURES}
    names = [name for name in FEATURES if name in enabled]
    return shapes.done(nsfeature={"feature": names, **flags})


def _post_feature(call: Call) -> Reply:
    if call.query.action not in ("enable", "disable"):
        raise Refusal(1237 if call.query.action is None else 1240)
    item = _one_object(call)
    edits.known(item, frozenset({"feature"}))
    given = item.get("feature")
    if not given:
        raise Refusal(1095, "feature")
    wanted = _features(given)
    call.allow(f"{call.query.action} ns feature {' '.join(sorted(wanted))}")
    absent = call.appliance.dialect["reputation_licence"] == "absent"
    if call.query.action == "enable" and "REP" in wanted and absent:
        raise Refusal(356, "REP")
    warning = call.warned()
    if call.query.action == "enable":
        call.running.features |= wanted
    else:
        call.running.features -= wanted
    call.appliance.configuration.touch()
    return written(200, warning)


def _features(given: object) -> set[str]:
    if not isinstance(given, list):
        raise Refusal(1234, "feature")
    wanted: set[str] = set()
    for name in given:
        known = feature(name) if isinstance(name, str) else None
        if known is None:
            raise Refusal(1097, f"feature, {name}")
        wanted.add(known)
    return wanted


def _get_nodes(call: Call) -> Reply:
    call.allow("show ha node")
    rows = call.appliance.node.rows()
    if call.name is not None:
        rows = [row for row in rows if row["id"] == call.name]
        if not rows:
            raise Refusal(258, f"id, {call.name}")
    return selected(call, rows, tuple(rows[0]))


def _get_addresses(call: Call) -> Reply:
    command = "show ns ip"
    call.allow(command)
    if call.appliance.dialect["own_addresses"] == "not permitted":
        raise Refusal(2138, command)
    node = call.appliance.node
    rows = owned.rows(node.address, node.snip, node.vip)
    return selected(call, rows, tuple(rows[0]))


def _stat_node(call: Call) -> Reply:
    call.allow("stat ha node")
    return shapes.done(hanode=call.appliance.node.statistics())


CONFIG: dict[str, Methods] = {
    "nsversion": {"GET": _get_version},
    "nshardware": {"GET": _get_hardware},
    "nsconfig": {"GET": _get_config, "POST": _save},
    "nsfeature": {"GET": _get_feature, "POST": _post_feature},
    "hanode": {"GET": _get_nodes},
    "nsip": {"GET": _get_addresses},
}
STAT: dict[str, Methods] = {"hanode": {"GET": _stat_node}}
