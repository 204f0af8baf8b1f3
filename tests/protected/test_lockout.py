"""The lock-out test: what must stay open is found, whoever covers it."""

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.universe import (
    HOME,
    OURS,
    Appliance,
    Universe,
    addresses,
    appliances,
    desired,
    universes,
    wanted,
)
from protected.rules import network, some_rules, those
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.lockout import lockout
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.core.safelist import Rule, SafeList, Strength
from tq_conn_citrix_waf.errors import LockoutError
from tq_conn_citrix_waf.run.protected import keep_open


@given(universes, st.data())
def test_exactly_those_that_cover_what_must_stay_open_are_found(
    universe: Universe, data: st.DataObject
) -> None:
    appliance = data.draw(appliances(universe))
    rules = data.draw(some_rules(universe))
    made = plan(desired(data.draw(wanted(universe))), appliance.dataset(), OURS)
    found = lockout(made, SafeList(tuple(rules)))
    refused = those(rules, Strength.REFUSE, universe.family)
    bound = [entry for entry in made.add if addresses([entry]) & refused]
    assert [cover.entry for cover in found.bound] == bound
    open_ = set[int]().union(
        *(addresses(r.ranges(universe.family)) for r in rules if r.lock_out)
    )
    removed = set(made.removed().pairs())
    standing = {
        (first, last)
        for first, last in appliance.held
        if (first, last) not in removed and open_ & set(range(first, last + 1))
    }
    assert {(c.entry.first, c.entry.last) for c in found.standing} == standing


@given(appliances(), some_rules(HOME), wanted())
def test_what_was_cut_out_never_comes_back_as_a_lock_out(
    appliance: Appliance, rules: list[Rule], want: Ranges
) -> None:
    safelist = SafeList(tuple(rules))
    left = want.subtract(safelist.refused(HOME.family))
    made = plan(desired(left), appliance.dataset(), OURS)
    assert lockout(made, safelist).bound == ()


@given(appliances(), some_rules(HOME))
def test_the_line_of_each_names_it_as_the_appliance_spells_it(
    appliance: Appliance, rules: list[Rule]
) -> None:
    made = plan(desired(HOME.ranges([])), appliance.dataset(), OURS)
    for cover in lockout(made, SafeList(tuple(rules))).standing:
        first, last = str(cover.entry).partition("-")[::2]
        end = f" -endRange {last}" if last else ""
        assert cover.command == f"unbind policy dataset bl4 {first}{end}"
        assert cover.rules


def standing(*entries: str, name: str = "bl4") -> Dataset:
    data = Dataset(name, HOME.family)
    for entry in entries:
        value, _, end = entry.partition("-")
        data.add(value, end, "by hand", 0)
    data.sort()
    return data


MANAGEMENT = SafeList(
    (Rule.of("management networks", [network("203.0.113.0/24")], lock_out=True),)
)


def test_what_stands_is_warned_of_with_the_line_that_removes_it(
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = standing("203.0.112.0/23", "198.51.100.1", name="edge block")
    made = plan(desired(HOME.ranges([])), held, OURS)
    with caplog.at_level(logging.WARNING, "tq_conn_citrix_waf"):
        keep_open(made, MANAGEMENT)
    (said,) = (r.getMessage() for r in caplog.records)
    assert said == (
        "203.0.112.0/23 covers management networks: 203.0.113.0/24; to open it:"
        ' unbind policy dataset "edge block" 203.0.112.0/23'
    )


def test_of_many_that_stand_a_few_are_named_and_the_rest_is_counted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    held = standing(*(f"203.0.113.{n}" for n in range(0, 40, 2)))
    with caplog.at_level(logging.WARNING, "tq_conn_citrix_waf"):
        keep_open(plan(desired(HOME.ranges([])), held, OURS), MANAGEMENT)
    said = [r.getMessage() for r in caplog.records]
    assert len(said) == 6
    assert said[-1] == "and 15 more entries like these"


def test_what_would_be_bound_ends_the_run_with_5() -> None:
    made = plan(desired(HOME.ranges([(1, 1), (3, 3)])), standing(), OURS)
    with pytest.raises(LockoutError, match=r"203\.0\.113\.1 covers .* and 1 more") as e:
        keep_open(made, MANAGEMENT)
    assert e.value.exit == 5
