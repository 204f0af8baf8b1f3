"""Somebody asks: the command line's words, and its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from kinds.both import Both, kind
from support.outside import COLLECTION, Site

DAY = 24 * 3600.0


@dataclass
class Asking:
    """A site, and what ``explain`` says of it."""

    both: Both
    capfd: pytest.CaptureFixture[str]

    @property
    def site(self) -> Site:
        return self.both.site

    def holds(self, *rows: str | Mapping[str, object], name: str = COLLECTION) -> None:
        """Make the data collection: values, or indicators with more than that."""
        full: list[dict[str, object]] = []
        for row in rows:
            of = {"value": row} if isinstance(row, str) else {**row}
            stock = {"type": kind(str(of["value"])), "status": "Active", "score": 5}
            full.append({**stock, **of})
        path = f"/threatq/collections/{name}"
        self.site.control("PUT", path, {"indicators": full})

    def run(self, *words: str) -> int:
        code = self.site.run(*words)
        self.capfd.readouterr()
        return code

    def words(self, asked: str, code: int = 0) -> str:
        """What a person reads, its lines joined, and that it fits in 80 columns."""
        self.capfd.readouterr()
        assert self.site.run("explain", asked) == code
        told = self.capfd.readouterr().out
        whole = ("    tq-conn", "    unbind", str(self.site.directory))
        lines = [li for li in told.splitlines() if not any(w in li for w in whole)]
        assert max(map(len, lines), default=0) <= 80
        assert "\x1b" not in told
        return " ".join(told.split())

    def json(self, asked: str, code: int = 0) -> dict[str, Any]:
        self.capfd.readouterr()
        assert self.site.run("explain", asked, "--json") == code
        told: dict[str, Any] = json.loads(self.capfd.readouterr().out)
        return told

    def kinds(self, asked: str) -> list[str]:
        """The kinds of causes."""
        return [cause["kind"] for cause in self.json(asked)["causes"]]

    def away(self, service: str) -> None:
        """Nothing of a system answers from now on."""
        fault = {"name": "refuse", "service": service, "times": None}
        self.site.control("POST", "/faults", fault)

    def back(self) -> None:
        self.site.control("DELETE", "/faults")

    def forget(self) -> None:
        """Lose every local file but the configuration."""
        for path in self.site.directory.iterdir():
            if path.suffix != ".toml":
                path.unlink()
