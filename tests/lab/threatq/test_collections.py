"""The list of data collections: how each is found, and how it may be hidden."""

import pytest

from lab.threatq.desk import Desk


def test_collections_of_others_are_neither_listed_nor_read(desk: Desk) -> None:
    desk.collect(count=1)
    row = desk.row()
    desk.set(collections_visible="none")
    assert desk.get("/api/search/query").body["data"] == []
    assert desk.get(f"/api/indicators/query/hash/{row['hash']}").status == 404


def test_two_collections_of_one_name_have_each_an_id_and_a_hash(desk: Desk) -> None:
    desk.collect(count=3)
    desk.set(collections_doubled="yes")
    rows = desk.get("/api/search/query").body["data"]
    assert len({r["name"] for r in rows}) == 1
    assert len({r["id"] for r in rows}) == len({r["hash"] for r in rows}) == 2
    for row in rows:
        target = f"/api/indicators/query/hash/{row['hash']}"
        assert desk.get(target).body["total"] == 3


def test_a_list_of_collections_may_come_in_pages(desk: Desk) -> None:
    for number in range(5):
        desk.collect(f"c{number}", 0)
    desk.set(collections_page=2)
    names = []
    for offset in (0, 2, 4, 6):
        page = desk.get(f"/api/search/query?offset={offset}").body
        assert page["total"] == 5
        names += [r["name"] for r in page["data"]]
    assert names == ["c0", "c1", "c2", "c3", "c4"]


def test_json_of_a_row_may_be_a_text(desk: Desk) -> None:
    desk.collect(count=1)
    as_object = desk.row()["json"]
    desk.set(search_row_json="string")
    as_text = desk.row()["json"]
    assert isinstance(as_text, str)
    assert set(as_object) == {"ui_query", "api_query"}
    assert set(as_object["api_query"]) == {"criteria", "filters"}


def test_without_its_filters_a_stored_query_gives_the_whole_library(
    desk: Desk,
) -> None:
    desk.collect("Other", 9)
    desk.collect(count=2)
    stored = desk.row(1)["json"]["api_query"]
    assert desk.page(stored).body["total"] == 2
    assert desk.page({**stored, "filters": {}}).body["total"] == 9


def test_a_search_can_be_saved_and_read_by_its_hash(desk: Desk) -> None:
    desk.collect(count=20)
    query = {"criteria": {"score": {"+gte": 9}}, "filters": {}}
    body = {"name": "High", "json": {"ui_query": {}, "api_query": query}}
    saved = desk.post("/api/search/query", body)
    assert saved.status == 201
    assert desk.row(1)["name"] == "High"
    target = f"/api/indicators/query/hash/{saved.body['data']['hash']}"
    assert {m["score"] for m in desk.get(target).body["data"]} == {9, 10}


@pytest.mark.parametrize(
    "body",
    [
        {"name": 5, "json": {"api_query": {}}},
        {"name": "x"},
        {"name": "x", "json": {"api_query": {"criteria": {"colour": "red"}}}},
    ],
)
def test_a_search_that_makes_no_sense_is_not_saved(desk: Desk, body: object) -> None:
    assert desk.post("/api/search/query", body).status == 400
