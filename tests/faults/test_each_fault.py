"""Every fault of the lab at every request of a run, once and for good."""

import pytest

from citrix_waf_lab.catalogue import FAULTS
from faults.cases import CASES, Case
from faults.harm import NETSCALER, THREATQ, Harm, on_range

KINDS = {"threatq": THREATQ, "netscaler": NETSCALER}
TROUBLE = {"threatq": {0, 3}, "netscaler": {0, 4, 6}}
STRUCK = [(case, service) for case in CASES for service in KINDS if case.codes(service)]


def harmless(harm: Harm) -> bool:
    """Whether nothing was lost, shown or removed that must not be."""
    lines = harm.told.err.count("\n")
    return (
        not harm.gone
        and not harm.shown
        and harm.told.out == ""
        and "Traceback" not in harm.told.log
        and lines == (2 if harm.told.code else 0)
        and not harm.early
    )


@pytest.mark.parametrize("first", [True, False], ids=["first load", "churn"])
@pytest.mark.parametrize(("case", "service"), STRUCK, ids=str)
def test_once_at_each_request_it_ends_as_told_and_the_next_run_in_step(
    case: Case, service: str, *, first: bool
) -> None:
    codes = dict(zip(KINDS[service], case.codes(service) or (), strict=True))
    with on_range(first=first) as site:
        asked = site.plain(service)
        assert len(asked) == {"threatq": 6, "netscaler": 18 if first else 19}[service]
        for number, kind in enumerate(asked):
            where = (number, kind)
            harm = site.struck(
                service, number, name=case.fault, params=case.params, times=1
            )
            assert harm.hit, where
            assert (harm.told.code, where) == (codes[kind], where), harm.told.err
            assert harmless(harm), (where, harm)
            assert harm.told.code == 0 or harm.removals == 0, where
            lost = kind in ("in", "out", "between")
            assert harm.sessions <= case.left + lost, where
            assert site.recovers(), where


@pytest.mark.parametrize(("case", "service"), STRUCK, ids=str)
def test_for_good_from_each_request_on_it_does_no_harm_and_passes(
    case: Case, service: str
) -> None:
    with on_range(first=False) as site:
        for number, kind in enumerate(site.plain(service)):
            where = (number, kind)
            harm = site.struck(service, number, name=case.fault, params=case.params)
            assert harm.hit, where
            assert harm.told.code in TROUBLE[service], (where, harm.told.err)
            assert harmless(harm), (where, harm)
            assert site.recovers(), where


def test_every_fault_of_the_lab_is_tried_on_each_system_that_it_is_for() -> None:
    tried = {(case.fault, service) for case, service in STRUCK}
    there = {(f.name, service) for f in FAULTS.values() for service in f.services}
    assert tried == there
