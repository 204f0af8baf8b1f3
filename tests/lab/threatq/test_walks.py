"""Walks: by offset, by cursor, by hash; what a whole walk gives, and how it may lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.threatq.desk import Desk, addresses

SORTS = ("", "id", "-id", "score", "-score,value", "updated_at", "-created_at,id")


def named(members: list[dict[str, object]]) -> list[object]:
    return [m["value"] for m in members]


@given(
    count=st.integers(0, 30),
    limit=st.integers(1, 12),
    sort=st.sampled_from(SORTS),
    changed=st.sets(st.integers(0, 29)),
)
def test_a_walk_by_cursor_gives_each_member_once_in_order(
    count: int, limit: int, sort: str, changed: set[int]
) -> None:
    desk = Desk()
    desk.sign_in()
    desk.collect(count=count)
    desk.clock.advance(5)
    entries = addresses(count)
    for position in changed & set(range(count)):
        entries[position]["score"] = 9.5
    desk.threatq.put_collection("Block at edge", entries)
    whole = desk.page(limit=100, sort=sort).body
    walked = desk.walk(limit=limit, sort=sort)
    assert walked == whole["data"]
    assert len({str(m["id"]) for m in walked}) == whole["total"] == count


@given(count=st.integers(0, 30), limit=st.integers(1, 12))
def test_a_walk_by_offset_gives_the_same_as_one_by_cursor(
    count: int, limit: int
) -> None:
    desk = Desk()
    desk.sign_in()
    desk.collect(count=count)
    rows: list[dict[str, object]] = []
    for offset in range(0, count + 1, limit):
        rows += desk.page(limit=limit, offset=offset).body["data"]
    assert rows == desk.walk(limit=limit)


def test_the_three_ways_to_a_collection_give_the_same_members(desk: Desk) -> None:
    desk.collect("Other", 5)
    desk.collect(count=7)
    row = desk.row(1)
    by_query = desk.page(row["json"]["api_query"]).body
    by_hash = desk.get(f"/api/indicators/query/hash/{row['hash']}?sort=id").body
    assert by_hash["data"] == by_query["data"]
    assert by_hash["total"] == 7


def test_the_envelope_has_offset_or_the_next_mark(desk: Desk) -> None:
    desk.collect(count=3)
    plain = desk.page(limit=2, offset=1).body
    assert list(plain) == ["total", "data", "limit", "offset"]
    assert (plain["total"], plain["limit"], plain["offset"]) == (3, 2, 1)
    marked = desk.page(limit=2, offset=1, cursorMark="*").body
    assert list(marked) == ["total", "data", "limit", "nextCursorMark"]
    assert named(marked["data"]) == ["198.51.0.0", "198.51.0.1"]


def test_a_mark_looks_like_solrs(desk: Desk) -> None:
    desk.collect(count=1)
    assert desk.page(cursorMark="*").body["nextCursorMark"].startswith("AoJ9")


def test_at_the_end_the_mark_stands_still_and_the_page_is_empty(desk: Desk) -> None:
    desk.collect(count=2)
    mark = desk.page(cursorMark="*", limit=2).body["nextCursorMark"]
    last = desk.page(cursorMark=mark, limit=2).body
    assert (last["data"], last["nextCursorMark"]) == ([], mark)


def test_an_empty_collection_ends_where_it_starts(desk: Desk) -> None:
    desk.collect(count=0)
    page = desk.page(cursorMark="*").body
    assert page == {"total": 0, "data": [], "limit": 1000, "nextCursorMark": "*"}


@pytest.mark.parametrize(
    "mark", ["", "x", "AoJ9", "AoJ9e30=", "AoJ9W10=", "AoJ9WzFlNDAwXQ==", "W10=", "é"]
)
def test_a_mark_that_was_never_given_is_refused(desk: Desk, mark: str) -> None:
    desk.collect(count=2)
    assert desk.page(cursorMark=mark).status == 400


def test_a_mark_of_another_order_is_refused(desk: Desk) -> None:
    desk.collect(count=2)
    mark = desk.page(cursorMark="*", sort="score").body["nextCursorMark"]
    assert desk.page(cursorMark=mark, sort="id").status == 400


@pytest.mark.parametrize("sort", ["colour", "id,colour", "--id"])
def test_an_unknown_order_is_refused(desk: Desk, sort: str) -> None:
    assert desk.page({}, sort=sort).status == 400


def test_members_are_sorted_by_the_names_of_type_and_status(desk: Desk) -> None:
    entries: list[dict[str, object]] = [
        {"type": "URL", "value": "a", "status": "Active"},
        {"type": "FQDN", "value": "b", "status": "Review"},
        {"type": "FQDN", "value": "c", "status": "Active"},
    ]
    desk.threatq.put_collection("Block at edge", entries)
    assert named(desk.page(sort="type,-status").body["data"]) == ["b", "c", "a"]
    assert named(desk.walk(sort="status_name", limit=1)) == ["a", "c", "b"]


def test_more_results_than_are_kept_are_still_right(desk: Desk) -> None:
    desk.collect(count=20)
    for number in [*range(20), *range(20)]:
        page = desk.page({"criteria": {"value": f"198.51.0.{number}"}}).body
        assert named(page["data"]) == [f"198.51.0.{number}"]


def test_a_kept_mark_gives_only_what_was_updated_since(desk: Desk) -> None:
    desk.collect(count=4)
    mark = "*"
    for _ in range(2):
        page = desk.page(cursorMark=mark, sort="updated_at").body
        mark = page["nextCursorMark"]
    desk.clock.advance(60)
    entries = addresses(4)
    entries[1]["score"] = 10
    desk.threatq.put_collection("Block at edge", entries)
    news = desk.page(cursorMark=mark, sort="updated_at").body
    assert named(news["data"]) == ["198.51.0.1"]


def test_a_cursor_walk_is_not_shifted_by_what_leaves_in_between(desk: Desk) -> None:
    desk.collect(count=6)
    first = desk.page(cursorMark="*", limit=2).body
    desk.threatq.change_collection("Block at edge", [], ["198.51.0.0"])
    second = desk.page(cursorMark=first["nextCursorMark"], limit=2).body
    assert named(second["data"]) == ["198.51.0.2", "198.51.0.3"]


def test_an_offset_walk_loses_a_row_when_one_leaves_in_between(desk: Desk) -> None:
    desk.collect(count=6)
    desk.page(limit=2)
    desk.threatq.change_collection("Block at edge", [], ["198.51.0.0"])
    second = desk.page(limit=2, offset=2).body
    assert named(second["data"]) == ["198.51.0.3", "198.51.0.4"]


def test_an_ignored_mark_gives_the_first_page_again(desk: Desk) -> None:
    desk.collect(count=3)
    desk.set(query_cursor="ignored")
    page = desk.page(cursorMark="AoJ9", limit=2).body
    assert page["offset"] == 0
    assert named(page["data"]) == ["198.51.0.0", "198.51.0.1"]


def test_the_two_routes_may_differ_in_what_a_mark_meets(desk: Desk) -> None:
    desk.collect(count=3)
    desk.set(query_cursor="refused")
    target = f"/api/indicators/query/hash/{desk.row()['hash']}?cursorMark=*"
    assert desk.page(cursorMark="*").status == 400
    assert desk.get(target).status == 200


def test_a_walk_that_turns_back_begins_again(desk: Desk) -> None:
    desk.collect(count=2)
    desk.set(cursor_end="turns back")
    mark = desk.page(cursorMark="*").body["nextCursorMark"]
    assert desk.page(cursorMark=mark).body["nextCursorMark"] == "*"


@pytest.mark.parametrize("count", [0, 3])
def test_a_walk_that_never_ends_has_ever_new_marks(desk: Desk, count: int) -> None:
    desk.collect(count=count)
    desk.set(cursor_end="never ends")
    marks = ["*"]
    for _ in range(6):
        page = desk.page(cursorMark=marks[-1], limit=2)
        assert page.status == 200
        marks.append(page.body["nextCursorMark"])
    assert len(set(marks)) == len(marks)
    assert page.body["data"] == []


def test_pages_may_repeat_rows_and_still_come_to_an_end(desk: Desk) -> None:
    desk.collect(count=5)
    desk.set(page_overlap=9)
    walked = named(desk.walk(limit=3))
    assert len(walked) > 5
    assert len(set(walked)) == 5
    assert set(named(desk.walk(limit=1))) == set(walked)


def test_a_page_larger_than_the_largest_is_cut_and_says_so(desk: Desk) -> None:
    desk.collect(count=5)
    desk.set(page_limit=2)
    page = desk.page(limit=4).body
    assert (page["limit"], len(page["data"])) == (2, 2)


def test_a_moving_total_moves_with_each_answer(desk: Desk) -> None:
    desk.collect(count=50)
    for truth, way in (("grows", 1), ("shrinks", -1)):
        desk.set(total_truth=truth)
        totals = [desk.page(limit=1).body["total"] for _ in range(3)]
        assert totals == list(range(totals[0], totals[0] + 3 * way, way))


def test_a_total_may_be_a_text_or_absent(desk: Desk) -> None:
    desk.collect(count=3)
    desk.set(total_form="string")
    assert desk.page().body["total"] == "3"
    desk.set(total_form="absent")
    assert list(desk.page().body) == ["data", "limit", "offset"]


def test_the_widget_route_gives_everything(desk: Desk) -> None:
    desk.collect(count=3)
    assert desk.get("/api/indicators/query?widget=1&limit=2").body["total"] == 3
    assert desk.get("/api/indicators/query").status == 400
