"""A site to be checked, over sockets and TLS, and what a check of it said."""

import json
import shlex
import sys
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

from support.transport import LabClock
from tq_conn_citrix_waf.cli.main import main
from tq_conn_citrix_waf.run.site import Outside
from trust.sockets import TlsSite

WANTED = [f"198.18.0.{n}" for n in range(20)]


@dataclass(frozen=True, slots=True)
class Seen:
    """What one check said: its exit code and its rows."""

    exit: int
    rows: list[dict[str, Any]]

    def states(self) -> set[str]:
        return {row["state"] for row in self.rows}

    def failed(self) -> list[tuple[str, str, int]]:
        return [
            (r["area"], r["name"], r["exit"]) for r in self.rows if r["state"] == "fail"
        ]

    def unchecked(self, area: str) -> list[str]:
        return [
            r["name"]
            for r in self.rows
            if r["area"] == area and r["state"] == "not checked"
        ]

    def row(self, area: str, name: str) -> dict[str, Any]:
        (found,) = [r for r in self.rows if (r["area"], r["name"]) == (area, name)]
        return found


class Shifted(LabClock):
    """The lab's clock, some time off."""

    by: timedelta

    def now(self) -> datetime:
        return super().now() + self.by


@dataclass
class CheckedSite(TlsSite):
    """A site whose clock may be off, with ways to check it."""

    off: timedelta = field(default_factory=timedelta)

    def outside(self) -> Outside:
        clock = Shifted(self.lab.clock)
        clock.by = self.off
        given = super().outside()
        return Outside(clock, given.transport, given.hosts)

    def form(self, **other: object) -> None:
        if self.carriers:
            own = {"API IP/Hostname": self.place("netscaler"), "Use HTTPS": True}
            other = own | other
        super().form(**other)

    def look(self, *words: str) -> Seen:
        """Check, and return the rows."""
        shown = self.printed("--json", *words)
        found = json.loads(shown[1])
        assert found["exit"] == shown[0]
        return Seen(shown[0], found["findings"])

    def printed(self, *words: str, screen: StringIO | None = None) -> tuple[int, str]:
        """Check, and return the exit code and what stood on standard output."""
        screen = screen or StringIO()
        before, sys.stdout = sys.stdout, screen
        try:
            code = self.run("check", *words)
        finally:
            sys.stdout = before
        return code, screen.getvalue()

    def do(self, command: str) -> int:
        """Run a command line as it was printed."""
        program, *words = shlex.split(command)
        assert program == "tq-conn-citrix-waf"
        return int(main(words, self.outside()))


class Terminal(StringIO):
    """A screen on which somebody looks."""

    def isatty(self) -> bool:
        return True
