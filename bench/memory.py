"""The connector and the lab in one process, for histories that are long.

The real program runs as its users run it; only its transports and its clock are the
lab's. A run takes as long as it computes: nothing waits, and the lab's clock stands
where it was set.
"""

import io
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from history import Address, address
from kinds.both import IPV6_LIST, Both, kind
from support.outside import BLOCK_LIST, COLLECTION, Site

DOCUMENTED = 5_000
"""So many values a data set holds by the only figure that is documented."""
_PATH = f"/threatq/collections/{COLLECTION}"
_HELD = re.compile(r"held ([0-9a-f]{8}): ([\d,]+) ([a-z -]+) \(limit")


@dataclass(frozen=True, slots=True)
class Held:
    """What a run held back, read from what it says."""

    id: str
    count: int
    what: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one run of the connector said, on standard output and standard error.

    Attributes:
        wrote: how many requests of it changed something on the appliance.
    """

    code: int
    out: str
    err: str
    wrote: int

    @property
    def said(self) -> str:
        """Return all of it."""
        return self.out + self.err

    @property
    def held(self) -> list[Held]:
        """Return all that it held back."""
        found = _HELD.findall(self.said)
        return [Held(i, int(n.replace(",", "")), what) for i, n, what in found]


@dataclass
class World:
    """A lab, a configured connector, and what a rehearsal does to them.

    Attributes:
        lists: the data sets that the connector keeps.
        seen: how many requests there were before the last look at them.
        listed: what the data collection holds.
        share: how much of it is shown.
    """

    site: Site
    lists: tuple[str, ...]
    seen: int = 0
    listed: list[str] = field(default_factory=list)
    share: float = 1.0

    def at(self, instant: datetime) -> None:
        """Set the clock of all."""
        self.site.control("PUT", "/clock", {"now": instant.isoformat()})

    def dialect(self, **switches: int | None) -> None:
        """Set some switches of the lab; None: as it is by itself."""
        known = self.site.control("GET", "/dialect")
        wish = {
            name: known[name]["default"] if value is None else value
            for name, value in switches.items()
        }
        self.site.control("PUT", "/dialect", wish)

    def collection(self, values: Iterable[str]) -> None:
        """Make or replace the data collection."""
        self.listed = list(values)
        self.site.control("PUT", _PATH, {"indicators": list(map(_row, self.listed))})

    def scored(self, scores: Mapping[str, int], name: str = COLLECTION) -> None:
        """Make a data collection of values with their scores."""
        rows = [_row(value) | {"score": score} for value, score in scores.items()]
        self.site.control("PUT", f"/threatq/collections/{name}", {"indicators": rows})

    def key(self, section: str, line: str) -> None:
        """Write a key into the connector's file, as a person does."""
        Both(self.site).key(section, line)

    def change(self, add: Sequence[str], remove: Sequence[str]) -> None:
        """Change the data collection."""
        gone = set(remove)
        self.listed = [*(value for value in self.listed if value not in gone), *add]
        rows = list(map(_row, add))
        self.site.control("POST", f"{_PATH}/change", {"add": rows, "remove": remove})

    def show(self, share: float) -> None:
        """Let ThreatQ show a part of the data collection as if it were all."""
        if share != self.share:
            shown = self.listed[: int(share * len(self.listed))]
            self.site.control("PUT", _PATH, {"indicators": list(map(_row, shown))})
            self.share = share

    def run(self, *words: str) -> Told:
        """Run the connector; what it says is kept and not shown."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            code = self.site.run(*(words or ("-v1",)))
        since = self.seen
        self.seen = self.site.control("GET", f"/requests?since={since}")["next"]
        wrote = len(self.site.writes(since))
        return Told(code, out.getvalue(), err.getvalue(), wrote)

    def approve(self, held: Iterable[Held]) -> None:
        """Allow what was held, as a person does."""
        for one in held:
            told = self.run("approve", one.id, "--reason", "a rehearsal")
            if told.code:
                raise SystemExit(f"approve {one.id} failed: {told.said}")

    def entries(self) -> set[str]:
        """Return what is bound by the connector: a value, or ``first-last``."""
        view = self.site.view()["datasets"]
        return {
            "-".join(filter(None, (row["value"], row.get("endrange", ""))))
            for name in self.lists
            for row in view[name]["bindings"]
            if row.get("comment", "").startswith("tq-waf:")
        }

    def strangers(self) -> list[tuple[str, str, str]]:
        """Return the entries that people made in the IPv4 list, before all runs."""
        return self.site.foreign()

    def blocked(self) -> frozenset[Address]:
        """Return what the connector blocks, where all of it is single addresses."""
        found = [(value, address(value)) for value in self.entries()]
        wrong = [value for value, one in found if one is None]
        if wrong:
            raise SystemExit(f"bound, and no address: {wrong[:3]}")
        return frozenset(one for _, one in found if one is not None)


@contextmanager
def world(
    at: datetime, limit: int = DOCUMENTED, *, both: bool = False
) -> Iterator[World]:
    """Set up a lab and a connector that has made its first run.

    Args:
        at: what the clock says.
        limit: how many values a data set holds.
        both: whether there is an IPv6 data set as well.
    """
    with tempfile.TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        site = Site(Path(place))
        made = World(site, (BLOCK_LIST, IPV6_LIST) if both else (BLOCK_LIST,))
        made.at(at)
        made.dialect(dataset_limit=limit)
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            site.configure(patch)
        if both:
            Both.of(site)
        yield made


def _row(value: str) -> dict[str, object]:
    return {"type": kind(value), "value": value, "status": "Active"}
