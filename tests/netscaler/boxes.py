"""Appliances to test against, each with what a person would do and see there."""

from typing import Any, Protocol

import msgspec

from citrix_waf_lab import wire
from citrix_waf_lab.lab import Lab
from support.fake import FakeTarget
from support.transport import LabClock, LabTransport
from tq_conn_citrix_waf.core.ports import Target
from tq_conn_citrix_waf.http import Answer, Patience, Request, Transport
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import Nitro

SET = "tq_block_list"
Entry = tuple[str, str, str]
"""Value, end of range, comment."""


class Box(Protocol):
    """An appliance with one data set, and the target that stands for it."""

    target: Target

    def put(self, *entries: Entry) -> None:
        """Bind as an administrator, on top of what is there."""

    def entries(self, *, saved: bool = False) -> set[Entry]:
        """Return what is bound."""

    def limit(self, capacity: int) -> None:
        """Let the set hold so many values."""

    def secondary(self) -> None:
        """Make the node the secondary of a pair."""


class FakeBox:
    """The target in memory."""

    def __init__(self) -> None:
        self._fake = FakeTarget(SET)
        self.target: Target = self._fake

    def put(self, *entries: Entry) -> None:
        for entry in entries:
            self._fake.put(*entry)

    def entries(self, *, saved: bool = False) -> set[Entry]:
        held = self._fake.stored if saved else self._fake.running
        return {(b.value, b.endrange, b.comment) for b in held.values()}

    def limit(self, capacity: int) -> None:
        self._fake.capacity = capacity

    def secondary(self) -> None:
        self._fake.role = "Secondary"


class Counting:
    """Counts requests on their way to a transport."""

    def __init__(self, inner: Transport) -> None:
        self.sent: list[Request] = []
        self._inner = inner

    def send(self, request: Request) -> Answer:
        self.sent.append(request)
        return self._inner.send(request)


class LabBox:
    """An appliance of the lab, in process unless another transport is given."""

    def __init__(
        self,
        lab: Lab,
        transport: Transport | None = None,
        url: str = "https://adc1.lab",
        kind: str = "ipv4",
    ) -> None:
        self.lab = lab
        self.clock = LabClock(lab.clock)
        self.transport = Counting(transport or LabTransport(lab.appliances["adc1"]))
        login = lab.credentials.appliances["adc1"]
        self.nitro = Nitro(
            self.transport,
            url,
            login.username,
            login.password,
            patience=Patience(self.clock, lambda: 0.5),
        )
        self._kind = kind
        self._replace([])
        self.blocklist = BlockList(self.nitro, SET, self.clock)
        self.target: Target = self.blocklist

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Call the lab's control interface."""
        content = b"" if body is None else msgspec.json.encode(body)
        kind = (("Content-Type", "application/json"),)
        answer = self.lab.control(wire.Request(method, path, "", kind, content))
        assert answer.status < 300, answer.body
        return msgspec.json.decode(answer.body)

    def dialect(self, **switches: object) -> None:
        """Set switches of the lab."""
        self.control("PUT", "/dialect", switches)

    def fault(self, name: str, path: str, **more: object) -> None:
        """Let a fault strike requests to a path: the next one, unless told more."""
        match = {"path": path}
        if "method" in more:
            match["method"] = str(more.pop("method"))
        rule = {"name": name, "match": match, "times": 1, **more}
        self.control("POST", "/faults", rule)

    def put(self, *entries: Entry) -> None:
        held = self._held()["datasets"][SET]["bindings"]
        added = [{"value": v, "endrange": e, "comment": c} for v, e, c in entries]
        self._replace(held + added)

    def _replace(self, bindings: list[dict[str, str]]) -> None:
        kept = [{k: v for k, v in b.items() if v and k != "index"} for b in bindings]
        body = {"type": self._kind, "bindings": kept}
        self.control("PUT", f"/appliances/adc1/datasets/{SET}", body)

    def _held(self) -> Any:  # noqa: ANN401  # JSON
        return self.control("GET", "/appliances/adc1")

    def entries(self, *, saved: bool = False) -> set[Entry]:
        held = self._held()
        sets = held["saved"] if saved else held["datasets"]
        sets = sets.get("datasets", sets)
        rows = sets.get(SET, {"bindings": []})["bindings"]
        return {(r["value"], r.get("endrange", ""), r.get("comment", "")) for r in rows}

    def sessions(self) -> int:
        """Count the open sessions."""
        count: int = self._held()["sessions"]
        return count

    def limit(self, capacity: int) -> None:
        self.dialect(dataset_limit=capacity)

    def secondary(self) -> None:
        self.dialect(ha_role="secondary")
