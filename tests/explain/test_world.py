"""In any small world it says what is so: blocked as the rows, wanted as the plan."""

from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from explain.asking import Asking
from kinds.both import IPV6_LIST
from run.test_policy import set_key
from support.outside import BLOCK_LIST, COLLECTION
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.run.site import prepare
from tq_conn_citrix_waf.run.sync import plan_once

ADDRESSES = [f"198.18.0.{n}" for n in (1, 2, 4)] + ["10.0.0.1", "2001:db8::1"]
LATE = st.sampled_from(
    [*ADDRESSES, "198.18.0.4/31", "198.18.0.0/29", "198.18.0[.]2", "2001:db8::/127"]
)
EARLY = LATE | st.sampled_from(
    ["198.18.0.1-198.18.0.3", "198.18.0.3/30", "198.18.0.1:80"]
)
STATUSES = st.sampled_from(["Active", "Active", "Whitelisted", "Expired"])
ROWS = [
    {"value": "198.18.0.2"},
    {"value": "198.18.0.4", "endrange": "198.18.0.5", "comment": "by hand"},
    {"value": "198.18.0.0", "comment": "tq-waf:0a0b0c0d:2026-01-02"},
]


def indicators(values: st.SearchStrategy[str]) -> st.SearchStrategy[Any]:
    row = st.fixed_dictionaries({"value": values, "status": STATUSES})
    return st.lists(row, max_size=4, unique_by=lambda one: one["value"])


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    early=indicators(EARLY),
    late=indicators(LATE),
    second=indicators(EARLY),
    by_hand=st.lists(st.sampled_from(ROWS), max_size=2, unique_by=lambda r: r["value"]),
    lost=st.booleans(),
)
@example(  # left out at the run, and wanted since
    early=[{"value": "198.18.0.1-198.18.0.3", "status": "Active"}],
    late=[],
    second=[{"value": "198.18.0.1-198.18.0.3", "status": "Whitelisted"}],
    by_hand=[],
    lost=False,
)
def test_blocked_as_the_rows_say_and_wanted_as_the_plan_says(
    ask: Asking,
    early: list[dict[str, str]],
    late: list[dict[str, str]],
    second: list[dict[str, str]],
    by_hand: list[dict[str, str]],
    *,
    lost: bool,
) -> None:
    always = {"value": "203.0.114.1"}  # an empty collection would be an outage
    ask.forget()
    path = "/appliances/adc1/datasets/"
    for name, kind, rows in (
        (BLOCK_LIST, "ipv4", by_hand),
        (IPV6_LIST, "ipv6", []),
    ):
        ask.site.control("PUT", path + name, {"type": kind, "bindings": rows})
    ask.site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    ask.holds(always, *early)
    ask.holds(always, *second, name="Second list")
    ask.run()
    ask.holds(always, *[r for r in early if "-" in r["value"]], *late)
    if lost:
        ask.forget()
    wanted, bound = of_plan(ask), of_rows(ask)
    for address in ADDRESSES:
        found = ask.json(address)
        one = read_range(Family.V6 if ":" in address else Family.V4, address)
        assert one is not None
        ends = (one.first, one.last)
        assert (found["blocked"] == "yes") == bound[one.family].covers(*ends)
        assert (found["wanted"] == "yes") == wanted[one.family].covers(*ends)
        both = {found["blocked"], found["wanted"]} == {"yes"}
        ours = [one["whose"] for one in found["entries"]] == ["ours"]
        assert (both and ours) or found["causes"], "whatever is not so has a cause"


def of_plan(ask: Asking) -> dict[Family, Ranges]:
    file = config.load(ask.site.directory)
    job, report, _ = prepare(file, "", lambda *_: None, ask.site.outside())
    plan_once(job, report)
    return {
        change.plan.dataset.family: change.plan.desired.wanted.merged()
        for change in report.changes
    }


def of_rows(ask: Asking) -> dict[Family, Ranges]:
    found = {}
    for family, name in ((Family.V4, BLOCK_LIST), (Family.V6, IPV6_LIST)):
        rows = ask.both.rows(name)
        ends = (read_range(family, r["value"], r.get("endrange", "")) for r in rows)
        found[family] = Ranges.of(family, ((r.first, r.last) for r in ends if r))
    return {family: ranges.merged() for family, ranges in found.items()}


@pytest.mark.parametrize(
    ("away", "asked"),
    [*product(["threatq", "netscaler"], ["198.18.0.1", "198.18.0.5", "198.18.0.0/24"])],
)
def test_while_one_is_away_the_answer_is_that_of_before(
    ask: Asking, away: str, asked: str
) -> None:
    set_key(ask.site, "selection", "expired = false")
    ask.holds("198.18.0.1", "198.18.0.4/31", {"value": "10.0.0.1"})
    ask.run()
    before = ask.json(asked)
    ask.away(away)
    after = ask.json(asked)
    for key in ("blocked", "blocked_addresses", "wanted", "wanted_addresses"):
        assert after[key] == before[key]
