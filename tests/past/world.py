"""A site with a past, and ``history`` asked about it while everything is away."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from run.test_drift import edit
from support.outside import COLLECTION, Site
from tq_conn_citrix_waf.http import Answer, Request

ADDRESSES = [f"198.18.0.{n}" for n in range(1, 41)]


def away(_request: Request) -> Answer:
    """Be asked by nobody."""
    raise AssertionError("nobody is to be asked")


@dataclass
class Past:
    """The site, and what it prints."""

    site: Site
    capfd: pytest.CaptureFixture[str]

    def lived(self) -> "Past":
        """Let runs 1 to 6 happen, an hour each, and one approval after run 5."""
        self.run(ADDRESSES)
        edit(self.site, 1, [{"value": "203.0.113.99"}])
        self.run([*ADDRESSES[2:], "203.0.114.7"], expired=[ADDRESSES[1]])
        self.run(None, code=3)
        self.run([*ADDRESSES[2:], "203.0.114.7"], expired=[ADDRESSES[1]])
        self.run(ADDRESSES[20:], code=5)
        held = self.told("--last", "1")[0]
        assert held["held"] == 19
        (one,) = self.told(str(held["run"]))["held"]
        words = "feed cleaned up, ticket 4711"
        assert self.site.run("approve", one["id"], "--reason", words) == 0
        self.run(ADDRESSES[20:])
        self.site.send = away  # type: ignore[method-assign,assignment]  # all is gone
        return self

    def run(
        self,
        values: list[str] | None,
        code: int = 0,
        expired: tuple[str, ...] | list[str] = (),
    ) -> None:
        """Run with a collection of these values; None: an empty one."""
        rows = [
            {"type": "IP Address", "value": v, "status": "Active"} for v in values or ()
        ]
        rows += [
            {"type": "IP Address", "value": v, "status": "Expired"} for v in expired
        ]
        path = f"/threatq/collections/{COLLECTION}"
        self.site.control("PUT", path, {"indicators": rows})
        assert self.site.run() == code
        self.site.control("PUT", "/clock", {"advance": 3600})

    def text(self, *words: str, code: int = 0) -> str:
        """Return what ``history`` prints."""
        self.capfd.readouterr()
        assert self.site.run("history", *words) == code
        out, err = self.capfd.readouterr()
        assert bool(err) is bool(code)
        # A path is never broken, and the tests' own are long.
        there = str(self.site.directory)
        assert all(len(line) <= 80 or there in line for line in out.splitlines()), out
        return out + err

    def told(self, *words: str) -> Any:  # noqa: ANN401  # JSON
        """Return what ``history --json`` tells."""
        self.capfd.readouterr()
        assert self.site.run("history", "--json", *words) == 0
        return json.loads(self.capfd.readouterr().out)
