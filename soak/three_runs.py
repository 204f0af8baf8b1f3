"""One run over three addresses, whole or dead anywhere: the program's own core.

``trust``, ``plan``, ``check``, ``apply`` and ``verify`` are the program's; the targets
are the fake that fulfils their contract. What a run keeps is kept in the order of
``run.sync``: what is accepted before the first write, a generation when the run ends.
"""

from array import array
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from soak.three import NOW, After, Box, Known, Writer
from support.fake import Mishap
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.guard import (
    Consent,
    Held,
    Refusal,
    Verdict,
    check,
)
from tq_conn_citrix_waf.core.merge import nothing, stand_in
from tq_conn_citrix_waf.core.model import Desired, Rejections
from tq_conn_citrix_waf.core.plan import Stay, entries, plan
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.core.trust import trust
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.apply import Applied, apply
from tq_conn_citrix_waf.run.stay import released
from tq_conn_citrix_waf.run.verify import verify

Meanwhile = Callable[["Run"], None]
"""Happens in the middle of a run, which it is given."""


class _Clock:
    """Time stands still."""

    def now(self) -> datetime:
        return NOW

    def monotonic(self) -> float:
        return 0.0

    def sleep(self, seconds: float) -> None:
        raise AssertionError(seconds)


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of a family: what is taken of its list, and what may be done."""

    taken: Desired
    verdict: Verdict
    refusals: tuple[Refusal, ...]
    stay: Stay | None


class Run:
    """One run; ``steps`` names each instant at which it may die.

    ``deaths`` has, for each, what it then leaves.

    Args:
        writer: who runs.
        held: the sets.
        want: its data collection; 0, which is none, is an outage.
        known: its memory.
        consents: what people allowed.
    """

    def __init__(
        self,
        writer: Writer,
        held: int,
        want: int,
        known: Known,
        consents: tuple[Consent, ...] = (),
    ) -> None:
        self._writer, self._want, self._consents = writer, want, consents
        self._held, self.known = held, known
        self.saved, self.refusals = False, tuple[Refusal, ...]()
        self.steps: list[str] = []
        self.deaths: list[After] = []
        self.writes = 0
        self.mishap: tuple[int, Mishap] | None = None
        self.between: tuple[int, Meanwhile] | None = None
        home = writer.home
        self._boxes = {v: Box(self._step, home, v) for v in home.families}
        self.fill(held)

    @property
    def held(self) -> int:
        """Return the sets as a number."""
        return sum(box.number() for box in self._boxes.values())

    def fill(self, number: int) -> None:
        """Let the sets be these."""
        for box in self._boxes.values():
            box.fill(number)

    def _step(self, step: str) -> Mishap | None:
        self.deaths.append(self._left())
        if self.between is not None and self.between[0] == len(self.steps):
            self.between[1](self)
        mishap = None
        if self.mishap is not None and self.mishap[0] == len(self.steps):
            mishap = self.mishap[1]
        self.steps.append(step)
        self.writes += step in ("bind", "unbind", "save")
        return mishap

    def __call__(self) -> After:
        """Run to its end; what it sees to be wrong ends it, too."""
        with suppress(ConnectorError):
            self._run()
        return self._left()

    def _left(self) -> After:
        return After(self.held, self.known, self.saved, self.refusals)

    def _run(self) -> None:
        if not self._want and self.known.good is None:
            return
        home = self._writer.home
        sets = {v: box.read() for v, box in self._boxes.items()}
        judged = {v: self._judged(v, data) for v, data in sets.items()}
        self.refusals = tuple(r for one in judged.values() for r in one.refusals)
        self._step("begin")
        begins = (home.places_of(one.verdict.begins()) for one in judged.values())
        self.known = replace(self.known, begun=sum(begins))
        self._step("accept")
        accepted = (home.bits(one.verdict.accepted) for one in judged.values())
        self.known = replace(self.known, last=sum(accepted))
        for version, one in judged.items():
            if not one.verdict.plan.empty:
                self._write(version, one)
        if self.known.due:
            next(iter(self._boxes.values())).save()
            self.saved = True
            self._step("note that none is due")
            self.known = replace(self.known, due=False)
        self._step("end")
        self.known = replace(self.known, begun=0)
        self._step("record")
        if self._want:
            good = sum(home.bits(one.taken.wanted) for one in judged.values())
            self.known = replace(self.known, good=good)

    def _judged(self, version: Family, data: Dataset) -> _Judged:
        writer, last = self._writer, self.known.last
        consents = [c for c in self._consents if c.entries.family is version]
        taken, refused = self._believed(data, consents)
        held = self._ranges(self._want, version).merged() if refused else None
        stay = self._stay(version, consents)
        made = plan(taken, data, writer.instance, writer.ownership, stay, held)
        before = None if last is None else self._ranges(last, version)
        begun = self._ranges(self.known.begun, version)
        verdict = check(made, writer.limits, before, writer.instance, consents, begun)
        return _Judged(taken, verdict, (*refused, *verdict.refusals), stay)

    def _stay(self, version: Family, consents: list[Consent]) -> Stay | None:
        if not self._writer.stay:
            return None
        none = Ranges.empty(version)
        free = released({version: none}, none, consents)
        return Stay(NOW.date(), self._writer.stay, free)

    def _believed(
        self, data: Dataset, consents: list[Consent]
    ) -> tuple[Desired, tuple[Refusal, ...]]:
        """Return what of the collection is taken; what is ours is nothing new."""
        good, version = self.known.good, data.family
        last = None if good is None else _stand_in(self._ranges(good, version))
        if not self._want:
            return last or nothing(version), ()
        given = _desired(self._ranges(self._want, version))
        limits = self._writer.limits
        found = trust(given, last, limits, consents)
        if any(refusal.held is Held.ADDITIONS for refusal in found.refusals):
            once = entries(data, self._writer.instance, ours=True)
            if self.known.last is not None:
                once = once.union(self._ranges(self.known.last, version))
            accepted = Consent(Held.ADDITIONS, once)
            found = trust(given, last, limits, (*consents, accepted))
        return found.desired, found.refusals

    def _write(self, version: Family, judged: _Judged) -> None:
        box, writer, allowed = self._boxes[version], self._writer, judged.verdict.plan
        if not self.known.due:
            self._step("note that a save is due")
            self.known = replace(self.known, due=True)
        applied = Applied()
        apply(box, allowed, writer.mark, applied, _Clock(), _tell)
        verify(box.read(), allowed, applied, writer.instance, judged.stay)

    def _ranges(self, some: int, version: Family) -> Ranges:
        return self._writer.home.ranges(some, version)


def _desired(wanted: Ranges) -> Desired:
    rows = len(wanted)
    return Desired(
        wanted, array("q", range(rows)), array("H", [0] * rows), Rejections()
    )


def _stand_in(wanted: Ranges) -> Desired:
    return stand_in(wanted, array("q", range(len(wanted))), 0)


def _tell(_verb: str, _done: int, _of: int) -> None:
    """Tell nobody."""
