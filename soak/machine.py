"""The machine: hypothesis draws what happens in the small world, and in which order."""

import sys
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, Protocol

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from faults.cases import CASES, Case
from soak.laws import BrokenLawError
from soak.runs import Runs
from soak.situation import Policy
from soak.universe import BY_HAND, FLOOD, JUNK, PUBLIC, UNIVERSE, Binding, Entry
from soak.world import LISTS, OTHERS, Edit
from soak.writer import Moment
from support.scenarios.stage import RAM
from tq_conn_citrix_waf.core.plan import Ownership

names = st.sampled_from(LISTS["ours"])
writers = st.sampled_from(sorted(OTHERS))
numbers = st.integers(0, 15)
services = [(c, s) for c in CASES for s in ("threatq", "netscaler") if c.codes(s)]
Moves = list[tuple[str, Entry]]
stays = st.integers(0, 2)
policies = st.builds(
    Policy,
    st.sampled_from([str(o) for o in Ownership]),
    minimum_stay=stays,
    time_limit=st.sampled_from((0, 2)),
)
moves: st.SearchStrategy[Moves] = st.lists(
    st.tuples(names, st.sampled_from(UNIVERSE)), max_size=4
)
"""Which entries come to lists, or leave them."""


class How(Protocol):
    """One way that a run may go."""

    def run(self, world: Runs, who: str) -> None:
        """Let a writer run so."""
        ...


@dataclass(frozen=True, slots=True)
class Whole:
    """Nothing disturbs it."""

    def run(self, world: Runs, who: str) -> None:
        world.run(who)


@dataclass(frozen=True, slots=True)
class Dies:
    """It dies at a request; see ``Moment``."""

    at: Moment

    def run(self, world: Runs, who: str) -> None:
        world.die(who, self.at)


@dataclass(frozen=True, slots=True)
class Meets:
    """The other one runs in the middle of it, before a request."""

    at: Moment

    def run(self, world: Runs, who: str) -> None:
        world.collide(who, self.at)


@dataclass(frozen=True, slots=True)
class Suffers:
    """A fault of the lab strikes, or a person edits the set at just that time."""

    struck: tuple[Case, str]
    at: Moment
    times: int | None
    add: tuple[Binding, ...]
    remove: tuple[Binding, ...]

    def run(self, world: Runs, who: str) -> None:
        edit = Edit(self.add, self.remove)
        world.suffer(who, self.struck, self.at, self.times, edit)


moments = st.one_of(
    # No run of this world sends more, but for those that faults make repeat.
    st.builds(Moment, st.integers(1, 34), st.booleans()),
    st.builds(Moment, st.integers(1, 11), st.booleans(), writes=st.just(value=True)),
)
by_hand = st.lists(st.sampled_from(BY_HAND), max_size=2).map(tuple)
ways: st.SearchStrategy[How] = st.one_of(
    st.just(Whole()),
    st.builds(Dies, moments),
    st.builds(Meets, moments),
    st.builds(
        Suffers,
        st.sampled_from(services),
        moments,
        st.sampled_from((1, None)),
        by_hand,
        by_hand,
    ),
)


class SmallWorld(RuleBasedStateMachine):
    """Lists, people, two connectors, crashes, faults, reboots, lost files."""

    reached: ClassVar[dict[str, int]] = {}
    broke_at: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        home = self._stack.enter_context(TemporaryDirectory(dir=RAM))
        patch = self._stack.enter_context(pytest.MonkeyPatch.context())
        self.world = Runs(Path(home), patch)

    @initialize(many=st.booleans(), stays=st.tuples(stays, stays))
    def the_world_begins(self, *, many: bool, stays: tuple[int, int]) -> None:
        self.world.build(many=many)
        for who, days in zip(OTHERS, stays, strict=True):
            self.world.decide(who, Policy(minimum_stay=days))

    def teardown(self) -> None:
        """Whatever came before, runs that are left alone end in step."""
        try:
            if sys.exception() is None:
                self.world.recover()
        finally:
            broken = isinstance(sys.exception(), BrokenLawError)
            if broken and not self.broke_at:
                SmallWorld.broke_at = Runs.runs
            self._end()

    def _end(self) -> None:
        for writer in self.world.writers.values():
            for kind, count in writer.reached.items():
                self.reached[kind] = self.reached.get(kind, 0) + count
        self._stack.close()

    def move(self, moves: Moves) -> None:
        """Let single entries come to lists, or leave them."""
        for name, entry in moves:
            entries = [*self.world.lists[name]]
            (entries.remove if entry in entries else entries.append)(entry)
            self.world.fill(name, entries)

    @rule(name=names, entries=st.sets(st.sampled_from(UNIVERSE)))
    def a_list_changes(self, name: str, entries: set[Entry]) -> None:
        self.world.fill(name, sorted(entries, key=UNIVERSE.index))

    @rule(name=names, full=st.booleans())
    def a_list_widens_or_shrinks_at_once(self, name: str, *, full: bool) -> None:
        self.world.fill(name, PUBLIC if full else PUBLIC[:1])

    @rule(name=names, junk=st.booleans())
    def a_list_gives_nothing_usable(self, name: str, *, junk: bool) -> None:
        self.world.fill(name, JUNK if junk else ())

    @rule(name=names)
    def private_addresses_flood_a_list(self, name: str) -> None:
        self.world.fill(name, (*self.world.lists[name], *FLOOD))

    @rule(binding=st.sampled_from(BY_HAND))
    def a_person_binds(self, binding: dict[str, str]) -> None:
        self.world.bind(binding)

    @rule(number=numbers)
    def a_person_unbinds(self, number: int) -> None:
        self.world.unbind(number)

    @rule()
    def a_person_saves(self) -> None:
        self.world.save()

    @rule()
    def the_appliance_reboots(self) -> None:
        self.world.reboot()

    @rule(hours=st.sampled_from((1, 25, 49)))
    def time_passes(self, hours: int) -> None:
        self.world.wait(hours)

    @rule(who=writers, policy=policies)
    def a_policy_is_decided(self, who: str, policy: Policy) -> None:
        self.world.decide(who, policy)

    @rule(entry=st.sampled_from(UNIVERSE))
    def a_person_calls_one_whitelisted_or_no_more(self, entry: Entry) -> None:
        self.world.whitelist(entry)

    @rule(who=writers, what=st.sampled_from(("accepted", "ledger", "all")))
    def files_are_lost(self, who: str, what: str) -> None:
        self.world.lose(who, what)

    @rule(who=writers, number=st.integers(0, 2))
    def a_person_approves(self, who: str, number: int) -> None:
        self.world.approve(who, number)

    @rule(who=writers)
    def a_person_looks_at_a_plan(self, who: str) -> None:
        self.world.look(who)

    @rule(moves=moves, how=ways)
    def a_run(self, moves: Moves, how: How) -> None:
        self.move(moves)
        how.run(self.world, "ours")

    @rule(moves=moves, how=ways)
    def a_run_of_the_other(self, moves: Moves, how: How) -> None:
        self.move(moves)
        how.run(self.world, "other's")

    @rule(runs=st.lists(st.tuples(writers, moves, ways), min_size=2, max_size=5))
    def some_runs(self, runs: list[tuple[str, Moves, How]]) -> None:
        for who, moves, how in runs:
            self.move(moves)
            how.run(self.world, who)
