"""One probe for each switch: what a client gets, so that answers can be told apart."""

from collections.abc import Callable

from citrix_waf_lab.dialects import Value
from lab.threatq.desk import (
    PASSWORD_GRANT,
    REGISTRATION,
    Desk,
)

Probe = Callable[[Desk], object]
PAST = "2025-12-31 00:00:00"


def bad_login(desk: Desk) -> object:
    return desk.post("/api/token", {**PASSWORD_GRANT, "password": "no"}).status


def token(desk: Desk) -> object:
    body = desk.post("/api/token", PASSWORD_GRANT).body
    return body["token_type"], body.get("expires_in")


def lower_bearer(desk: Desk) -> object:
    desk.authorization = (desk.authorization or "").replace("Bearer", "bearer")
    return desk.get("/api/users/current").status


def life_of_a_token(desk: Desk) -> object:
    desk.sign_in()
    desk.clock.advance(601)
    return desk.get("/api/users/current").status


def refresh_again(desk: Desk) -> object:
    refresh = desk.sign_in().body["refresh_token"]
    target = f"/api/token?grant_type=refresh_token&refresh_token={refresh}"
    return [desk.post(target).status for _ in range(2)]


def refresh_without_proof(desk: Desk) -> object:
    refresh = desk.sign_in().body["refresh_token"]
    desk.authorization = None
    return desk.post(
        f"/api/token?grant_type=refresh_token&refresh_token={refresh}"
    ).status


def old_token_after_a_refresh(desk: Desk) -> object:
    refresh = desk.sign_in().body["refresh_token"]
    desk.post(f"/api/token?grant_type=refresh_token&refresh_token={refresh}")
    return desk.get("/api/users/current").status


def types_list(desk: Desk) -> object:
    reply = desk.get("/api/indicator/types")
    return reply.status, reply.headers.get("Content-Type"), sorted(reply.body)


def third_call_in_a_minute(desk: Desk) -> object:
    return [desk.get("/api/objects").status for _ in range(3)]


def retry_after(desk: Desk) -> object:
    desk.set(rate_limit_per_minute=1)
    return [desk.get("/api/objects").headers.get("Retry-After") for _ in range(2)]


def refusal(desk: Desk) -> object:
    reply = desk.get("/api/indicator/types?limit=many")
    return reply.status, reply.body


def unknown_parameter(desk: Desk) -> object:
    return desk.get("/api/indicator/types?colour=red").status


def wrong_method(desk: Desk) -> object:
    return desk.put("/api/objects").status


def json_as_text(desk: Desk) -> object:
    return desk.send("POST", "/api/indicators/query", b"{}").status


def update(desk: Desk) -> object:
    desk.collect(count=1)
    number = desk.page({}).body["data"][0]["id"]
    return desk.put(f"/api/indicators/{number}", {"status": "Review"}).status


def objects(desk: Desk) -> object:
    rows = desk.get("/api/objects").body["data"]
    return [(len(r["types"]), len(r["statuses"])) for r in rows]


def status_ids(desk: Desk) -> object:
    rows = desk.get("/api/indicator/statuses").body["data"]
    return [(r["id"], r["name"]) for r in rows]


def search_row(desk: Desk) -> object:
    desk.collect(count=1)
    row = desk.row()
    return type(row["json"]), sorted(row)


def collections(desk: Desk) -> object:
    for name in ("a", "b", "c"):
        desk.collect(name, 1)
    return [r["name"] for r in desk.get("/api/search/query").body["data"]]


def by_hash(desk: Desk) -> object:
    desk.collect(count=3)
    digest = desk.row()["hash"]
    return desk.get(f"/api/indicators/query/hash/{digest}").status


def cursor_by_hash(desk: Desk) -> object:
    desk.collect(count=3)
    target = f"/api/indicators/query/hash/{desk.row()['hash']}"
    reply = desk.get(f"{target}?cursorMark=*&limit=2")
    return reply.status, "nextCursorMark" in reply.body


def cursor(desk: Desk) -> object:
    desk.collect(count=3)
    reply = desk.page(cursorMark="*", limit=2)
    return reply.status, "nextCursorMark" in reply.body


def four_marks(desk: Desk) -> object:
    desk.collect(count=3)
    marks = ["*"]
    for _ in range(4):
        reply = desk.page(cursorMark=marks[-1], limit=2)
        marks.append(reply.body["nextCursorMark"])
    return [marks.index(m) for m in marks]


def values(members: list[dict[str, object]]) -> list[object]:
    return [m["value"] for m in members]


def pages(desk: Desk) -> object:
    desk.collect(count=9)
    replies = [desk.page(limit=4, offset=n) for n in (0, 4, 8, 12)]
    return [
        (r.status, r.body.get("total"), r.status == 200 and values(r.body["data"]))
        for r in replies
    ]


def default_page(desk: Desk) -> object:
    desk.collect(count=9)
    return len(desk.page().body["data"])


def large_page(desk: Desk) -> object:
    desk.set(page_limit=5)
    return desk.page({}, limit=6).status


def end_of_a_walk(desk: Desk) -> object:
    desk.collect(count=1)
    return desk.page(offset=1).body["data"]


def equals(desk: Desk) -> object:
    return desk.page({"criteria": {"value": {"+equals": "x"}}}).status


def member(desk: Desk) -> object:
    desk.collect(count=1)
    return desk.page().body["data"][0], desk.page(
        {"fields": ["type", "status", "score", "sources", "expires_at"]}
    ).body["data"][0]


def expired(desk: Desk) -> object:
    entry = {"type": "IP Address", "value": "198.51.100.7", "expires_at": PAST}
    desk.threatq.put_collection("Block at edge", [dict[str, object](entry)])
    return desk.page().body["data"][0]["status"]["name"]


def register(desk: Desk) -> object:
    return desk.post("/api/connectors", REGISTRATION).status


def register_twice(desk: Desk) -> object:
    return [desk.post("/api/connectors", REGISTRATION).status for _ in range(2)]


def connector(desk: Desk) -> object:
    """A connector that is on, and one that is off, as they read back."""
    shown = []
    for name, on in (("On", True), ("Off", False)):
        desk.post("/api/connectors", {**REGISTRATION, "name": name})
        form = {"Password": "secret", "Use HTTPS": on, "enabled": on}
        desk.threatq.fill_form(name, form)
        row = desk.get(f"/api/connectors?name={name}").body["data"][0]
        shown.append((repr(row["is_active"]), repr(row["custom_fields"])))
    return shown


PROBES: dict[str, Probe] = {
    "bad_login_status": bad_login,
    "token_type": token,
    "bearer_scheme": lower_bearer,
    "token_expires_in": token,
    "token_lifetime": life_of_a_token,
    "token_expires_in_form": token,
    "refresh_tokens": refresh_again,
    "refresh_proof": refresh_without_proof,
    "refresh_old_access": old_token_after_a_refresh,
    "list_rights": types_list,
    "maintenance": types_list,
    "threatq_redirect": types_list,
    "rate_limit_per_minute": third_call_in_a_minute,
    "rate_limit_retry_after": retry_after,
    "errors_in_success": types_list,
    "validation_status": refusal,
    "threatq_error_form": refusal,
    "wrong_method_status": wrong_method,
    "unknown_field": unknown_parameter,
    "json_content_type": json_as_text,
    "update_status": update,
    "objects_lists": objects,
    "status_ids": status_ids,
    "search_row_json": search_row,
    "search_row_hash": search_row,
    "collections_page": collections,
    "collections_visible": collections,
    "collections_doubled": collections,
    "hash_route": by_hash,
    "query_cursor": cursor,
    "hash_cursor": cursor_by_hash,
    "cursor_end": four_marks,
    "page_default": default_page,
    "page_limit": pages,
    "page_over_limit": large_page,
    "offset_cap": pages,
    "empty_page": end_of_a_walk,
    "empty_page_after": pages,
    "page_overlap": pages,
    "total_form": pages,
    "total_truth": pages,
    "operator_equals": equals,
    "type_status_form": member,
    "score_form": member,
    "absent_keys": member,
    "fields_lists": member,
    "expiry_job": expired,
    "connector_create_status": register,
    "connector_names": register_twice,
    "custom_fields_shape": connector,
    "is_active_form": connector,
    "checkbox_form": connector,
    "secret_fields": connector,
    "unset_fields": connector,
}

NUMBERS: dict[str, tuple[Value, ...]] = {
    "token_expires_in": (3600, 172799),
    "token_lifetime": (0, 600),
    "rate_limit_per_minute": (0, 2),
    "collections_page": (0, 2),
    "page_default": (1000, 4),
    "page_limit": (0, 3),
    "offset_cap": (0, 5),
    "empty_page_after": (0, 4),
    "page_overlap": (0, 2),
}
"""Answers to try where any number is one."""
