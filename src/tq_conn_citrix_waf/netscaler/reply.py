"""What the NetScaler answered, decoded as far as it can be.

1. Nothing here raises: what cannot be read has no code.
2. Bytes that are no UTF-8, such as an umlaut in an administrator's comment from an old
   terminal, are replaced: they must not make a whole data set unreadable.
3. An error has the same three members everywhere: code, message, severity. XML comes
   where ``Accept`` was not heeded, HTML from what stands before NITRO.
"""

import re
from dataclasses import dataclass, field
from typing import Any

import msgspec

from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.netscaler import codes

_WORDS = 200


class _Head(msgspec.Struct, gc=False):
    """The members of every answer; ``Any`` so that an odd one spoils nothing."""

    errorcode: Any = None
    message: Any = ""
    severity: Any = ""
    sessionid: Any = ""
    response: Any = None


_head = msgspec.json.Decoder(_Head)


@dataclass(frozen=True, slots=True)
class Item:
    """What became of one object of a batch; the code is None where it is unreadable."""

    code: int | None
    message: str
    warning: bool = False

    @property
    def done(self) -> bool:
        """Whether it was carried out; a warning only adds words."""
        if self.code in codes.NOT_ATTEMPTED:
            return False
        return self.code == codes.DONE or self.code in codes.NOT_COPIED or self.warning

    @property
    def words(self) -> str:
        """Return message and code in one line."""
        return f"{self.message or 'no words'} (errorcode {self.code})"


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer.

    Attributes:
        whole: code and words for the request as a whole.
        items: for each object of a batch, in order; None where there is no such list.
        session: the token in the body of a login, or ''.
    """

    status: int
    whole: Item
    items: tuple[Item, ...] | None = None
    session: str = field(default="", repr=False)
    body: bytes = field(default=b"", repr=False)

    @property
    def code(self) -> int | None:
        """Return the code for the request as a whole."""
        return self.whole.code

    @property
    def ok(self) -> bool:
        """Whether the request was carried out as a whole."""
        return 200 <= self.status < 300 and self.whole.done  # noqa: PLR2004  # HTTP's own classes

    @property
    def words(self) -> str:
        """Return what was said, in one line."""
        said = self.whole.message or "no words"
        code = "" if self.code is None else f"errorcode {self.code}, "
        return f"{said} ({code}HTTP {self.status})"


def read_reply(answer: Answer) -> Reply:
    """Decode an answer; an empty one with a 2xx status means done."""
    if not answer.body.strip():
        fine = 200 <= answer.status < 300  # noqa: PLR2004  # HTTP's own classes
        whole = Item(codes.DONE if fine else None, "" if fine else "an empty answer")
        return Reply(answer.status, whole)
    body = _utf8(answer.body)
    try:
        head = _head.decode(body)
    except (msgspec.DecodeError, RecursionError):  # or a JSON value that is no object
        return Reply(answer.status, _from_text(body), body=body)
    return Reply(
        answer.status,
        _item(head.errorcode, head.message, head.severity),
        _items(head.response),
        head.sessionid if isinstance(head.sessionid, str) else "",
        body,
    )


def _utf8(body: bytes) -> bytes:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("utf-8", "replace").encode("utf-8")
    return body


def one_line(text: str) -> str:
    """Return a foreign text fit for a message: printable, one line, not too long."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    flat = " ".join(plain.split())
    return flat if len(flat) <= _WORDS else flat[: _WORDS - 3] + "..."


def whole_number(value: object) -> int | None:
    """Return a number that came as a number or as a text; None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,18}", value):
        return int(value)
    return None


def _item(code: object, message: object, severity: object) -> Item:
    words = one_line(message) if isinstance(message, str) else ""
    return Item(whole_number(code), words, str(severity).upper() == "WARNING")


def _items(response: object) -> tuple[Item, ...] | None:
    if not isinstance(response, list):
        return None
    rows = (row if isinstance(row, dict) else {} for row in response)
    return tuple(
        _item(row.get("errorcode"), row.get("message"), row.get("severity"))
        for row in rows
    )


_XML_CODE = re.compile(r"<errorcode>\s*([0-9]{1,9})\s*</errorcode>")
_XML_WORDS = re.compile(r"<message>(.*?)</message>", re.DOTALL)
_HTML_WORDS = re.compile(r"<(h4|title|h1)[^>]*>(.*?)</\1>", re.DOTALL | re.IGNORECASE)


def _from_text(body: bytes) -> Item:
    """Read XML or HTML, whose ``<h4>`` holds the reason (client code, SDK)."""
    text = body[:10_000].decode("utf-8", "replace")
    code, words = _XML_CODE.search(text), _XML_WORDS.search(text)
    if code:
        return Item(int(code[1]), one_line(words[1]) if words else "")
    page = {m[1].lower(): m[2] for m in _HTML_WORDS.finditer(text)}
    found = page.get("h4") or page.get("title") or page.get("h1")
    if found:
        return Item(None, f"a web page: {one_line(found)}")
    return Item(None, f"no NITRO answer: {one_line(text[:60])!r}")
