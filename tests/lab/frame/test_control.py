"""The control interface, call by call."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from citrix_waf_lab.control import CALLS
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Request

Command = Callable[..., Any]

ADDRESS = {
    "type": "IP Address",
    "value": "198.51.100.7",
    "status": "Active",
    "score": 5,
}


def refusal(lab: Lab, method: str, target: str, body: object = None) -> tuple[int, str]:
    path, _, query = target.partition("?")
    sent = b"" if body is None else json.dumps(body).encode()
    answer = lab.control(Request(method, path, query, (), sent))
    return answer.status, json.loads(answer.body)["error"]


def test_a_data_set_is_made_as_an_administrator_makes_it(command: Command) -> None:
    bindings = [
        {"value": "192.0.2.1", "comment": "by hand"},
        {"value": "192.0.2.16", "endrange": "192.0.2.20"},
    ]
    body = {"type": "ipv4", "bindings": bindings}
    command("PUT", "/appliances/adc1/datasets/my%20list", body)
    view = command("GET", "/appliances/adc1")
    assert view.keys() == {"datasets", "saved", "sessions", "node"}
    held = view["datasets"]["my list"]
    assert held["type"] == "ipv4"
    assert [one["value"] for one in held["bindings"]] == ["192.0.2.1", "192.0.2.16"]
    assert held["bindings"][0]["comment"] == "by hand"
    assert held["bindings"][1]["endrange"] == "192.0.2.20"
    assert all("index" in one for one in held["bindings"])
    assert view["saved"] == {}
    assert view["sessions"] == 0
    assert view["node"].keys() == {"role", "state", "build"}


def test_a_data_set_without_bindings_has_an_empty_list(command: Command) -> None:
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4"})
    assert command("GET", "/appliances/adc1")["datasets"] == {
        "bl": {"type": "ipv4", "bindings": []}
    }


def test_a_reboot_loses_what_was_not_saved(command: Command) -> None:
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4"})
    command("POST", "/appliances/adc1/reboot")
    assert command("GET", "/appliances/adc1")["datasets"] == {}


def test_a_collection_is_made_and_changed(command: Command) -> None:
    other = ADDRESS | {"value": "198.51.100.8"}
    command("PUT", "/threatq/collections/Block", {"indicators": [ADDRESS]})
    change = {"add": [other], "remove": ["198.51.100.7"]}
    assert command("POST", "/threatq/collections/Block/change", change) == {}


def test_there_is_no_connector_at_the_start(lab: Lab, command: Command) -> None:
    assert command("GET", "/threatq/connectors") == []
    status, words = refusal(lab, "PUT", "/threatq/connectors/None/form", {})
    assert (status, words) == (404, "no connector 'None'; there are: none")


def test_each_request_is_listed_with_what_it_was(lab: Lab, command: Command) -> None:
    array = json.dumps({"policydataset_value_binding": [{"a": 1}, {"a": 2}]}).encode()
    lab.threatq(Request("GET", "/api/x%20y", "limit=1&a="))
    lab.appliances["adc1"](Request("PUT", "/nitro/v1/config/a", "", (), array))
    lab.appliances["adc1"](Request("POST", "/nitro/v1/config/a", "", (), b"{}"))
    listed = command("GET", "/requests?since=0")
    assert listed["next"] == 3
    first, second, third = listed["requests"]
    assert first == {
        "n": 1,
        "service": "threatq",
        "appliance": None,
        "method": "GET",
        "path": "/api/x%20y",
        "query": "limit=1&a=",
        "status": first["status"],
        "items": 0,
        "bytes": 0,
    }
    assert (second["appliance"], second["items"]) == ("adc1", 2)
    assert second["bytes"] == len(array)
    assert third["items"] == 1
    assert command("GET", "/requests?since=2")["requests"] == [third]
    assert command("GET", "/requests?since=3") == {"next": 3, "requests": []}


def test_control_calls_are_not_listed(command: Command) -> None:
    command("GET", "/clock")
    assert command("GET", "/requests")["requests"] == []


def test_a_switch_is_set_and_shown(command: Command) -> None:
    told = command("GET", "/dialect")["dataset_limit"]
    assert (told["value"], told["default"], told["choices"]) == (5000, 5000, None)
    assert told["source"]
    changed = command("PUT", "/dialect", {"dataset_limit": 3})
    assert changed["dataset_limit"]["value"] == 3
    assert command("GET", "/dialect")["dataset_limit"]["value"] == 3


def test_the_clock_is_set_and_advanced(lab: Lab, command: Command) -> None:
    assert command("GET", "/clock") == {"now": "2026-01-05T08:00:00+00:00"}
    command("PUT", "/clock", {"advance": 90.5})
    assert command("GET", "/clock") == {"now": "2026-01-05T08:01:30.500000+00:00"}
    command("PUT", "/clock", {"now": "2026-03-01T12:00:00+02:00"})
    assert lab.clock.now().timestamp() == 1772359200
    command("PUT", "/clock", {"now": "2026-03-01T10:00:00"})
    assert lab.clock.now().timestamp() == 1772359200


def test_a_reset_is_the_state_after_start_but_counting_goes_on(
    lab: Lab, command: Command
) -> None:
    start = command("GET", "/appliances/adc1")
    secret = lab.credentials
    command("PUT", "/appliances/adc1/datasets/bl", {"type": "ipv4"})
    command("PUT", "/dialect", {"dataset_limit": 3})
    command("POST", "/faults", {"name": "cut"})
    command("PUT", "/clock", {"advance": 1000})
    lab.threatq(Request("GET", "/api/x"))
    command("POST", "/reset")
    assert command("GET", "/appliances/adc1") == start
    assert command("GET", "/dialect")["dataset_limit"]["value"] == 5000
    assert command("GET", "/faults")["active"] == []
    assert command("GET", "/clock") == {"now": "2026-01-05T08:00:00+00:00"}
    assert lab.credentials == secret
    lab.threatq(Request("GET", "/api/x"))
    assert command("GET", "/requests?since=1")["requests"][0]["n"] == 2


def test_a_scenario_fills_the_lab_at_the_start_and_after_a_reset() -> None:
    def fill(lab: Lab) -> None:
        lab.appliance_states["adc1"].put_dataset("bl", "ipv4", [])

    lab = Lab(seed=1, scenario=fill)
    assert "bl" in str(lab.appliance_states["adc1"].view())
    lab.reset()
    assert "bl" in str(lab.appliance_states["adc1"].view())


WRONG: list[tuple[str, str, object, int, str]] = [
    ("GET", "/", None, 404, "there are: PUT /threatq/collections"),
    ("PATCH", "/clock", {}, 404, "GET /clock"),
    ("GET", "/appliances/adc9", None, 404, "there are: adc1"),
    ("POST", "/appliances/adc9/reboot", None, 404, "there are: adc1"),
    ("PUT", "/appliances/adc1/datasets/x", {"kind": "ipv4"}, 400, "type, bindings"),
    ("PUT", "/appliances/adc1/datasets/x", {"type": 4}, 400, "type must be of"),
    ("PUT", "/appliances/adc1/datasets/x", {"type": "ipx"}, 400, "ipx"),
    ("PUT", "/appliances/adc1/datasets/x", {"bindings": ["a"]}, 400, "of objects"),
    ("PUT", "/appliances/adc1/datasets/x", {"bindings": [{"v": 1}]}, 400, "value"),
    ("PUT", "/appliances/adc1/datasets/x", [], 400, "must be a JSON object"),
    ("PUT", "/threatq/collections/x", {"members": []}, 400, "known: indicators"),
    ("POST", "/threatq/collections/none/change", {"add": []}, 400, "there are: none"),
    ("PUT", "/threatq/connectors/x/form", [], 400, "the form's fields"),
    ("GET", "/requests?from=1", None, 400, "known: since"),
    ("GET", "/requests?since=-1", None, 400, "a number from 0"),
    ("PUT", "/dialect", {"dataset_limits": 1}, 400, "dataset_limit"),
    ("PUT", "/dialect", {"dataset_limit": "many"}, 400, "a number like 5000"),
    ("PUT", "/dialect", {"reboot_seconds": 6}, 400, "from 0 to 5"),
    ("PUT", "/dialect", {"reboot_answers": "no"}, 400, "'refused' | '503'"),
    ("POST", "/faults", [], 400, "must be a JSON object"),
    ("DELETE", "/faults/77", None, 404, "there are: none"),
    ("PUT", "/clock", {}, 400, 'either "now" or "advance"'),
    ("PUT", "/clock", {"now": "soon"}, 400, "soon"),
    ("PUT", "/clock", {"advance": "1"}, 400, "number of seconds"),
]


@pytest.mark.parametrize(("method", "target", "body", "status", "words"), WRONG)
def test_a_wrong_call_is_refused_with_what_would_be_right(
    lab: Lab, method: str, target: str, body: object, status: int, words: str
) -> None:
    refused, said = refusal(lab, method, target, body)
    assert (refused, words in said) == (status, True), said


def test_a_body_that_is_no_json_is_refused(lab: Lab) -> None:
    answer = lab.control(Request("PUT", "/clock", body=b"{now"))
    assert answer.status == 400
    assert "error" in json.loads(answer.body)


def test_all_switches_are_set_or_none(lab: Lab, command: Command) -> None:
    refusal(lab, "PUT", "/dialect", {"dataset_limit": 3, "reboot_seconds": -1})
    assert command("GET", "/dialect")["dataset_limit"]["value"] == 5000


def test_every_call_of_the_table_is_asked_for_in_these_tests() -> None:
    assert len(CALLS) == 17
