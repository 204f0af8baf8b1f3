"""The small world: a lab, two connectors on one set, their lists, and people.

1. A run that nothing disturbs does exactly what the reference says.
2. One that dies or meets faults does a part of it, and the next one ends the work.
3. Whoever says that all is in step has all in step: looked at without the reference.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest

from citrix_waf_lab.lab import Lab
from faults.cases import Case
from soak.reference import (
    ADDITIONS,
    HITS,
    REMOVALS,
    Consent,
    Content,
    Foresight,
    Held,
    Memory,
    Policy,
    Situation,
    foresee,
)
from soak.universe import (
    FAMILIES,
    NOTHING,
    PUBLIC,
    V4,
    Addresses,
    Binding,
    Entries,
    Entry,
    Pair,
    ends,
    family,
    hits,
    of,
    spread,
    wanted,
)
from soak.writer import SETS, Bound, May, Moment, Writer, hold
from support.outside import Killed

HOUR = 3600.0
OTHERS = {"ours": "Citrix WAF Connector", "other's": "Second connector"}
LISTS = {"ours": ("First list", "Shared list"), "other's": ("Shared list",)}


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person does to one of the sets by hand: first unbind, then bind."""

    add: Sequence[Binding]
    remove: Sequence[Binding]

    @property
    def version(self) -> int:
        """Return the family of the set."""
        rows = (*self.add, *self.remove)
        return family(_ends(rows[0])[0]) if rows else V4

    @property
    def params(self) -> dict[str, object]:
        """Return it as the lab asks for it."""
        add, remove = self._in(self.add), self._in(self.remove)
        return {"set": SETS[self.version], "add": add, "remove": remove}

    def _in(self, bindings: Sequence[Binding]) -> list[Binding]:
        return [b for b in bindings if family(_ends(b)[0]) == self.version]

    def of(self, bound: Bound) -> Bound:
        """Return a set after it, as the appliance takes it."""
        gone = [_ends(binding) for binding in self._in(self.remove)]
        after = {pair: comment for pair, comment in bound.items() if pair not in gone}
        for binding in self._in(self.add):
            if not spread([_ends(binding)]) & spread(after):
                after[_ends(binding)] = binding.get("comment", "")
        return after


@dataclass
class World:
    """All there is; each method is something that happens in it."""

    runs: ClassVar[int] = 0
    """How often a connector has run, in all worlds."""

    directory: Path
    patch: pytest.MonkeyPatch
    lab: Lab = field(default_factory=lambda: Lab(seed=1))
    lists: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    memories: dict[str, Memory] = field(default_factory=dict)
    writers: dict[str, Writer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make an empty set and configure both connectors."""
        for who, name in OTHERS.items():
            home = self.directory / who[:4]
            home.mkdir()
            self.writers[who] = Writer(home, self.lab, name, lists=LISTS[who])
            self.memories[who] = Memory()
        for version, name in SETS.items():
            path = f"/appliances/adc1/datasets/{name}"
            self._someone.control("PUT", path, {"type": f"ipv{version}"})
        self.save()
        for writer in self.writers.values():
            writer.set_up(self.patch)
        for name in LISTS["ours"]:
            self.fill(name, PUBLIC)

    @property
    def _someone(self) -> Writer:
        return next(iter(self.writers.values()))

    def build(self, *, many: bool) -> None:
        """Let the appliance's build take arrays, or one value a request."""
        told = "accepted" if many else "refused"
        self.lab.dialect.set({"array_bulk": told, "bulk_unbind": told})

    def fill(self, name: str, entries: Sequence[Entry]) -> None:
        """Let a data collection hold something else."""
        self.lists[name] = tuple(entries)
        rows = [{"type": e.type, "value": e.value, "status": e.status} for e in entries]
        path = f"/threatq/collections/{name}"
        self._someone.control("PUT", path, {"indicators": rows})

    def bind(self, binding: Binding) -> None:
        """Bind by hand, where the appliance lets it."""
        self._edit(Edit([binding], []))

    def unbind(self, number: int) -> None:
        """Unbind whatever stands at a place, whoever bound it."""
        rows = self._someone.rows()[number : number + 1]
        self._edit(
            Edit([], [{k: v for k, v in b.items() if k != "index"} for b in rows])
        )

    def _edit(self, edit: Edit) -> None:
        self.lab.appliance_states["adc1"].strike("set_edited", edit.params)

    def save(self) -> None:
        """Save as a person does."""
        self.lab.appliance_states["adc1"].configuration.save()

    def reboot(self) -> None:
        """Restart the appliance."""
        self._someone.control("POST", "/appliances/adc1/reboot")

    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.lab.clock.advance(hours * HOUR)

    def _an_hour_later(self) -> None:
        World.runs += 1
        self.wait(1)

    def decide(self, who: str, ownership: str) -> None:
        """Give a writer another policy."""
        self.writers[who].decide(Policy(ownership))

    def lose(self, who: str, what: str) -> None:
        """Lose local files: the list accepted last, the ledger, or all."""
        memory = self.memories[who]
        if what == "accepted":
            self.memories[who] = replace(memory, last={})
            self.writers[who].lose("accepted")
        elif what == "ledger":
            self.memories[who] = replace(memory, good={})
            self.writers[who].lose("ledger.db")
        else:
            self.memories[who] = Memory()
            self.writers[who].lose(
                "accepted", "ledger.db", "held", "consents", "unsaved", "spared"
            )

    def approve(self, who: str, number: int) -> None:
        """Allow one of the things that are held, if there is one."""
        writer = self.writers[who]
        for id_, held in writer.held()[number : number + 1]:
            code, said = writer.told("approve", id_, "--reason", "soak")
            hold("what is held can be approved", code == 0, said)
            given = Consent(held, self.lab.clock.now())
            memory = self.memories[who]
            self.memories[who] = replace(memory, consents=(*memory.consents, given))

    def content(self, name: str) -> Content:
        """Return what a data collection gives."""
        return Content(wanted(self.lists[name]), hits(self.lists[name]))

    def situation(
        self, who: str, bound: Bound, lists: Mapping[str, Content | None]
    ) -> Situation:
        """Return what a run of a writer would meet."""
        writer, now = self.writers[who], self.lab.clock.now()
        memory = self.memories[who]
        return Situation(writer.mine, bound, lists, memory, writer.policy, now)

    def foresee(
        self, who: str, *bounds: Bound, broken: bool = False
    ) -> list[Foresight]:
        """Return the ways that a run can go.

        Args:
            who: which writer.
            bounds: the set as it may be when it is read.
            broken: whether any of the data collections may fail to be read.
        """
        names = self.writers[who].lists
        given: list[tuple[Content | None, ...]] = [
            (self.content(name), None) if broken else (self.content(name),)
            for name in names
        ]
        return [
            foresee(self.situation(who, bound, dict(zip(names, lists, strict=True))))
            for bound in bounds
            for lists in product(*given)
        ]

    def asked(self, who: str) -> Addresses:
        """Return all that a writer's lists ask for now, believed or not."""
        lists = self.writers[who].lists
        return NOTHING.union(*(spread(self.content(n).wanted) for n in lists))

    def standing(self, who: str) -> Addresses:
        """Return the last good lists of what gives nothing now."""
        names = [n for n in self.writers[who].lists if not self.content(n).wanted]
        good = self.memories[who].good
        return NOTHING.union(*(spread(e) for (n, _), e in good.items() if n in names))

    def run(self, who: str) -> int:
        """Run undisturbed, and hold what came of it against the reference."""
        self._an_hour_later()
        writer, before = self.writers[who], self._someone.bound()
        (way,) = self.foresee(who, before)
        mark = writer.mark
        with writer.judged(May([way], self.standing(who))):
            code, said = writer.told()
        after, memory = writer.bound(), writer.memory(self.memories[who])
        self._in_step(who, code, after)
        lost = (spread(before) - spread(after)) & self.asked(who)
        hold("what a list asks for stays blocked", not lost, lost, way)
        opened = writer.view()["sessions"]
        hold("no session stays open", opened == 0, opened)
        wrote = bool(way.add or way.remove or self.memories[who].due)
        kept = writer.bound(saved=True) == after
        hold("what was written is saved", kept or not (wrote and way.written), after)
        idle = (wrote and way.written) or not writer.writes(mark)
        hold("a run with nothing to do writes nothing", idle, writer.writes(mark))
        hold("it ends with the code that fits", code == way.code, code, way, said)
        done = way.done(before, after)
        hold("it does what the reference says", done, before, after, way)
        known = memory.plain == way.memory.plain
        hold("it remembers what it must", known, memory.plain, way.memory.plain)
        self.memories[who] = memory
        return code

    def _in_step(self, who: str, code: int, after: Bound) -> None:
        """Look at the sets themselves: in step, or held as it is told."""
        told = [h for _, h in self.writers[who].held()] if code in (3, 5) else []
        for version in FAMILIES:
            asked = self._known(who, version, told)
            if asked is not None:
                self._held_to(who, asked, of(after, version), after, told)

    def _known(self, who: str, version: int, told: list[Held]) -> Addresses | None:
        """Return what lists ask for; None where of one of them nothing is known."""
        good, asked = self.memories[who].good, NOTHING
        floods = [h.entries for h in told if h.kind == HITS]
        for name in self.writers[who].lists:
            content = self.content(name)
            here = content.of(version)
            given = here.wanted
            flooded = any(f <= spread(here.hits) for f in floods)
            if not content.wanted or flooded:
                if (name, version) not in good:
                    return None
                given = good[name, version]
            asked |= spread(given)
        return asked

    def _held_to(
        self,
        who: str,
        asked: Addresses,
        pairs: Entries,
        after: Bound,
        told: list[Held],
    ) -> None:
        held = {
            k: NOTHING.union(*(h.entries for h in told if h.kind == k))
            for k in (ADDITIONS, REMOVALS)
        }
        writer = self.writers[who]
        missing = asked - spread(pairs) - held[ADDITIONS]
        hold("every wanted entry is blocked, or held", not missing, missing, told)
        ours = spread(p for p in pairs if after[p].startswith(writer.mine))
        left = ours - asked - self.asked(who) - held[REMOVALS]
        stays = writer.policy.ownership == "add-only"
        hold("every entry of ours is wanted, or held", stays or not left, left, told)

    def die(self, who: str, at: Moment) -> None:
        """Run, and die at some moment."""
        self.writers[who].moment = at

        def run(writer: Writer) -> int | None:
            with suppress(Killed):
                return writer.told()[0]
            return None

        self._disturbed(who, self._someone.bound(), run=run)

    def suffer(
        self,
        who: str,
        struck: tuple[Case, str],
        at: Moment,
        times: int | None,
        edit: Edit,
    ) -> None:
        """Run under a fault of the lab, or while a person edits the set.

        Args:
            who: which writer.
            struck: the fault, and whose requests it strikes.
            at: the first request that it strikes.
            times: how often it strikes; None: from then on always.
            edit: what a person does, where the fault is a person.
        """
        case, service = struck
        before = self._someone.bound()
        bounds, params = [before], case.params
        if case.fault == "reboot":
            bounds.append(self._someone.bound(saved=True))
        elif case.fault == "set_edited":
            params = {**params, **edit.params}
            bounds.append(edit.of(before))
        fault = {"name": case.fault, "service": service, "params": params}
        if at.writes and service == "netscaler":
            fault["match"] = {"path": "value_binding|nsconfig"}
        self.lab.faults.add({**fault, "after": at.number - 1, "times": times})
        try:
            self._disturbed(who, *bounds, run=_told, broken=True)
        finally:
            self.lab.faults.clear()

    def recover(self) -> None:
        """Let people approve all that is held, and leave the runs alone."""
        for name in self.lists:
            if not self.content(name).wanted:
                self.fill(name, PUBLIC[:3])
        for who in (*self.writers, *self.writers):
            rounds = (self._allowed(who) for _ in range(3))
            done = any(code == 0 for code in rounds)
            hold("runs left alone end in step", done, self.writers[who].held())

    def _allowed(self, who: str) -> int:
        for number in range(len(self.writers[who].held())):
            self.approve(who, number)
        return self.run(who)

    def collide(self, who: str, at: Moment) -> None:
        """Run, and let the other writer run in the middle of it."""
        (other,) = self.writers.keys() - {who}
        writer, before = self.writers[who], self._someone.bound()

        def meanwhile() -> Sequence[Foresight]:
            self.run(other)
            return self.foresee(who, before, writer.bound())

        writer.moment, writer.during = at, meanwhile
        self._disturbed(who, before, run=_told)

    def _disturbed(
        self,
        who: str,
        *bounds: Bound,
        run: Callable[[Writer], int | None],
        broken: bool = False,
    ) -> None:
        """Run, and hold what came of it against all the ways that it could go."""
        self._an_hour_later()
        writer, before = self.writers[who], self.memories[who]
        ways = self.foresee(who, *bounds, broken=broken)
        count = len(ways)
        alone, set_before = len(bounds) == 1, bounds[0]
        with writer.judged(May(ways, self.standing(who))):
            code = run(writer)
        if code == 0 and alone and len(ways) == count:
            done = any(way.done(set_before, writer.bound()) for way in ways)
            hold("who says in step is in step", done, writer.bound(), ways)
        memory = writer.memory(before)
        known = [_addresses(kept) for kept in (before, *(w.memory for w in ways))]
        for which, last in memory.last.items():
            accepted = any(kept.get(which) == spread(last) for kept in known)
            hold("a run accepts what it may", accepted, which, memory, ways)
        for name, good in memory.good.items():
            believed = any(kept.get(name) == spread(good) for kept in known)
            hold("a run believes what it may", believed, name, good, known)
        self.memories[who] = memory
        if code is None:
            self._finishes(who, ways)

    def _finishes(self, who: str, ways: Sequence[Foresight]) -> None:
        """See that the next run holds back nothing that the dead one did not."""
        (way,) = self.foresee(who, self._someone.bound())
        before = {held.kind for one in ways for held in one.memory.held}
        new = [held for held in way.memory.held if held.kind not in before]
        hold("what a dead run began is finished", not new, new, ways)

    def look(self, who: str) -> None:
        """Let a writer show its plan: nothing changes anywhere."""
        writer, memory = self.writers[who], self.memories[who]
        before, mark = writer.bound(), writer.mark
        code, said = writer.told("plan")
        hold("a plan writes nothing", writer.bound() == before, said)
        hold("a plan writes nothing", not writer.writes(mark), code, said)
        hold("a plan remembers nothing", writer.memory(memory) == memory, said)


def _addresses(memory: Memory) -> dict[object, Addresses]:
    """Return all lists that are kept, of collections and of families."""
    return {
        which: spread(e) for which, e in (*memory.last.items(), *memory.good.items())
    }


def _told(writer: Writer) -> int:
    return writer.told()[0]


def _ends(binding: Binding) -> Pair:
    return ends(binding["value"], binding.get("endrange", ""))
