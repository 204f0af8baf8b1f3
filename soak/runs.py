"""The connectors run in the small world, and what comes of it is judged.

1. A run that nothing disturbs does exactly what the reference says.
2. One that dies or meets faults does a part of it, and the next one ends the work.
3. Whoever says that all is in step has all in step: looked at without the reference.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from itertools import product
from typing import ClassVar

from faults.cases import Case
from soak.ahead import WorldAhead
from soak.laws import Bound, hold
from soak.situation import ADDITIONS, HITS, REMOVALS, Foresight, Held, Memory
from soak.universe import FAMILIES, NOTHING, PUBLIC, Addresses, Entries, of, spread
from soak.world import Edit
from soak.writer import Moment, Writer
from support.outside import Killed


class Runs(WorldAhead):
    """The small world, and each way that a run in it may go."""

    runs: ClassVar[int] = 0
    """How often a connector has run, in all worlds."""

    def _an_hour_later(self) -> None:
        Runs.runs += 1
        self.wait(1)

    def run(self, who: str) -> int:
        """Run undisturbed, and hold what came of it against the reference."""
        self._an_hour_later()
        writer, before = self.writers[who], self._someone.bound()
        (way,) = self.foresee(who, before)
        mark = writer.mark
        with writer.judged(self._may(who, [way])):
            code, said = writer.told()
        after, memory = writer.bound(), writer.disk.memory(self.memories[who])
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
        told = [h for _, h in self.writers[who].disk.held()] if code in (3, 5) else []
        for version in FAMILIES:
            asked = self._known(who, version, told)
            if asked is not None:
                self._held_to(who, asked, of(after, version), after, told)

    def _known(self, who: str, version: int, told: list[Held]) -> Addresses | None:
        """Return what lists ask for; None where of one of them nothing is known."""
        good, asked = self.memories[who].good, NOTHING
        floods = [h.entries for h in told if h.kind == HITS]
        for name in self.writers[who].lists:
            content = self.content(who, name)
            here = content.of(version)
            given = here.wanted
            flooded = any(f <= spread(here.hits) for f in floods)
            if content.outage or flooded:
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
        left -= self._staying(who, pairs, after)
        stays = writer.policy.ownership == "add-only"
        hold("every entry of ours is wanted, or held", stays or not left, left, told)

    def _staying(self, who: str, pairs: Entries, after: Bound) -> Addresses:
        """Return what of a set the day in its mark alone lets stay."""
        now = self.situation(who, after, {}, self.through, self.lab.clock.now())
        young = [pair for pair in pairs if now.young(after[pair])]
        return spread(p for p in young if not spread([p]) & self.through)

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
        for who, name in product(self.writers, self.lists):
            if self.content(who, name).outage:
                self.white -= {*PUBLIC[:3]}
                self.fill(name, PUBLIC[:3])
        for who in (*self.writers, *self.writers):
            rounds = (self._allowed(who) for _ in range(3))
            done = any(code == 0 for code in rounds)
            hold("runs left alone end in step", done, self.writers[who].disk.held())

    def _allowed(self, who: str) -> int:
        for number in range(len(self.writers[who].disk.held())):
            self.approve(who, number)
        return self.run(who)

    def collide(self, who: str, at: Moment) -> None:
        """Run, and let the other writer run in the middle of it."""
        (other,) = self.writers.keys() - {who}
        writer, before = self.writers[who], self._someone.bound()

        def meanwhile() -> Sequence[Foresight]:
            self.run(other)
            return self.foresee(who, before, writer.bound(), since=began)

        began = self.lab.clock.now() + timedelta(hours=1)
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
        with writer.judged(self._may(who, ways)):
            code = run(writer)
        if code == 0 and alone and len(ways) == count:
            done = any(way.done(set_before, writer.bound()) for way in ways)
            hold("who says in step is in step", done, writer.bound(), ways)
        memory = writer.disk.memory(before)
        known = [_addresses(kept) for kept in (before, *(w.memory for w in ways))]
        for which, last in memory.last.items():
            accepted = any(kept.get(which) == spread(last) for kept in known)
            hold("a run accepts what it may", accepted, which, memory, ways)
        for which, goes in memory.begun.items():
            begun = [before.begun.get(which), *(w.begins.get(which) for w in ways)]
            hold("a run begins what it may", goes in begun, which, memory, ways)
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
        hold("a plan remembers nothing", writer.disk.memory(memory) == memory, said)


def _addresses(memory: Memory) -> dict[object, Addresses]:
    """Return all lists that are kept, of collections and of families."""
    return {
        which: spread(e) for which, e in (*memory.last.items(), *memory.good.items())
    }


def _told(writer: Writer) -> int:
    return writer.told()[0]
