"""A ThreatQ made by hand, for answers that the lab does not give."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Request as LabRequest
from support.transport import LabClock, LabTransport
from tq_conn_citrix_waf.http import Answer, Patience, Request, Transport
from tq_conn_citrix_waf.threatq.collections import Threatq
from tq_conn_citrix_waf.threatq.session import Credentials, Session

BASE = "https://threatq.example"
PASSWORD = "correct-horse-battery"
STATUSES = [
    {"id": 1, "name": "Active"},
    {"id": 2, "name": "Expired"},
    {"id": 5, "name": "Whitelisted"},
]
SAVED = {
    "id": 7,
    "name": "Edge",
    "hash": "fsd2f54",
    "json": {"ui_query": {}, "api_query": {"criteria": {}, "filters": []}},
}

Query = dict[str, str]
Answering = Callable[[Query], Answer]


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    named = tuple((k.replace("_", "-"), v) for k, v in headers.items())
    return Answer(status, named, content)


def row(id_: int, **other: object) -> dict[str, Any]:
    flat = {"id": id_, "type": "IP Address", "status": "Active", "status_id": 1}
    return flat | {"value": f"198.51.100.{id_ % 256}", "score": 5} | other


def page(ids: Sequence[int], cursor: str | None, total: object = None) -> Answer:
    body: dict[str, Any] = {"data": [row(i) for i in ids], "limit": 1000}
    if cursor is not None:
        body["nextCursorMark"] = cursor
    if total is not None:
        body["total"] = total
    return answer(body)


class Stub:
    """Answers by method and path; what is sent is kept."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.routes: dict[str, Answering] = {
            "POST /api/token": lambda _: answer({"access_token": "t1"}),
            "GET /api/indicator/statuses": lambda _: answer({"data": STATUSES}),
            "GET /api/search/query": lambda _: answer({"data": [SAVED]}),
        }

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        url = urlsplit(request.url)
        found = self.routes.get(f"{request.method} {url.path}")
        if found is None:
            return answer({"errors": ["Not found"]}, 404)
        return found(dict(parse_qsl(url.query, keep_blank_values=True)))

    def paths(self) -> list[str]:
        return [f"{r.method} {urlsplit(r.url).path}" for r in self.sent]

    def pages(
        self, *answers: Answer, route: str = "POST /api/indicators/query"
    ) -> None:
        """Give one answer after the other, the last one for ever."""
        left = list(answers)
        self.routes[route] = lambda _: left.pop(0) if len(left) > 1 else left[0]


def session(
    transport: Transport, clock: LabClock | None = None, **credentials: str
) -> Session:
    clock = clock or LabClock(Clock())
    who = {"client_id": "c0ffee", "username": "tq@example.org", "password": PASSWORD}
    return Session(
        transport,
        BASE,
        Credentials(**(who | credentials)),
        clock=clock,
        patience=Patience(clock, lambda: 0.5),
    )


def source(stub: Stub) -> Threatq:
    return Threatq(session(stub))


class Site:
    """The lab's ThreatQ, and a session of its user."""

    def __init__(self) -> None:
        self.lab = Lab(seed=1)
        self.clock = LabClock(self.lab.clock)
        user = self.lab.credentials.user
        self.session = session(
            LabTransport(self.lab.threatq),
            self.clock,
            client_id=self.lab.credentials.client_id,
            username=user.username,
            password=user.password,
        )

    @property
    def source(self) -> Threatq:
        """A new one each time: lists are kept by each."""
        return Threatq(self.session)

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # any JSON
        content = b"" if body is None else msgspec.json.encode(body)
        headers = (("Content-Type", "application/json"),)
        got = self.lab.control(LabRequest(method, path, "", headers, content))
        assert got.status < 300, got.body
        return msgspec.json.decode(got.body)

    def collection(self, name: str, indicators: list[dict[str, Any]]) -> None:
        path = f"/threatq/collections/{name}".replace(" ", "%20")
        self.control("PUT", path, {"indicators": indicators})

    def addresses(self, count: int, name: str = "Edge") -> None:
        """Fill a collection with so many active addresses."""
        rows = [
            {"type": "IP Address", "value": f"198.51.{i // 250}.{i % 250}"}
            for i in range(count)
        ]
        self.collection(name, [r | {"status": "Active", "score": 5} for r in rows])

    def dialect(self, **switches: object) -> None:
        self.control("PUT", "/dialect", switches)

    def fault(self, name: str, path: str, **other: object) -> None:
        match = {"path": path}
        body = {"name": name, "service": "threatq", "match": match} | other
        self.control("POST", "/faults", body)

    def asked(self) -> list[str]:
        """Method and path of every request so far, refused ones left out."""
        got = self.control("GET", "/requests")["requests"]
        return [f"{r['method']} {r['path']}" for r in got]
