"""One connector of the small world, and what is held against every request of it.

1. A request may take out nothing of others (under ``exclusive``: unmarked entries that
   it may), bind nothing that must not be blocked, and open nothing that is wanted.
2. What a request did is seen on the appliance, before and after it; not in its bytes.
"""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field, replace
from functools import reduce
from ipaddress import ip_address
from itertools import product
from operator import and_
from pathlib import Path
from typing import Any

import pytest

from soak.reference import Foresight, Held, Memory, Policy, marked
from soak.universe import (
    FAMILIES,
    NOTHING,
    PROTECTED,
    V4,
    V6,
    Addresses,
    Entries,
    Pair,
    ends,
    family,
    spread,
)
from support.outside import BLOCK_LIST, Killed, Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.store.ledger import ledgers

Bound = dict[Pair, str]
SETS = {V4: BLOCK_LIST, V6: "tq_block_list6"}
"""The data set of each family."""


class BrokenLawError(AssertionError):
    """A law of the program does not hold; the text begins with its name."""


ONLY: set[str] = set()
"""The laws that are judged; none: all."""


def hold(law: str, holds: object, *seen: object) -> None:
    """Raise where a law does not hold."""
    if not holds and (law in ONLY or not ONLY):
        raise BrokenLawError(f"{law}: {' | '.join(map(_named, seen))}")


def _named(seen: object) -> str:
    """Write addresses as people do."""
    many = re.sub(r"(\d{9,39}, ){16,}", "..., ", str(seen))
    return re.sub(r"\d{9,39}", lambda number: str(ip_address(int(number[0]))), many)


@dataclass(frozen=True, slots=True)
class Moment:
    """A request of a run: the nth of all, or of those that change the appliance.

    ``after``: the moment when it was carried out; else the one before it leaves.
    """

    number: int
    after: bool = False
    writes: bool = False


@dataclass(slots=True)
class May:
    """What a run may do, whichever of its requests goes wrong.

    Attributes:
        ways: that it can go.
        standing: what an outage must not unblock.
    """

    ways: list[Foresight]
    standing: Addresses

    @property
    def add(self) -> Addresses:
        """Return the addresses that it may bind."""
        return NOTHING.union(*(way.add for way in self.ways))

    @property
    def remove(self) -> frozenset[Pair]:
        """Return the bindings that it may take out."""
        return frozenset[Pair]().union(*(way.remove for way in self.ways))

    @property
    def first(self) -> Addresses:
        """Return what is bound before anything goes that is not in its way."""
        return reduce(and_, (way.add for way in self.ways))

    @property
    def wanted(self) -> Addresses:
        """Return what stays blocked throughout."""
        return reduce(and_, (way.wanted for way in self.ways))


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
        text = self._first.replace("[limits]\n", limits)
        self._file.write_text(text.replace("[netscaler]\n", target), "utf-8")

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
                self._judge(self.may, before, self.bound())
        except BrokenLawError as broken:
            self._broken = broken
            raise Killed from None

    def _judge(self, may: May, before: Bound, after: Bound) -> None:
        gone = {pair: before[pair] for pair in before.keys() - after.keys()}
        come, out = spread(after.keys() - before.keys()), spread(gone)
        others = [c for c in gone.values() if self._of_others(c)]
        hold("what others bound stands", not others, gone)
        hold("add-only takes nothing out", not gone or self._removes, gone)
        hold("what must never be blocked is not bound", not come & PROTECTED, come)
        # A binding cannot be edited: what makes way is bound anew, in pieces.
        lost = (out & may.standing) - may.add
        hold("an outage unblocks nothing", not lost, gone)
        inside = [pair for pair in gone if spread([pair]) <= may.wanted]
        hold("what is wanted stays", not inside, inside)
        idle = [pair for pair in gone if not spread([pair]) & may.add]
        late = may.first - spread(after) if self._hits() == 0 else NOTHING
        # Each set by itself: one of them is done before the other.
        early = {family(n) for n in late} & {family(first) for first, _ in idle}
        hold("what is missing comes before anything goes", not early, gone)
        hold("only what may go goes", gone.keys() <= may.remove, gone, may)
        hold("only what may come comes", come <= may.add, come, may)
        marks = {after[pair][: len(self.mine)] for pair in after.keys() - before.keys()}
        hold("all that is bound is marked", marks <= {self.mine}, marks)

    def _of_others(self, comment: str) -> bool:
        unmarked = self.policy.ownership == "exclusive" and not marked(comment)
        return not (comment.startswith(self.mine) or unmarked)

    @property
    def _removes(self) -> bool:
        return self.policy.ownership != "add-only"

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

    def memory(self, known: Memory) -> Memory:
        """Return what lies on the disk; when and what was allowed, as it is known."""
        good = {}
        for ledger in ledgers(self.directory):
            for name, version in product(self.lists, FAMILIES):
                kept = ledger.last_good(name, Family(version))
                if kept is not None:
                    good[name, version] = frozenset(kept.wanted.pairs())
        rows = [row for path in self._files("consents") for row in _json(path)]
        consents = tuple(
            replace(given, met=row["met"])
            for given, row in zip(known.consents, rows, strict=True)
        )
        held = tuple(held for _, held in self.held())
        due = bool(self._files("unsaved"))
        return Memory(self._last(), good, consents, held, due, self._known())

    def _known(self) -> dict[tuple[str, int], Addresses]:
        found: dict[tuple[str, int], Addresses] = {}
        for path in self._files("spared"):
            body = path.read_text("utf-8").partition("\n")[2]
            for name, lines in json.loads(body)["hits"].items():
                for pair in map(_line, lines):
                    which = name, family(pair[0])
                    found[which] = found.get(which, NOTHING) | spread([pair])
        return found

    def _last(self) -> dict[int, Entries]:
        found = {}
        for path in self._files("accepted"):
            head, *lines = path.read_text("ascii").splitlines()
            (version,) = (v for v, name in SETS.items() if f"{name} on" in head)
            found[version] = frozenset(map(_line, lines))
        return found

    def held(self) -> list[tuple[str, Held]]:
        """Return what is held back, each with its id."""
        return [
            (row["id"], Held(row["held"], spread(map(_line, row["entries"]))))
            for path in self._files("held")
            for row in _json(path)
        ]

    def lose(self, *endings: str) -> None:
        """Lose some of the files beside the configuration."""
        for ending in endings:
            for path in self._files(ending):
                path.unlink()

    @property
    def _file(self) -> Path:
        return self.directory / config.FILE_NAME

    def _files(self, ending: str) -> list[Path]:
        return sorted(self.directory.glob(f"tq-conn-citrix-waf.*{ending}"))


def _json(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def _line(text: str) -> Pair:
    value, _, end = text.partition("-")
    return ends(value, end)


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
