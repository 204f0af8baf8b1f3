"""One request to NITRO, and how it is spelled."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

import msgspec

from tq_conn_citrix_waf.http import MOST_BYTES, Answer, Request
from tq_conn_citrix_waf.netscaler.reply import Reply

JSON = "application/json"
READ_SECONDS = 60.0
_COOKIES = ("NITRO_AUTH_TOKEN", "sessionid")


@dataclass(frozen=True, slots=True)
class Call:
    """One request to NITRO.

    Attributes:
        path: below ``/nitro/v1/config/``, names encoded by ``in_path``.
        query: after the ``?``, values encoded by ``args``.
        safe: whether repeating it after a lost answer does no harm.
        step: what it is for, in two or three words for messages.
    """

    method: str
    path: str
    step: str
    query: str = ""
    body: object = field(default=None, repr=False)
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    safe: bool = False
    read_seconds: float = READ_SECONDS
    most_bytes: int = MOST_BYTES

    def request(self, base_url: str, cookie: str) -> Request:
        """Spell it out for an appliance and a session; cookie '' for none."""
        headers = {"Accept": JSON, **self.headers}
        if cookie:
            headers["Cookie"] = cookie
        content = None
        if self.body is not None:
            headers["Content-Type"] = self.content_type
            content = msgspec.json.encode(self.body)
        query = f"?{self.query}" if self.query else ""
        url = f"{base_url}/nitro/v1/config/{self.path}{query}"
        return Request(
            self.method, url, headers, content, self.read_seconds, self.most_bytes
        )


def in_path(name: str) -> str:
    """Encode a name for a path: twice, as the vendor's clients do (client code)."""
    return quote(quote(name, safe=""), safe="")


def args(**values: str) -> str:
    """Make an ``args`` query: values encoded once, ``:`` and ``,`` as they are.

    Encoded twice gave "Invalid value" (recorded, TF's channel_interface_binding).
    """
    pairs = (f"{k}:{quote(v, safe='')}" for k, v in values.items() if v)
    return "args=" + ",".join(pairs)


def session_cookie(answer: Answer, reply: Reply) -> str:
    """Return the cookie to send: the appliance's own, else the body's token.

    NITRO_AUTH_TOKEN is documented; ``sessionid`` was recorded (telegraf#11478) and is
    the percent-encoded form of the body's ``sessionid``.
    """
    for header in answer.header_all("set-cookie"):
        name, _, value = header.partition(";")[0].strip().partition("=")
        if name in _COOKIES and value and value != "deleted":
            return f"{name}={value}"
    if reply.session:
        return f"{_COOKIES[0]}={quote(reply.session, safe='')}"
    return ""
