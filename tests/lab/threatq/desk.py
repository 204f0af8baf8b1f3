"""A client's desk: a ThreatQ in process, and short ways to ask it."""

import base64
import json
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect, Value
from citrix_waf_lab.threatq.api import answering
from citrix_waf_lab.threatq.state import ThreatQ
from citrix_waf_lab.threatq.switches import SWITCHES
from citrix_waf_lab.wire import Request

CLIENT_ID = "n2f0zjg4odbmzjkzm2u4zjq0"
USERNAME = "integration@example.com"
PASSWORD = "right horse"
PRIVATE_ID = "private-client"
PRIVATE_SECRET = "private-secret"
PASSWORD_GRANT = {
    "grant_type": "password",
    "client_id": CLIENT_ID,
    "email": USERNAME,
    "password": PASSWORD,
}
FORM = [
    {"key": "api_host", "label": "API IP/Hostname", "type": "text"},
    {"key": "username", "label": "Username", "type": "text"},
    {"key": "password", "label": "Password", "type": "password"},
    {"key": "data_collection", "label": "Data Collection", "type": "text"},
    {"key": "ip_block_list", "label": "IP Block List", "type": "text"},
    {"key": "use_https", "label": "Use HTTPS", "type": "checkbox"},
]
REGISTRATION: dict[str, object] = {
    "name": "Citrix WAF Connector",
    "category": "Labs",
    "custom_fields": FORM,
}


def basic(name: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()


def addresses(count: int) -> list[dict[str, object]]:
    return [
        {
            "type": "IP Address",
            "value": f"198.51.{i // 256}.{i % 256}",
            "status": "Active",
            "score": i % 11,
        }
        for i in range(count)
    ]


@dataclass(frozen=True)
class Reply:
    """What came back; ``body`` is the JSON of it, or its text."""

    status: int
    headers: dict[str, str]
    body: Any
    raw: bytes


class Desk:
    """One ThreatQ, its clock and switches, and a client that has signed in or not."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = Clock()
        self.dialect = Dialect(SWITCHES)
        self.threatq = ThreatQ(
            clock=self.clock,
            dialect=self.dialect,
            rng=random.Random(seed),  # noqa: S311 - ids that repeat guard nothing
            client_id=CLIENT_ID,
            username=USERNAME,
            password=PASSWORD,
            private_id=PRIVATE_ID,
            private_secret=PRIVATE_SECRET,
        )
        self._answer = answering(self.threatq)
        self.authorization: str | None = None

    def set(self, **answers: Value) -> None:
        self.dialect.set(answers)

    def send(
        self,
        method: str,
        target: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
    ) -> Reply:
        path, _, query = target.partition("?")
        sent = dict(headers or {})
        if self.authorization is not None:
            sent.setdefault("Authorization", self.authorization)
        answer = self._answer(Request(method, path, query, tuple(sent.items()), body))
        told = dict(answer.headers)
        is_json = told.get("Content-Type") == "application/json" and answer.body
        shown = json.loads(answer.body) if is_json else answer.body.decode()
        return Reply(answer.status, told, shown, answer.body)

    def ask(self, method: str, target: str, body: object = None) -> Reply:
        if body is None:
            return self.send(method, target)
        kind = {"Content-Type": "application/json"}
        return self.send(method, target, json.dumps(body).encode(), kind)

    def get(self, target: str) -> Reply:
        return self.ask("GET", target)

    def post(self, target: str, body: object = None) -> Reply:
        return self.ask("POST", target, body)

    def put(self, target: str, body: object = None) -> Reply:
        return self.ask("PUT", target, body)

    def sign_in(self) -> Reply:
        self.authorization = None
        reply = self.post("/api/token", PASSWORD_GRANT)
        assert reply.status == 200, reply
        self.authorization = "Bearer " + reply.body["access_token"]
        return reply

    def collect(self, name: str = "Block at edge", count: int = 25) -> None:
        self.threatq.put_collection(name, addresses(count))

    def row(self, position: int = 0) -> dict[str, Any]:
        row: dict[str, Any] = self.get("/api/search/query").body["data"][position]
        return row

    def stored_query(self) -> dict[str, Any]:
        stored: dict[str, Any] = self.row()["json"]["api_query"]
        return stored

    def page(self, body: object = None, **parameters: object) -> Reply:
        query = self.stored_query() if body is None else body
        return self.post(f"/api/indicators/query?{urlencode(parameters)}", query)

    def walk(self, body: object = None, **parameters: object) -> list[dict[str, Any]]:
        """Walk by cursor until the mark stands still, at most a hundred pages."""
        mark, rows = "*", list[dict[str, Any]]()
        query = self.stored_query() if body is None else body
        for _ in range(100):
            page = self.page(query, cursorMark=mark, **parameters)
            assert page.status == 200, page
            rows += page.body["data"]
            if page.body["nextCursorMark"] == mark:
                return rows
            mark = page.body["nextCursorMark"]
        raise AssertionError("the walk did not end")
