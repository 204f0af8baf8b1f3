"""Laws of ``check``: held is what is over a limit, whole, and nothing else."""

import random
from array import array

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.universe import (
    HOME,
    MARKS,
    OTHER,
    OURS,
    Appliance,
    addresses,
    appliances,
    desired,
    wanted,
)
from tq_conn_citrix_waf.core.guard import Consent, Held, Limits, Refusal, Verdict, check
from tq_conn_citrix_waf.core.plan import Ownership, Plan, plan
from tq_conn_citrix_waf.core.ranges import Family, Ranges

HALVES = (Held.ADDITIONS, Held.REMOVALS)
"""What a plan is held back by; the third kind judges a collection."""

TIGHT = Limits(0, 0.0, 0, 0.0)
some_limits = st.builds(
    Limits,
    remove_count=st.integers(0, 4),
    remove_share=st.sampled_from((0.0, 0.1, 0.5)),
    add_count=st.integers(0, 4),
    add_share=st.sampled_from((0.0, 0.25, 0.5)),
)
some_appliance = appliances()
some_wanted = wanted()
some_last = st.none() | some_wanted
some_consents = st.lists(
    st.builds(Consent, st.sampled_from(HALVES), some_wanted), max_size=3
)


def planned(appliance: Appliance, want: Ranges) -> Plan:
    return plan(desired(want), appliance.dataset(), OURS)


def held(verdict: Verdict, kind: Held) -> Ranges:
    """What was held back of a kind; at most one refusal of each."""
    found = [r.entries for r in verdict.refusals if r.held is kind]
    assert len(found) <= 1
    return found[0] if found else Ranges.empty(Family.V4)


def singles(*offsets: int) -> Ranges:
    return HOME.ranges((n, n) for n in offsets)


def ours(*offsets: int) -> Appliance:
    pairs = HOME.pairs((n, n) for n in offsets)
    return Appliance(held=dict.fromkeys(pairs, MARKS["ours"]))


@given(some_appliance, some_wanted, some_limits, some_last)
def test_what_is_held_is_over_its_limit_and_what_is_not_is_under(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    made = planned(appliance, want)
    verdict = check(made, limits, last, OURS)
    mine = [p for p, comment in appliance.held.items() if comment == MARKS["ours"]]
    before = Ranges.of(Family.V4, mine) if last is None else last
    due = made.add.subtract(made.removed().merged())
    new = want.subtract(before).intersect(due)
    gone = before.union(made.removed()).subtract(want)
    free = last is None and not mine
    fresh = addresses(new)
    come = sum(1 for one in want if addresses([one]) & fresh)
    for kind, entries, counted, limit in (
        (Held.ADDITIONS, new, come, limits.additions(len(before))),
        (Held.REMOVALS, gone, len(gone), limits.removals(len(before))),
    ):
        found = [r for r in verdict.refusals if r.held is kind]
        size = max(limits.add_count, limits.cover_factor * before.addresses())
        widened = kind is Held.ADDITIONS and entries.addresses() > size
        over = (counted > limit or widened) and not free
        expected = Refusal(kind, entries, counted, limit, len(before))
        assert found == ([expected] if over else [])


@given(some_appliance, some_wanted, some_limits, some_last, st.integers(0, 8))
@example(  # a share of the list as it was, and is no more
    ours(*range(4)), singles(0, 1), Limits(0, 0.5, 0, 0.0), singles(*range(4)), 0
)
@example(  # accepted as one network, and standing as three
    ours(0, 1, 2), singles(5), Limits(1, 0.0, 9, 0.0), HOME.ranges([(0, 2), (5, 5)]), 0
)
def test_what_a_dead_run_was_allowed_the_next_one_finishes(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None, done: int
) -> None:
    first = check(planned(appliance, want), limits, last, OURS)
    for step in list(appliance.steps(first.plan, OURS))[:done]:
        step()
    made, begun = planned(appliance, want), first.begins()
    again = check(made, limits, first.accepted, OURS, begun=begun)
    kinds = {refusal.held for refusal in first.refusals}
    assert {refusal.held for refusal in again.refusals} <= kinds
    appliance.apply(again.plan)
    assert not appliance.marked(OURS) & addresses(begun)


@given(some_appliance, some_wanted, some_limits, some_last, some_wanted)
def test_what_a_dead_run_was_allowed_and_more_than_a_run_may_never_go_together(
    appliance: Appliance,
    want: Ranges,
    limits: Limits,
    last: Ranges | None,
    begun: Ranges,
) -> None:
    made = planned(appliance, want)
    verdict = check(made, limits, last, OURS, begun=begun)
    without = check(made, limits, last, OURS)
    gone = addresses(verdict.plan.removed()) - addresses(want)
    if len(held(without, Held.REMOVALS)):
        assert gone <= addresses(begun)
    else:
        assert verdict == without


@given(some_appliance, some_wanted, some_limits, some_last)
def test_what_is_under_its_limit_goes_ahead_whatever_becomes_of_the_other(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    made = planned(appliance, want)
    verdict = check(made, limits, last, OURS)
    allowed, removed = addresses(verdict.plan.add), addresses(made.removed())
    held_new = addresses(held(verdict, Held.ADDITIONS))
    held_gone = held(verdict, Held.REMOVALS)
    kept_back = held_new - removed | (removed if len(held_gone) else set())
    assert allowed == addresses(made.add) - kept_back
    assert verdict.plan.remove == (array("L") if len(held_gone) else made.remove)


@given(some_appliance, some_wanted, some_limits, some_last)
@example(
    Appliance(held=dict.fromkeys(HOME.pairs([(0, 3)]), MARKS["ours"])),
    HOME.ranges([(0, 1)]),
    Limits(1, 0.0, 0, 0.0),
    Ranges.empty(Family.V4),
)
def test_a_hold_never_lets_through_what_was_blocked_and_is_wanted(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    before = appliance.addresses()
    verdict = check(planned(appliance, want), limits, last, OURS)
    appliance.apply(verdict.plan)
    assert before & addresses(want) <= appliance.addresses()


@given(some_appliance, some_wanted, some_limits, some_last)
def test_what_is_held_changes_nothing_on_the_appliance(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    before, foreign = appliance.addresses(), appliance.foreign(OURS)
    verdict = check(planned(appliance, want), limits, last, OURS)
    appliance.apply(verdict.plan)
    after = appliance.addresses()
    assert not (after - before) & addresses(held(verdict, Held.ADDITIONS))
    assert not (before - after) & addresses(held(verdict, Held.REMOVALS))
    assert appliance.foreign(OURS) == foreign


@given(some_appliance, some_wanted, some_limits, some_last)
def test_what_was_not_refused_is_in_step(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    verdict = check(planned(appliance, want), limits, last, OURS)
    appliance.apply(verdict.plan)
    new, gone = (addresses(held(verdict, kind)) for kind in HALVES)
    assert addresses(want) - new <= appliance.addresses()
    assert bool(gone) or appliance.marked(OURS) <= addresses(want)


@given(some_appliance, some_wanted, some_limits, some_last)
def test_accepted_is_what_was_accepted_before_where_something_new_is_held(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    verdict = check(planned(appliance, want), limits, last, OURS)
    mine = appliance.marked(OURS) if last is None else addresses(last)
    new = len(held(verdict, Held.ADDITIONS))
    expected = addresses(want) & mine if new else addresses(want)
    expected |= mine if len(held(verdict, Held.REMOVALS)) else set()
    assert addresses(verdict.accepted) == expected


@given(some_appliance, some_wanted, st.integers(0, 4), st.integers(0, 4), some_last)
def test_what_is_held_stays_held_until_something_changes(
    appliance: Appliance, want: Ranges, most_out: int, most_in: int, last: Ranges | None
) -> None:
    limits = Limits(most_out, 0.0, most_in, 0.0)
    first = check(planned(appliance, want), limits, last, OURS)
    appliance.apply(first.plan)
    second = check(planned(appliance, want), limits, first.accepted, OURS)
    assert second.plan.empty
    assert {r.id for r in second.refusals} == {r.id for r in first.refusals}
    assert second.accepted == first.accepted


@given(some_appliance, some_wanted)
def test_putting_back_what_a_reboot_lost_counts_nothing(
    appliance: Appliance, want: Ranges
) -> None:
    appliance.apply(planned(appliance, want))
    appliance.held = appliance.foreign(OURS)
    lost = planned(appliance, want)
    verdict = check(lost, TIGHT, want, OURS)
    assert not verdict.refusals
    assert verdict.plan == lost


@given(some_appliance, some_wanted)
def test_a_first_load_is_free(appliance: Appliance, want: Ranges) -> None:
    appliance.held = appliance.foreign(OURS)
    made = planned(appliance, want)
    verdict = check(made, TIGHT, None, OURS)
    assert verdict == Verdict(made, want, ())


def test_a_first_load_takes_out_no_more_unmarked_entries_than_is_allowed() -> None:
    by_hand = dict.fromkeys(HOME.pairs([(1, 1), (2, 2)]), MARKS["a person's"])
    data = Appliance(held=by_hand).dataset()
    made = plan(desired(singles(5, 6)), data, OURS, Ownership.EXCLUSIVE)
    verdict = check(made, Limits(1, 0.0, 0, 0.0), None, OURS)
    assert [(r.held, r.entries) for r in verdict.refusals] == [
        (Held.REMOVALS, singles(1, 2))
    ]
    assert not verdict.plan.remove
    assert verdict.plan.add == singles(5, 6)
    assert check(made, Limits(2, 0.0, 0, 0.0), None, OURS).plan == made


def test_a_known_list_of_nothing_is_no_first_load() -> None:
    verdict = check(planned(ours(), singles(1)), TIGHT, singles(), OURS)
    assert [r.held for r in verdict.refusals] == [Held.ADDITIONS]
    assert verdict.plan.empty


@given(some_appliance, some_wanted, some_wanted)
def test_where_nothing_would_be_bound_no_addition_is_held(
    appliance: Appliance, want: Ranges, last: Ranges
) -> None:
    # As after a restored backup: the appliance is ahead of the list accepted last.
    appliance.apply(planned(appliance, want))
    verdict = check(planned(appliance, want), TIGHT, last, OURS)
    assert not len(held(verdict, Held.ADDITIONS))
    assert verdict.plan.empty


def test_what_is_blocked_already_does_not_count_beside_what_is_not() -> None:
    made = planned(ours(1, 2, 3), singles(1, 2, 3, 4, 5))
    verdict = check(made, Limits(0, 0.0, 2, 0.0), singles(), OURS)
    assert not verdict.refusals
    assert verdict.accepted == singles(1, 2, 3, 4, 5)
    verdict = check(made, Limits(0, 0.0, 1, 0.0), singles(), OURS)
    assert [r.entries for r in verdict.refusals] == [singles(4, 5)]
    assert verdict.accepted == singles(), "else the limit would grow with what is held"


def test_where_the_list_is_lost_what_stands_of_ours_stands_in_for_it() -> None:
    limits = Limits(1, 0.0, 1, 0.0)
    verdict = check(planned(ours(1, 2, 3), singles(1, 5)), limits, None, OURS)
    assert [(r.held, r.entries) for r in verdict.refusals] == [
        (Held.REMOVALS, singles(2, 3))
    ]
    assert verdict.plan.add == singles(5)
    assert addresses(verdict.accepted) == addresses(singles(1, 2, 3, 5))


def test_an_old_list_does_not_open_the_door_to_removals() -> None:
    verdict = check(planned(ours(1, 2, 3), singles(1)), TIGHT, singles(1), OURS)
    assert [(r.held, r.entries) for r in verdict.refusals] == [
        (Held.REMOVALS, singles(2, 3))
    ]


def test_another_instances_entries_do_not_stand_in_for_the_list() -> None:
    appliance = Appliance(held=dict.fromkeys(HOME.pairs([(1, 1)]), MARKS["other's"]))
    assert not check(planned(appliance, singles(2)), TIGHT, None, OURS).refusals
    made = plan(desired(singles(2)), appliance.dataset(), OTHER)
    assert len(check(made, TIGHT, None, OTHER).refusals) == 2


def consent_to(verdict: Verdict) -> list[Consent]:
    return [Consent(r.held, r.entries) for r in verdict.refusals]


@given(some_appliance, some_wanted, some_limits, some_last)
def test_consent_to_all_refusals_lets_the_whole_plan_through(
    appliance: Appliance, want: Ranges, limits: Limits, last: Ranges | None
) -> None:
    made = planned(appliance, want)
    consents = consent_to(check(made, limits, last, OURS))
    assert check(made, limits, last, OURS, consents) == Verdict(made, want, ())


@given(some_appliance, some_wanted, some_last, some_consents)
@example(
    Appliance(held=dict.fromkeys(HOME.pairs([(0, 1)]), MARKS["ours"])),
    Ranges.empty(Family.V4),
    None,
    [Consent(Held.REMOVALS, singles(0))],
)
def test_what_a_consent_covers_goes_ahead_and_nothing_beyond(
    appliance: Appliance,
    want: Ranges,
    last: Ranges | None,
    consents: list[Consent],
) -> None:
    foreign = appliance.foreign(OURS)
    before = appliance.addresses()
    may = {
        k: {n for c in consents if c.held is k for n in addresses(c.entries)}
        for k in HALVES
    }
    verdict = check(planned(appliance, want), TIGHT, last, OURS, consents)
    appliance.apply(verdict.plan)
    after = appliance.addresses()
    assert appliance.foreign(OURS) == foreign
    assert before & addresses(want) <= after
    new, gone = (addresses(held(verdict, kind)) for kind in HALVES)
    assert not new & may[Held.ADDITIONS]
    assert gone & may[Held.REMOVALS] <= after  # it stays with the rest of its entry
    assert addresses(want) & may[Held.ADDITIONS] <= after
    for pair in appliance.held.keys() - foreign.keys():
        unwanted = appliance.addresses([pair]) - addresses(want)
        assert not unwanted or not unwanted <= may[Held.REMOVALS]
    assert not (after - before) & new
    assert not (before - after) & gone


@given(some_appliance, some_wanted, some_limits, some_last, some_consents)
def test_a_consent_never_holds_more(
    appliance: Appliance,
    want: Ranges,
    limits: Limits,
    last: Ranges | None,
    consents: list[Consent],
) -> None:
    made = planned(appliance, want)
    without = check(made, limits, last, OURS)
    given_ = check(made, limits, last, OURS, consents)
    for kind in HALVES:
        assert addresses(held(given_, kind)) <= addresses(held(without, kind))
    assert set(without.plan.remove) <= set(given_.plan.remove)


def test_a_consent_to_one_kind_is_none_to_the_other() -> None:
    consents = [Consent(Held.ADDITIONS, singles(1)), Consent(Held.REMOVALS, singles(2))]
    made = planned(ours(1), singles(2))
    verdict = check(made, TIGHT, singles(1), OURS, consents)
    assert {r.held for r in verdict.refusals} == set(HALVES)
    assert verdict.plan.empty


def test_a_consent_does_what_is_due_of_it_beside_a_new_refusal() -> None:
    consents = [
        Consent(Held.REMOVALS, singles(1, 2)),
        Consent(Held.ADDITIONS, singles(5)),
    ]
    made = planned(ours(1, 2, 3), singles(2, 5, 6))
    verdict = check(made, TIGHT, singles(1, 2, 3), OURS, consents)
    assert verdict.plan.removed() == singles(1)
    assert verdict.plan.add == singles(5)
    assert {r.held: r.entries for r in verdict.refusals} == {
        Held.REMOVALS: singles(3),
        Held.ADDITIONS: singles(6),
    }
    assert addresses(verdict.accepted) == addresses(singles(2, 3, 5))


def test_a_consent_to_the_rest_of_a_wider_entry_lets_it_make_way() -> None:
    wide = dict.fromkeys(HOME.pairs([(0, 3), (8, 8)]), MARKS["ours"])
    made = planned(Appliance(held=wide), HOME.ranges([(0, 1)]))
    consents = [Consent(Held.REMOVALS, HOME.ranges([(2, 3)]))]
    verdict = check(made, TIGHT, None, OURS, consents)
    assert list(verdict.plan.removed().pairs()) == HOME.pairs([(0, 3)])
    assert list(verdict.plan.add.pairs()) == HOME.pairs([(0, 1)])
    assert [r.entries for r in verdict.refusals] == [singles(8)]


def test_what_may_go_and_stays_with_the_rest_of_its_entry_is_named() -> None:
    wide = dict.fromkeys(HOME.pairs([(0, 3), (8, 8)]), MARKS["ours"])
    made = planned(Appliance(held=wide), HOME.ranges([(0, 1)]))
    consents = [Consent(Held.REMOVALS, HOME.ranges([(3, 3), (8, 8)]))]
    verdict = check(made, TIGHT, None, OURS, consents)
    assert verdict.plan.removed() == singles(8)
    (refusal,) = verdict.refusals
    assert refusal.entries == singles(2, 3)
    assert refusal.counted == 1
    given = Consent(Held.REMOVALS, refusal.entries)
    assert check(made, TIGHT, None, OURS, [given, *consents]).plan == made


@given(some_appliance, some_wanted, some_limits, some_last, some_consents)
@example(
    Appliance(held=dict.fromkeys(HOME.pairs([(0, 3)]), MARKS["ours"])),
    HOME.ranges([(0, 1)]),
    TIGHT,
    None,
    [Consent(Held.REMOVALS, HOME.ranges([(3, 3)]))],
)
def test_whatever_is_not_wanted_and_stays_is_named(
    appliance: Appliance,
    want: Ranges,
    limits: Limits,
    last: Ranges | None,
    consents: list[Consent],
) -> None:
    made = planned(appliance, want)
    verdict = check(made, limits, last, OURS, consents)
    gone = addresses(made.removed()) - addresses(want)
    left = gone - addresses(verdict.plan.removed())
    assert left <= addresses(held(verdict, Held.REMOVALS))


@given(some_appliance, some_wanted, some_last, st.randoms(use_true_random=False))
def test_a_refusal_has_the_same_id_for_the_same_entries(
    appliance: Appliance, want: Ranges, last: Ranges | None, chance: random.Random
) -> None:
    rows = list(appliance.held)
    data = appliance.dataset(chance.sample(rows, len(rows)))
    one = check(planned(appliance, want), TIGHT, last, OURS)
    two = check(plan(desired(want), data, OURS), TIGHT, last, OURS)
    assert [r.id for r in one.refusals] == [r.id for r in two.refusals]


@given(some_wanted, some_wanted, st.sampled_from(Held), st.sampled_from(Held))
def test_an_id_tells_refusals_apart(
    one: Ranges, two: Ranges, this: Held, that: Held
) -> None:
    left, right = Refusal(this, one, 0, 0, 0), Refusal(that, two, 9, 9, 9)
    assert (left.id == right.id) == ((this, one) == (that, two))
    assert len(left.id) == 8
    assert set(left.id) <= set("0123456789abcdef")


@pytest.mark.parametrize(
    ("size", "removals", "additions"),
    [(0, 10, 500), (100, 10, 500), (109, 10, 500), (2_004, 200, 501), (10, 10, 500)],
)
def test_a_limit_is_the_larger_of_a_number_and_a_share(
    size: int, removals: int, additions: int
) -> None:
    assert Limits().removals(size) == removals
    assert Limits().additions(size) == additions
