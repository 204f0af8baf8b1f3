"""One object or many: apply them in order, and tell of each.

With ``exit`` (the default) the first failure ends a bulk, with ``continue`` nothing
does, with ``rollback`` the first failure undoes what came before (NREF resource
operations and error handling). Entries carry no key: only their place tells which
object they are about, so they carry no bracket either.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from citrix_waf_lab.netscaler import bodies, shapes
from citrix_waf_lab.netscaler.bodies import Content
from citrix_waf_lab.netscaler.calls import Call, written
from citrix_waf_lab.netscaler.configuration import Settings
from citrix_waf_lab.netscaler.edits import Object
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.shapes import Json, Reply
from citrix_waf_lab.netscaler.vocabulary import Refusal


@dataclass(frozen=True, slots=True)
class Verb:
    """What is done to each object.

    Attributes:
        command: the first words of the command line, e.g. ``bind policy dataset``.
        arguments: attributes whose values follow in the command, in order.
        attributes: all attributes that an object may have.
        apply: does it to one object, or raises Refusal.
        status: of an answer when all went well.
        reversible: whether a bulk can be rolled back (add and bind only: NREF).
    """

    command: str
    arguments: tuple[str, ...]
    attributes: frozenset[str]
    apply: Callable[[Settings, Object, Rules], None]
    status: int
    reversible: bool = False


def run(call: Call, verb: Verb) -> Reply:
    """Apply the objects of a request.

    Raises:
        Refusal: the request cannot be read or is not allowed, or its only object is
            refused.
    """
    content = bodies.read(call.request, call.resource, call.appliance.dialect)
    objects = content.objects
    if call.query.skipinvalidarg:
        objects = [_only(item, verb.attributes) for item in objects]
    if call.name is not None and any(item.get("name") != call.name for item in objects):
        raise Refusal(278, "name")
    said = [str(objects[0].get(key, "")) for key in verb.arguments]
    call.allow(" ".join([verb.command, *said]))
    warning = call.warned()
    if content.array:
        return _many(call, verb, Content(objects, array=True, listed=content.listed))
    verb.apply(call.running, objects[0], call.rules())
    call.appliance.configuration.touch()
    return written(verb.status, warning)


def _only(item: Object, attributes: frozenset[str]) -> Object:
    return {key: value for key, value in item.items() if key in attributes}


def _onerror(call: Call, verb: Verb) -> str:
    how = (call.request.header("X-NITRO-ONERROR") or "exit").strip().lower()
    if how not in ("exit", "continue", "rollback"):
        raise Refusal(278, "X-NITRO-ONERROR")
    if call.query.action and call.appliance.dialect["unbind_onerror"] == "ignored":
        return "exit"
    if how == "rollback" and not verb.reversible:
        raise Refusal(1242)
    return how


def _many(call: Call, verb: Verb, content: Content) -> Reply:
    appliance = call.appliance
    onerror = _onerror(call, verb)
    before = call.running.copy() if onerror == "rollback" else None
    objects, rest = _reached(appliance.half_apply, content.objects)
    entries, failed = _apply(call, verb, objects, go_on=onerror == "continue")
    if failed and before is not None:
        appliance.configuration.restore(before)
    elif any(entry is shapes.DONE for entry in entries):
        appliance.configuration.touch()
    not_tried = len(content.objects) - len(entries)
    if not_tried and (rest or appliance.dialect["exit_answer"] == "1265"):
        skipped = shapes.entry(Refusal(1265), bare=True)
        entries = [*entries, *[skipped] * not_tried]
    if failed or rest:
        return shapes.bulk_failed(entries)
    return _whole(call, verb, content)


def _reached(most: int | None, objects: list[Object]) -> tuple[list[Object], bool]:
    """Cut a bulk where a fault stops it."""
    if most is None or most >= len(objects):
        return objects, False
    return objects[:most], True


def _apply(
    call: Call, verb: Verb, objects: Sequence[Object], *, go_on: bool
) -> tuple[list[Json], bool]:
    settings, rules, apply = call.running, call.rules(), verb.apply
    entries: list[Json] = []
    failed = False
    for item in objects:
        try:
            apply(settings, item, rules)
        except Refusal as error:
            failed = True
            entries.append(shapes.entry(error, bare=True))
            if not go_on:
                break
        else:
            entries.append(shapes.DONE)
    return entries, failed


def _whole(call: Call, verb: Verb, content: Content) -> Reply:
    warning = call.warned()
    # The SDK parses the answer to its list type without looking whether there is one;
    # what an array sent as application/json gets is open.
    says = content.listed or call.appliance.dialect["bulk_json_answer"] == "done"
    if not says:
        return written(verb.status, warning)
    status = verb.status if warning is None else 209
    return Reply(status, shapes.DONE, warning=warning)
