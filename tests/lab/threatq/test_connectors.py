"""Connectors: registering one, reading it back, changing it, being refused."""

import json

import pytest

from lab.threatq.desk import FORM, REGISTRATION, Desk

NAME = "Citrix WAF Connector"
COLUMNS = {
    "id",
    "name",
    "namespace",
    "custom_fields",
    "frequency",
    "category_id",
    "category",
    "indicator_status_id",
    "tlp_id",
    "gate_oauth2_client_id",
    "last_import_at",
    "last_import_count",
    "is_active",
    "created_at",
    "updated_at",
}


def registered(desk: Desk, **more: object) -> dict[str, object]:
    reply = desk.post("/api/connectors", {**REGISTRATION, **more})
    assert reply.status == 201, reply
    return dict(reply.body["data"])


def test_a_connector_is_made_switched_off_and_with_all_its_columns(desk: Desk) -> None:
    made = registered(desk)
    assert set(made) == COLUMNS
    assert made["is_active"] is False
    assert made["category"] == "Labs"
    assert made["custom_fields"] == [{**f, "value": None} for f in FORM]


def test_a_connector_is_found_by_name_by_id_and_among_all(desk: Desk) -> None:
    made = registered(desk)
    other = registered(desk, name="Other")
    assert desk.get(f"/api/connectors/{made['id']}").body["data"] == made
    for target, rows in (
        ("?name=Citrix%20WAF%20Connector", [made]),
        ("?name=Citrix%25", [made]),
        ("?name=citrix", []),
        (f"?id={other['id']}", [other]),
        ("?limit=1000", [made, other]),
        ("?limit=1&offset=1", [other]),
    ):
        assert desk.get(f"/api/connectors{target}").body["data"] == rows


def test_category_and_tlp_come_whole_when_asked_for(desk: Desk) -> None:
    made = registered(desk)
    (row,) = desk.get("/api/connectors?with=category,tlp").body["data"]
    assert row["category"] == {"id": made["category_id"], "name": "Labs"}
    assert row["tlp"] is None


@pytest.mark.parametrize("active", [True, False])
def test_a_connector_is_switched_by_a_put(desk: Desk, active: bool) -> None:
    made = registered(desk)
    reply = desk.put(f"/api/connectors/{made['id']}", {"is_active": active})
    assert (reply.status, reply.body["data"]["is_active"]) == (200, active)
    assert desk.threatq.connectors()[0]["is_active"] is active


def test_a_put_changes_what_it_names(desk: Desk) -> None:
    made = registered(desk)
    (status,) = desk.get("/api/indicator/statuses?name=Review").body["data"]
    wanted: dict[str, object] = {
        "name": "Renamed",
        "indicator_status_id": status["id"],
        "last_import_at": "2026-01-05 08:00:00",
        "last_import_count": 12,
        "custom_fields": [{**FORM[0], "value": "adc.example.com"}],
    }
    shown = desk.put(f"/api/connectors/{made['id']}", wanted).body["data"]
    assert {k: shown[k] for k in wanted} == wanted
    (view,) = desk.threatq.connectors()
    assert view["form"] == {"API IP/Hostname": "adc.example.com"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": 5},
        {"category": "Nowhere"},
        {"category": ["Labs"]},
        {"custom_fields": None},
        {"custom_fields": {}},
        {"custom_fields": ["x"]},
        {"custom_fields": [{"key": "a", "label": "A"}]},
        {"custom_fields": [{"key": "a", "label": "A", "type": "colour"}]},
        {"custom_fields": [{"key": "a", "label": "A", "type": "text", "x": 1}]},
        {"custom_fields": [{"key": "a", "label": "A", "type": "text", "value": 1}]},
        {"custom_fields": [FORM[0], FORM[0]]},
        {"indicator_status_id": 10**6},
        {"indicator_status_id": "1"},
        {"is_active": "perhaps"},
        {"is_active": 2},
        {"last_import_at": 5},
        {"last_import_count": "5"},
        {"frequency": 60},
    ],
)
def test_a_registration_that_is_wrong_anywhere_makes_nothing(
    desk: Desk, wrong: dict[str, object]
) -> None:
    assert desk.post("/api/connectors", {**REGISTRATION, **wrong}).status == 400
    assert desk.threatq.connectors() == []


@pytest.mark.parametrize("missing", ["name", "category", "custom_fields"])
def test_a_registration_needs_each_of_its_parts(desk: Desk, missing: str) -> None:
    less = {k: v for k, v in REGISTRATION.items() if k != missing}
    reply = desk.post("/api/connectors", less)
    assert reply.status == 400
    assert missing in reply.body["data"]["errors"]


@pytest.mark.parametrize("status", [403, 404, 405, 422])
def test_a_registration_may_be_refused_to_a_role(desk: Desk, status: int) -> None:
    desk.set(connector_create_status=status)
    assert desk.post("/api/connectors", REGISTRATION).status == status
    assert desk.threatq.connectors() == []


def test_a_name_is_taken_once_unless_names_are_free(desk: Desk) -> None:
    made = registered(desk)
    assert desk.post("/api/connectors", REGISTRATION).status == 400
    assert desk.put(f"/api/connectors/{made['id']}", {"name": NAME}).status == 200
    desk.set(connector_names="free")
    registered(desk)
    assert len(desk.get("/api/connectors?name=Citrix%25").body["data"]) == 2


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_connector_that_is_not_there_is_404(desk: Desk, method: str) -> None:
    assert desk.ask(method, "/api/connectors/999999", {}).status == 404


def test_a_password_reads_back_plain_masked_or_not_at_all(desk: Desk) -> None:
    registered(desk)
    desk.threatq.fill_form(NAME, {"Password": "secret"})
    seen = []
    for form in ("plain", "masked", "absent"):
        desk.set(secret_fields=form, custom_fields_shape="by key")
        fields = desk.get("/api/connectors").body["data"][0]["custom_fields"]
        seen.append(fields.get("password"))
    assert seen == ["secret", "********", None]
    assert desk.threatq.connectors()[0]["form"] == {
        **{str(f["label"]): None for f in FORM},
        "Password": "secret",
    }


def test_the_list_as_text_says_the_same_as_the_list(desk: Desk) -> None:
    registered(desk)
    desk.threatq.fill_form(NAME, {"Username": "tq", "Use HTTPS": False})
    as_list = desk.get("/api/connectors").body["data"][0]["custom_fields"]
    desk.set(custom_fields_shape="text")
    as_text = desk.get("/api/connectors").body["data"][0]["custom_fields"]
    assert json.loads(as_text) == as_list
