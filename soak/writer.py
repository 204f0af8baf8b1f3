"""One connector of the small world, and what each request of it does.

What a request did is seen on the appliance, before and after it; not in its bytes.
"""

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from soak.disk import Disk
from soak.laws import Bound, BrokenLawError, May, hold
from soak.situation import Foresight, Policy
from soak.universe import V4, V6, ends
from support.outside import BLOCK_LIST, Killed, Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.http import Answer, Request

SETS = {V4: BLOCK_LIST, V6: "tq_block_list6"}
"""The data set of each family."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A request of a run: the nth of all, or of those that change the appliance.

    ``after``: the moment when it was carried out; else the one before it leaves.
    """

    number: int
    after: bool = False
    writes: bool = False


@dataclass
class Writer(Site):
    """A configured connector, its policy, and what it may do in the run at hand.

    Attributes:
        lists: the names of its data collections.
        reached: how often each kind of request was met, and how it ended.
        may: what the run at hand may do; None: nothing is judged.
        moment: when the run is to die, or ``during`` is to be called.
        during: called then, once; returns further ways that the run may go.
    """

    lists: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    reached: Counter[str] = field(default_factory=Counter)
    may: May | None = None
    moment: Moment | None = None
    during: Callable[[], Sequence[Foresight]] | None = None
    _wrote: int = 0
    mine: str = ""
    _first: str = ""
    _broken: BrokenLawError | None = None

    def __post_init__(self) -> None:
        """Leave the set as it is: the world has made it."""

    def set_up(self, patch: pytest.MonkeyPatch) -> None:
        """Make the first run, and fill in the form."""
        with quiet():
            self.configure(patch, **{"Data Collection": ", ".join(self.lists)})
        self._first = self._file.read_text("utf-8")
        found = re.search(r'(?m)^instance = "(\w+)"', self._first)
        self.mine = f"tq-waf:{'' if found is None else found[1]}:"
        self.decide(self.policy)

    def decide(self, policy: Policy) -> None:
        """Write a policy into the file, as a person does."""
        self.policy = policy
        limits = (
            f"[limits]\nremove_count = {policy.removals}\nremove_share = 0.0\n"
            f"add_count = {policy.additions}\nadd_share = 0.0\n"
        )
        target = (
            f'[netscaler]\nownership = "{policy.ownership}"\n'
            f'ipv6_block_list = "{SETS[V6]}"\n'
        )
        taken = (
            f"[selection]\ntime_limit = {policy.time_limit}\n"
            f"minimum_stay = {policy.minimum_stay}\n"
        )
        text = self._first.replace("[limits]\n", limits)
        text = text.replace("[netscaler]\n", target)
        self._file.write_text(text.replace("[selection]\n", taken), "utf-8")

    def bound(self, *, saved: bool = False) -> Bound:
        """Return both sets as the appliance has them."""
        return {
            ends(row["value"], row.get("endrange", "")): row.get("comment", "")
            for row in self.rows(saved=saved)
        }

    def rows(self, *, saved: bool = False) -> list[dict[str, str]]:
        """Return the bindings of both sets."""
        view = self.view()["saved" if saved else "datasets"]
        return [row for name in SETS.values() for row in _bindings(view, name)]

    def view(self) -> dict[str, Any]:
        """Return what the appliance holds, without a detour over text."""
        return self.lab.appliance_states["adc1"].view()

    def send(self, request: Request) -> Answer:
        """See what is to happen at this request, and count what becomes of it."""
        self._wrote += _writes(request)
        now, fate = self.sent + 1, "met"
        at = self.moment
        if at is not None and (self._wrote if at.writes else now) == at.number:
            self.moment = None
            if self.during is not None:
                self._meanwhile(self.during)
            else:
                self.kill_at = now if at.after else -now
                fate = "dies after" if at.after else "dies before"
        self.reached[f"{_kind(request)} /{fate}"] += 1
        return super().send(request)

    def _meanwhile(self, happens: Callable[[], Sequence[Foresight]]) -> None:
        further = happens()
        if self.may is not None:
            self.may.ways += further

    def deliver(self, request: Request) -> Answer:
        """Bring a request where it goes, and see what it does."""
        hits, struck = self._hits(), self._hits("reboot", "set_edited")
        before = self.bound() if self.may and _writes(request) else None
        try:
            return super().deliver(request)
        finally:
            if hits != self._hits():
                self.reached[f"{_kind(request)} /faulty"] += 1
            if before is not None and struck == self._hits("reboot", "set_edited"):
                self._see(before)

    def _see(self, before: Bound) -> None:
        """Judge a request; a broken law ends the run, and is told after it."""
        try:
            if self.may is not None:
                self.may.judge(before, self.bound(), struck=self._hits() > 0)
        except BrokenLawError as broken:
            self._broken = broken
            raise Killed from None

    def _hits(self, *names: str) -> int:
        """Count how often some faults have struck; without names, any."""
        return sum(
            fault.hits
            for fault in self.lab.faults.active.values()
            if not names or fault.fault.name in names
        )

    @contextmanager
    def judged(self, may: May) -> Iterator[None]:
        """Judge each request against what may be done."""
        self.may = may
        try:
            yield
        finally:
            self.may = self.moment = self.during = self.kill_at = None

    def told(self, *words: str) -> tuple[int, str]:
        """Run the command line; return the exit code and all it said."""
        self.sent = self._wrote = 0
        with quiet() as said:
            try:
                code = self.run(*words)
            except Killed:
                if self._broken is None:
                    raise
                raise self._broken from None
        if code == Exit.INTERRUPTED:
            raise KeyboardInterrupt  # somebody ends the search
        hold("no run ends with a fault of the program", code != 1, said.getvalue())
        return code, said.getvalue()

    @property
    def disk(self) -> Disk:
        """Return what it keeps."""
        return Disk(self.directory, SETS, self.lists)

    @property
    def _file(self) -> Path:
        return self.directory / config.FILE_NAME


def _bindings(view: dict[str, Any], name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = view.get(name, {"bindings": []})["bindings"]
    return rows


def _writes(request: Request) -> bool:
    """Whether a request may change what the appliance holds."""
    session = request.url.endswith(("/login", "/logout"))
    return "/nitro/" in request.url and request.method != "GET" and not session


def _kind(request: Request) -> str:
    path = request.url.partition("//")[2].partition("/")[2]
    plain = re.sub("(?<=hash/).+", "*", path.partition("?")[0])
    return f"{request.method} /{plain}"


@contextmanager
def quiet() -> Iterator[io.StringIO]:
    """Keep what is printed."""
    said = io.StringIO()
    with redirect_stdout(said), redirect_stderr(said):
        yield said
