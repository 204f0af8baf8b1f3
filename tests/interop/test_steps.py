"""A judge that finds nothing is worth nothing: each kind of difference is found."""

import re
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interop.run import CLIENTS, main
from interop.steps import Seen, Step, asked, differences, held, judged

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
STEP = Step("reads", None, {"exit": 0}, ("GET a 200",), holds=("s ipv4: empty",))
GOOD = Seen({"exit": 0}, ("GET a 200",), ("s ipv4: empty",))


def flaws(*seen: Seen, steps: Iterable[Step[None]] = (STEP,)) -> list[tuple[str, ...]]:
    return [verdict.differences for verdict in judged(tuple(steps), seen)]


@given(JSON)
def test_what_is_just_as_expected_has_no_difference(value: object) -> None:
    assert list(differences(value, value, "it")) == []


@given(JSON, JSON)
def test_a_list_with_one_element_more_is_different(value: object, more: object) -> None:
    assert list(differences([value], [value, more], "it"))


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        (1, True),
        (1, "1"),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, [1]),
        ([1], {"a": 1}),
        ([1, 2], [1, 3]),
        (re.compile("^x"), "yx"),
        (re.compile("1"), 1),
        ({"a": [{"b": "c"}]}, {"a": [{"b": "d"}]}),
    ],
)
def test_what_is_not_as_expected_is_one_difference(
    expected: object, found: object
) -> None:
    assert len(list(differences(expected, found, "it"))) == 1


def test_of_an_object_further_members_may_be_there() -> None:
    assert list(differences({"a": 1}, {"a": 1, "b": 2}, "it")) == []


def test_a_difference_names_its_place() -> None:
    found = list(differences({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, "heard"))
    assert found == ["heard.a[0].b: expected 1, found 2"]


def test_a_good_step_has_no_difference() -> None:
    assert flaws(GOOD) == [()]


@pytest.mark.parametrize(
    "seen",
    [
        Seen({"exit": 1}, GOOD.asked, GOOD.holds),
        Seen(GOOD.heard, ("GET a 404",), GOOD.holds),
        Seen(GOOD.heard, (*GOOD.asked, "GET b 200"), GOOD.holds),
        Seen(GOOD.heard, GOOD.asked, ("s ipv4: 1=192.0.2.1",)),
        Seen(GOOD.heard, GOOD.asked, GOOD.holds, ("s ipv4: empty",)),
        Seen(GOOD.heard, GOOD.asked, GOOD.holds, (), 1),
    ],
    ids=["heard", "asked", "asked more", "holds", "saved", "sessions"],
)
def test_each_witness_is_listened_to(seen: Seen) -> None:
    assert len(flaws(seen)[0]) == 1


def test_what_a_step_does_not_change_must_stay_as_it_was() -> None:
    reads = Step("reads again", None, {}, ("GET a 200",))
    lost = Seen({}, ("GET a 200",))
    assert [bool(f) for f in flaws(GOOD, lost, steps=(STEP, reads))] == [False, True]


def test_a_client_that_stops_early_leaves_each_further_step_with_a_difference() -> None:
    assert [len(f) for f in flaws(GOOD, steps=(STEP, STEP, STEP))] == [0, 1, 1]


def test_a_request_is_written_with_nitros_query_and_without_threatqs() -> None:
    row = {"method": "GET", "path": "/nitro/v1/config/a/b", "query": "count=yes"}
    told = {**row, "service": "netscaler", "status": 200}
    assert asked(told) == "GET config/a/b?count=yes 200"
    assert asked({**told, "service": "threatq"}) == "GET /nitro/v1/config/a/b 200"


def test_a_configuration_is_written_a_line_a_set() -> None:
    rows = [
        {"index": "1", "value": "192.0.2.1", "comment": "edge"},
        {"index": "4", "value": "192.0.2.8", "endrange": "192.0.2.9"},
    ]
    sets: dict[str, dict[str, object]] = {
        "b": {"type": "ipv4", "bindings": rows},
        "a": {"type": "ipv6", "bindings": []},
    }
    assert held(sets) == (
        "a ipv6: empty",
        "b ipv4: 1=192.0.2.1 (edge), 4=192.0.2.8-192.0.2.9",
    )


def test_an_unknown_client_is_told_from_a_difference(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["postman"]) == 2
    said = capsys.readouterr().out
    assert all(client.name in said for client in CLIENTS)
