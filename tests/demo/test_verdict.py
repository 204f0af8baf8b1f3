"""The verdict, attacked: each of its questions can be answered with no."""

from collections.abc import Callable
from dataclasses import replace
from ipaddress import IPv4Address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from citrix_waf_lab.demo.verdict import (
    Due,
    Evidence,
    Run,
    compare,
    is_write,
    span,
    verdict,
)

HAND = (
    {"value": "203.0.113.9", "comment": "by hand", "index": "1"},
    {"value": "198.51.100.0/30", "index": "2"},
)
OURS = ({"value": "192.0.2.1", "index": "3"}, {"value": "192.0.2.2", "index": "4"})
BLOCKED = "all that is wanted is blocked"
NOTHING_ELSE = "nothing else is blocked"
BY_HAND = "entries made by hand are as they were"
SAVED = "what runs is saved"
SESSIONS = "no session is left open"
EVERY_RUN = "the set was right after every run"
SILENT = "the outage, plans, and runs with nothing to do wrote nothing"
ENDED = "every run ended as it should"
ANSWERS = "what was said of addresses is so"

Change = Callable[[Evidence], Evidence]


def number(text: str) -> int:
    return int(IPv4Address(text))


WANTED = frozenset(map(number, ("192.0.2.1", "192.0.2.2", "198.51.100.2")))


def view(*bindings: dict[str, str], saved: Any = None, sessions: int = 0) -> Any:  # noqa: ANN401 -- JSON
    sets = {"bl": {"type": "ipv4", "bindings": list(bindings)}}
    return {
        "datasets": sets,
        "saved": sets if saved is None else saved,
        "sessions": sessions,
    }


def request(method: str, path: str, service: str = "netscaler") -> dict[str, str]:
    return {"service": service, "method": method, "path": path}


LOGIN = request("POST", "/nitro/v1/config/login")
READ = request("GET", "/nitro/v1/config/policydataset/bl")
PUT = request("PUT", "/nitro/v1/config/policydataset_value_binding")
QUERY = request("POST", "/api/indicators/query", "threatq")
START, END = view(*HAND), view(*HAND, *OURS)
LOAD = Run(Due("load", 0, silent=False, wanted=WANTED), 0, [LOGIN, PUT], START, END)
OUTAGE = Run(Due("outage", 3, silent=True, wanted=WANTED), 3, [QUERY, LOGIN], END, END)
GOOD = Evidence(("bl",), HAND, (LOAD, OUTAGE), 2, END, (True, True), 2)


def ending(*bindings: dict[str, str], **told: Any) -> Change:  # noqa: ANN401 -- as view
    return lambda evidence: replace(evidence, end=view(*bindings, **told))


def outage(**changed: Any) -> Change:  # noqa: ANN401 -- fields of a run
    return lambda evidence: replace(evidence, runs=(LOAD, replace(OUTAGE, **changed)))


def no_to(evidence: Evidence) -> set[str]:
    return {found.claim for found in verdict(evidence) if not found.holds}


def test_when_all_is_well_every_answer_is_yes() -> None:
    assert no_to(GOOD) == set()
    assert len(verdict(GOOD)) == 9


@pytest.mark.parametrize(
    ("change", "claims"),
    [
        (ending(*HAND, OURS[0]), {BLOCKED}),
        (ending(*HAND), {BLOCKED}),
        (ending(*HAND, *OURS, {"value": "192.0.2.3"}), {NOTHING_ELSE}),
        (ending(*HAND, *OURS, {"value": "10.0.0.0/8"}), {NOTHING_ELSE}),
        (ending(*HAND, {"value": "192.0.2.0/30"}), {NOTHING_ELSE}),
        (ending(HAND[1], *OURS), {BY_HAND}),
        (
            ending({**HAND[0], "comment": "new"}, HAND[1], *OURS),
            {BY_HAND, NOTHING_ELSE},
        ),
        (ending({**HAND[0], "index": "9"}, HAND[1], *OURS), {BY_HAND, NOTHING_ELSE}),
        (ending(*HAND, *OURS, saved=START["datasets"]), {SAVED}),
        (ending(*HAND, *OURS, saved={}), {SAVED, BY_HAND}),
        (ending(*HAND, *OURS, sessions=1), {SESSIONS}),
        (outage(requests=[PUT]), {SILENT}),
        (outage(before=START), {SILENT}),
        (outage(before=view(*HAND, *OURS, saved={})), {SILENT}),
        (outage(after=START), {SILENT, EVERY_RUN}),
        (outage(code=0), {ENDED}),
        (lambda e: replace(e, due=3), {ENDED, EVERY_RUN}),
        (lambda e: replace(e, runs=(LOAD,)), {SILENT, ENDED, EVERY_RUN}),
        (lambda e: replace(e, answers=(True,)), {ANSWERS}),
        (lambda e: replace(e, answers=(True, False)), {ANSWERS}),
        (
            lambda e: replace(e, runs=()),
            {BLOCKED, NOTHING_ELSE, SILENT, ENDED, EVERY_RUN},
        ),
    ],
)
def test_what_went_wrong_is_answered_with_no(change: Change, claims: set[str]) -> None:
    assert no_to(change(GOOD)) == claims


def test_a_bound_range_counts_each_of_its_addresses() -> None:
    pair = {"value": "192.0.2.1", "endrange": "192.0.2.2", "index": "3"}
    assert no_to(replace(GOOD, end=view(*HAND, pair))) == set()


def test_a_binding_names_its_first_and_last_address() -> None:
    assert span({"value": "192.0.2.1"}) == (number("192.0.2.1"),) * 2
    subnet = number("192.0.2.0"), number("192.0.2.255")
    assert span({"value": "192.0.2.77/24"}) == subnet
    assert span({"value": "192.0.2.0", "endrange": "192.0.2.255"}) == subnet


@pytest.mark.parametrize(
    ("asked", "writes"),
    [
        (LOGIN, False),
        (request("POST", "/nitro/v1/config/logout/"), False),
        (READ, False),
        (QUERY, False),
        (PUT, True),
        (request("DELETE", "/nitro/v1/config/policydataset_value_binding/bl"), True),
        (request("POST", "/nitro/v1/config/nsconfig"), True),
        (request("POST", "/nitro/v1/config/login/more"), True),
    ],
)
def test_all_is_a_write_but_reading_and_the_session(
    asked: dict[str, str],
    writes: bool,
) -> None:
    assert is_write(asked) is writes


few = st.frozensets(st.integers(min_value=1, max_value=40))


@given(ours=few, wanted=few)
def test_the_comparison_agrees_with_plain_sets(
    ours: frozenset[int], wanted: frozenset[int]
) -> None:
    hand = [{"value": "0.0.0.8/30"}]
    covered = wanted & {8, 9, 10, 11}
    bindings = [*hand, *({"value": str(IPv4Address(n))} for n in ours)]
    found = compare(bindings, hand, wanted)
    assert found.missing == len(wanted - ours - covered)
    assert found.extra == len(ours - wanted)
    assert (found.ours, found.covered) == (len(ours), len(covered))
    assert found.in_step(1) is (ours <= wanted <= ours | covered)
