"""One appliance in process, and short ways to ask it."""

import json
import random
from collections.abc import Mapping
from typing import Any

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.api import answering
from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.netscaler.switches import SWITCHES
from citrix_waf_lab.wire import Answer, Request

USERNAME, PASSWORD = "tq_sync", "right-horse"
STATELESS = {"X-NITRO-USER": USERNAME, "X-NITRO-PASS": PASSWORD}
BINDING = "policydataset_value_binding"
LIST_TYPE = f"application/vnd.com.citrix.netscaler.{BINDING}_list+json"


class Box:
    """An appliance, its clock and dialect, and a caller with stateless headers."""

    def __init__(self, **answers: object) -> None:
        self.clock = Clock()
        self.dialect = Dialect(SWITCHES)
        self.dialect.set(answers)
        self.appliance = Appliance(
            "adc1",
            clock=self.clock,
            dialect=self.dialect,
            rng=random.Random(1),  # noqa: S311 -- must repeat
            username=USERNAME,
            password=PASSWORD,
        )
        self.answer = answering(self.appliance)

    def ask(
        self,
        method: str,
        target: str,
        body: object = None,
        headers: Mapping[str, str] = STATELESS,
    ) -> Answer:
        """Ask for a resource below ``/nitro/v1/config/``."""
        path, _, query = target.partition("?")
        sent = {"Accept": "application/json", "Content-Type": "application/json"}
        sent |= headers
        data = b"" if body is None else json.dumps(body).encode()
        path = f"/nitro/v1/config/{path}"
        return self.answer(Request(method, path, query, tuple(sent.items()), data))

    def bind(self, *values: str, onerror: str = "exit") -> Answer:
        """Bind values to ``bl4`` in one bulk."""
        objects = [{"name": "bl4", "value": value} for value in values]
        headers = {**STATELESS, "Content-Type": LIST_TYPE, "X-NITRO-ONERROR": onerror}
        return self.ask("PUT", BINDING, {BINDING: objects}, headers)

    def bound(self, name: str = "bl4") -> list[str]:
        """Return the values of a set as a GET shows them."""
        rows = said(self.ask("GET", f"{BINDING}/{name}")).get(BINDING, [])
        return [row["value"] for row in rows]

    def log_in(self) -> dict[str, str]:
        """Log in and return the headers of a session's request."""
        login = {"login": {"username": USERNAME, "password": PASSWORD}}
        token = said(self.ask("POST", "login", login, {}))["sessionid"]
        return {"Cookie": f"sessionid={token}"}


def said(answer: Answer) -> Any:  # noqa: ANN401 -- JSON
    """Return what a body says."""
    return json.loads(answer.body)


def code(answer: Answer) -> int:
    """Return the errorcode of an answer; 0 for an empty body."""
    return int(said(answer)["errorcode"]) if answer.body else 0
