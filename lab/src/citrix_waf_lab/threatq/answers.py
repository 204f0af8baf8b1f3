"""Answers and how they are worded; a refusal has three forms, as clients have seen."""

import msgspec

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.wire import Answer

REASONS = {
    200: "OK",
    201: "Created",
    204: "No Content",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}
"""All statuses that this ThreatQ answers with."""

JSON = ("Content-Type", "application/json")
HTML = ("Content-Type", "text/html; charset=UTF-8")

Headers = tuple[tuple[str, str], ...]


def plain(status: int, body: bytes, headers: Headers = (JSON,)) -> Answer:
    """Return an answer with a body as it is."""
    return Answer(status, REASONS[status], headers, body)


def whole(value: object, status: int = 200) -> Answer:
    """Return an answer whose body is a value as JSON."""
    return plain(status, msgspec.json.encode(value))


def data(value: object, status: int = 200) -> Answer:
    """Return an answer with one thing, or several, under ``data``."""
    return whole({"data": value}, status)


def refused(
    dialect: Dialect, status: int | None, place: str, words: str, more: Headers = ()
) -> Answer:
    """Return an answer that refuses, in the form that is in force.

    Args:
        dialect: the answers to what is open.
        status: the status; None: that of a failed validation.
        place: the field that is wrong.
        words: what is wrong with it.
        more: further headers.
    """
    if status is None:
        status = int(dialect.number("validation_status"))
    text = f"{place} {words}"
    errors: dict[str, object] = {"data": {"errors": {place: [text]}}}
    if dialect["threatq_error_form"] == "list":
        errors = {"errors": [text]}
    if dialect["threatq_error_form"] == "nested list":
        errors = {"errors": ["The request failed.", [text]]}
    return plain(status, msgspec.json.encode(errors), (JSON, *more))


def page_html(status: int) -> Answer:
    """Return a web server's own page for a status."""
    title = f"{status} {REASONS[status]}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    return plain(status, body.encode(), (HTML,))
