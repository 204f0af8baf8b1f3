"""From a name to indicators: against the lab in all its dialects, and by hand."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from threatq.stub import SAVED, Site, Stub, answer, page, row, source
from tq_conn_citrix_waf.core.selection import DATES, NO_DATES, Dates
from tq_conn_citrix_waf.errors import (
    CollectionAmbiguousError,
    CollectionNotFoundError,
    ConfigurationError,
    SourceError,
    SourceFaultError,
    SourceIncompleteError,
    SourceRefusedError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.threatq.collections import split_names

QUERY = "POST /api/indicators/query"
HASH = "GET /api/indicators/query/hash/fsd2f54"


@pytest.fixture
def stub() -> Stub:
    return Stub()


@pytest.fixture
def site() -> Site:
    made = Site()
    made.addresses(2500)
    return made


def saved(stub: Stub, *rows: object, **ends: object) -> None:
    stub.routes["GET /api/search/query"] = lambda _: answer({"data": rows} | ends)


def test_every_indicator_of_a_collection_is_read_in_pages(site: Site) -> None:
    found = list(site.source.collect("Edge", 4))
    assert len({i.value for i in found}) == 2500
    assert {(i.type, i.status, i.status_agrees, i.collection) for i in found} == {
        ("IP Address", "Active", True, 4)
    }
    assert site.asked().count("POST /api/indicators/query") == 4


@pytest.mark.parametrize(
    "dialect",
    [
        {"type_status_form": "nested"},
        {"type_status_form": "flat"},
        {"score_form": "string"},
        {"score_form": "object"},
        {"absent_keys": "null"},
        {"empty_page": "object"},
        {"total_form": "string"},
        {"total_form": "absent"},
        {"cursor_end": "never ends"},  # its empty page ends it all the same
        {"cursor_end": "turns back"},
        {"total_truth": "one less"},
        {"total_truth": "shrinks"},
        {"page_limit": 700},
        {"page_overlap": 10},
        {"search_row_json": "string"},
        {"search_row_hash": "absent"},
        {"collections_page": 1},
        {"status_ids": "stock"},
        {"unknown_field": "ignored"},
        {"hash_route": "absent"},
        {"objects_lists": "empty"},
        {"query_cursor": "refused"},
        {"query_cursor": "ignored"},
        {"query_cursor": "refused", "hash_cursor": "refused"},
        {"query_cursor": "ignored", "hash_cursor": "ignored"},
        {"query_cursor": "refused", "hash_route": "absent"},
        {"query_cursor": "refused", "search_row_hash": "absent"},
        {"query_cursor": "refused", "type_status_form": "nested", "empty_page": "list"},
    ],
)
def test_each_dialect_of_paging_gives_the_same_list(
    site: Site, dialect: dict[str, object]
) -> None:
    site.addresses(3, name="Another")
    expected = [(i.id, i.value, i.score) for i in site.source.collect("Edge", 0)]
    site.dialect(**dialect)
    found = [(i.id, i.value, i.score) for i in site.source.collect("Edge", 0)]
    assert found == expected


@pytest.mark.parametrize(
    "dialect",
    [
        {"empty_page_after": 1000},
        {"total_truth": "one more"},
        {"total_truth": "grows"},
    ],
)
def test_each_dialect_that_hides_the_end_is_an_incomplete_source(
    site: Site, dialect: dict[str, object]
) -> None:
    site.dialect(**dialect)
    with pytest.raises(SourceIncompleteError):
        next(site.source.collect("Edge", 0))


@pytest.mark.parametrize(
    ("dialect", "rows"),
    [
        ({"cursor_end": "never changes"}, 2500),
        ({"page_limit": 500, "page_over_limit": "refused"}, 2500),
    ],
)
def test_each_dialect_that_one_way_of_paging_fails_on_is_read_by_another(
    site: Site, dialect: dict[str, object], rows: int
) -> None:
    site.dialect(**dialect)
    assert len([*site.source.collect("Edge", 0)]) == rows


@pytest.mark.parametrize(
    "dialect",
    [
        {"errors_in_success": "yes"},
        {"maintenance": "html"},
        {"maintenance": "json"},
        {"list_rights": "empty object"},
        {"list_rights": "forbidden"},
        {"query_cursor": "refused", "hash_route": "absent", "offset_cap": 1000},
    ],
)
def test_each_dialect_of_refusal_is_an_error_of_the_source(
    site: Site, dialect: dict[str, object]
) -> None:
    site.dialect(**dialect)
    with pytest.raises(SourceError):
        next(site.source.collect("Edge", 0))


@pytest.mark.parametrize(
    ("fault", "becomes"),
    [
        ("refuse", SourceUnreachableError),
        ("never_answer", SourceUnreachableError),
        ("cut", SourceUnreachableError),
        ("reset", SourceUnreachableError),
        ("lose_answer", SourceUnreachableError),
        ("truncate_json", SourceFaultError),
        ("html_page", SourceFaultError),
        ("wrong_length", SourceUnreachableError),
        ("status", SourceFaultError),
    ],
)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_fault_that_stays_gives_no_indicator_at_all(
    site: Site, fault: str, after: int, becomes: type[SourceError]
) -> None:
    site.fault(fault, "/api/indicators/query", after=after)
    found: list[object] = []
    with pytest.raises(becomes):
        found.extend(site.source.collect("Edge", 0))
    assert found == []


@pytest.mark.parametrize(
    "fault", ["refuse", "never_answer", "cut", "reset", "lose_answer", "status"]
)
def test_a_fault_that_passes_costs_nothing_but_time(site: Site, fault: str) -> None:
    site.fault(fault, "/api/indicators/query", after=1, times=2)
    assert len(list(site.source.collect("Edge", 0))) == 2500


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_token_that_dies_in_mid_walk_is_renewed_and_the_walk_goes_on(
    site: Site, when: str
) -> None:
    site.fault(
        "expire_token",
        "/api/indicators/query",
        after=1,
        times=1,
        params={"when": when},
    )
    assert len(list(site.source.collect("Edge", 0))) == 2500
    assert site.asked().count("POST /api/token") == 2


def test_statuses_that_contradict_in_the_lab_are_marked(site: Site) -> None:
    sent = {"type": "IP Address", "value": "198.51.100.1", "status": "Active"}
    ids = {
        s["name"]: s["id"]
        for s in msgspec.json.decode(site.session.get("/api/indicator/statuses"))[
            "data"
        ]
    }
    site.collection("Torn", [sent | {"status_id": ids["Whitelisted"]}])
    assert [i.status_agrees for i in site.source.collect("Torn", 0)] == [False]


def test_the_stored_query_is_sent_as_it_was_stored(stub: Stub) -> None:
    stored = b'{"criteria": {"+and":[{"type_name":"FQDN"}]} ,"filters":[],"own":1.10}'
    row_ = b'{"name": "Edge", "id": 1, "json": {"api_query": ' + stored + b"}}"
    stub.routes["GET /api/search/query"] = lambda _: answer(b'{"data":[' + row_ + b"]}")
    stub.pages(page([1], "*", 1))
    list(source(stub).collect("Edge", 0))
    body = stub.sent[-1].body or b""
    assert b'"criteria":{"+and":[{"type_name":"FQDN"}]}' in body
    assert b'"filters":[],"own":1.10,' in body
    assert msgspec.json.decode(body)["fields"][:4] == ["id", "value", "type", "status"]


def test_a_date_is_asked_for_only_where_it_is_counted_from(stub: Stub) -> None:
    stub.pages(page([1], "*", 1))
    for dates, more in (
        (NO_DATES, []),
        (Dates("", "touched_at"), ["touched_at"]),
        (Dates("created_at", "updated_at"), ["created_at", "updated_at"]),
    ):
        list(source(stub).collect("Edge", 0, dates))
        fields = msgspec.json.decode(stub.sent[-1].body or b"")["fields"]
        assert fields[8:] == more


@pytest.mark.parametrize(
    "dialect",
    [
        {},
        {"type_status_form": "nested"},
        {"absent_keys": "null"},
        {"query_cursor": "refused"},
        {"query_cursor": "refused", "hash_route": "absent"},
    ],
    ids=str,
)
def test_the_dates_of_an_indicator_come_by_every_way_to_page(
    site: Site, dialect: dict[str, str]
) -> None:
    given = "2026-03-01 00:00:00"
    rows = [
        {"type": "IP Address", "value": "198.18.0.1", "last_detected_at": given},
        {"type": "IP Address", "value": "198.18.0.2"},
    ]
    site.collection("Dated", rows)
    site.dialect(**dialect)
    now = int(site.lab.clock.now().timestamp())
    for name in DATES[:-1]:
        dates = Dates(name, "last_detected_at")
        found = list(site.source.collect("Dated", 0, dates))
        assert [i.aged_from for i in found] == [now, now]
        assert [i.last_at for i in found] == [1772323200, None]


@pytest.mark.parametrize("cursor", ["yes", "refused"])
def test_all_whitelisted_addresses_are_told_in_whatever_collection(
    site: Site, cursor: str
) -> None:
    site.dialect(query_cursor=cursor)
    kinds = {
        "IP Address": "198.18.0.1",
        "IPv6 Address": "2001:db8::1",
        "CIDR Block": "198.18.4.0/24",
        "FQDN": "good.example",
    }
    assert list(site.source.whitelisted()) == []
    for n, (kind, value) in enumerate(kinds.items()):
        row_ = {"type": kind, "value": value, "status": "Whitelisted"}
        site.collection(f"c{n}", [row_])
    found = {i.value for i in site.source.whitelisted()}
    assert found == {*kinds.values()} - {"good.example"}


def test_of_a_server_that_lets_the_question_fall_only_whitelisted_is_taken(
    stub: Stub,
) -> None:
    rows = [row(1), row(2, status="Whitelisted"), row(3, status="Active", status_id=5)]
    stub.routes[QUERY] = lambda _: answer(
        {"data": rows, "total": 3, "nextCursorMark": "*"}
    )
    assert [i.id for i in source(stub).whitelisted()] == [2, 3]


def test_a_stored_query_may_itself_be_text(stub: Stub) -> None:
    text = '{"api_query": {"criteria": {"value": "x"}}}'
    saved(stub, SAVED | {"json": text})
    stub.pages(page([1], "*", 1))
    assert len(list(source(stub).collect("Edge", 0))) == 1
    assert b'{"value": "x"}' in (stub.sent[-1].body or b"")


NO_QUERY: list[object] = [
    None,
    "",
    "not json",
    [],
    {},
    {"api_query": None},
    {"api_query": {}},
    {"api_query": []},
    {"api_query": "text"},
    {"api_query": {"criteria": None, "filters": None}},
    {"api_query": {"criteria": ""}},
    {"ui_query": {"criteria": {}}},
]


@pytest.mark.parametrize("stored", NO_QUERY)
def test_a_collection_without_a_stored_query_is_never_asked_for_as_everything(
    stub: Stub, stored: object
) -> None:
    saved(stub, SAVED | {"json": stored})
    stub.pages(page([1, 2], "*", 2))
    stub.pages(page([1], "*", 1), route=HASH)
    assert [i.id for i in source(stub).collect("Edge", 0)] == [1]
    assert QUERY not in stub.paths()


def test_without_query_and_hash_a_collection_cannot_be_read(stub: Stub) -> None:
    saved(stub, {"id": 1, "name": "Edge"})
    with pytest.raises(SourceRefusedError, match="no way"):
        next(source(stub).collect("Edge", 0))


def test_a_hash_is_encoded_and_may_be_a_number(stub: Stub) -> None:
    saved(stub, SAVED | {"json": None, "hash": "a/b c"})
    stub.pages(page([1], "*", 1), route="GET /api/indicators/query/hash/a%2Fb%20c")
    assert len(list(source(stub).collect("Edge", 0))) == 1
    saved(stub, SAVED | {"json": None, "hash": 42})
    stub.pages(page([1], "*", 1), route="GET /api/indicators/query/hash/42")
    assert len(list(source(stub).collect("Edge", 0))) == 1


def test_lists_are_asked_for_once_for_several_collections(stub: Stub) -> None:
    saved(stub, SAVED, SAVED | {"name": "Other", "id": 8})
    stub.pages(page([1], "*", 1))
    one = source(stub)
    assert [i.collection for n in (0, 1) for i in one.collect("Other", n)] == [0, 1]
    assert stub.paths().count("GET /api/search/query") == 1
    assert stub.paths().count("GET /api/indicator/statuses") == 1


def test_a_missing_name_is_told_with_names_like_it(stub: Stub) -> None:
    names = ["Block at edge", "Block at Edge ", "Something else", None, 7]
    saved(stub, *[SAVED | {"name": n} for n in names])
    with pytest.raises(CollectionNotFoundError) as caught:
        source(stub).collection("block at edge")
    assert "not shared with this user" in caught.value.what
    assert "'Block at edge', 'Block at Edge '" in caught.value.what
    assert "Something else" not in caught.value.what


@pytest.mark.parametrize("data", [[], {}])
def test_with_no_collection_visible_none_is_found(stub: Stub, data: object) -> None:
    stub.routes["GET /api/search/query"] = lambda _: answer({"data": data})
    with pytest.raises(CollectionNotFoundError):
        source(stub).collection("Edge")


def test_a_collection_that_is_not_shared_is_not_found(site: Site) -> None:
    site.dialect(collections_visible="none")
    with pytest.raises(CollectionNotFoundError, match="not shared"):
        next(site.source.collect("Edge", 0))


def test_two_collections_of_one_name_are_told_apart_by_their_ids(stub: Stub) -> None:
    saved(stub, SAVED, SAVED | {"id": 12})
    with pytest.raises(CollectionAmbiguousError, match="ids 7, 12"):
        source(stub).collection("Edge")


def test_two_collections_of_one_name_in_the_lab_are_an_error(site: Site) -> None:
    site.dialect(collections_doubled="yes")
    with pytest.raises(CollectionAmbiguousError):
        next(site.source.collect("Edge", 0))


def test_a_list_that_stops_before_its_total_is_incomplete(stub: Stub) -> None:
    left = [answer({"data": [SAVED], "total": "3"}), answer({"data": [], "total": 3})]
    stub.routes["GET /api/search/query"] = lambda _: left.pop(0)
    with pytest.raises(SourceIncompleteError, match="1 of 3"):
        source(stub).collection("Edge")


@pytest.mark.parametrize("data", [None, "x", {"0": SAVED}, [None], 0])
def test_a_list_of_collections_that_is_none_is_a_fault(
    stub: Stub, data: object
) -> None:
    stub.routes["GET /api/search/query"] = lambda _: answer({"data": data})
    with pytest.raises(SourceFaultError, match="no list of data collections"):
        source(stub).collection("Edge")


@pytest.mark.parametrize(
    "body", [{"data": []}, {"data": {}}, {"data": [{"id": "x"}]}, {"data": None}]
)
def test_without_a_list_of_statuses_nothing_is_read(stub: Stub, body: object) -> None:
    stub.routes["GET /api/indicator/statuses"] = lambda _: answer(body)
    stub.pages(page([1], "*", 1))
    with pytest.raises(SourceFaultError, match="statuses"):
        next(source(stub).collect("Edge", 0))


def test_one_bad_row_in_a_page_is_passed_on_to_be_counted(stub: Stub) -> None:
    rows = [row(1), row(2, value=None), row(3)]
    stub.pages(answer({"data": rows, "total": 3, "nextCursorMark": "*"}))
    assert [i.value for i in source(stub).collect("Edge", 0)][1] == ""


@pytest.mark.parametrize("status", [400, 403, 404, 405, 422, 500])
def test_a_cursor_that_is_refused_leads_to_the_hash(stub: Stub, status: int) -> None:
    stub.routes[QUERY] = lambda _: answer({"errors": ["cursorMark?"]}, status)
    stub.pages(page([1], "*", 1), route=HASH)
    assert len(list(source(stub).collect("Edge", 0))) == 1


def test_offset_is_the_last_way(stub: Stub) -> None:
    def by_offset(query: dict[str, str]) -> Answer:
        if "cursorMark" in query:
            return answer({}, 400)
        return page([1, 2][int(query["offset"]) :], None, 2)

    stub.routes[QUERY] = by_offset
    assert [i.id for i in source(stub).collect("Edge", 0)] == [1, 2]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("", []),
        (" , ,", []),
        ("Edge", ["Edge"]),
        ("Edge, Block at edge ,Other", ["Edge", "Block at edge", "Other"]),
        ("Edge,Edge", ["Edge"]),
        ('"Bad, really", Edge', ["Bad, really", "Edge"]),
        ("'Bad, really' ,Edge", ["Bad, really", "Edge"]),
        ("Bob's list, 6\" pipes", ["Bob's list", '6" pipes']),
        ('"say ""no"", Bob"', ['say "no", Bob']),
        ("'Bob''s, too'", ["Bob's, too"]),
        ('" padded "', [" padded "]),
        ('"\'tis"', ["'tis"]),
    ],
)
def test_a_comma_list_is_split_into_names(text: str, names: list[str]) -> None:
    assert split_names(text) == names


@pytest.mark.parametrize("text", ['"Edge', "Edge, 'Other", '"a" b', '"a"b, c', '"'])
def test_a_quote_that_is_not_closed_is_an_error(text: str) -> None:
    with pytest.raises(ConfigurationError, match="cannot be read from"):
        split_names(text)


@given(st.lists(st.text(min_size=1), unique=True), st.sampled_from("\"'"))
def test_quoted_names_come_back_whatever_they_hold(
    names: list[str], quote: str
) -> None:
    listed = ", ".join(quote + n.replace(quote, quote * 2) + quote for n in names)
    assert split_names(listed) == names
