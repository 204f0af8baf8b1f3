"""Routes: a method and a path to the function that answers, and what it may be asked.

A call carries everything a handler may look at; what it cannot have is a ``Refusal``.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import msgspec

from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.state import ThreatQ
from citrix_waf_lab.threatq.tokens import Holder
from citrix_waf_lab.wire import Answer, Request

PAGING = frozenset({"limit", "offset", "sort", "with"})
"""Parameters that every list takes."""

LARGEST = 2**53
"""As far as numbers in a URL go; inferred."""


@dataclass(frozen=True, slots=True)
class Call:
    """One request on its way through a route."""

    threatq: ThreatQ
    request: Request
    groups: tuple[str, ...]
    query: dict[str, str]
    holder: Holder | None = None

    def number(self, name: str, default: int) -> int:
        """Return a parameter that is a whole number from 0 on.

        Raises:
            Refusal: it is something else.
        """
        text = self.query.get(name)
        if text is None:
            return default
        if not re.fullmatch(r"[0-9]{1,16}", text) or int(text) > LARGEST:
            raise Refusal(None, name, "must be a whole number")
        return int(text)

    def id(self, position: int = 0) -> int:
        """Return a number of the path."""
        return int(self.groups[position])

    def words(self, name: str) -> frozenset[str]:
        """Return a parameter that is a list by comma; spaces do not count."""
        words = (w.strip() for w in self.query.get(name, "").split(","))
        return frozenset(filter(None, words))

    def sent(self) -> object:
        """Return the body, read as JSON; None without a body.

        Raises:
            Refusal: it is not JSON, or is not said to be.
        """
        if not self.request.body:
            return None
        kind = (self.request.header("Content-Type") or "").split(";")[0].strip()
        required = self.threatq.dialect["json_content_type"] == "required"
        if required and kind.lower() != "application/json":
            raise Refusal(400, "Content-Type", "must be application/json")
        return read_json(self.request.body)

    def sent_object(self, *known: str) -> dict[str, object]:
        """Return the body, which must be an object with none but known keys.

        Raises:
            Refusal: it is none, or has a key that is not known (as a switch).
        """
        body = self.sent()
        if not isinstance(body, dict):
            raise Refusal(None, "body", "must be a JSON object")
        return self.only(body, *known)

    def only(self, body: dict[str, object], *known: str) -> dict[str, object]:
        """Return an object if it has none but known keys.

        Raises:
            Refusal: it has one that is not known (as a switch).
        """
        unknown = sorted(set(body) - set(known))
        if unknown and self.threatq.dialect["unknown_field"] == "refused":
            raise Refusal(None, unknown[0], "is not a known field")
        return body


Handler = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Route:
    """One method of one path.

    Attributes:
        path: a regular expression for all of the decoded path; groups are ids.
        parameters: names the query may hold; None: any.
        open: whether it may be called without a token.
    """

    method: str
    path: str
    handler: Handler
    parameters: frozenset[str] | None = frozenset()
    open: bool = False
    pattern: re.Pattern[str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "pattern", re.compile(self.path))


def read_json(body: bytes) -> object:
    """Read JSON.

    Raises:
        Refusal: it is none.
    """
    try:
        value: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "body", "is not valid JSON") from error
    return value


def parameters(text: str) -> dict[str, str]:
    """Read a query or a form; the last of several of one name counts, as in PHP."""
    return dict(parse_qsl(text, keep_blank_values=True, errors="replace"))


def like(pattern: str, text: str) -> bool:
    """Whether a text is what a list filter asks for; ``%`` stands for anything."""
    parts = [re.escape(p) for p in pattern.split("%")]
    return re.fullmatch(".*".join(parts), text, re.DOTALL) is not None
