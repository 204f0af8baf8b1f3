r"""How answers look on the wire, to the byte.

1. JSON has one space after ``{`` and before ``}``, and ``/`` is written ``\/``
   (recorded: telegraf#11478, CHK #83).
2. The headers are those of the recorded answers, in their order (telegraf#11478 for a
   log-in, telegraf#11536 for a GET).
3. The shape of XML is inferred but for the names of its elements (N8N init workflow).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii
from xml.sax.saxutils import escape

from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.vocabulary import REASONS, TEXTS, Refusal
from citrix_waf_lab.wire import Answer

Json = str | int | bool | Sequence["Json"] | Mapping[str, "Json"]
"""What a body can hold."""

DONE: dict[str, Json] = {"errorcode": 0, "message": "Done", "severity": "NONE"}

_BEFORE = (("Server", "Apache"), ("X-Frame-Options", "SAMEORIGIN"))
_UNCACHED = (
    ("Expires", "Thu, 19 Nov 1981 08:52:00 GMT"),
    (
        "Cache-Control",
        "no-store, no-cache, must-revalidate, post-check=0, pre-check=0",
    ),
    ("Pragma", "no-cache"),
)
_VARY = (("Vary", "Accept-Encoding"),)
_AFTER = (
    ("Feature-Policy", "camera 'none'; microphone 'none'; geolocation 'none'"),
    ("Referrer-Policy", "no-referrer"),
    ("X-XSS-Protection", "1; mode=block"),
    ("X-Content-Type-Options", "nosniff"),
)
_OLD_COOKIE = (
    (
        "Set-Cookie",
        "SESSID=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/",
    ),
)

_JSON = "application/json; charset=utf-8"
_XML = "application/xml; charset=utf-8"
_EMPTY = "text/html; charset=UTF-8"
_HTML = "text/html; charset=iso-8859-1"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a resource answers, before it is written as JSON or XML.

    Attributes:
        status: HTTP status.
        body: members of the body; None is an empty body.
        cookie: value of the cookie that a log-in sets.
        warning: text of the X-NITRO-WARNING header.
        delay: seconds that the work takes.
        html: the body is this page instead.
    """

    status: int
    body: Mapping[str, Json] | None = None
    cookie: str | None = None
    warning: str | None = None
    delay: float = 0.0
    html: str | None = None


def done(**members: Json) -> Reply:
    """Reply that all went well, with further members."""
    return Reply(200, {**DONE, **members})


def listed(resource: str, rows: Sequence[Json]) -> Reply:
    """Reply with rows; without any the resource's member is absent (telegraf#11536)."""
    return Reply(200, {**DONE, resource: rows} if rows else DONE)


def refused(error: Refusal, dialect: Dialect) -> Reply:
    """Reply with an error."""
    return Reply(error.status(dialect), entry(error, bare=bare(dialect)))


def bare(dialect: Dialect) -> bool:
    """Whether errors are told without their bracket."""
    return dialect["details"] == "without"


def entry(error: Refusal, *, bare: bool) -> dict[str, Json]:
    """Return errorcode, message and severity of an error."""
    severity = "WARNING" if error.code == 1265 else "ERROR"  # noqa: PLR2004 - its code
    return {
        "errorcode": error.code,
        "message": error.text if bare else str(error),
        "severity": severity,
    }


def answer(reply: Reply, dialect: Dialect, *, method: str, xml: bool) -> Answer:
    """Write a reply as an HTTP answer."""
    reason = REASONS[reply.status]
    if reply.status == 209:  # noqa: PLR2004 - the status that has two reason phrases
        reason = str(dialect["warning_reason"])
    body, kind = _body(reply, xml=xml)
    login = reply.cookie is not None
    headers = (
        *_BEFORE,
        *(_OLD_COOKIE if login else ()),
        *_UNCACHED,
        *((("Set-Cookie", reply.cookie),) if reply.cookie is not None else ()),
        *(_VARY if method == "GET" else ()),
        *((("X-NITRO-WARNING", reply.warning),) if reply.warning else ()),
        *_AFTER,
        ("Content-Type", kind),
    )
    return Answer(reply.status, reason, headers, body)


def _body(reply: Reply, *, xml: bool) -> tuple[bytes, str]:
    if reply.html is not None:
        return reply.html.encode(), _HTML
    if reply.body is None:
        return b"", _EMPTY
    if xml:
        inner = _elements(reply.body)
        text = f'<?xml version="1.0"?><nitroResponse>{inner}</nitroResponse>'
        return text.encode(), _XML
    return json_text(reply.body).encode("ascii"), _JSON


def json_text(value: Json) -> str:
    """Write a value as the appliance does."""
    if isinstance(value, str):
        text = encode_basestring_ascii(value)
        return text.replace("/", "\\/") if "/" in text else text
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        members = [f'"{key}": {json_text(item)}' for key, item in value.items()]
        return "{ " + ", ".join(members) + " }"
    return "[ " + ", ".join(map(json_text, value)) + " ]"


def _elements(members: Mapping[str, Json]) -> str:
    parts: list[str] = []
    for key, value in members.items():
        many = isinstance(value, Sequence) and not isinstance(value, str)
        for item in value if many else (value,):  # type: ignore[union-attr]  # many
            inner = _elements(item) if isinstance(item, Mapping) else _plain(item)
            parts.append(f"<{key}>{inner}</{key}>")
    return "".join(parts)


def _plain(value: Json) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # XML 1.0 knows no control characters; a comment may hold some.
    return escape("".join(c if c >= " " or c in "\t\n\r" else "?" for c in text))


def page(status: int, title: str, reason: str) -> Reply:
    """Reply with an HTML page; the reason stands in its h4 (SDK base_resource)."""
    html = (
        f"<html><head><title>{title}</title></head>"
        f"<body><h1>{title}</h1><h4>{escape(reason)}</h4></body></html>"
    )
    return Reply(status, html=html)


def bulk_failed(entries: Sequence[Json]) -> Reply:
    """Reply that a bulk failed, with one entry for each object that was tried."""
    body: dict[str, Json] = {
        "errorcode": 1243,
        "message": TEXTS[1243],
        "severity": "ERROR",
        "response": entries,
    }
    return Reply(207, body)
