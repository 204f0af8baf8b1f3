"""A target in memory: small, and as strict as the contract of targets asks.

Faults come by a hook that sees each step before it happens.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from functools import partial

from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.dataset import Binding, Dataset, spelling
from tq_conn_citrix_waf.core.ports import Fate, Node, Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, Family


class Mishap(Enum):
    """What may happen to a write."""

    NOT_DONE = auto()
    """Nothing was done, and no answer came."""
    ANSWER_LOST = auto()
    """All was done, and no answer came."""
    HALF_DONE = auto()
    """The first half was done, and no answer came."""
    HALF_TOLD = auto()
    """The first half was done, and the answer tells of no more."""


def _reached(mishap: Mishap, count: int) -> int:
    if mishap is Mishap.NOT_DONE:
        return 0
    return count if mishap is Mishap.ANSWER_LOST else count // 2


Hook = Callable[[str], Mishap | None]
"""Sees each step by its name; may raise, and for a write may return a mishap."""


def no_fault(_step: str) -> Mishap | None:
    """Let everything go well."""
    return None


@dataclass
class FakeTarget:
    """One data set; fulfils ``core.ports.Target``.

    Attributes:
        running: value, end and comment of each binding, by its range.
        stored: what a restart would bring back.
        steps: the names of all steps so far.
    """

    name: str = "bl"
    family: Family = Family.V4
    capacity: int = 5000
    role: str = "Stand-alone"
    hook: Hook = no_fault
    running: dict[AddressRange, Binding] = field(default_factory=dict)
    stored: dict[AddressRange, Binding] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    comments: bool | None = True
    sign_ins: int = 1
    _index: int = 0

    def put(self, value: str, endrange: str = "", comment: str = "") -> None:
        """Bind as an administrator does."""
        found = read_range(self.family, value, endrange)
        assert found is not None
        outcome = self._bind_one(found, (value, endrange), comment)
        assert outcome.fate is Fate.DONE

    def restart(self) -> None:
        """Lose what was not saved."""
        self.running = dict(self.stored)

    def node(self) -> Node:
        self._step("node")
        return Node("Fake 1.0", self.role)

    def read(self) -> Dataset:
        self._step("read")
        found = Dataset(self.name, self.family)
        for b in self.running.values():
            found.add(b.value, b.endrange, b.comment, b.index)
        found.sort()
        return found

    def bind(self, ranges: Sequence[AddressRange], mark: str) -> list[Outcome]:
        acts = [partial(self._bind_one, r, spelling(r), mark) for r in ranges]
        return self._write("bind", acts)

    def unbind(self, bindings: Sequence[Binding]) -> list[Outcome]:
        acts = [partial(self._unbind_one, b) for b in bindings]
        return self._write("unbind", acts)

    def unsaved(self) -> bool | None:
        self._step("unsaved")
        return self.running != self.stored

    def save(self) -> None:
        self._step("save")
        self.stored = dict(self.running)

    def _step(self, step: str) -> Mishap | None:
        self.steps.append(step)
        return self.hook(step)

    def _write(self, step: str, acts: Sequence[Callable[[], Outcome]]) -> list[Outcome]:
        mishap = self._step(step)
        if mishap is None:
            return [act() for act in acts]
        done = [act() for act in acts[: _reached(mishap, len(acts))]]
        told = done if mishap is Mishap.HALF_TOLD else []
        lost = Outcome(Fate.UNKNOWN, "no answer")
        return told + [lost] * (len(acts) - len(told))

    def _bind_one(
        self, wanted: AddressRange, spelled: tuple[str, str], comment: str
    ) -> Outcome:
        if wanted in self.running:
            return Outcome(Fate.ALREADY, "already bound")
        if any(
            wanted.family is self.family
            and there.first <= wanted.last
            and wanted.first <= there.last
            for there in self.running
        ):
            return Outcome(Fate.REFUSED, "The range overlaps")
        if len(self.running) >= self.capacity:
            return Outcome(Fate.FULL, f"no more than {self.capacity}")
        self._index += 1
        self.running[wanted] = Binding(wanted, *spelled, comment, self._index)
        return Outcome(Fate.DONE)

    def _unbind_one(self, binding: Binding) -> Outcome:
        there = self.running.get(binding.range)
        spelled = (binding.value, binding.endrange)
        if there is None or (there.value, there.endrange) != spelled:
            return Outcome(Fate.ALREADY, "not bound")
        del self.running[binding.range]
        return Outcome(Fate.DONE)
