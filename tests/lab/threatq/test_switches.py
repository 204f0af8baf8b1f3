"""Each answer of each switch is seen to act, by what a client gets."""

import pytest

from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.threatq.switches import SWITCHES
from lab.threatq.desk import (
    FORM,
    PRIVATE_ID,
    REGISTRATION,
    Desk,
    basic,
)
from lab.threatq.probes import NUMBERS, PROBES


def test_every_switch_has_a_probe() -> None:
    assert set(PROBES) == {s.name for s in SWITCHES}
    assert set(NUMBERS) == {s.name for s in SWITCHES if s.choices is None}


def test_names_of_switches_are_unique() -> None:
    assert len({s.name for s in SWITCHES}) == len(SWITCHES)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda s: str(s.name))
def test_a_default_is_one_of_the_answers(switch: Switch) -> None:
    assert switch.accepts(switch.default)


@pytest.mark.parametrize("switch", SWITCHES, ids=lambda s: str(s.name))
def test_each_two_answers_of_a_switch_can_be_told_apart(switch: Switch) -> None:
    seen: list[object] = []
    for answer in switch.choices or NUMBERS[switch.name]:
        desk = Desk()
        desk.sign_in()
        desk.dialect.set({switch.name: answer})
        what = PROBES[switch.name](desk)
        assert what not in seen, answer
        seen.append(what)


def test_a_private_client_may_have_to_prove_itself_at_a_refresh(desk: Desk) -> None:
    desk.set(refresh_proof="needed")
    desk.authorization = basic(PRIVATE_ID, "private-secret")
    grant = desk.post("/api/token", {"grant_type": "client_credentials"}).body
    target = (
        "/api/token?grant_type=refresh_token&refresh_token=" + grant["refresh_token"]
    )
    desk.authorization = "Bearer " + grant["access_token"]
    assert desk.post(target).status == 400
    desk.authorization = basic(PRIVATE_ID, "private-secret")
    assert desk.post(target).status == 200


def test_custom_fields_have_four_shapes(desk: Desk) -> None:
    desk.post("/api/connectors", REGISTRATION)
    desk.threatq.fill_form("Citrix WAF Connector", {"Username": "tq"})
    shapes = []
    for shape in ("list", "by key", "by label", "text"):
        desk.set(custom_fields_shape=shape)
        shapes.append(desk.get("/api/connectors").body["data"][0]["custom_fields"])
    assert shapes[0][1] == {**FORM[1], "value": "tq"}
    assert shapes[1]["username"] == shapes[2]["Username"] == "tq"
    assert shapes[3].startswith('[{"key"')


def test_is_active_never_changes_what_it_means(desk: Desk) -> None:
    desk.post("/api/connectors", REGISTRATION)
    (switch,) = [s for s in SWITCHES if s.name == "is_active_form"]
    for form in switch.choices or ():
        desk.dialect.set({"is_active_form": form})
        read = desk.get("/api/connectors").body["data"][0]
        sent = {"is_active": read["is_active"]}
        assert desk.put(f"/api/connectors/{read['id']}", sent).status == 200
        assert desk.threatq.connectors()[0]["is_active"] is False
