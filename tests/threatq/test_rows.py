"""A page of indicators, in each form that rows are known to take."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatq.stub import STATUSES, row
from tq_conn_citrix_waf.core.model import Indicator
from tq_conn_citrix_waf.core.selection import NO_DATES, Dates
from tq_conn_citrix_waf.errors import SourceFaultError
from tq_conn_citrix_waf.threatq.rows import Page, Reader
from tq_conn_citrix_waf.threatq.statuses import Agreement

NAMES = {int(str(s["id"])): str(s["name"]) for s in STATUSES}


def read(body: object, dates: Dates = NO_DATES) -> Page:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Reader(Agreement(NAMES), dates).read(content, "POST /q")


def one(**other: object) -> Indicator:
    """Read one good row with some parts changed, alone."""
    return next(read({"data": [row(9, **other)]}).indicators(0))


def test_a_flat_row_becomes_an_indicator() -> None:
    page = read({"data": [row(9, expires_at="2027-01-02 03:04:05")], "total": 1})
    assert list(page.indicators(3)) == [
        Indicator(
            9,
            "IP Address",
            "198.51.100.9",
            "Active",
            score=5.0,
            expires_at=datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC),
            collection=3,
        )
    ]
    assert (page.rows, page.total, page.cursor) == (1, 1, "")


DATED = Dates("created_at", "last_detected_at")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-03-01 00:00:00", 1772323200),
        ("2026-03-01 00:00:00.987", 1772323200),
        ("0000-00-00 00:00:00", None),
        ("", None),
        (None, None),
        (1772323200, None),
        ({"date": "2026-03-01"}, None),
    ],
)
def test_a_date_that_is_asked_for_is_read_as_seconds(
    text: object, seconds: int | None
) -> None:
    page = read({"data": [row(9, created_at=text), row(10)]}, DATED)
    found = [i.aged_from for i in page.indicators(0)]
    assert found == [seconds, None]
    assert [i.last_at for i in page.indicators(0)] == [None, None]


def test_a_date_that_is_not_asked_for_is_not_kept() -> None:
    page = read({"data": [row(9, created_at="2026-03-01 00:00:00")]})
    assert not page.aged_from
    assert [i.aged_from for i in page.indicators(0)] == [None]


def test_rows_that_are_left_out_of_a_page_take_their_dates_along() -> None:
    stamps = ["2026-03-01 00:00:00", "2026-03-02 00:00:00", "2026-03-03 00:00:00"]
    rows = [row(n, last_detected_at=at) for n, at in enumerate(stamps, 1)]
    page = read({"data": rows}, DATED)
    page.keep([0, 2])
    days = [i.last_at // 86400 for i in page.indicators(0) if i.last_at]
    assert [day - days[0] for day in days] == [0, 2]


def test_a_nested_row_means_the_same_as_a_flat_one() -> None:
    nested = one(
        type={"id": 14, "name": "IP Address", "class": "network"},
        status={"id": 1, "name": "Active", "description": "Poses a threat"},
    )
    assert nested == one()


@pytest.mark.parametrize(
    ("status", "status_id", "name", "agrees"),
    [
        ("Active", 1, "Active", True),
        ("Active", None, "Active", True),
        ("Active", 5, "Active", False),
        ("Whitelisted", 1, "Whitelisted", False),
        ("Active", 99, "Active", False),
        ("Custom", 1, "Custom", False),
        ("Custom", 99, "Custom", True),
        (None, 5, "Whitelisted", True),
        ({"id": 5, "name": "Active"}, 1, "Active", False),
        ({"id": 5, "name": "Active"}, None, "Active", False),
        ({"id": 1, "name": "Active"}, 5, "Active", False),
        ({"id": 5, "name": None}, None, "Whitelisted", True),
        (None, None, "", False),
        (["Whitelisted"], None, "", False),
        (None, 99, "", False),
    ],
)
def test_a_status_that_is_unclear_or_contradicts_itself_is_marked(
    status: object, status_id: object, name: str, *, agrees: bool
) -> None:
    got = one(status=status, status_id=status_id)
    assert (got.status, got.status_agrees) == (name, agrees)


@pytest.mark.parametrize(
    ("given_score", "score"),
    [
        (None, None),
        (0, 0.0),
        (7.5, 7.5),
        ("8", 8.0),
        ("high", None),
        ("nan", None),
        (100, 10.0),
        (-1, 0.0),
        ({"generated_score": 4, "manual_score": None}, 4.0),
        ({"generated_score": 4, "manual_score": 0}, 0.0),
        ({"generated_score": "6.5"}, 6.5),
        ({"generated_score": None, "manual_score": None}, None),
        ({}, None),
        ([], None),
    ],
)
def test_a_score_is_read_in_each_form_and_held_within_0_and_10(
    given_score: object, score: float | None
) -> None:
    assert one(score=given_score).score == score


@pytest.mark.parametrize(
    ("dates", "day"),
    [
        ({"expires_at": "2027-01-02 00:00:00"}, 2),
        ({"expired_at": "2027-01-03 00:00:00"}, 3),
        ({"expires_at": None, "expired_at": "2027-01-03 00:00:00"}, 3),
        ({"expires_at": "2027-01-02 00:00:00", "expired_at": "2027-01-03"}, 2),
        ({"expires_at": "2027-01-04 00:00:00.014"}, 4),
        ({"expires_at": "0000-00-00 00:00:00"}, None),
        ({"expires_at": ""}, None),
        ({"expires_at": 17}, None),
        ({}, None),
    ],
)
def test_an_expiry_stands_under_either_name(
    dates: dict[str, object], day: int | None
) -> None:
    got = one(**dates).expires_at
    assert (None if got is None else got.day) == day


@pytest.mark.parametrize(
    ("bad", "value"),
    [
        (row(2, value=None), ""),
        (row(2, value=3221225985), "3221225985"),
        (row(2, value=["198.51.100.1"]), "['198.51.100.1']"),
        ({"id": 2, "type": "IP Address", "status": "Active"}, ""),
        (None, ""),
        ("198.51.100.2", "198.51.100.2"),
        ([], "[]"),
        ({}, ""),
    ],
)
def test_one_bad_row_neither_fails_its_page_nor_is_lost(
    bad: object, value: str
) -> None:
    page = read({"data": [row(1), bad, row(3)]})
    assert [i.value for i in page.indicators(0)] == [
        "198.51.100.1",
        value,
        "198.51.100.3",
    ]
    assert page.rows == 3


@pytest.mark.parametrize(
    ("given_id", "id_"),
    [("12", 12), (2**63 - 1, 2**63 - 1), (2**63, 0), (-1, 0), (None, 0), ("x", 0)],
)
def test_an_id_that_cannot_be_used_is_0(given_id: object, id_: int) -> None:
    assert one(id=given_id).id == id_


@pytest.mark.parametrize("given_type", [None, 14, ["IP Address"], {"id": 14}])
def test_a_type_without_a_name_is_no_type(given_type: object) -> None:
    assert one(type=given_type).type == ""


@pytest.mark.parametrize(
    ("total", "read_total"), [(3, 3), ("3", 3), (None, None), (0, 0)]
)
def test_a_total_is_a_number_or_the_same_as_text(
    total: object, read_total: int | None
) -> None:
    assert read({"data": [], "total": total}).total == read_total


@pytest.mark.parametrize("total", ["many", -1, [], True])
def test_a_total_that_is_no_number_is_a_fault(total: object) -> None:
    with pytest.raises(SourceFaultError, match="total"):
        read({"data": [], "total": total})


@pytest.mark.parametrize("data", [[], {}])
def test_an_empty_page_is_a_list_or_an_object(data: object) -> None:
    assert read({"data": data}).rows == 0


@pytest.mark.parametrize("data", [None, {"0": row(1)}, "none", 0, False])
def test_data_that_is_no_list_is_a_fault(data: object) -> None:
    with pytest.raises(SourceFaultError, match="no list"):
        read({"data": data})


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [{"id": 1, "value": "\xff"}]}',
        b'{"data": [{"id": 1, "value": "\\ud800"}]}',
        b'{"data": ' + b"[" * 9999 + b"]" * 9999 + b"}",
    ],
)
def test_json_that_cannot_be_read_is_a_fault(body: bytes) -> None:
    with pytest.raises(SourceFaultError):
        read(body)


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)
odd_row = st.dictionaries(st.sampled_from([*row(1), "expires_at", "expired_at"]), json)


@given(st.lists(odd_row.map(lambda odd: row(1, **odd)) | json, max_size=4))
def test_whatever_rows_hold_each_becomes_one_indicator(rows: list[Any]) -> None:
    page = read({"data": rows})
    found = list(page.indicators(0))
    assert len(found) == page.rows == len(rows)
    assert {type(text) for i in found for text in (i.value, i.type)} <= {str}
    assert all(i.score is None or 0 <= i.score <= 10 for i in found)
    assert all(i.status or not i.status_agrees for i in found)
