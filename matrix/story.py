"""The connector's whole contract as one story, told on any lab.

    first run     the entry in ThreatQ is made, or the file holds what its form would
    first load    all that can be blocked is bound, all else is left out; it is saved
    again         nothing is written
    race          while it runs, a person binds one that came and unbinds one that went
    churn         what came is bound, what went is unbound; somebody just saved
    overlap       while it runs, a person binds a network over two that came
    lost session  the appliance ends the session in the middle
    no session    nobody can sign in to the appliance
    no password   the appliance's password is wrong
    no set        the data set is not there
    no user       ThreatQ's password is wrong
    outage        ThreatQ does not answer
    recovery      what changed meanwhile is caught up
    restart       the appliance restarts, and nothing has to be written

1. A lab's dialect is set before the first run: nobody may know it.
2. What is judged stands in the lab's own state and in what the connector printed.
3. Where the connector says that a setting is missing, a person does what it says: once.
"""

import re
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from citrix_waf_lab import wire
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Value
from matrix.days import COVERED, addresses, day, indicators, singles
from support.outside import BLOCK_LIST, COLLECTION
from support.scenarios.stage import RAM, Stage, Told
from tq_conn_citrix_waf.http import Answer, Request, Transport
from tq_conn_citrix_waf.run.site import Outside

Dialect = Mapping[str, Value]
"""Switch -> answer; what is not named has its default."""

Entry = tuple[str, str]
"""What is bound, a range as ``first-last``, and its comment."""

SETTINGS = "settings in the file"
"""What a person has to do where ThreatQ takes no entry."""

IPV6_LIST = "tq_block_list6"

_AN_HOUR = 3600.0
_A_REQUEST = 0.1
"""Seconds that each request takes by the lab's clock."""


@dataclass(frozen=True, slots=True)
class Chapter:
    """One run of the connector, and how things stood after it.

    Attributes:
        wanted: the addresses that the connector should have bound, if all went well.
        writes: requests that change something on the appliance.
        bound: the addresses of what is not there by hand.
        saved: likewise what a restart would bring back.
        lost: entries of people that are no longer as they were.
        taken: what a person unbound meanwhile.
        sessions: log-ins left open.
        shown: secrets that were shown.
    """

    name: str
    wanted: frozenset[str]
    told: Told
    writes: int
    bound: frozenset[str]
    saved: frozenset[str]
    lost: frozenset[Entry]
    taken: frozenset[str]
    sessions: int
    shown: frozenset[str]

    @property
    def words(self) -> str:
        """Return all that was said."""
        return f"{self.told.out}\n{self.told.err}\n{self.told.log}"


@dataclass(frozen=True, slots=True)
class Story:
    """All chapters, as far as they were told, and what a person had to do besides."""

    chapters: tuple[Chapter, ...]
    helped: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Chapter:
        return next(one for one in self.chapters if one.name == name)


def told(dialect: Dialect) -> Story:
    """Tell the story on a fresh lab with these answers."""
    with (
        TemporaryDirectory(dir=RAM) as home,
        ExitStack() as stack,
        pytest.MonkeyPatch.context() as patch,
    ):
        directory = Path(home) / "etc"
        directory.mkdir()
        site = _Site(directory, patch=patch, stack=stack)
        ipv6 = {"type": "ipv6", "bindings": [{"value": "2001:db8:ffff::1"}]}
        site.control("PUT", f"/appliances/adc1/datasets/{IPV6_LIST}", ipv6)
        site.dialect(**dialect)
        return _Telling(site, dialect).whole()


class _Site(Stage):
    """A stage on which each request takes a moment of the lab's clock."""

    def outside(self) -> Outside:
        usual = super().outside()
        clock = self.lab.clock
        return replace(
            usual, transport=lambda t, p: _Slow(usual.transport(t, p), clock)
        )


@dataclass(frozen=True, slots=True)
class _Slow:
    within: Transport
    clock: Clock

    def send(self, request: Request) -> Answer:
        self.clock.advance(_A_REQUEST)
        return self.within.send(request)


class _Telling:
    def __init__(self, site: _Site, dialect: Dialect) -> None:
        self._site, self._dialect = site, dialect
        self._people = self._entries()
        self._wanted: frozenset[str] = frozenset()
        self._covered = frozenset({COVERED})
        self._chapters: list[Chapter] = []
        self._helped: list[str] = []

    def whole(self) -> Story:
        site = self._site
        site.answer(site.patch)
        for name in ("Another", "A third"):
            site.control("PUT", f"/threatq/collections/{name}", {"indicators": []})
        first = self._run("first run")
        if first.told.code:
            return self._story()
        self._settings(first.told)
        self._collection(0)
        self._first_load()
        self._run("again")
        self._with_others()
        self._without()
        if self._run("recovery").told.code == 0:
            site.control("POST", "/appliances/adc1/reboot")
            self._run("restart")
        return self._story()

    def _with_others(self) -> None:
        """Run while people and the appliance do things of their own."""
        self._collection(1)
        came, went = singles(1)[-1], singles(0)[0]
        self._strike("set_edited", set=BLOCK_LIST, add=[came], remove=[went])
        self._run("race", {came: came}, went)
        self._collection(2)
        self._save_by_hand()
        self._run("churn")
        self._collection(3)
        first, last = singles(3)[-2:]
        network = f"{first}/31"
        self._strike("set_edited", set=BLOCK_LIST, add=[network])
        self._run("overlap", {first: network, last: network})
        self._collection(4)
        self._strike("lose_session")
        self._run("lost session")

    def _without(self) -> None:
        """Run while something is missing that a run needs."""
        site, file = self._site, self._site.file.read_text("utf-8")
        self._collection(5)
        site.dialect(session_limit=0)
        self._run("no session")
        site.dialect(session_limit=self._dialect.get("session_limit", 20))
        for name, line in (
            ("no password", 'password = "wrong"'),
            ("no set", 'block_list = "tq_absent"'),
        ):
            self._enter(line)
            self._run(name)
            site.file.write_text(file, "utf-8")
        good = site.lab.credentials.user.password
        site.file.write_text(file.replace(good, "wrong", 1), "utf-8")
        self._run("no user")
        site.file.write_text(file, "utf-8")
        site.fault("refuse", "threatq")
        self._run("outage")
        site.control("DELETE", "/faults")

    def _strike(self, fault: str, **params: object) -> None:
        """Let a fault strike the next request that binds."""
        self._site.fault(
            fault,
            "netscaler",
            path="value_binding",
            method="PUT",
            times=1,
            params={"when": "before", **params},
        )

    def _met(self, covers: Mapping[str, str], taken: str) -> frozenset[str]:
        """See what a person did while a run wrote; return what they took out."""
        struck = any(
            one["hits"] for one in self._site.control("GET", "/faults")["active"]
        )
        self._site.control("DELETE", "/faults")
        there = {value for value, _ in self._entries()}
        for address, value in covers.items():
            if struck and value in there:
                self._people |= {(value, "")}
                self._covered |= {address}
        self._wanted -= self._covered
        return frozenset({taken} if struck and taken else ())

    def _save_by_hand(self) -> None:
        """Save as an administrator does."""
        known = self._site.lab.credentials.appliances["adc1"]
        heads = (
            ("Content-Type", "application/json"),
            ("X-NITRO-USER", known.username),
            ("X-NITRO-PASS", known.password),
        )
        path = "/nitro/v1/config/nsconfig"
        self._site.lab.appliances["adc1"](
            wire.Request("POST", path, "action=save", heads, b'{"nsconfig":{}}')
        )

    def _story(self) -> Story:
        return Story(tuple(self._chapters), tuple(self._helped))

    def _settings(self, told: Told) -> None:
        """Enter the settings where the first run said that they belong."""
        self._enter(f'ipv6_block_list = "{IPV6_LIST}"')
        if told.out.rstrip().endswith("UI"):
            self._site.form()
            return
        self._helped.append(SETTINGS)
        adc = self._site.lab.credentials.appliances["adc1"]
        for line in (
            'host = "adc1.lab"',
            f'username = "{adc.username}"',
            f'password = "{adc.password}"',
            f'data_collections = ["{COLLECTION}"]',
            f'block_list = "{BLOCK_LIST}"',
            "https = false",
            "enabled = true",
        ):
            self._enter(line)

    def _first_load(self) -> None:
        """Load; where a setting is missing, enter it as was said, and load again."""
        for asked, line in self._cures().items():
            chapter = self._run("first load")
            said = re.search(asked, chapter.told.err)
            if chapter.told.code == 0 or said is None:
                return
            self._chapters.pop()
            self._helped.append(said[0])
            self._enter(line)
        self._run("first load")

    def _enter(self, line: str) -> None:
        """Write a key under [netscaler], as a person does; it replaces the same key."""
        file = self._site.file
        before, head, after = file.read_text("utf-8").partition("[netscaler]\n")
        kept, mark, rest = after.partition("\n[")
        name = line.partition(" ")[0]
        kept = re.sub(rf"(?m)^{name} = .*\n?", "", kept)
        file.write_text(f"{before}{head}{line}\n{kept}{mark}{rest}", "utf-8")

    def _cures(self) -> dict[str, str]:
        adc = self._site.lab.credentials.appliances["adc1"]
        return {"'Password' is empty .* hidden there": f'password = "{adc.password}"'}

    def _collection(self, number: int) -> None:
        """Let the collection hold a day's addresses, and what is never bound."""
        self._wanted = day(number) - self._covered
        rows = {"indicators": indicators(number)}
        self._site.control("PUT", f"/threatq/collections/{COLLECTION}", rows)

    def _run(
        self, name: str, covers: Mapping[str, str] | None = None, taken: str = ""
    ) -> Chapter:
        """Run once; a person may bind what covers some addresses, and take one out."""
        site = self._site
        site.lab.clock.advance(_AN_HOUR)
        mark = site.mark
        told = site.tell()
        for path in site.logs.iterdir():
            path.unlink()
        out = frozenset[str]() if covers is None else self._met(covers, taken)
        now = self._entries()
        chapter = Chapter(
            name,
            self._wanted,
            told,
            len(site.writes(mark)),
            self._ours(now),
            self._ours(self._entries(saved=True)),
            self._people - now,
            out,
            site.view()["sessions"],
            frozenset(s for s in site.secrets if s in told.out + told.err + told.log),
        )
        self._chapters.append(chapter)
        return chapter

    def _ours(self, entries: frozenset[Entry]) -> frozenset[str]:
        """Return the addresses of what is not there by hand."""
        return addresses(*(value for value, _ in entries - self._people))

    def _entries(self, *, saved: bool = False) -> frozenset[Entry]:
        """Return the bindings of both sets, as this build shows them."""
        sets = self._site.view()["saved" if saved else "datasets"]
        return frozenset(
            (
                "-".join(filter(None, (row["value"], row.get("endrange")))),
                row.get("comment", ""),
            )
            for name in (BLOCK_LIST, IPV6_LIST)
            for row in sets.get(name, {"bindings": []})["bindings"]
        )
