"""The words of Ansible's steps: what the module is told, and what it must say."""

import re

Task = dict[str, object]
"""The arguments of the module, without the appliance's address and credentials."""

SET, SET6, VALUES = "tq_block4", "tq_block6", "policydataset_value_binding"
"""The two sets that are made, and the resource that their values are bound by."""

ONE, NET = "1=192.0.2.1", "2=198.51.100.0/24 (edge)"
RANGE = "3=203.0.113.10-203.0.113.19"
RANGE_ROW = {"value": "203.0.113.10", "endrange": "203.0.113.19"}


def four(*bindings: str) -> tuple[str, ...]:
    """Return what is held where there is only the set for IPv4."""
    return (f"{SET} ipv4: {', '.join(bindings) or 'empty'}",)


def six(*bindings: str) -> tuple[str, ...]:
    """Return what is held where the set for IPv4 still has its range."""
    return (*four(RANGE), f"{SET6} ipv6: {', '.join(bindings) or 'empty'}")


def done(status: int, *, changed: bool = True) -> dict[str, object]:
    """Return what the module says where all went well."""
    data = {"status": status}
    return {"nitro_errorcode": 0, "changed": changed, "http_response_data": data}


def read(found: object) -> dict[str, object]:
    """Return what the module says of something that it read."""
    return {**done(200, changed=False), "nitro_object": found}


def refused(status: str, code: int, text: str) -> dict[str, object]:
    """Return what the module says of an error: status line, NITRO's code and text."""
    number = int(status.split(maxsplit=1)[0])
    body = rf'^\{{ "errorcode": {code}, "message": "{text}.*", "severity": "ERROR" \}}$'
    data = {"status": number, "body": re.compile(body)}
    message = f"HTTP Error {status.replace(' ', ': ', 1)}"
    return {"failed": True, "nitro_message": message, "http_response_data": data}


def bind(values: dict[str, str], name: str = SET) -> Task:
    """Bind by POST, which is what the module's ``add`` sends."""
    attributes = {"name": name, **values}
    return {"operation": "add", "resource": VALUES, "attributes": attributes}


def unbind(name: str, **args: str) -> Task:
    """Unbind by DELETE and args; their values are encoded as NITRO wants it, once."""
    resource = f"{VALUES}/{name}"
    return {"operation": "delete_by_args", "resource": resource, "args": args}


def get(name: str, resource: str = VALUES) -> Task:
    """Read one object; the module takes the name as it is, with a query behind it."""
    return {"operation": "get", "resource": resource, "name": name}


def everything(resource: str) -> Task:
    """Read all objects of a resource."""
    return {"operation": "get_all", "resource": resource}


def new(name: str, kind: str) -> Task:
    """Add a set."""
    attributes = {"name": name, "type": kind, "comment": "by Ansible"}
    return {"operation": "add", "resource": "policydataset", "attributes": attributes}
