"""How members look: nested, flat, with what was given served as it was given."""

import re

import pytest

from lab.threatq.desk import Desk

ENTRY: dict[str, object] = {
    "type": "IP Address",
    "value": "198.51.100.7",
    "status": "Active",
    "score": 7,
}
TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")


def member(desk: Desk, body: object = None, **more: object) -> dict[str, object]:
    desk.threatq.put_collection("c", [{**ENTRY, **more}])
    (shown,) = desk.page(body).body["data"]
    return dict(shown)


def asked(desk: Desk, *fields: str, **more: object) -> dict[str, object]:
    return member(desk, {"fields": list(fields)}, **more)


def test_without_fields_type_and_status_are_objects(desk: Desk) -> None:
    shown = member(desk)
    assert shown["type"] == {
        "id": shown["type_id"],
        "name": "IP Address",
        "class": "network",
    }
    assert isinstance(shown["status"], dict)
    assert set(shown["status"]) == {"id", "name", "description"}
    assert shown["score"] == 7
    assert isinstance(shown["sources"], list)
    assert shown["attributes"] == shown["tags"] == shown["adversaries"] == []


def test_with_fields_there_is_what_was_asked_for_and_no_more(desk: Desk) -> None:
    fields = ("value", "type", "status", "score", "tags", "id")
    shown = asked(desk, *fields, tags=["apt"])
    assert list(shown) == list(fields)
    assert shown["type"] == "IP Address"
    assert shown["status"] == "Active"
    assert shown["tags"] == ["apt"]


@pytest.mark.parametrize("fields", ["value", {}, [7], [None]])
def test_fields_are_a_list_of_texts(desk: Desk, fields: object) -> None:
    assert desk.page({"fields": fields}).status == 400


def test_times_have_no_zone_and_no_fraction(desk: Desk) -> None:
    shown = member(desk)
    for name in ("created_at", "updated_at", "touched_at", "published_at"):
        assert TIME.fullmatch(str(shown[name]))


def test_a_hash_has_32_hexadecimal_digits_and_a_uuid_its_form(desk: Desk) -> None:
    shown = member(desk)
    assert re.fullmatch(r"[0-9a-f]{32}", str(shown["hash"]))
    form = r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}"
    assert re.fullmatch(form, str(shown["uuid"]))


def test_further_keys_are_served_as_given(desk: Desk) -> None:
    given: dict[str, object] = {
        "expires_at": "2026-02-01 00:00:00",
        "expired_at": None,
        "created_at": "2020-01-01 00:00:00",
        "tags": ["apt"],
        "description": "é / \U0001f600",
        "site_key": {"a": [1]},
    }
    shown = member(desk, **given)
    assert {k: shown[k] for k in given} == given
    assert asked(desk, "expires_at", "expired_at", **given) == {
        "expires_at": "2026-02-01 00:00:00",
        "expired_at": None,
    }


def test_a_status_id_may_contradict_the_status(desk: Desk) -> None:
    right = member(desk)["status_id"]
    shown = member(desk, status_id=77)
    assert shown["status_id"] == 77
    assert isinstance(shown["status"], dict)
    assert shown["status"]["id"] == right
    assert asked(desk, "status", "status_id", status_id=77) == {
        "status": "Active",
        "status_id": 77,
    }


def test_a_score_may_be_a_text_or_an_object(desk: Desk) -> None:
    desk.set(score_form="string")
    assert member(desk)["score"] == "7"
    desk.set(score_form="object")
    score = member(desk)["score"]
    assert isinstance(score, dict)
    assert (score["generated_score"], score["manual_score"]) == (7, None)
    assert "score_config_hash" in score


def test_with_score_asks_for_the_object(desk: Desk) -> None:
    member(desk)
    (shown,) = desk.page(**{"with": "score"}).body["data"]
    assert shown["score"]["generated_score"] == 7


def test_what_has_no_value_is_left_out_or_null(desk: Desk) -> None:
    assert asked(desk, "id", "expires_at").keys() == {"id"}
    desk.set(absent_keys="null")
    assert asked(desk, "expires_at") == {"expires_at": None}
    assert member(desk)["last_detected_at"] is None


def test_sources_may_be_objects_or_names(desk: Desk) -> None:
    sources = member(desk, {"fields": ["sources"]})["sources"]
    assert isinstance(sources, list)
    (source,) = sources
    assert set(source) >= {"name", "source_type", "source_id", "published_at"}
    desk.set(fields_lists="names")
    assert asked(desk, "sources") == {"sources": [source["name"]]}


def test_a_change_is_seen_in_every_form_that_was_served_before(desk: Desk) -> None:
    fields = {"fields": ["score", "updated_at"]}
    before = member(desk), member(desk, fields)
    desk.clock.advance(60)
    after = member(desk, score=9), member(desk, fields, score=9)
    assert (after[0]["score"], after[1]["score"]) == (9, 9)
    assert str(after[1]["updated_at"]) > str(before[1]["updated_at"])
    assert after[0]["created_at"] == before[0]["created_at"]


def test_what_was_put_in_again_unchanged_keeps_its_dates(desk: Desk) -> None:
    before = member(desk)
    desk.clock.advance(60)
    assert member(desk) == before


def test_more_forms_than_are_kept_are_still_right(desk: Desk) -> None:
    desk.threatq.put_collection("c", [ENTRY])
    names = ("id", "value", "hash", "uuid", "class", "score", "tags", "sources")
    for name in names + names:
        (shown,) = desk.page({"fields": [name]}).body["data"]
        assert list(shown) == [name]


def test_the_job_that_expires_flips_what_is_past_its_date(desk: Desk) -> None:
    past, later = "2026-01-01 00:00:00", "2026-01-06 00:00:00"
    names = ("a.example", "b.example", "c.example", "d.example")
    dates = (past, later, past, None)
    statuses = ("Active", "Active", "Whitelisted", "Active")
    desk.threatq.put_collection(
        "c",
        [
            {"type": "FQDN", "value": n, "status": s, "expires_at": d}
            for n, d, s in zip(names, dates, statuses, strict=True)
        ],
    )
    desk.set(expiry_job="run")

    def seen() -> list[str]:
        return [m["status"]["name"] for m in desk.page().body["data"]]

    assert seen() == ["Expired", "Active", "Whitelisted", "Active"]
    desk.clock.advance(86_400)
    desk.sign_in()
    assert seen() == ["Expired", "Expired", "Whitelisted", "Active"]
