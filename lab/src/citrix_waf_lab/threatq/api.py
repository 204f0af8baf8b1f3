"""ThreatQ's REST API: from request to answer.

What stands before a route, in this order: maintenance, redirect, rate, the route
itself (404, then 405), the token (401), parameters, and the right to see a list.
"""

import re
from email.utils import format_datetime
from urllib.parse import unquote

from citrix_waf_lab.threatq import (
    connector_api,
    event_api,
    indicator_api,
    library_api,
    token_api,
    writing_api,
)
from citrix_waf_lab.threatq.answers import page_html, plain, refused, whole
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.routing import Call, Handler, Route, parameters
from citrix_waf_lab.threatq.state import ThreatQ
from citrix_waf_lab.wire import Answer, Answering, Request

ROUTES: tuple[Route, ...] = (
    *token_api.ROUTES,
    *library_api.ROUTES,
    *connector_api.ROUTES,
    *writing_api.ROUTES,
    *indicator_api.ROUTES,
    *event_api.ROUTES,
)
GUARDED: frozenset[Handler] = frozenset(
    {
        library_api.objects,
        library_api.types,
        library_api.statuses,
        library_api.searches,
        library_api.query,
        library_api.widget,
        library_api.by_hash,
    }
)
"""Lists that a user may have no right to see."""

SLASHES = re.compile("/{2,}")

SIGN_IN_PAGE = "/login"
"""Where a redirect leads; nothing is there."""


def answering(threatq: ThreatQ) -> Answering:
    """Return the one function that is this ThreatQ."""

    def answer(request: Request) -> Answer:
        try:
            # stix-shifter sends //api/token: the web server before the API merges these
            path = SLASHES.sub("/", unquote(request.path))
            early = _gate(threatq, path)
            return early or _routed(threatq, request, path)
        except Refusal as no:
            return refused(threatq.dialect, no.status, no.place, no.words)

    return answer


def _gate(threatq: ThreatQ, path: str) -> Answer | None:
    """Return what a call meets before anybody looks at its route, or None."""
    dialect = threatq.dialect
    if not path.startswith("/api/"):
        return None
    if dialect["maintenance"] == "html":
        return page_html(503)
    if dialect["maintenance"] == "json":
        return refused(dialect, 503, "service", "is down for maintenance")
    if dialect["threatq_redirect"] == "yes":
        return plain(307, b"", (("Location", SIGN_IN_PAGE),))
    most = int(dialect.number("rate_limit_per_minute"))
    free_at = threatq.rate.free_at(most) if most else None
    if free_at is None:
        return None
    seconds = max(1, round((free_at - threatq.clock.now()).total_seconds()))
    wait = {
        "seconds": (("Retry-After", str(seconds)),),
        "date": (("Retry-After", format_datetime(free_at, usegmt=True)),),
        "absent": (),
    }[str(dialect["rate_limit_retry_after"])]
    return refused(dialect, 429, "rate", "is too high", wait)


def _routed(threatq: ThreatQ, request: Request, path: str) -> Answer:
    methods: list[str] = []
    for route in ROUTES:
        found = route.pattern.fullmatch(path)
        if found and route.method == request.method:
            query = parameters(request.query)
            return _called(route, Call(threatq, request, found.groups(), query))
        if found:
            methods.append(route.method)
    if methods and threatq.dialect["wrong_method_status"] == 405:  # noqa: PLR2004 - HTTP
        allow = (("Allow", ", ".join(sorted(methods))),)
        return refused(threatq.dialect, 405, "method", "is not allowed here", allow)
    if not path.startswith("/api/"):
        return page_html(404)
    return refused(threatq.dialect, 404, "path", "does not exist")


def _called(route: Route, call: Call) -> Answer:
    dialect = call.threatq.dialect
    if not route.open:
        holder = call.threatq.tokens.holder_of(token_api.bearer(call))
        if holder is None:
            return refused(dialect, 401, "access_token", "is missing or not valid")
        call = Call(call.threatq, call.request, call.groups, call.query, holder)
    known = set(call.query) if route.parameters is None else route.parameters
    unknown = sorted(set(call.query) - known)
    if unknown and dialect["unknown_field"] == "refused":
        return refused(dialect, None, unknown[0], "is not a known parameter")
    if route.handler in GUARDED:
        if dialect["list_rights"] == "forbidden":
            return refused(dialect, 403, "list", "may not be seen")
        if dialect["list_rights"] == "empty object":
            return plain(200, b"{}")
        if dialect["errors_in_success"] == "yes":
            return whole({"errors": ["The list could not be read."]})
    return route.handler(call)
