"""Signing in, in every way that a client was seen to do it."""

import json
from urllib.parse import urlencode

import pytest

from lab.threatq.desk import (
    CLIENT_ID,
    PASSWORD,
    PASSWORD_GRANT,
    PRIVATE_ID,
    PRIVATE_SECRET,
    USERNAME,
    Desk,
    basic,
)

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}
LOGIN = {"email": USERNAME, "password": PASSWORD}
CLIENT = {"grant_type": "password", "client_id": CLIENT_ID}


@pytest.mark.parametrize(
    ("query", "headers", "body"),
    [
        (urlencode(PASSWORD_GRANT), {}, b""),
        (urlencode(CLIENT), JSON, json.dumps(LOGIN).encode()),
        ("", JSON, json.dumps(PASSWORD_GRANT).encode()),
        ("", FORM, urlencode(PASSWORD_GRANT).encode()),
        (urlencode(CLIENT), FORM, urlencode(PASSWORD_GRANT).encode()),
    ],
)
def test_the_parts_of_a_sign_in_may_stand_anywhere(
    stranger: Desk, query: str, headers: dict[str, str], body: bytes
) -> None:
    reply = stranger.send("POST", f"/api/token?{query}", body, headers)
    assert reply.status == 200
    assert list(reply.body) == [
        "access_token",
        "token_type",
        "expires_in",
        "refresh_token",
    ]


@pytest.mark.parametrize("part", ["client_id", "email", "password"])
def test_each_part_of_a_sign_in_counts(stranger: Desk, part: str) -> None:
    assert stranger.post("/api/token", {**PASSWORD_GRANT, part: "no"}).status == 400
    less = {k: v for k, v in PASSWORD_GRANT.items() if k != part}
    assert stranger.post("/api/token", less).status == 400


@pytest.mark.parametrize("grant", ["", "implicit", "PASSWORD"])
def test_an_unknown_grant_is_not_valid(stranger: Desk, grant: str) -> None:
    reply = stranger.post("/api/token", {**PASSWORD_GRANT, "grant_type": grant})
    assert reply.status == 400
    assert "grant_type" in reply.body["data"]["errors"]


@pytest.mark.parametrize("body", [b"[", b'"x"', b"[" * 9999])
def test_a_body_that_is_no_object_is_not_valid(stranger: Desk, body: bytes) -> None:
    assert stranger.send("POST", "/api/token", body, JSON).status == 400


@pytest.mark.parametrize("body", [b"", b'["private-client", "private-secret"]'])
def test_a_private_client_signs_in_by_basic(stranger: Desk, body: bytes) -> None:
    headers = {**JSON, "Authorization": basic(PRIVATE_ID, PRIVATE_SECRET)}
    target = "/api/token?grant_type=client_credentials"
    reply = stranger.send("POST", target, body, headers)
    assert reply.status == 200
    assert "refresh_token" in reply.body
    stranger.authorization = "Bearer " + reply.body["access_token"]
    assert stranger.get("/api/users/current").body["data"]["email"] is None


@pytest.mark.parametrize(
    "authorization",
    ["", "Basic", "Basic !", "Basic /w==", basic("x", PRIVATE_SECRET), basic("", "")],
)
def test_a_wrong_private_client_is_refused(stranger: Desk, authorization: str) -> None:
    stranger.authorization = authorization
    reply = stranger.post("/api/token?grant_type=client_credentials")
    assert reply.status == 400


def test_a_refresh_gives_a_new_pair_and_spends_the_old(desk: Desk) -> None:
    first = desk.sign_in().body
    target = "/api/token?grant_type=refresh_token&refresh_token="
    second = desk.post(target + first["refresh_token"]).body
    assert {first["access_token"], first["refresh_token"]}.isdisjoint(
        {second["access_token"], second["refresh_token"]}
    )
    assert desk.get("/api/users/current").status == 401
    desk.authorization = "Bearer " + second["access_token"]
    assert desk.get("/api/users/current").status == 200
    assert desk.post(target + first["refresh_token"]).status == 400


def test_a_token_lives_by_the_clock_of_the_lab(desk: Desk) -> None:
    desk.sign_in()
    desk.clock.advance(3599)
    assert desk.get("/api/users/current").status == 200
    desk.clock.advance(1)
    assert desk.get("/api/users/current").status == 401


def test_a_token_may_live_shorter_than_it_says(desk: Desk) -> None:
    desk.set(token_expires_in=172799, token_lifetime=1800)
    assert desk.sign_in().body["expires_in"] == 172799
    desk.clock.advance(1800)
    assert desk.get("/api/users/current").status == 401


def test_a_token_of_any_length_is_given(desk: Desk) -> None:
    desk.set(token_expires_in=10**30)
    assert desk.sign_in().status == 200


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer x", "Basic x", "bearer"]
)
def test_without_a_good_token_nothing_is_told(
    stranger: Desk, authorization: str | None
) -> None:
    stranger.authorization = authorization
    assert stranger.get("/api/users/current").status == 401


def test_the_page_with_the_client_id_can_be_cut_in_both_known_ways(
    stranger: Desk,
) -> None:
    text = str(stranger.get("/assets/js/config.js").body)
    start = text.index("ClientId")
    assert text[start + 12 : -38] == CLIENT_ID
    after = text.split("'ClientId', '", 1)[1]
    assert after.split("')", 1)[0] == CLIENT_ID


def test_a_user_and_a_private_client_are_different_sources(desk: Desk) -> None:
    user = desk.get("/api/users/current").body["data"]
    assert user["email"] == USERNAME
    desk.authorization = basic(PRIVATE_ID, PRIVATE_SECRET)
    grant = desk.post("/api/token", {"grant_type": "client_credentials"}).body
    desk.authorization = "Bearer " + grant["access_token"]
    client = desk.get("/api/users/current").body["data"]
    assert client["source"]["id"] != user["source"]["id"]
