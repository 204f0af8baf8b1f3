"""A machine looks for the sequence that nobody thought of.

Two instances write to one set, people change it by hand, lists change, runs die after
any write, the appliance reboots, memory is lost. Whatever came before, runs that are
left alone end in step.
"""

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from core.universe import (
    HOME,
    MARKS,
    OTHER,
    OURS,
    Appliance,
    Pair,
    addresses,
    desired,
    disjoint,
    offsets,
    wanted,
)
from tq_conn_citrix_waf.core.guard import Held, Limits, check
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ranges import Family, Ranges

instances = st.sampled_from((OURS, OTHER))
FREE = Limits(10**6, 0.0, 10**6, 0.0)


class TwoWritersAndAPerson(RuleBasedStateMachine):
    """The appliance, what was saved of it, and what each instance wants and knows."""

    def __init__(self) -> None:
        super().__init__()
        self.appliance = Appliance()
        self.saved: dict[Pair, str] = {}
        self.people: dict[Pair, str] = {}
        nothing = Ranges.empty(Family.V4)
        self.want = dict.fromkeys((OURS, OTHER), nothing)
        self.last: dict[str, Ranges | None] = dict.fromkeys((OURS, OTHER))

    @rule(instance=instances, want=wanted())
    def a_list_changes(self, instance: str, want: Ranges) -> None:
        self.want[instance] = want

    @rule(pairs=offsets(2), owner=st.sampled_from(("a person's", "nobody's")))
    def a_person_binds(self, pairs: list[Pair], owner: str) -> None:
        for pair in disjoint([*self.appliance.held, *HOME.pairs(pairs)]):
            if pair not in self.appliance.held:
                self.appliance.bind(*pair, MARKS[owner])
                self.people[pair] = MARKS[owner]

    @rule(number=st.integers(0, 11))
    def a_person_unbinds(self, number: int) -> None:
        for pair in sorted(self.appliance.held)[number : number + 1]:
            del self.appliance.held[pair]
            self.people.pop(pair, None)

    @rule()
    def a_person_saves(self) -> None:
        self.saved = dict(self.appliance.held)

    @rule()
    def the_appliance_reboots(self) -> None:
        self.appliance.held = dict(self.saved)
        whose = self.appliance.held.items()
        self.people = {p: c for p, c in whose if not c.startswith("tq-waf:")}

    @rule(instance=instances)
    def a_memory_is_lost(self, instance: str) -> None:
        self.last[instance] = None

    @rule(instance=instances, writes=st.integers(0, 12), tight=st.booleans())
    def a_run_dies_after_some_writes(
        self, instance: str, writes: int, *, tight: bool
    ) -> None:
        self.run(instance, Limits(1, 0.0, 2, 0.0) if tight else FREE, writes)

    @rule(instance=instances)
    def a_run_within_limits_ends_in_step_or_is_held(self, instance: str) -> None:
        held = self.run(instance, Limits(1, 0.0, 2, 0.0))
        want = addresses(self.want[instance])
        blocked = self.appliance.addresses()
        assert want <= blocked or Held.ADDITIONS in held
        assert self.appliance.marked(instance) <= want or Held.REMOVALS in held
        self.saved = dict(self.appliance.held)

    @rule()
    def runs_left_alone_end_in_step(self) -> None:
        # The second round is for what one instance had covered and the other took away.
        for instance in (OURS, OTHER) * 2:
            assert not self.run(instance, FREE)
        for instance in (OURS, OTHER):
            want = addresses(self.want[instance])
            assert want <= self.appliance.addresses()
            assert self.appliance.marked(instance) <= want
            data = self.appliance.dataset()
            assert plan(desired(self.want[instance]), data, instance).empty

    @invariant()
    def what_people_bound_stands(self) -> None:
        assert self.people.items() <= self.appliance.held.items()

    def run(
        self, instance: str, limits: Limits, writes: int | None = None
    ) -> set[Held]:
        """Run once; with a number of writes, die after them. Return what was held."""
        made = plan(desired(self.want[instance]), self.appliance.dataset(), instance)
        verdict = check(made, limits, self.last[instance], instance)
        self.last[instance] = verdict.accepted
        for step in list(self.appliance.steps(verdict.plan, instance))[:writes]:
            step()
        return {r.held for r in verdict.refusals}


TestTwoWritersAndAPerson = TwoWritersAndAPerson.TestCase
TestTwoWritersAndAPerson.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None
)
