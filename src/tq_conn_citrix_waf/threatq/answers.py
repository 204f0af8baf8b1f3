"""What an answer of ThreatQ says: its data, or its complaint.

1. Data is only what stands in a JSON object under ``data``, in a 2xx answer, without
   ``errors`` beside it (the vendor's own client holds such an answer for an error).
2. ``{}`` is how ThreatQ says that the user may not see a list (Polarity's integration).
3. Words of the other side are shown on one line, shortened, with known secrets hidden.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

import msgspec

from tq_conn_citrix_waf.errors import SourceFaultError, SourceRefusedError
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.secrets import hide

_LONGEST = 200
"""Enough for a sentence of the API; an error page would fill the log."""

MAINTENANCE = "run again later; if it stays, ask the administrator of ThreatQ"
RIGHTS = "give the user of the integration the role Maintenance, or the right for this"


T = TypeVar("T")


class _Envelope(msgspec.Struct):
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    errors: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def checked(answer: Answer, asked: str) -> bytes:
    """Return the body of an answer that carries data.

    Args:
        answer: the answer.
        asked: what was asked, for the message: method and path.

    Raises:
        SourceRefusedError: the request was refused (a 3xx or 4xx, or ``{}``).
        SourceFaultError: an error of ThreatQ, or no data.
    """
    if not 200 <= answer.status < 300:  # noqa: PLR2004  # the class of the code
        raise _turned_away(answer, asked)
    envelope = decoded(answer.body, _Envelope)
    if envelope is None:
        raise SourceFaultError(
            f"{asked}: ThreatQ answered {_kind(answer)} instead of data", MAINTENANCE
        )
    if isinstance(envelope.errors, msgspec.Raw):
        raise SourceFaultError(
            f"{asked}: ThreatQ answered with an error{_said(answer)}", MAINTENANCE
        )
    if isinstance(envelope.data, msgspec.UnsetType):
        if answer.body.strip() == b"{}":
            raise SourceRefusedError(
                f"{asked}: the answer is empty; the user has no right to see it", RIGHTS
            )
        raise SourceFaultError(
            f"{asked}: the answer of ThreatQ carries no data", MAINTENANCE
        )
    return answer.body


def words(answer: Answer) -> str:
    """Return what ThreatQ says is wrong, or ''.

    Both forms of its errors are read, and those of OAuth: ``{"data": {"errors":
    {field: [text]}}}``, ``{"errors": [text, [text]]}``, ``{"error": text}`` and
    ``{"message": text}`` (Cortex XSOAR's integration).
    """
    body = decoded(answer.body, dict[str, Any])
    if body is None:
        return ""
    data = body.get("data")
    inner = data.get("errors") if isinstance(data, dict) else None
    first = (body.get("errors"), inner, body.get("error_description"))
    found = (*first, body.get("message"), body.get("error"))
    said = next((list(_texts(f)) for f in found if f), [])
    return shown("; ".join(said))


def decoded(body: bytes, shape: type[T]) -> T | None:
    """Return JSON as the shape, or None where it is something else, or no JSON."""
    try:
        return msgspec.json.decode(body, type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def shown(text: str) -> str:
    """Return a text of the other side, fit for one line of a terminal."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return hide(line if len(line) <= _LONGEST else line[:_LONGEST] + "...")


def where(location: str) -> str:
    """Return where a redirect leads, without the parts that may hold a secret."""
    bare = location.partition("?")[0].partition("#")[0]
    scheme, mark, rest = bare.rpartition("//")
    host, slash, path = rest.partition("/")
    return shown(scheme + mark + host.rpartition("@")[2] + slash + path)


def _turned_away(answer: Answer, asked: str) -> SourceRefusedError | SourceFaultError:
    status = answer.status
    if 300 <= status < 400:  # noqa: PLR2004  # the class of the code
        place = where(answer.header("location")) or "nowhere"
        return SourceRefusedError(
            f"{asked}: ThreatQ redirects to {place}; redirects are not followed",
            "enter the host and scheme under which ThreatQ itself answers",
        )
    told = f"{asked}: ThreatQ answered {status}{_said(answer)}"
    if 400 <= status < 500 and status != 429:  # noqa: PLR2004  # 429: too many, later
        return SourceRefusedError(told, RIGHTS)
    return SourceFaultError(told, MAINTENANCE)


def _said(answer: Answer) -> str:
    said = words(answer)
    return f" ({said})" if said else ""


def _kind(answer: Answer) -> str:
    start = answer.body.lstrip()[:1]
    if start == b"<" or "html" in answer.header("content-type"):
        return "a web page"
    if start not in (b"{", b"["):
        return "something else"
    return "broken or foreign JSON"


def _texts(part: Any) -> Iterator[str]:  # noqa: ANN401  # any JSON
    if isinstance(part, dict):
        for value in part.values():
            yield from _texts(value)
    elif isinstance(part, list):
        for value in part:
            yield from _texts(value)
    elif part is not None:
        yield str(part)
