"""Labs that are wrong in one way each, drawn by a seed from the tables of quirks.

What is made wrong (status, reason phrase, key, shape) follows from the exchange of the
row: all answers to its method and resource, with its status and errorcode.
"""

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

from citrix_waf_lab.document import quirks
from citrix_waf_lab.exchanges import Exchange, read
from citrix_waf_lab.quirks import Quirk
from interop.environments import ROOT

SYSTEMS = ("netscaler", "threatq")
KINDS = ("status", "reason", "key", "shape")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong lab: the row that it follows from, and what is wrong."""

    system: str
    quirk: Quirk
    exchange: Exchange
    kind: str

    @property
    def wish(self) -> dict[str, object]:
        """Return it as ``mutation`` takes it."""
        target = str(self.exchange.request["target"]).partition("?")[0]
        return {
            "service": self.system,
            "method": self.exchange.request["method"],
            "path": _pattern(target),
            "status": self.status,
            "code": self.code,
            "kind": self.kind,
        }

    @property
    def status(self) -> int:
        """Return the status that the exchange expects."""
        return int(str(self.exchange.expect["status"]).partition(" ")[0])

    @property
    def code(self) -> int | None:
        """Return the errorcode that the exchange expects."""
        told = self.exchange.expect
        text = told.get("body") or json.dumps(told.get("json", {}))
        found = re.search(r'"errorcode": ?(\d+)', str(text))
        return int(found[1]) if found else None

    @property
    def words(self) -> str:
        """Say what is wrong."""
        target = str(self.exchange.request["target"]).partition("?")[0]
        resource = re.sub(r"<<[^>]*>>", "…", target.rpartition("/v1/")[2])
        code = "" if self.code is None else f" with errorcode {self.code}"
        asked = f"{self.exchange.request['method']} {resource}"
        return f"wrong {self.kind} of {asked} {self.status}{code}"


def _pattern(target: str) -> str:
    """Return a pattern for a path, whatever stands for its names and numbers."""
    nitro = re.fullmatch(r"(/nitro/v1/\w+/\w+)(/.*)?", target)
    if nitro:
        return re.escape(nitro[1]) + ("/[^/]+" if nitro[2] else "")
    parts = [
        "[^/]+" if "<<" in part or part.isdigit() else re.escape(part)
        for part in target.split("/")
    ]
    return "/+".join(parts)


def drawn(count: int, seed: int) -> list[Mutant]:
    """Draw rows, and of each one way to be wrong."""
    rng = random.Random(seed)  # noqa: S311  # it must repeat
    rows = [
        (system, quirk, found)
        for system in SYSTEMS
        for quirk in quirks(system)
        if (found := exchanges(system).get(str(quirk.exchange)))
        and found.service != "control"
        and found.expect["status"] != "no answer"
    ]
    return [
        Mutant(system, quirk, exchange, rng.choice(_ways(exchange)))
        for system, quirk, exchange in rng.sample(rows, count)
    ]


def _ways(exchange: Exchange) -> list[str]:
    """Return how the answer can be wrong: with a body also in key and shape."""
    told = exchange.expect
    body = bool(told.get("json")) or str(told.get("body", "")).startswith("{")
    return [kind for kind in KINDS if body or kind in ("status", "reason")]


def files(system: str) -> list[Path]:
    """Return the files with the exchanges of a system."""
    return sorted((ROOT / "lab" / "exchanges" / system).glob("*.jsonl"))


def exchanges(system: str) -> dict[str, Exchange]:
    """Return the exchanges of a system by name."""
    return {one.name: one for file in files(system) for one in read(file).exchanges}
