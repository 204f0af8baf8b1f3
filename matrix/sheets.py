"""The dialect sheet against the lab over a socket: what is seen is what is set.

1. Each answer of each switch is set alone, on a fresh lab. Whatever a sheet then says
   it has seen must be what the lab is set to; not only for that switch.
2. A sheet may say of a switch that it cannot be seen. It must say so for all answers
   whose switch has no eye, and for those alone that ``BLIND`` names.
"""

from collections.abc import Mapping
from typing import Any

import msgspec

from citrix_waf_lab import wire
from citrix_waf_lab.dialects import Value
from citrix_waf_lab.lab import SWITCHES, Lab
from citrix_waf_lab.serving import Serving
from contract import netscaler, threatq
from contract.ask import Client
from contract.box import Box, RefusedError
from contract.desk import Desk
from contract.sheet import Seen, Sheet
from matrix.answers import ANSWERS
from matrix.days import singles
from support.outside import COLLECTION, CONNECTOR
from tq_conn_citrix_waf.threatq.form import blank

SYSTEMS = {"netscaler": netscaler, "threatq": threatq}
BLIND: Mapping[str, tuple[Value, ...]] = {
    "session_limit": (0,),
    "dataset_limit": (100_000,),
    "page_over_limit": ("capped", "refused"),
}
"""Answers that their switch's own sheet cannot show: nobody signs in; beyond what is
tried; without a limit there is nothing over it."""
_THOROUGH = ("session_limit", "session_limit_", "dataset_limit", "basic_failure")
_MEMBERS = 620
"""Rows of the collection: a dozen pages."""


class Bench:
    """A lab on sockets, and both systems as the contract's own clients see them."""

    def __init__(self) -> None:
        self.lab = Lab(seed=1, running=True)
        self.serving = Serving(self.lab)
        self._card = self.serving.card()

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Call the lab's control interface."""
        content = b"" if body is None else msgspec.json.encode(body)
        kind = (("Content-Type", "application/json"),)
        where = path.replace(" ", "%20")
        answer = self.lab.control(wire.Request(method, where, "", kind, content))
        if answer.status >= 300:  # noqa: PLR2004  # the class of the code
            raise ValueError(answer.body)
        return msgspec.json.decode(answer.body)

    def sheet(self, system: str, name: str, answer: Value) -> Sheet | None:
        """Return the sheet of a fresh lab with one answer; None: nobody gets in."""
        self.control("POST", "/reset")
        desk = self._desk() if system == "threatq" else None
        self.control("PUT", "/dialect", {"save_seconds": 0.05})
        self.control("PUT", "/dialect", {name: answer})
        try:
            return self._box(name) if desk is None else threatq.sheet(desk)
        except RefusedError:
            return None

    def _box(self, name: str) -> Sheet:
        adc = self._card["appliances"][0]
        who = adc["username"], adc["password"]
        box = Box(Client(adc["url"]), *who, thorough=name.startswith(_THOROUGH))
        with box.signed_in():
            return netscaler.sheet(box)

    def _desk(self) -> Desk:
        """Fill ThreatQ, with an entry whose form is filled in."""
        values = [*singles(0), *singles(20), *singles(40)][:_MEMBERS]
        usual = {"type": "IP Address", "status": "Active", "score": 5}
        for name, some in ((COLLECTION, values), ("Another", values[:1])):
            rows = [usual | {"value": value} for value in some]
            path = f"/threatq/collections/{name}"
            self.control("PUT", path, {"indicators": rows})
        card = self._card["threatq"]
        who = card["client_id"], card["username"], card["password"]
        desk = Desk(Client(card["url"]), *who, COLLECTION, CONNECTOR)
        desk.sign_in()
        made = {"name": CONNECTOR, "category": "Labs", "custom_fields": blank()}
        desk.ask("POST", "/api/connectors", made, desk.bearer())
        filled = {"Password": "hidden", "Use HTTPS": True, "enabled": True}
        self.control("PUT", f"/threatq/connectors/{CONNECTOR}/form", filled)
        return desk


def flaws(system: str, names: list[str]) -> list[str]:
    """Return what the sheets of some switches of a system get wrong."""
    bench = Bench()
    try:
        return [
            flaw
            for name in names
            for answer in ANSWERS[name]
            for flaw in _flaws(bench, system, name, answer)
        ]
    finally:
        bench.serving.stop()


def _flaws(bench: Bench, system: str, name: str, answer: Value) -> list[str]:
    sheet = bench.sheet(system, name, answer)
    if sheet is None:
        return [] if answer in BLIND.get(name, ()) else [f"{name}={answer}: no sheet"]
    dialect = bench.control("GET", "/dialect")
    found = [
        f"{name}={answer}: {one} was seen as {sight.answers}"
        for one, sight in sheet.items()
        if isinstance(sight, Seen) and dialect[one]["value"] not in sight.answers
    ]
    due = name in eyes(system) and answer not in BLIND.get(name, ())
    if due and not isinstance(sheet[name], Seen):
        found.append(f"{name}={answer}: {sheet[name]}")
    left = bench.control("GET", "/appliances/adc1")
    if left["datasets"] or left["sessions"]:
        found.append(f"{name}={answer}: a set or a session is left behind")
    return found


def eyes(system: str) -> list[str]:
    """Return the switches that a sheet has an eye for."""
    made = SYSTEMS[system]
    seeing = [n for n, probe in made.SEEN.items() if probe.__name__ != "<lambda>"]
    return [*seeing, *made.FIRST]


def switches(system: str) -> list[str]:
    """Return the names of a system's switches."""
    return [switch.name for switch in SWITCHES[system]]
