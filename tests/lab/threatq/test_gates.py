"""What a call meets before its route, and the words of refusals."""

import pytest

from lab.threatq.desk import PASSWORD_GRANT, Desk


@pytest.mark.parametrize(
    ("form", "body"),
    [
        ("data", {"data": {"errors": {"path": ["path does not exist"]}}}),
        ("list", {"errors": ["path does not exist"]}),
        ("nested list", {"errors": ["The request failed.", ["path does not exist"]]}),
    ],
)
def test_a_refusal_has_three_forms(desk: Desk, form: str, body: object) -> None:
    desk.set(threatq_error_form=form)
    reply = desk.get("/api/nothing")
    assert (reply.status, reply.body) == (404, body)


def test_what_is_no_api_gets_a_page_of_the_web_server(desk: Desk) -> None:
    reply = desk.get("/nothing")
    assert reply.status == 404
    assert reply.headers["Content-Type"].startswith("text/html")


def test_a_wrong_method_names_the_right_ones(desk: Desk) -> None:
    reply = desk.put("/api/indicators/query", {})
    assert reply.status == 405
    assert reply.headers["Allow"] == "GET, POST"


def test_an_unknown_route_is_said_before_a_missing_token(stranger: Desk) -> None:
    assert stranger.get("/api/nothing").status == 404
    assert stranger.put("/api/objects").status == 405
    assert stranger.get("/api/objects").status == 401


@pytest.mark.parametrize(("form", "kind"), [("html", "text/html"), ("json", "json")])
def test_under_maintenance_all_of_the_api_is_away(
    desk: Desk, form: str, kind: str
) -> None:
    desk.set(maintenance=form)
    for target in ("/api/token", "/api/objects", "/api/nothing"):
        reply = desk.get(target)
        assert reply.status == 503
        assert kind in reply.headers["Content-Type"]
    assert desk.get("/assets/js/config.js").status == 200


def test_a_redirect_names_a_place_that_is_not_the_api(desk: Desk) -> None:
    desk.set(threatq_redirect="yes")
    reply = desk.post("/api/token", PASSWORD_GRANT)
    assert (reply.status, reply.headers["Location"]) == (307, "/login")
    assert desk.get("/login").status == 404


def test_the_rate_is_counted_by_the_clock_of_the_lab(desk: Desk) -> None:
    desk.set(rate_limit_per_minute=2)
    assert [desk.get("/api/objects").status for _ in range(3)] == [200, 200, 429]
    desk.clock.advance(20)
    late = desk.get("/api/objects")
    assert (late.status, late.headers["Retry-After"]) == (429, "40")
    desk.clock.advance(40)
    assert desk.get("/api/objects").status == 200


def test_retry_after_may_be_a_date(desk: Desk) -> None:
    desk.set(rate_limit_per_minute=1, rate_limit_retry_after="date")
    late = [desk.get("/api/objects") for _ in range(2)][1]
    assert late.headers["Retry-After"] == "Mon, 05 Jan 2026 08:01:00 GMT"


@pytest.mark.parametrize(
    "target", ["/api/objects", "/api/indicator/types", "/api/search/query"]
)
def test_without_the_right_a_list_is_an_empty_object(desk: Desk, target: str) -> None:
    desk.set(list_rights="empty object")
    reply = desk.get(target)
    assert (reply.status, reply.body) == (200, {})
    assert desk.get("/api/users/current").status == 200


def test_without_the_right_members_cannot_be_had_either(desk: Desk) -> None:
    desk.collect(count=1)
    desk.set(list_rights="forbidden")
    assert desk.page({}).status == 403


def test_a_success_may_be_an_error(desk: Desk) -> None:
    desk.set(errors_in_success="yes")
    reply = desk.get("/api/search/query")
    assert reply.status == 200
    assert set(reply.body) == {"errors"}


@pytest.mark.parametrize("body", [b"{", b"", b"\xff", b'{"a":1e999}', b"[]", b"7"])
def test_a_query_that_is_no_json_object_is_refused(desk: Desk, body: bytes) -> None:
    kind = {"Content-Type": "application/json; charset=utf-8"}
    assert desk.send("POST", "/api/indicators/query", body, kind).status == 400


def test_an_unknown_key_is_ignored_where_that_is_so(desk: Desk) -> None:
    assert desk.page({"colour": "red"}).status == 400
    assert desk.page({"fields": ["colour"]}).status == 400
    desk.set(unknown_field="ignored")
    assert desk.page({"colour": "red"}).status == 200
    assert desk.page({"fields": ["colour"]}).status == 200


@pytest.mark.parametrize("number", ["", "-1", "1.5", "many", "9" * 17])
def test_a_limit_is_a_whole_number(desk: Desk, number: str) -> None:
    assert desk.get(f"/api/indicator/types?limit={number}").status == 400
