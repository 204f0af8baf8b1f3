"""The control interface: what a program or a person does to the lab from outside.

Its calls stand in one table; docs/lab.md describes each. An unknown call, name, key or
value gets 404 or 400 with ``{"error": what and what would be right}``.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import parse_qsl, unquote

import msgspec

from citrix_waf_lab.effects import reason
from citrix_waf_lab.faults import catalogue
from citrix_waf_lab.wire import Answer, Answering, Request

if TYPE_CHECKING:  # the lab itself imports this module
    from citrix_waf_lab.lab import Lab

Json = dict[str, Any]
_Kind = TypeVar("_Kind")


class _RefusedError(Exception):
    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


@dataclass(frozen=True, slots=True)
class _Call:
    """One call as it came in: the names in its path, its query and its body."""

    lab: "Lab"
    names: tuple[str, ...]
    query: dict[str, str]
    body: object = field(default_factory=dict)

    def keys(self, *known: str) -> Json:
        """Return the body, an object with none but the known keys."""
        body = self.body
        if not isinstance(body, dict):
            raise _RefusedError(400, "the body must be a JSON object")
        _only(body, known)
        return body

    def appliance(self) -> str:
        """Return the appliance that the path names."""
        name = self.names[0]
        if name not in self.lab.appliances:
            there = ", ".join(self.lab.appliances)
            raise _RefusedError(404, f"no appliance {name!r}; there are: {there}")
        return name


def _only(body: Json, known: Iterable[str]) -> None:
    unknown = set(body) - set(known)
    if unknown:
        right = ", ".join(known) or "none"
        raise _RefusedError(400, f"unknown key {min(unknown)!r}; known: {right}")


def _get(body: Json, key: str, kind: type[_Kind], default: _Kind) -> _Kind:
    value = body.get(key, default)
    if not isinstance(value, kind):
        raise _RefusedError(400, f"{key} must be of type {kind.__name__}")
    return value


def _objects(body: Json, key: str) -> list[Json]:
    items = _get(body, key, list, [])
    if not all(isinstance(item, dict) for item in items):
        raise _RefusedError(400, f"{key} must be a list of objects")
    return items


def _put_collection(call: _Call) -> Json:
    indicators = _objects(call.keys("indicators"), "indicators")
    call.lab.threatq_state.put_collection(call.names[0], indicators)
    return {}


def _change_collection(call: _Call) -> Json:
    body = call.keys("add", "remove")
    remove = [str(value) for value in _get(body, "remove", list, [])]
    add = _objects(body, "add")
    call.lab.threatq_state.change_collection(call.names[0], add, remove)
    return {}


def _connectors(call: _Call) -> list[Json]:
    return call.lab.threatq_state.connectors()


def _fill_form(call: _Call) -> Json:
    if not isinstance(call.body, dict):
        raise _RefusedError(400, "the body must be an object of the form's fields")
    try:
        call.lab.threatq_state.fill_form(call.names[0], call.body)
    except KeyError:
        there = ", ".join(repr(one["name"]) for one in _connectors(call)) or "none"
        words = f"no connector {call.names[0]!r}; there are: {there}"
        raise _RefusedError(404, words) from None
    return {}


def _put_dataset(call: _Call) -> Json:
    state = call.lab.appliance_states[call.appliance()]
    body = call.keys("type", "bindings")
    bindings = _objects(body, "bindings")
    for binding in bindings:
        _only(binding, ("value", "endrange", "comment", "index"))
    state.put_dataset(call.names[1], _get(body, "type", str, "ipv4"), bindings)
    return {}


def _view(call: _Call) -> Json:
    return call.lab.appliance_states[call.appliance()].view()


def _reboot(call: _Call) -> Json:
    call.lab.appliances[call.appliance()].reboot()
    return {}


def _requests(call: _Call) -> Json:
    _only(call.query, ("since",))
    since = call.query.get("since", "0")
    if not since.isdecimal():
        raise _RefusedError(400, f"since must be a number from 0, not {since!r}")
    mark, entries = call.lab.journal.since(int(since))
    return {"next": mark, "requests": [entry._asdict() for entry in entries]}


def _dialect(call: _Call) -> Json:
    dialect = call.lab.dialect
    return {
        switch.name: {
            "value": dialect[switch.name],
            "choices": switch.choices,
            "default": switch.default,
            "source": switch.source,
            "mark": switch.mark,
            "about": switch.about,
        }
        for switch in dialect.switches.values()
    }


def _put_dialect(call: _Call) -> Json:
    call.lab.dialect.set(call.keys(*call.lab.dialect.switches))
    return _dialect(call)


def _faults(call: _Call) -> Json:
    active = [fault.shown() for fault in call.lab.faults.active.values()]
    return {"catalogue": catalogue(), "active": active}


def _add_fault(call: _Call) -> Json:
    if not isinstance(call.body, dict):
        raise _RefusedError(400, "the body must be a JSON object")
    return {"id": call.lab.faults.add(call.body)}


def _delete_fault(call: _Call) -> Json:
    try:
        call.lab.faults.delete(call.names[0])
    except KeyError:
        there = ", ".join(call.lab.faults.active) or "none"
        raise _RefusedError(404, f"no such fault; there are: {there}") from None
    return {}


def _delete_faults(call: _Call) -> Json:
    call.lab.faults.clear()
    return {}


def _clock(call: _Call) -> Json:
    return {"now": call.lab.clock.now().isoformat()}


def _put_clock(call: _Call) -> Json:
    body = call.keys("now", "advance")
    if len(body) != 1:
        raise _RefusedError(400, 'give either "now" or "advance"')
    if "now" in body:
        instant = datetime.fromisoformat(_get(body, "now", str, ""))
        call.lab.clock.set(instant if instant.tzinfo else instant.replace(tzinfo=UTC))
    else:
        seconds = body["advance"]
        if isinstance(seconds, bool) or not isinstance(seconds, int | float):
            raise _RefusedError(400, "advance must be a number of seconds")
        call.lab.clock.advance(seconds)
    return _clock(call)


def _reset(call: _Call) -> Json:
    call.lab.reset()
    return {}


_CALLS: dict[str, Callable[[_Call], object]] = {
    "PUT /threatq/collections/{name}": _put_collection,
    "POST /threatq/collections/{name}/change": _change_collection,
    "GET /threatq/connectors": _connectors,
    "PUT /threatq/connectors/{name}/form": _fill_form,
    "PUT /appliances/{name}/datasets/{set}": _put_dataset,
    "GET /appliances/{name}": _view,
    "POST /appliances/{name}/reboot": _reboot,
    "GET /requests": _requests,
    "GET /dialect": _dialect,
    "PUT /dialect": _put_dialect,
    "GET /faults": _faults,
    "POST /faults": _add_fault,
    "DELETE /faults/{id}": _delete_fault,
    "DELETE /faults": _delete_faults,
    "GET /clock": _clock,
    "PUT /clock": _put_clock,
    "POST /reset": _reset,
}

CALLS = tuple(_CALLS)
"""All calls, as ``METHOD /path``."""

_ROUTES = [
    (
        call.split()[0],
        re.compile(re.sub(r"\{\w+\}", "([^/]+)", call.split()[1])),
        handler,
    )
    for call, handler in _CALLS.items()
]


def _handled(lab: "Lab", request: Request) -> object:
    for method, path, handler in _ROUTES:
        found = path.fullmatch(request.path)
        if found is None or method != request.method:
            continue
        query = dict(parse_qsl(request.query, keep_blank_values=True))
        names = tuple(unquote(name) for name in found.groups())
        body = msgspec.json.decode(request.body) if request.body else {}
        with lab.lock:
            result = handler(_Call(lab, names, query, body))
        if method != "GET":
            for one in lab.services():
                one.attend()
        return result
    there = ", ".join(CALLS)
    raise _RefusedError(
        404, f"no call {request.method} {request.path}; there are: {there}"
    )


def _json(status: int, value: object) -> Answer:
    kind = (("Content-Type", "application/json"),)
    return Answer(status, reason(status), kind, msgspec.json.encode(value))


def answering(lab: "Lab") -> Answering:
    """Return the function that answers on the control interface."""

    def answer(request: Request) -> Answer:
        try:
            return _json(200, _handled(lab, request))
        except _RefusedError as refused:
            return _json(refused.status, {"error": str(refused)})
        except ValueError as flaw:  # msgspec's errors are of this kind too
            return _json(400, {"error": str(flaw)})

    return answer
