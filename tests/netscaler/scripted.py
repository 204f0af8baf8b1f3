"""Appliances written by hand: for what the lab does not answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

from tq_conn_citrix_waf.core.dataset import Binding
from tq_conn_citrix_waf.core.ports import Fate, Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.http import Answer, Patience, Request
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.rows import BINDINGS

PASSWORD = "correct-horse"
TOKEN = "##0123ABCD"

Answering = Callable[[Request], Answer | Exception | None]
"""Answers a request, or fails it; None leaves it to the usual answer."""


def reply(
    status: int = 200, *, code: int = 0, message: str = "Done", **more: object
) -> Answer:
    """Make an answer as NITRO does."""
    body = {"errorcode": code, "message": message, "severity": "ERROR", **more}
    return Answer(status, (), msgspec.json.encode(body))


def bulk(*codes: int, status: int = 207) -> Answer:
    """Make the answer to a batch of which a part failed."""
    items = [
        {"errorcode": c, "message": f"text {c}", "severity": "ERROR"} for c in codes
    ]
    return reply(status, code=1243, message="Bulk operation failed", response=items)


class Idle:
    """A clock that sleeping moves on."""

    def __init__(self) -> None:
        self.slept = 0.0

    def now(self) -> datetime:
        return datetime(2026, 1, 5, tzinfo=UTC) + timedelta(seconds=self.slept)

    def monotonic(self) -> float:
        return self.slept

    def sleep(self, seconds: float) -> None:
        self.slept += seconds


class Scripted:
    """A transport with an answering function; counts, and signs in anybody."""

    def __init__(self, answering: Answering = lambda _request: None) -> None:
        self.answering = answering
        self.sent: list[Request] = []

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        given = self.answering(request)
        if isinstance(given, Exception):
            raise given
        return given or self._usual(request)

    def _usual(self, request: Request) -> Answer:
        what = request.url.partition("/config/")[2]
        if what == "login":
            return reply(201, sessionid=TOKEN)
        if what == "policydataset/bl":
            return reply(policydataset=[{"name": "bl", "type": "ipv4"}])
        return reply()

    @property
    def asked(self) -> list[str]:
        """Return method and path of each request, without login and logout."""
        sent = [(r.method, r.url.partition("/config/")[2]) for r in self.sent]
        return [f"{m} {p}" for m, p in sent if p not in ("login", "logout")]

    def count(self, what: str) -> int:
        """Count the requests to a resource."""
        return sum(r.url.endswith(f"/config/{what}") for r in self.sent)


def session(transport: Scripted, url: str = "https://adc.example") -> Nitro:
    """Return a session through a transport."""
    return Nitro(
        transport, url, "tq_sync", PASSWORD, patience=Patience(Idle(), lambda: 0.5)
    )


def blocklist(answering: Answering, name: str = "bl") -> tuple[BlockList, Scripted]:
    """Return a data set behind an answering function."""
    transport = Scripted(answering)
    return BlockList(session(transport), name, Idle()), transport


MARK = "tq-waf:0123abcd:2026-01-05"
PUT = f"PUT {BINDINGS}"
UNBIND = f"POST {BINDINGS}?action=unbind"
DONE, ALREADY, FULL = Fate.DONE, Fate.ALREADY, Fate.FULL
REFUSED, UNKNOWN = Fate.REFUSED, Fate.UNKNOWN


def logging_in(request: Request) -> bool:
    return request.url.endswith("/login")


def only_login(answer: Answer | Exception) -> Scripted:
    return Scripted(lambda r: answer if logging_in(r) else None)


def to(resource: str, answer: Answer) -> tuple[BlockList, Scripted]:
    """Return a data set whose appliance answers so for one resource."""
    end = f"/config/{resource}"
    return blocklist(
        lambda r: answer if r.url.partition("?")[0].endswith(end) else None
    )


def many(count: int) -> list[AddressRange]:
    first = 0xC6120000
    return [AddressRange(Family.V4, first + n, first + n) for n in range(count)]


def bound(count: int) -> list[Binding]:
    return [Binding(r, str(r)) for r in many(count)]


def writes(answer: Answer | Exception) -> Answering:
    return lambda r: answer if BINDINGS in r.url and r.method != "GET" else None


def fates(outcomes: list[Outcome]) -> list[Fate]:
    return [o.fate for o in outcomes]


def content(request: Request) -> object:
    found: dict[str, object] = msgspec.json.decode(request.body or b"{}")
    return found[BINDINGS]
