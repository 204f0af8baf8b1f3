"""What the lab and people do to a ThreatQ, without HTTP."""

import pytest

from lab.threatq.desk import REGISTRATION, Desk, addresses

ADDRESS: dict[str, object] = {"type": "IP Address", "value": "198.51.100.7"}


def test_a_seed_gives_the_same_ids_hashes_and_tokens_again() -> None:
    first, second, other = Desk(4), Desk(4), Desk(5)
    seen = []
    for desk in (first, second, other):
        desk.collect(count=3)
        token = desk.sign_in().body
        seen.append((token, desk.row(), desk.page().body))
    assert seen[0] == seen[1]
    assert seen[0] != seen[2]


def test_type_and_status_ids_differ_from_one_seed_to_the_next() -> None:
    desks = [Desk(seed) for seed in range(8)]
    types = {d.threatq.vocabulary.types.by_name["IP Address"].own_id for d in desks}
    actives = {d.threatq.vocabulary.statuses.by_name["Active"].own_id for d in desks}
    assert len(types) > 1
    assert len(actives) > 1


def test_a_reset_is_the_state_after_start(desk: Desk) -> None:
    fresh = Desk()
    desk.collect(count=3)
    desk.post("/api/connectors", REGISTRATION)
    desk.threatq.reset()
    assert desk.get("/api/users/current").status == 401
    assert desk.sign_in().body == fresh.sign_in().body
    assert desk.get("/api/search/query").body["data"] == []
    assert desk.threatq.connectors() == []


def test_an_indicator_is_one_in_all_collections(desk: Desk) -> None:
    desk.collect("one", 3)
    desk.collect("two", 2)
    one, two = (desk.row(n)["json"]["api_query"] for n in (0, 1))
    ids = [m["id"] for m in desk.page(one).body["data"]]
    assert [m["id"] for m in desk.page(two).body["data"]] == ids[:2]


def test_an_indicator_that_is_named_twice_is_one_and_the_last_word_counts(
    desk: Desk,
) -> None:
    twice = [{**ADDRESS, "score": 3}, {**ADDRESS, "score": 4}]
    desk.threatq.put_collection("Block at edge", twice)
    page = desk.page().body
    assert page["total"] == 1
    assert page["data"][0]["score"] == 4


def test_a_collection_is_replaced_whole_and_keeps_its_hash(desk: Desk) -> None:
    desk.collect(count=5)
    before = desk.row()
    desk.clock.advance(60)
    desk.collect(count=2)
    assert desk.row()["hash"] == before["hash"]
    assert desk.row()["id"] == before["id"]
    assert desk.row()["updated_at"] > before["updated_at"]
    assert desk.page().body["total"] == 2


def test_what_leaves_a_collection_stays_in_the_library(desk: Desk) -> None:
    desk.collect(count=5)
    desk.collect(count=2)
    assert desk.page({}).body["total"] == 5


def test_a_change_takes_out_and_adds(desk: Desk) -> None:
    desk.collect(count=3)
    desk.threatq.change_collection("Block at edge", [ADDRESS], ["198.51.0.0"])
    values = [m["value"] for m in desk.page().body["data"]]
    assert values == ["198.51.0.1", "198.51.0.2", "198.51.100.7"]


def test_a_change_that_is_wrong_anywhere_does_nothing(desk: Desk) -> None:
    desk.collect(count=3)
    before = desk.page().body
    with pytest.raises(ValueError, match="not in"):
        desk.threatq.change_collection("Block at edge", [ADDRESS], ["192.0.2.1"])
    with pytest.raises(ValueError, match="type is a text"):
        desk.threatq.change_collection("Block at edge", [{}], ["198.51.0.0"])
    assert desk.page().body == before


def test_a_change_of_an_unknown_collection_names_those_there_are(desk: Desk) -> None:
    desk.collect(count=1)
    with pytest.raises(ValueError, match="'Block at edge'"):
        desk.threatq.change_collection("Block on edge", [], [])


@pytest.mark.parametrize(
    "entry",
    [
        {"value": "198.51.100.7"},
        {"type": "IP Address"},
        {"type": 15, "value": "198.51.100.7"},
        {"type": "IP Address", "value": ""},
        {**ADDRESS, "status": None},
        {**ADDRESS, "score": "7"},
        {**ADDRESS, "score": True},
        {**ADDRESS, "id": 0},
        {**ADDRESS, "id": "x"},
    ],
)
def test_a_bad_indicator_is_refused_in_words(
    desk: Desk, entry: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match="an indicator's"):
        desk.threatq.put_collection("Block at edge", [*addresses(2), entry])
    assert desk.get("/api/search/query").body["data"] == []


def test_a_collection_without_a_name_is_refused(desk: Desk) -> None:
    with pytest.raises(ValueError, match="has a name"):
        desk.threatq.put_collection("", [])


def test_an_id_may_be_given_but_not_to_two(desk: Desk) -> None:
    other: dict[str, object] = {"type": "FQDN", "value": "a.example"}
    desk.threatq.put_collection("c", [{**ADDRESS, "id": 5}])
    assert desk.page().body["data"][0]["id"] == 5
    for entry in ({**other, "id": 5}, {**ADDRESS, "id": 6}):
        with pytest.raises(ValueError, match="cannot be that of"):
            desk.threatq.put_collection("c", [entry])


def test_a_given_id_never_meets_one_that_was_drawn(desk: Desk) -> None:
    desk.collect(count=1)
    drawn = desk.page().body["data"][0]["id"]
    desk.threatq.put_collection("c", [{**ADDRESS, "id": drawn + 1}])
    desk.collect(count=3)
    ids = [m["id"] for m in desk.page({}).body["data"]]
    assert len(ids) == len(set(ids)) == 4


def test_new_types_and_statuses_get_ids_of_their_own(desk: Desk) -> None:
    entry = {"type": "Onion Site", "value": "x", "status": "Send to FortiGate"}
    desk.threatq.put_collection("c", [dict[str, object](entry)])
    member = desk.page().body["data"][0]
    types = desk.get("/api/indicator/types").body["data"]
    statuses = desk.get("/api/indicator/statuses").body["data"]
    assert (member["type_id"], "Onion Site") in [(t["id"], t["name"]) for t in types]
    known = [(s["id"], s["name"]) for s in statuses]
    assert (member["status_id"], "Send to FortiGate") in known
    assert len({s["id"] for s in statuses}) == 6


def test_a_form_is_filled_by_its_labels_and_only_what_is_named_changes(
    desk: Desk,
) -> None:
    desk.post("/api/connectors", REGISTRATION)
    name = "Citrix WAF Connector"
    desk.threatq.fill_form(name, {"Username": "a", "Use HTTPS": True})
    desk.threatq.fill_form(name, {"Username": "b", "enabled": True})
    (shown,) = desk.threatq.connectors()
    assert set(shown) == {"id", "name", "is_active", "form"}
    assert shown["is_active"] is True
    assert shown["form"] == {
        "API IP/Hostname": None,
        "Username": "b",
        "Password": None,
        "Data Collection": None,
        "IP Block List": None,
        "Use HTTPS": True,
    }


def test_a_form_is_filled_whole_or_not(desk: Desk) -> None:
    desk.post("/api/connectors", REGISTRATION)
    name = "Citrix WAF Connector"
    before = desk.threatq.connectors()
    wrong: list[dict[str, object]] = [
        {"Username": "a", "Colour": "red"},
        {"Username": "a", "Use HTTPS": "yes"},
        {"Username": "a", "Password": 5},
        {"Username": "a", "enabled": "on"},
    ]
    for form in wrong:
        with pytest.raises(ValueError, match=r"no field|takes"):
            desk.threatq.fill_form(name, form)
    assert desk.threatq.connectors() == before


def test_a_form_of_no_connector_is_a_key_error(desk: Desk) -> None:
    with pytest.raises(KeyError, match="no connector"):
        desk.threatq.fill_form("Citrix WAF Connector", {})


def test_faults_strike_tokens(desk: Desk) -> None:
    refresh = desk.sign_in().body["refresh_token"]
    target = f"/api/token?grant_type=refresh_token&refresh_token={refresh}"
    desk.threatq.strike("expire_token", {})
    assert desk.get("/api/users/current").status == 401
    desk.threatq.strike("revoke_refresh", {})
    assert desk.post(target).status == 400


@pytest.mark.parametrize(
    ("fault", "params"), [("earthquake", {}), ("expire_token", {"now": True})]
)
def test_an_unknown_fault_or_parameter_is_refused(
    desk: Desk, fault: str, params: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"no fault|takes no parameters"):
        desk.threatq.strike(fault, params)
