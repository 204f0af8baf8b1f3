"""The NITRO interface of an appliance: one function from request to answer.

1. Whatever comes in, an answer goes out, in the words of ``vocabulary``.
2. Order of judgement (inferred): path, credentials, resource, method, query, rights,
   body, objects.
"""

from urllib.parse import unquote

from citrix_waf_lab.netscaler import (
    access,
    binding_calls,
    bodies,
    dataset_calls,
    login_calls,
    query,
    shapes,
    system_calls,
)
from citrix_waf_lab.netscaler.calls import Call, Handler, Methods
from citrix_waf_lab.netscaler.shapes import Reply
from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.netscaler.vocabulary import REASONS, Refusal
from citrix_waf_lab.wire import Answer, Answering, Delivery, Request

_CONFIG: dict[str, Methods] = {
    "login": {"POST": login_calls.log_in},
    "logout": {"POST": login_calls.log_out},
    "policydataset": dataset_calls.METHODS,
    "policydataset_value_binding": binding_calls.METHODS,
    "policydataset_binding": binding_calls.NESTED,
    **system_calls.CONFIG,
}
_RESOURCES = {"config": _CONFIG, "stat": system_calls.STAT}

RESOURCES = {
    f"/nitro/v1/{tree}/{resource}": tuple(methods)
    for tree, resources in _RESOURCES.items()
    for resource, methods in resources.items()
}
"""Every resource that is emulated, with its methods."""

_NAMED = frozenset(
    {"policydataset", "policydataset_value_binding", "policydataset_binding", "hanode"}
)


def answering(appliance: Appliance) -> Answering:
    """Return the function that answers for an appliance.

    It is not safe to call from several threads at once.
    """

    def answer(request: Request) -> Answer:
        reply = _reply(appliance, request)
        appliance.half_apply = None
        xml = not _wants_json(request, unasked=appliance.dialect["format_unasked"])
        answer = shapes.answer(reply, appliance.dialect, method=request.method, xml=xml)
        if not reply.delay:
            return answer
        delivery = Delivery(delay=reply.delay)
        return Answer(
            answer.status, answer.reason, answer.headers, answer.body, delivery
        )

    return answer


def _wants_json(request: Request, *, unasked: object) -> bool:
    """Whether an answer is JSON; XML otherwise.

    Accept decides; ``*/*`` or none beside a JSON content type gets JSON
    (telegraf#11478 and #11536 show what curl sent and got), and without one JSON as
    well (check_netscaler 2.7.0 lives by it), unless the switch says XML.
    """
    accept = (request.header("Accept") or "*/*").lower()
    if "json" in accept:
        return True
    if "xml" in accept:
        return False
    return bodies.names_json(request) or unasked == "json"


def _reply(appliance: Appliance, request: Request) -> Reply:
    parts = request.path.split("/")
    if parts[:3] != ["", "nitro", "v1"] or len(parts) < 4 or parts[3] not in _RESOURCES:  # noqa: PLR2004 - /nitro/v1/<tree>
        # Nothing is known of the web server around NITRO; the plainest page there is.
        return shapes.page(404, f"404 {REASONS[404]}", "Not Found")
    try:
        return _called(appliance, request, parts[3], parts[4:])
    except access.BasicFailedError as error:
        return shapes.page(401, f"401 {REASONS[401]}", str(error))
    except Refusal as error:
        return shapes.refused(error, appliance.dialect)


def _called(
    appliance: Appliance, request: Request, tree: str, parts: list[str]
) -> Reply:
    resource = unquote(parts[0]) if parts else ""
    session = None
    if (tree, resource) != ("config", "login"):
        session = access.authenticate(appliance, request, resource)
    methods = _RESOURCES[tree].get(resource)
    if methods is None:
        raise Refusal(1232, resource or None)
    handler = _handler(methods, request.method)
    name = _name(resource, parts[1:])
    asked = query.parse(
        request.query,
        request.method,
        unencoded=appliance.dialect["unencoded_args"] == "accepted",
    )
    return handler(Call(appliance, request, resource, name, asked, session))


def _handler(methods: Methods, method: str) -> Handler:
    handler = methods.get(method)
    if handler is None:
        raise Refusal(1237)
    return handler


def _name(resource: str, parts: list[str]) -> str | None:
    """Return the name that a path ends with; it is encoded twice.

    Encoded once, a slash in a name splits it. A path that ends with a slash is told
    ``No such argument [arguid]`` (ANS #353).
    """
    parts = [piece for part in parts for piece in unquote(part).split("/")]
    if not parts:
        return None
    if parts[-1] == "" or len(parts) > 1 or resource not in _NAMED:
        raise Refusal(1090, "arguid")
    return unquote(parts[0])
