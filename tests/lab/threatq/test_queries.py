"""The query language: what it finds, and that nothing in it falls away silently."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.threatq.desk import Desk

LIBRARY: list[dict[str, object]] = [
    {"type": "IP Address", "value": "198.51.100.7", "status": "Active", "score": 8},
    {"type": "IP Address", "value": "198.51.100.8", "status": "Expired", "score": 2.5},
    {"type": "IPv6 Address", "value": "2001:db8::7", "status": "Active", "score": 5},
    {"type": "FQDN", "value": "bad.example", "status": "Review", "score": 5},
    {"type": "FQDN", "value": "worse.example", "status": "Whitelisted"},
    {
        "type": "CIDR Block",
        "value": "203.0.113.0/24",
        "status": "Active",
        "score": 10,
        "tags": ["apt", "scanner"],
        "created_at": "2025-12-01 00:00:00",
        "expires_at": "2026-03-01 00:00:00",
    },
]


@pytest.fixture
def library(desk: Desk) -> Desk:
    desk.threatq.put_collection("All", LIBRARY)
    return desk


def found(desk: Desk, criteria: object) -> set[int]:
    reply = desk.page({"criteria": criteria})
    assert reply.status == 200, reply
    values = [e["value"] for e in LIBRARY]
    return {values.index(m["value"]) for m in reply.body["data"]}


@pytest.mark.parametrize(
    ("criteria", "places"),
    [
        ({}, {0, 1, 2, 3, 4, 5}),
        ([], {0, 1, 2, 3, 4, 5}),
        ({"type_name": "FQDN"}, {3, 4}),
        ({"type": "IP Address"}, {0, 1}),
        ({"status_name": "Active"}, {0, 2, 5}),
        ({"status": "Expired"}, {1}),
        ({"value": "bad.example"}, {3}),
        ({"value": {"is": "bad.example"}}, {3}),
        ({"value": {"+contains": "EXAMPLE"}}, {3, 4}),
        ({"mentions": "198.51"}, {0, 1}),
        ({"score": {"+gte": 5, "+lte": 8}}, {0, 2, 3}),
        ({"score": {"+gt": 5}}, {0, 5}),
        ({"score": {"+lt": 3}}, {1}),
        ({"score": 5}, {2, 3}),
        ({"score": "5"}, {2, 3}),
        ({"score": 8.0}, {0}),
        ({"tag_name": "apt"}, {5}),
        ({"class": "host"}, set()),
        ({"created_at": {"+lt": "2026-01-01"}}, {5}),
        ({"created_at": {"+gt": "2025-12-31 23:59:59", "+lt": "NOW"}}, set()),
        ({"created_at": {"+gt": "-2 days"}}, {0, 1, 2, 3, 4}),
        ({"created_at": {"+lt": "1 week ago"}}, {5}),
        ({"expires_at": {"+gt": "NOW"}}, {5}),
        ({"+or": [{"type_name": "FQDN"}, {"score": {"+gte": 10}}]}, {3, 4, 5}),
        ({"+and": [{"type_name": "FQDN"}, {"score": 5}]}, {3}),
        ({"type_name": "FQDN", "score": 5}, {3}),
        ({"+and": [{"+or": [{"score": 10}, {"status": "Expired"}]}]}, {1, 5}),
        ({"+or": []}, set()),
        ({"+and": []}, {0, 1, 2, 3, 4, 5}),
    ],
)  # fmt: skip
def test_each_form_of_a_query_finds_what_it_says(
    library: Desk, criteria: object, places: set[int]
) -> None:
    assert found(library, criteria) == places


def test_criteria_and_filters_must_both_hold(library: Desk) -> None:
    body = {"criteria": {"type_name": "FQDN"}, "filters": {"status_name": "Review"}}
    assert [m["value"] for m in library.page(body).body["data"]] == ["bad.example"]


def test_types_and_statuses_are_found_by_the_ids_of_this_instance(
    library: Desk,
) -> None:
    types = library.get("/api/indicator/types?name=FQDN").body["data"]
    statuses = library.get("/api/indicator/statuses?name=Active").body["data"]
    assert found(library, {"type_id": types[0]["id"]}) == {3, 4}
    assert found(library, {"status_id": statuses[0]["id"]}) == {0, 2, 5}


@pytest.mark.parametrize(
    "criteria",
    [
        "x",
        7,
        [{}],
        {"+and": {}},
        {"+or": [7]},
        {"+not": []},
        {"colour": "red"},
        {"value": None},
        {"value": True},
        {"value": ["x"]},
        {"value": {"+like": "x"}},
        {"value": {"+contains": None}},
        {"score": 2**60},
        {"mentions": 7},
        {"tag_name": ["apt"]},
        {"created_at": {"+gt": "soon"}},
        {"created_at": {"+gt": "999999 weeks ago"}},
        {"created_at": 7},
    ],
)
def test_what_is_not_in_the_language_is_refused(
    library: Desk, criteria: object
) -> None:
    assert library.page({"criteria": criteria}).status == 400
    assert library.page({"filters": criteria}).status == 400


def test_a_query_nested_without_end_is_refused(library: Desk) -> None:
    criteria: dict[str, object] = {}
    for _ in range(60):
        criteria = {"+and": [criteria]}
    assert library.page({"criteria": criteria}).status == 400


def test_the_operator_that_some_servers_fail_on(library: Desk) -> None:
    body = {"criteria": {"value": {"+equals": "bad.example"}}}
    assert library.page(body).status == 500
    library.set(operator_equals="accepted")
    assert library.page(body).body["total"] == 1


def test_a_query_about_now_is_asked_anew_as_time_passes(library: Desk) -> None:
    criteria = {"expires_at": {"+lt": "NOW"}}
    assert found(library, criteria) == set()
    library.clock.advance(90 * 86_400)
    library.sign_in()
    assert found(library, criteria) == {5}


def test_a_query_sees_a_change_at_once(library: Desk) -> None:
    criteria = {"status_name": "Review"}
    assert found(library, criteria) == {3}
    library.threatq.put_collection("All", [{**LIBRARY[3], "status": "Active"}])
    assert found(library, criteria) == set()


LEAVES: tuple[dict[str, Any], ...] = (
    {"type_name": "FQDN"},
    {"status_name": "Active"},
    {"score": {"+gte": 5}},
    {"value": {"+contains": "example"}},
    {"mentions": "198"},
)
nodes: st.SearchStrategy[dict[str, Any]] = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: st.dictionaries(
        st.sampled_from(("+and", "+or")), st.lists(inner, max_size=3), max_size=2
    ),
    max_leaves=8,
)


def simply(node: dict[str, Any], place: int) -> bool:
    """The same language read the plainest way, as a second opinion."""
    entry = LIBRARY[place]
    verdicts = []
    for key, value in node.items():
        if key in ("+and", "+or"):
            inner = [simply(n, place) for n in value]
            verdicts.append(all(inner) if key == "+and" else any(inner))
        elif key == "score":
            verdicts.append(float(str(entry.get("score", -1))) >= 5)
        elif key in ("value", "mentions"):
            part = "example" if key == "value" else "198"
            verdicts.append(part in str(entry["value"]))
        else:
            verdicts.append(entry[key.removesuffix("_name")] == value)
    return all(verdicts)


@given(node=nodes)
def test_the_language_agrees_with_a_plain_reading_of_it(node: dict[str, Any]) -> None:
    desk = Desk()
    desk.sign_in()
    desk.threatq.put_collection("All", LIBRARY)
    wanted = {n for n in range(len(LIBRARY)) if simply(node, n)}
    assert found(desk, json.loads(json.dumps(node))) == wanted
