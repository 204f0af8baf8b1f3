"""Reading and writing single indicators, as siblings of the connector do it."""

import re

import pytest

from lab.threatq.desk import Desk


@pytest.fixture
def one(desk: Desk) -> str:
    """The path of the one indicator of the library."""
    desk.collect(count=1)
    return f"/api/indicators/{desk.page({}).body['data'][0]['id']}"


def test_by_its_id_an_indicator_has_its_columns(desk: Desk, one: str) -> None:
    shown = desk.get(one).body["data"]
    assert shown["value"] == "198.51.0.0"
    assert {"type_id", "status_id", "hash", "class"} <= set(shown)
    assert not {"type", "status", "score", "sources"} & set(shown)


def test_what_belongs_to_it_comes_when_asked_for(desk: Desk, one: str) -> None:
    names = "type,status,score,sources,attributes,attributes.sources,tags,adversaries"
    shown = desk.get(f"{one}?with={names}").body["data"]
    assert shown["type"]["name"] == "IP Address"
    assert shown["status"]["name"] == "Active"
    assert set(shown["score"]) == {
        "generated_score",
        "manual_score",
        "score_config_hash",
    }
    (source,) = shown["sources"]
    assert set(source) == {"id", "name", "type", "tlp_id", "published_at", "pivot"}
    assert shown["attributes"] == shown["tags"] == shown["adversaries"] == []


def test_an_unknown_relation_is_refused(desk: Desk, one: str) -> None:
    assert desk.get(f"{one}?with=colour").status == 400
    assert desk.get(f"{one}/colour").status == 404


def test_details_have_milliseconds_in_two_dates(desk: Desk, one: str) -> None:
    shown = desk.get(f"{one}/details?with=comments").body["data"]
    for name in ("touched_at", "published_at"):
        assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", shown[name])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", shown["created_at"])
    assert shown["comments"] == []


def test_indicators_are_listed_by_plain_filters(desk: Desk) -> None:
    desk.collect(count=12)
    target = "/api/indicators?value=198.51.0.1%25&sort=-value&limit=2"
    reply = desk.get(target).body
    assert (reply["total"], reply["limit"], reply["offset"]) == (3, 2, 0)
    assert [m["value"] for m in reply["data"]] == ["198.51.0.11", "198.51.0.10"]


def test_a_status_is_set_by_name_or_id(desk: Desk, one: str) -> None:
    (expired,) = desk.get("/api/indicator/statuses?name=Expired").body["data"]
    reply = desk.put(one, {"status": "Expired", "sources": [{"name": "tq"}]})
    assert (reply.status, reply.body["data"]["status_id"]) == (200, expired["id"])
    assert desk.page().body["data"][0]["status"]["name"] == "Expired"
    (active,) = desk.get("/api/indicator/statuses?name=Active").body["data"]
    desk.put(one, {"status_id": active["id"]})
    assert desk.page({"criteria": {"status_name": "Active"}}).body["total"] == 1


def test_setting_a_status_ends_a_contradiction(desk: Desk) -> None:
    entry = {"type": "FQDN", "value": "a.example", "status_id": 99}
    desk.threatq.put_collection("c", [dict[str, object](entry)])
    number = desk.page().body["data"][0]["id"]
    shown = desk.put(f"/api/indicators/{number}", {"status": "Active"}).body["data"]
    (active,) = desk.get("/api/indicator/statuses?name=Active").body["data"]
    assert shown["status_id"] == active["id"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"status": "Gone"},
        {"status_id": 10**6},
        {"status": "Active", "x": 1},
        {"status": "Active", "sources": [{}]},
    ],
)
def test_a_status_must_exist(desk: Desk, one: str, body: object) -> None:
    assert desk.put(one, body).status == 400


def test_a_manual_score_wins_until_it_is_taken_back(desk: Desk, one: str) -> None:
    target = one.replace("indicators", "indicator") + "/scores"
    assert desk.put(target, {"manual_score": 9}).body["data"]["manual_score"] == 9
    assert desk.page().body["data"][0]["score"] == 9
    assert desk.page({"criteria": {"score": {"+gte": 9}}}).body["total"] == 1
    desk.put(target, {"manual_score": None})
    assert desk.page().body["data"][0]["score"] == 0


@pytest.mark.parametrize("score", ["9", True, -1, 101, [9]])
def test_a_manual_score_is_a_number_the_store_can_hold(
    desk: Desk, one: str, score: object
) -> None:
    target = one.replace("indicators", "indicator") + "/scores"
    assert desk.put(target, {"manual_score": score}).status == 400
    assert desk.put(target, {}).status == 400


def test_attributes_are_added_changed_and_taken_away(desk: Desk, one: str) -> None:
    bodies = [
        {"name": "Blocked by", "value": "adc1", "sources": [{"name": "tq"}]},
        {"name": "Blocked on", "value": "2026-01-05"},
    ]
    added = desk.post(f"{one}/attributes", bodies)
    assert added.status == 201
    numbers = [a["attribute_id"] for a in added.body["data"]]
    assert len(set(numbers)) == 2
    changed = desk.put(f"{one}/attributes/{numbers[0]}", {"value": "adc2"})
    assert changed.body["data"]["value"] == "adc2"
    gone = desk.ask("DELETE", f"{one}/attributes/{numbers[1]}")
    assert (gone.status, gone.raw) == (204, b"")
    (left,) = desk.page().body["data"][0]["attributes"]
    assert (left["name"], left["value"]) == ("Blocked by", "adc2")
    assert desk.ask("DELETE", f"{one}/attributes/{numbers[1]}").status == 404
    assert desk.put(f"{one}/attributes/{numbers[1]}", {"value": "x"}).status == 404


def test_an_attribute_is_not_doubled_and_may_be_overwritten(
    desk: Desk, one: str
) -> None:
    body: dict[str, object] = {"name": "Blocked by", "value": "adc1"}
    first = desk.post(f"{one}/attributes", body).body["data"][0]["attribute_id"]
    again = desk.post(f"{one}/attributes", body).body["data"][0]["attribute_id"]
    assert first == again
    other = {**body, "value": "adc2", "overwrite_existing": True}
    desk.post(f"{one}/attributes", other)
    rows = desk.get(f"{one}/attributes").body["data"]
    assert [r["value"] for r in rows] == ["adc2"]


def test_tags_are_added_once_each_and_taken_away(desk: Desk, one: str) -> None:
    added = desk.post(f"{one}/tags", [{"name": "blocked"}, {"name": "edge"}])
    assert added.status == 201
    assert desk.post(f"{one}/tags", {"name": "blocked"}).body["data"] == [
        added.body["data"][0]
    ]
    assert desk.page().body["data"][0]["tags"] == ["blocked", "edge"]
    number = added.body["data"][0]["id"]
    assert desk.ask("DELETE", f"{one}/tags/{number}").status == 204
    assert desk.get(f"{one}/tags").body["data"] == [added.body["data"][1]]


def test_tags_given_and_tags_written_stand_together(desk: Desk) -> None:
    entry = {"type": "FQDN", "value": "a.example", "tags": ["given"]}
    desk.threatq.put_collection("c", [dict[str, object](entry)])
    number = desk.page().body["data"][0]["id"]
    desk.post(f"/api/indicators/{number}/tags", {"name": "written"})
    assert desk.page().body["data"][0]["tags"] == ["given", "written"]
    assert desk.page({"criteria": {"tag_name": "written"}}).body["total"] == 1


def test_comments_are_added_listed_and_changed(desk: Desk, one: str) -> None:
    numbers = []
    for text in ("first", "second"):
        reply = desk.post(f"{one}/comments?with=sources", {"value": text})
        assert reply.status == 201
        numbers.append(reply.body["data"]["id"])
        desk.clock.advance(60)
    rows = desk.get(f"{one}/comments?limit=1&sort=-created_at&with=sources").body
    assert (rows["total"], rows["data"][0]["value"]) == (2, "second")
    changed = desk.put(f"/api/indicators/comments/{numbers[0]}", {"value": "1st"})
    assert changed.body["data"]["value"] == "1st"
    assert desk.put("/api/indicators/comments/1", {"value": "x"}).status == 404


@pytest.mark.parametrize("body", [None, [], "x", [7], {}, {"name": ""}, {"name": 5}])
@pytest.mark.parametrize("relation", ["tags", "attributes", "comments"])
def test_a_note_must_have_its_words(
    desk: Desk, one: str, relation: str, body: object
) -> None:
    assert desk.post(f"{one}/{relation}", body).status == 400


@pytest.mark.parametrize("target", ["", "/consume", "/consume/new"])
def test_an_indicator_is_made_once_and_then_exists(desk: Desk, target: str) -> None:
    body = {"type": "FQDN", "value": "a.example", "status": "Review"}
    first = desk.post(f"/api/indicators{target}", body)
    assert first.status == 201
    (made,) = first.body["data"]
    assert "existing" not in made
    (again,) = desk.post(f"/api/indicators{target}", [body]).body["data"]
    assert again["id"] == made["id"]
    assert again["existing"]
    assert desk.page({}).body["total"] == 1


@pytest.mark.parametrize(
    "wrong", [{"type": "Nothing"}, {"value": ""}, {"status": 1}, {"colour": "red"}]
)
def test_one_bad_indicator_of_several_makes_none(
    desk: Desk, wrong: dict[str, object]
) -> None:
    body = {"type": "FQDN", "value": "a.example", "status": "Review"}
    assert desk.post("/api/indicators", [body, {**body, **wrong}]).status == 400
    assert desk.page({}).body["total"] == 0


def test_a_sighting_is_reported_and_found_again(desk: Desk, one: str) -> None:
    body = {
        "title": "Blocked at the edge",
        "type": "Sighting",
        "happened_at": "2026-01-05 07:59:00",
        "description": "hits: 3",
        "sources": [{"name": "tq"}],
        "attributes": [{"name": "hits", "value": "3"}],
        "indicators": [{"id": int(one.rsplit("/", 1)[1])}],
    }
    reply = desk.post("/api/events", body)
    assert reply.status == 201
    number = reply.body["data"]["id"]
    assert desk.get(f"/api/events/{number}").body["data"]["title"] == body["title"]
    assert [e["id"] for e in desk.get("/api/events").body["data"]] == [number]
    assert [e["id"] for e in desk.get(f"{one}/events").body["data"]] == [number]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"type": "Party"},
        {"type": None},
        {"happened_at": "soon"},
        {"description": 5},
        {"indicators": [{"id": 1}]},
        {"indicators": {}},
        {"sources": {}},
        {"attributes": 5},
        {"attributes": [7]},
        {"colour": "red"},
    ],
)
def test_an_event_that_is_wrong_anywhere_is_not_kept(
    desk: Desk, wrong: dict[str, object]
) -> None:
    body: dict[str, object] = {
        "title": "t",
        "type": "Sighting",
        "happened_at": "2026-01-05 07:59:00",
    }
    assert desk.post("/api/events", {**body, **wrong}).status == 400
    assert desk.get("/api/events").body["total"] == 0


def test_an_event_may_name_its_type_by_id(desk: Desk) -> None:
    number = desk.threatq.vocabulary.event_types["Sighting"]
    body = {"title": "t", "type_id": number, "happened_at": "2026-01-05 07:59:00"}
    assert desk.post("/api/events", body).body["data"]["type"] == "Sighting"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/indicators/1"),
        ("GET", "/api/indicators/1/details"),
        ("GET", "/api/indicators/1/tags"),
        ("PUT", "/api/indicators/1"),
        ("PUT", "/api/indicator/1/scores"),
        ("POST", "/api/indicators/1/tags"),
        ("DELETE", "/api/indicators/1/tags/1"),
        ("GET", "/api/events/1"),
        ("GET", "/api/indicator/statuses/9999"),
        ("GET", "/api/indicator/types/9999"),
    ],
)
def test_what_is_not_there_is_404(desk: Desk, method: str, path: str) -> None:
    assert desk.ask(method, path, {}).status == 404
