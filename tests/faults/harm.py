"""One site under faults: struck at a request, judged, and left to a good run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from citrix_waf_lab import wire
from support.outside import BLOCK_LIST, BY_HAND
from support.scenarios.stage import FIRST, RAM, THEN, Stage, Told

Row = dict[str, Any]
NETSCALER = ("in", "read", "bind", "unbind", "verify", "ask", "save", "out", "between")
THREATQ = ("in", "read", "page", "more")
_AN_HOUR = 3600.0


def kinds(rows: Sequence[Row]) -> list[str]:
    """Name what each request of a good run is for; see ``cases``."""
    named: list[str] = []
    for row in rows:
        method, path = row["method"], row["path"]
        written = "bind" in named
        if path.endswith(("/token", "/login")):
            named.append("in")
        elif path.endswith("/logout"):
            named.append("out" if "between" in named else "between")
        elif path.endswith("/indicators/query"):
            named.append("more" if "page" in named else "page")
        elif method == "PUT":
            named.append("bind")
        elif method == "POST" and path.endswith("value_binding"):
            named.append("unbind")
        elif path.endswith("nsconfig") and written:
            named.append("ask" if method == "GET" else "save")
        else:
            named.append("verify" if written else "read")
    return named


@dataclass(frozen=True, slots=True)
class Harm:
    """What a run under a fault did.

    Attributes:
        sessions: those left open.
        gone: foreign entries that are no longer there.
        shown: the secrets that were shown.
        removals: requests that unbind and came after the fault; in the whole run
            where the fault was ThreatQ's.
        early: entries that the run took out before all that it adds was in.
        hit: whether the fault struck at all.
    """

    told: Told
    sessions: int
    gone: frozenset[tuple[str, str, str]]
    shown: list[str]
    removals: int
    early: frozenset[str]
    hit: bool


@dataclass
class Range(Stage):
    """A site on which one fault after another strikes.

    ``first`` says whether each run is a first load; else it is a day of churn.
    """

    first: bool = True
    want: list[str] = field(default_factory=lambda: FIRST)

    def due(self) -> None:
        """Let work be due: all of a first load, or two to add and two to remove."""
        if self.first:
            for path in self.directory.glob("tq-conn-citrix-waf.*.*"):
                path.unlink()
            held = {"type": "ipv4", "bindings": list(BY_HAND)}
            self.control("PUT", f"/appliances/adc1/datasets/{BLOCK_LIST}", held)
            self.saved()
        else:
            self.want = THEN if self.want is FIRST else FIRST
        self.collection(self.want)

    def saved(self) -> None:
        """Save as an administrator does."""
        known = self.lab.credentials.appliances["adc1"]
        heads = (
            ("Content-Type", "application/json"),
            ("X-NITRO-USER", known.username),
            ("X-NITRO-PASS", known.password),
        )
        body = msgspec.json.encode({"nsconfig": {}})
        path = "/nitro/v1/config/nsconfig"
        given = self.lab.appliances["adc1"](
            wire.Request("POST", path, "action=save", heads, body)
        )
        assert given.status == 200

    def rows(self, service: str, since: int) -> list[Row]:
        """Return the requests to a service after a mark."""
        return [r for r in self.requests(since) if r["service"] == service]

    def plain(self, service: str) -> list[str]:
        """Make a good run; return what its requests to a service were for."""
        self.due()
        mark = self.mark
        assert self.said().code == 0
        return kinds(self.rows(service, mark))

    def said(self) -> Told:
        """Run, and start a new log for the next run."""
        told = self.tell()
        for path in self.logs.iterdir():
            path.unlink()
        return told

    def struck(self, service: str, after: int, **fault: Any) -> Harm:  # noqa: ANN401  # JSON
        """Run under a fault, then lift it.

        Args:
            service: whose requests it strikes.
            after: so many of them pass first.
            fault: as the lab's control interface takes it.
        """
        self.due()
        mark, before = self.mark, frozenset(self.foreign())
        ours, edited = self.ours(), {*fault["params"].get("remove", ())}
        self.control("POST", "/faults", {"service": service, "after": after, **fault})
        told = self.said()
        (active,) = self.control("GET", "/faults")["active"]
        self.control("DELETE", "/faults")
        rows = self.rows("netscaler", mark)
        later = rows[after + 1 :] if service == "netscaler" else rows
        taken = ours - self.ours() - edited
        late = self.ours() | edited >= {*self.want}
        words = told.out + told.err + told.log
        return Harm(
            told,
            self.view()["sessions"],
            before - frozenset(self.foreign()),
            [secret for secret in self.secrets if secret in words],
            kinds(later).count("unbind"),
            frozenset() if late else frozenset(taken),
            active["hits"] > 0,
        )

    def recovers(self) -> bool:
        """Run an hour later, and say whether all is in step, saved and signed out."""
        self.lab.clock.advance(_AN_HOUR)
        code = self.said().code
        ours = self.ours()
        whole = ours == set(self.want) == self.ours(saved=True)
        return code == 0 and whole and self.view()["sessions"] == 0


@contextmanager
def on_range(*, first: bool) -> Iterator[Range]:
    """Give a site that is configured and loaded."""
    with (
        TemporaryDirectory(dir=RAM) as home,
        ExitStack() as stack,
        pytest.MonkeyPatch.context() as patch,
    ):
        directory = Path(home) / "etc"
        directory.mkdir()
        site = Range(directory, patch=patch, stack=stack, first=first)
        site.load()
        site.collection(FIRST)
        site.said()
        site.saved()
        yield site
