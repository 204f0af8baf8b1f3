"""The body of a request: its content type, its JSON, its objects.

``{"<resource>": {...}}`` carries one object, ``{"<resource>": [...]}`` many (NREF
resource operations). The vendor's own content types name the resource, and a list as
a list (captured from the SDK on a loopback recorder).
"""

from dataclasses import dataclass

import msgspec

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.edits import Object
from citrix_waf_lab.netscaler.vocabulary import Refusal
from citrix_waf_lab.wire import Request

_VENDOR = "application/vnd.com.citrix.netscaler."

_decode = msgspec.json.Decoder().decode


@dataclass(frozen=True, slots=True)
class Content:
    """The objects of a request.

    Attributes:
        objects: in their order.
        array: they came as an array.
        listed: the content type was the vendor's list type.
    """

    objects: list[Object]
    array: bool
    listed: bool


def content_type(request: Request) -> str:
    """Return the media type of a body, lower case and without parameters."""
    return (request.header("Content-Type") or "").partition(";")[0].strip().lower()


def is_vendor(request: Request, resource: str) -> bool:
    """Whether the content type is the vendor's for one object of a resource."""
    return content_type(request) == f"{_VENDOR}{resource}+json"


def names_json(request: Request) -> bool:
    """Whether the content type is any JSON."""
    kind = content_type(request)
    return kind == "application/json" or kind.endswith("+json")


def read(request: Request, resource: str, dialect: Dialect) -> Content:
    """Read the objects of a request.

    Raises:
        Refusal: 1236 for the content type, 1233 for what is no JSON, 1232 for another
            name than the resource's, 1234 for what is no object.
    """
    kind = content_type(request)
    listed = kind == f"{_VENDOR}{resource}_list+json"
    right = listed or kind in ("application/json", f"{_VENDOR}{resource}+json")
    if not right and dialect["wrong_content_type"] == "refused":
        raise Refusal(1236)
    members = _members(request.body)
    for name in members:
        if name != resource:
            raise Refusal(1232, name)
    if resource not in members:
        raise Refusal(1232)
    found = members[resource]
    if isinstance(found, dict) and not listed:
        return Content([found], array=False, listed=False)
    if not isinstance(found, list) or not all(isinstance(o, dict) for o in found):
        raise Refusal(1234)
    if dialect["array_bulk"] == "refused":
        raise Refusal(1234)
    most = dialect.number("bulk_limit")
    if not found or 0 < most < len(found):
        raise Refusal(1236)
    return Content(found, array=True, listed=listed)


def _members(body: bytes) -> dict[str, object]:
    try:
        members = _decode(body)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Refusal(1233) from error
    if not isinstance(members, dict):
        raise Refusal(1234)
    return members


def holds_array(request: Request, resource: str) -> bool:
    """Whether a request is a bulk, as far as can be told without judging it."""
    if content_type(request) == f"{_VENDOR}{resource}_list+json":
        return True
    try:
        return isinstance(_members(request.body).get(resource), list)
    except Refusal:
        return False
