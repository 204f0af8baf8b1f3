"""The faults without a socket: what each makes of an answer, and when it fires."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from citrix_waf_lab.catalogue import FAULTS
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Answer, Delivery, Request

Command = Callable[..., Any]

BIND = "/nitro/v1/config/policydataset_value_binding"
VERSION = "/nitro/v1/config/nsversion"


@pytest.fixture
def ask(lab: Lab) -> Callable[..., Answer]:
    login = lab.credentials.appliances["adc1"]

    def asking(method: str = "GET", path: str = VERSION, body: object = None) -> Answer:
        headers = (
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-NITRO-USER", login.username),
            ("X-NITRO-PASS", login.password),
        )
        sent = b"" if body is None else json.dumps(body).encode()
        return lab.appliances["adc1"](Request(method, path, "", headers, sent))

    return asking


DELIVERIES: dict[str, tuple[dict[str, object], Delivery]] = {
    "refuse": ({}, Delivery(refuse=True)),
    "delay": ({"seconds": 3}, Delivery(delay=3)),
    "never_answer": ({}, Delivery(never=True)),
    "cut": ({"bytes": 7}, Delivery(cut_after=7)),
    "reset": ({"bytes": 7}, Delivery(cut_after=7, reset=True)),
    "half_close": ({}, Delivery(half_close=True)),
    "drip": ({"seconds": 0.5}, Delivery(drip=0.5)),
    "endless": ({"packed": True}, Delivery(endless=True, packed=True)),
    "lose_answer": ({}, Delivery(cut_after=0, reset=True)),
}


@pytest.mark.parametrize("name", DELIVERIES)
def test_a_fault_of_the_network_changes_only_the_delivery(
    name: str, ask: Callable[..., Answer], command: Command
) -> None:
    params, delivery = DELIVERIES[name]
    command("POST", "/faults", {"name": name, "params": params, "times": 1})
    assert ask().delivery == delivery
    assert ask().delivery == Delivery()


@pytest.mark.parametrize("name", ["cut", "reset", "truncate_json"])
def test_a_place_that_is_not_named_is_random_but_repeats_with_the_seed(
    name: str,
) -> None:
    def places() -> list[object]:
        lab = Lab(seed=11)
        wish = json.dumps({"name": name}).encode()
        lab.control(Request("POST", "/faults", body=wish))
        answers = [lab.threatq(Request("GET", "/api/x")) for _ in range(20)]
        return [(one.delivery.cut_after, len(one.body)) for one in answers]

    first = places()
    assert first == places()
    assert len(set(map(str, first))) > 1


def test_a_fault_lets_requests_pass_before_it_and_fires_so_often(
    ask: Callable[..., Answer], command: Command
) -> None:
    command("POST", "/faults", {"name": "status", "after": 2, "times": 3})
    assert [ask().status for _ in range(7)] == [200, 200, 503, 503, 503, 200, 200]
    (active,) = command("GET", "/faults")["active"]
    assert active["hits"] == 3


def test_a_fault_fires_only_where_method_path_and_appliance_agree(
    lab: Lab, ask: Callable[..., Answer], command: Command
) -> None:
    match = {"method": "get", "path": "version$", "appliance": "adc1"}
    command("POST", "/faults", {"name": "status", "match": match})
    assert ask().status == 503
    assert ask(path="/nitro/v1/config/nsconfig").status == 200
    assert ask("DELETE").status != 503
    assert lab.threatq(Request("GET", "/version")).status != 503


def test_a_fault_for_one_service_leaves_the_other_alone(
    lab: Lab, ask: Callable[..., Answer], command: Command
) -> None:
    command("POST", "/faults", {"name": "status", "service": "threatq"})
    assert ask().status == 200
    assert lab.threatq(Request("GET", "/api/users/current")).status == 503


def test_two_faults_act_on_the_same_answer(
    ask: Callable[..., Answer], command: Command
) -> None:
    command("POST", "/faults", {"name": "status", "params": {"status": 500}})
    command("POST", "/faults", {"name": "delay", "params": {"seconds": 2}})
    answer = ask()
    assert (answer.status, answer.delivery.delay) == (500, 2)


def test_a_fault_that_is_deleted_acts_no_more(
    ask: Callable[..., Answer], command: Command
) -> None:
    fault = command("POST", "/faults", {"name": "status"})["id"]
    assert ask().status == 503
    command("DELETE", f"/faults/{fault}")
    assert ask().status == 200
    command("POST", "/faults", {"name": "status"})
    command("DELETE", "/faults")
    assert ask().status == 200


@pytest.mark.parametrize("name", ["status", "html_page", "never_answer"])
@pytest.mark.parametrize("apply", [True, False])
def test_a_fault_that_replaces_the_answer_applies_the_request_only_if_told(
    name: str, ask: Callable[..., Answer], command: Command, *, apply: bool
) -> None:
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4", "bindings": []})
    command("POST", "/faults", {"name": name, "params": {"apply": apply}})
    one = {"policydataset_value_binding": {"name": "bl", "value": "192.0.2.1"}}
    ask("PUT", BIND, one)
    held = command("GET", "/appliances/adc1")["datasets"]["bl"]["bindings"]
    assert len(held) == int(apply)


def test_a_half_applied_bulk_may_be_answered_with_a_status(
    ask: Callable[..., Answer], command: Command
) -> None:
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4", "bindings": []})
    params = {"objects": 1, "status": 599}
    command("POST", "/faults", {"name": "half_apply", "params": params})
    many = [{"name": "bl", "value": f"192.0.2.{i}"} for i in range(4)]
    answer = ask("PUT", BIND, {"policydataset_value_binding": many})
    assert (answer.status, answer.reason) == (599, "Netscaler specific error")
    held = command("GET", "/appliances/adc1")["datasets"]["bl"]["bindings"]
    assert len(held) == 1


@pytest.mark.parametrize("apply", [True, False])
def test_a_reboot_loses_what_was_not_saved_whether_or_not_it_was_applied(
    ask: Callable[..., Answer], command: Command, *, apply: bool
) -> None:
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4", "bindings": []})
    save = "/nitro/v1/config/nsconfig"
    command("POST", "/faults", {"name": "reboot", "params": {"apply": apply}})
    assert ask("GET", save).delivery == Delivery(cut_after=0, reset=True)
    assert command("GET", "/appliances/adc1")["datasets"] == {}


def test_a_status_that_nobody_knows_has_a_reason_phrase_all_the_same(
    ask: Callable[..., Answer], command: Command
) -> None:
    command("POST", "/faults", {"name": "status", "params": {"status": 799}})
    assert (ask().status, ask().reason) == (799, "Unknown")


def test_an_event_that_cannot_happen_is_told_and_harms_nothing(
    ask: Callable[..., Answer], command: Command
) -> None:
    params = {"set": "missing", "remove": ["192.0.2.1"]}
    command("POST", "/faults", {"name": "set_edited", "params": params})
    assert ask().status == 200
    (active,) = command("GET", "/faults")["active"]
    assert active["error"]


def test_what_is_not_sent_is_listed_without_a_status(
    ask: Callable[..., Answer], command: Command
) -> None:
    for name in ("refuse", "never_answer", "lose_answer"):
        command("POST", "/faults", {"name": name, "times": 1})
        ask()
        command("DELETE", "/faults")
    listed = command("GET", "/requests")["requests"]
    assert [one["status"] for one in listed] == [None, None]


WRONG: list[tuple[dict[str, object], str]] = [
    ({"name": "nothing"}, "no fault"),
    ({"nam": "cut"}, "a fault has the keys"),
    ({"name": "cut", "service": "dns"}, "but for: netscaler, threatq"),
    ({"name": "reboot", "service": "threatq"}, "but for: netscaler"),
    ({"name": "cut", "params": {"byte": 1}}, "there are: bytes"),
    ({"name": "cut", "params": {"bytes": "1"}}, "but: integer"),
    ({"name": "cut", "params": {"bytes": True}}, "but: integer"),
    ({"name": "cut", "params": []}, "params is an object"),
    ({"name": "delay", "params": {"seconds": None}}, "but: number"),
    ({"name": "clock_step", "params": {"when": "never"}}, "before | after"),
    ({"name": "set_edited"}, "needs set"),
    ({"name": "cut", "times": 0}, "times must be"),
    ({"name": "cut", "after": -1}, "after must be"),
    ({"name": "cut", "match": {"host": "x"}}, "match is an object of"),
    ({"name": "cut", "match": {"path": "("}}, "no regular expression"),
    ({"name": "cut", "match": {"method": 1}}, "must be a text"),
]


@pytest.mark.parametrize(("wish", "words"), WRONG)
def test_a_wrong_wish_is_refused_with_what_would_be_right(
    lab: Lab, wish: dict[str, object], words: str
) -> None:
    answer = lab.control(Request("POST", "/faults", body=json.dumps(wish).encode()))
    assert answer.status == 400
    assert words in json.loads(answer.body)["error"]
    assert lab.faults.active == {}


def test_the_catalogue_tells_each_fault_with_its_parameters(command: Command) -> None:
    told = command("GET", "/faults")["catalogue"]
    assert told.keys() == FAULTS.keys()
    assert told["cut"]["params"]["bytes"]["default"] is None
    assert all(one["source"] and one["services"] for one in told.values())
