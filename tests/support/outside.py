"""A whole site in memory: a lab in process, the connector's command line against it.

The connector runs as its users run it (``cli.main``), only its transports and its clock
are the lab's. Every request passes through ``Site.gate``, which may end the run there.
"""

from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import msgspec

from citrix_waf_lab import wire
from citrix_waf_lab.lab import Lab
from support.transport import LabClock, LabTransport
from tq_conn_citrix_waf.cli.main import main
from tq_conn_citrix_waf.http import Answer, Request, TransportError
from tq_conn_citrix_waf.run.hosts import Hosts
from tq_conn_citrix_waf.run.site import Outside

if TYPE_CHECKING:
    from collections.abc import Callable

COLLECTION = "Block at edge"
BLOCK_LIST = "tq_block_list"
CONNECTOR = "Citrix WAF Connector"
BY_HAND = (
    {"value": "198.51.100.7", "comment": "by hand"},
    {"value": "203.0.113.0/28"},
    {"value": "192.0.2.10", "endrange": "192.0.2.20", "comment": "change 4711"},
)


@dataclass(frozen=True, slots=True)
class Names(Hosts):
    """A resolver and routes of a test: no name leaves this host."""

    known: dict[str, list[str]] = field(default_factory=dict)
    own: tuple[str, ...] = ("203.0.113.200",)

    def of(self, name: str) -> list[str]:
        return self.known.get(name, ["127.0.0.1"] if name == "127.0.0.1" else [])

    def towards(self, name: str) -> list[str]:
        return list(self.own) if self.of(name) else []


NAMES = Names({"threatq.lab": ["203.0.113.80"], "adc1.lab": ["10.254.1.1"]})


class Killed(BaseException):
    """The process is gone: no code of ours may catch this and go on."""


@dataclass
class Site:
    """A lab, a configured connector beside it, and what a person does to them.

    ``name`` is the connector's in ThreatQ: several may share a lab.
    """

    directory: Path
    lab: Lab = field(default_factory=lambda: Lab(seed=1))
    name: str = CONNECTOR
    sent: int = 0
    kill_at: int | None = None
    hosts: Hosts = NAMES

    def __post_init__(self) -> None:
        self.control(
            "PUT",
            f"/appliances/adc1/datasets/{BLOCK_LIST}",
            {"type": "ipv4", "bindings": list(BY_HAND)},
        )

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Call the lab's control interface."""
        where, _, query = path.partition("?")
        answer = self.lab.control(
            wire.Request(
                method,
                where.replace(" ", "%20"),
                query,
                (("Content-Type", "application/json"),),
                b"" if body is None else msgspec.json.encode(body),
            )
        )
        assert answer.status < 300, answer.body
        return msgspec.json.decode(answer.body)

    def outside(self) -> Outside:
        """Return what the connector reaches the world by: this lab."""
        clock = LabClock(self.lab.clock)
        return Outside(clock, lambda _trust, _proxy: self, self.hosts)

    def run(self, *words: str) -> int:
        """Run the connector's command line."""
        arguments = ["-c", str(self.directory), *words]
        return int(main(arguments, self.outside()))

    def configure(self, monkeypatch: Any, **form: object) -> None:  # noqa: ANN401  # pytest's
        """Make the first run, and fill in the form."""
        self.answer(monkeypatch)
        assert self.run("--name", self.name) == 0
        self.form(**form)

    def answer(self, monkeypatch: Any, **other: str) -> None:  # noqa: ANN401  # pytest's
        """Pipe the five answers of the first run, some of them others."""
        known = self.lab.credentials
        lines = {
            "host": "http://threatq.lab",
            "client_id": known.client_id,
            "username": known.user.username,
            "password": known.user.password,
            "status": "Review",
        } | other
        answers = iter(lines.values())

        def piped(_question: str = "") -> str:
            try:
                return next(answers)
            except StopIteration:
                raise EOFError from None

        monkeypatch.setattr("builtins.input", piped)

    def form(self, **other: object) -> None:
        """Fill in the form in ThreatQ as a person does."""
        adc = self.lab.credentials.appliances["adc1"]
        fields = {
            "API IP/Hostname": "adc1.lab",
            "Username": adc.username,
            "Password": adc.password,
            "Data Collection": COLLECTION,
            "IP Block List": BLOCK_LIST,
            "Use HTTPS": False,
            "enabled": True,
        }
        self.control("PUT", f"/threatq/connectors/{self.name}/form", fields | other)

    def collection(self, values: list[str], name: str = COLLECTION) -> None:
        """Make or replace a data collection of active IP addresses."""
        rows = [
            {"type": "IP Address", "value": v, "status": "Active", "score": 5}
            for v in values
        ]
        self.control("PUT", f"/threatq/collections/{name}", {"indicators": rows})

    def view(self) -> dict[str, Any]:
        """Return what the appliance holds."""
        found: dict[str, Any] = self.control("GET", "/appliances/adc1")
        return found

    def bindings(self, *, saved: bool = False) -> list[dict[str, str]]:
        """Return the value bindings of the block list."""
        view = self.view()["saved" if saved else "datasets"]
        rows: list[dict[str, str]] = view.get(BLOCK_LIST, {"bindings": []})["bindings"]
        return rows

    def ours(self, *, saved: bool = False) -> set[str]:
        """Return the values that carry a mark."""
        return {
            b["value"]
            for b in self.bindings(saved=saved)
            if b.get("comment", "").startswith("tq-waf:")
        }

    def foreign(self) -> list[tuple[str, str, str]]:
        """Return the entries without a mark: value, end, comment."""
        return [
            (b["value"], b.get("endrange", ""), b.get("comment", ""))
            for b in self.bindings()
            if not b.get("comment", "").startswith("tq-waf:")
        ]

    def requests(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the requests after a mark."""
        found: list[dict[str, Any]] = self.control("GET", f"/requests?since={since}")[
            "requests"
        ]
        return found

    def writes(self, since: int = 0) -> list[dict[str, Any]]:
        """Return the NITRO requests that change something, after a mark."""
        session = ("/nitro/v1/config/login", "/nitro/v1/config/logout")
        return [
            r
            for r in self.requests(since)
            if r["service"] == "netscaler"
            and r["method"] != "GET"
            and r["path"] not in session
        ]

    @property
    def mark(self) -> int:
        """Return the number of requests so far, to be given as ``since``."""
        number: int = self.control("GET", "/requests?since=0")["next"]
        return number

    def send(self, request: Request) -> Answer:
        """Bring a request of the connector to where it goes, or end the process."""
        self.sent += 1
        if self.kill_at == -self.sent:
            raise Killed  # it does not even leave
        if self.kill_at == self.sent:
            with suppress(TransportError):
                self.deliver(request)  # it arrives; its answer does not
            raise Killed
        return self.deliver(request)

    def deliver(self, request: Request) -> Answer:
        """Bring a request to the system that its host names."""
        answering: Callable[[wire.Request], wire.Answer] = self.lab.threatq
        host = urlsplit(request.url).hostname or ""
        if host != "threatq.lab":
            answering = self.lab.appliances[host.removesuffix(".lab")]
        return LabTransport(answering).send(request)
