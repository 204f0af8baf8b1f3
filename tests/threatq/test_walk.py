"""The laws of a walk: whole or nothing, and always an end."""

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatq.stub import STATUSES, page, row
from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.errors import (
    SourceError,
    SourceFaultError,
    SourceIncompleteError,
    SourceRefusedError,
)
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.threatq import walk
from tq_conn_citrix_waf.threatq.rows import Page, Reader
from tq_conn_citrix_waf.threatq.statuses import Agreement

AGREEMENT = Agreement({int(str(s["id"])): str(s["name"]) for s in STATUSES})


class Script:
    """A route that gives prepared pages, then the last one for ever."""

    def __init__(self, *answers: Answer, by_cursor: bool = True) -> None:
        self._left = list(answers)
        self.asked: list[str] = []
        self.route = walk.Route("as scripted", self._page, by_cursor=by_cursor)

    def _page(self, here: str) -> Page:
        self.asked.append(here)
        got = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if got.status != 200:
            raise SourceFaultError(str(got.status), "")
        return Reader(AGREEMENT).read(got.body, "here")

    def ids(self) -> list[int]:
        return [i.id for i in self.indicators()]

    def indicators(self) -> Iterator[Indicator]:
        return walk.indicators([self.route], "Edge", 0)


def test_pages_come_in_order_until_the_cursor_stays() -> None:
    script = Script(page([3, 1], "a"), page([2], "b"), page([], "b"))
    assert script.ids() == [3, 1, 2]
    assert script.asked == ["*", "a", "b"]


def test_a_last_page_may_itself_keep_the_cursor() -> None:
    assert Script(page([1, 2], "a", 3), page([3], "a", 3)).ids() == [1, 2, 3]


def test_an_empty_page_ends_a_walk_whatever_its_cursor_says() -> None:
    script = Script(page([1], "a", 1), page([], "fresh", 1))
    assert script.ids() == [1]
    assert len(script.asked) == 2


@pytest.mark.parametrize("cursor", ["*", "a", None])
def test_an_empty_collection_gives_nothing(cursor: str | None) -> None:
    assert Script(page([], cursor, 0)).ids() == []


def test_by_offset_the_rows_are_counted_not_the_limit() -> None:
    script = Script(
        page([1, 2], None, 3), page([3], None, 3), page([], None), by_cursor=False
    )
    assert script.ids() == [1, 2, 3]
    assert script.asked == ["0", "2", "3"]


def test_by_offset_what_a_page_repeats_is_not_counted() -> None:
    script = Script(
        page([1, 2], None, 3), page([2, 3], None, 3), page([], None), by_cursor=False
    )
    assert script.ids() == [1, 2, 3]
    assert script.asked == ["0", "2", "3"]


def test_without_a_total_only_an_empty_page_is_an_end() -> None:
    assert Script(page([1, 2], "a"), page([], "a")).ids() == [1, 2]
    with pytest.raises(SourceIncompleteError, match="no total was stated"):
        Script(page([1, 2], "*")).ids()


def test_a_way_that_gives_no_whole_walk_is_left_for_the_next() -> None:
    broken = Script(page([1, 2], "*", 3))
    whole = Script(page([1, 2], None, 3), page([3], None, 3), page([], None, 3))
    routes = [broken.route, replace(whole.route, by_cursor=False)]
    assert [i.id for i in walk.indicators(routes, "Edge", 0)] == [1, 2, 3]
    assert broken.asked == ["*"] * 3


def test_an_indicator_that_comes_twice_is_given_once() -> None:
    script = Script(page([1, 2, 2], "a", 3), page([2, 3], "b"), page([], "b"))
    assert script.ids() == [1, 2, 3]


def test_the_last_total_that_is_stated_counts() -> None:
    moved = Script(page([1, 2], "a", 9), page([3], "b", 3), page([], "b"))
    assert moved.ids() == [1, 2, 3]
    grown = Script(*[page([1, 2], "a", 2), page([], "a", 3)] * 3)
    with pytest.raises(SourceIncompleteError, match="2 of 3"):
        grown.ids()


@pytest.mark.parametrize("total", [0, 2, None])
def test_an_empty_page_before_the_total_does_not_make_the_walk_whole(
    total: int | None,
) -> None:
    with pytest.raises(SourceIncompleteError, match="2 of 5"):
        Script(*[page([1, 2], "a", 5), page([], "b", total)] * 3).ids()


def test_a_walk_that_was_not_whole_is_done_again_and_gives_nothing_double() -> None:
    script = Script(
        page([1, 2], "a", 3),
        page([], "a", 3),
        page([1, 2], "a", 3),
        page([3], "b", 3),
        page([], "b", 3),
    )
    assert script.ids() == [1, 2, 3]
    assert script.asked == ["*", "a", "*", "a", "b"]


def test_after_three_walks_that_were_not_whole_nothing_is_given() -> None:
    script = Script(*[page([1, 2], "a", 3), page([], "a", 3)] * 4)
    given_out: list[Indicator] = []
    with pytest.raises(SourceIncompleteError, match="2 of 3 indicators came") as caught:
        given_out.extend(script.indicators())
    assert given_out == []
    assert script.asked == ["*", "a"] * 3
    assert caught.value.later


def test_rows_without_an_id_do_not_make_a_walk_whole() -> None:
    rows = [row(1), row(0), row(0)]
    body = {"data": rows, "total": 3, "nextCursorMark": "*"}
    with pytest.raises(SourceIncompleteError, match="1 of 3"):
        Script(Answer(200, (), msgspec.json.encode(body))).ids()


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ([page([1], "a"), page([2], "b"), page([3], "a")], "turned back"),
        ([page([1], "a"), page([2], "*")], "turned back"),
        ([page([1], "a"), page([1], "b")], "only what had come before"),
        ([page([1], "a"), page([2], None)], "where the next one starts"),
    ],
)
def test_a_walk_that_goes_astray_is_stopped(answers: list[Answer], words: str) -> None:
    with pytest.raises(SourceIncompleteError, match=words):
        Script(*answers * 3).ids()


@pytest.mark.parametrize("total", [5, None, 10**12])
def test_a_walk_without_an_end_is_stopped(
    total: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "_CEILING", 30)
    monkeypatch.setattr(walk, "_SLACK", 20)
    script = Script(*[page([n], str(n), total) for n in range(1, 200)])
    with pytest.raises(SourceIncompleteError, match="there was no end"):
        script.ids()
    assert len(script.asked) == 93


def test_a_walk_of_ever_longer_values_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script = Script(*[page([n], str(n), 100) for n in range(1, 200)])
    monkeypatch.setattr(walk, "_MOST_TEXT", 0)
    with pytest.raises(SourceIncompleteError, match="there was no end"):
        script.ids()
    assert len(script.asked) == 3


def test_a_page_that_fails_in_mid_walk_ends_it_with_its_error() -> None:
    script = Script(page([1], "a", 2), Answer(500))
    second = Script(page([1], "a", 2))
    with pytest.raises(SourceFaultError, match="500"):
        next(walk.indicators([script.route, second.route], "Edge", 0))
    assert second.asked == []


def test_a_route_that_is_refused_leads_to_the_next() -> None:
    first, second = Script(Answer(500)), Script(page([1], "*", 1))
    assert [i.id for i in walk.indicators([first.route, second.route], "E", 0)] == [1]


def test_a_route_that_knows_no_cursor_leads_to_the_next() -> None:
    first, second = Script(page([1], None, 1)), Script(page([1], "*", 1))
    assert [i.id for i in walk.indicators([first.route, second.route], "E", 0)] == [1]
    assert first.asked == ["*"]


def test_when_all_routes_are_refused_the_first_refusal_is_told() -> None:
    scripts = [Script(Answer(500)), Script(Answer(404))]
    with pytest.raises(SourceFaultError, match="500"):
        next(walk.indicators([s.route for s in scripts], "Edge", 0))


def test_a_collection_that_can_be_asked_for_in_no_way_is_refused() -> None:
    with pytest.raises(SourceRefusedError, match="no way"):
        next(walk.indicators([], "Edge", 0))


some_page = st.builds(
    page,
    st.lists(st.integers(0, 6), max_size=3),
    st.sampled_from(["*", "a", "b", "c", None]),
    st.sampled_from([None, 0, 1, 3, 5, "2"]),
)


@given(st.lists(some_page, min_size=1, max_size=12), st.booleans())
def test_whatever_pages_come_a_walk_ends_and_is_whole_or_nothing(
    pages: list[Answer], by_cursor: bool
) -> None:
    script = Script(*pages, by_cursor=by_cursor)
    given_out: list[int] = []
    try:
        given_out = script.ids()
    except SourceError:
        assert given_out == []
    seen = [i for i in given_out if i]
    assert len(seen) == len(set(seen))
    assert len(script.asked) <= 40
