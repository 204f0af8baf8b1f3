"""The appliance without HTTP: what a person, a fault and a restart do to it."""

from typing import Any

import pytest

from citrix_waf_lab.netscaler.vocabulary import TEXTS
from citrix_waf_lab.wire import Request
from lab.netscaler.box import BINDING, LIST_TYPE, STATELESS, Box, code, said


def test_an_empty_appliance_has_nothing() -> None:
    node = {"role": "stand-alone", "state": "UP", "build": "NS14.1: Build 12.35.nc"}
    assert Box().appliance.view() == {
        "datasets": {},
        "saved": {},
        "sessions": 0,
        "node": node,
    }


def test_what_an_administrator_makes_is_running_and_not_saved() -> None:
    box = Box()
    range_ = {"value": "192.0.2.1", "endrange": "192.0.2.9"}
    comment = {"value": "198.51.100.0/24", "comment": "by hand"}
    box.appliance.put_dataset("bl4", "ipv4", [range_, comment])
    view = box.appliance.view()
    assert view["datasets"] == {
        "bl4": {
            "type": "ipv4",
            "bindings": [{**range_, "index": "1"}, {**comment, "index": "2"}],
        }
    }
    assert view["saved"] == {}
    assert box.appliance.configuration.changed


def test_a_set_without_bindings_has_an_empty_list() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    assert box.appliance.view()["datasets"] == {"bl4": {"type": "ipv4", "bindings": []}}


def test_a_set_that_is_replaced_gives_no_index_again() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    box.appliance.put_dataset("bl4", "ipv4", [])
    box.bind("192.0.2.2")
    view: Any = box.appliance.view()
    assert view["datasets"]["bl4"]["bindings"] == [{"value": "192.0.2.2", "index": "2"}]


@pytest.mark.parametrize(
    ("name", "kind", "bindings", "words"),
    [
        ("bl4", "ip", [], "none of"),
        ("-", "ipv4", [], "Invalid name"),
        ("", "ipv4", [], "Invalid name"),
        ("bl4", "ipv4", [{"value": "x"}], "IPv4 format"),
        ("bl4", "ipv4", [{"value": "1.1.1.1", "colour": "red"}], "colour"),
        ("bl4", "ipv4", [{"value": "1.1.1.1"}, {"value": "1.1.1.0/24"}], "overlaps"),
        ("bl4", "ipv4", [{}], "Required argument missing"),
    ],
)
def test_an_administrators_mistake_is_told_and_changes_nothing(
    name: str, kind: str, bindings: list[dict[str, str]], words: str
) -> None:
    box = Box()
    with pytest.raises(ValueError, match=words):
        box.appliance.put_dataset(name, kind, bindings)
    assert box.appliance.view()["datasets"] == {}
    assert not box.appliance.configuration.changed


def test_lost_sessions_are_void_at_the_next_request() -> None:
    box = Box()
    session = box.log_in()
    box.appliance.strike("lose_session", {})
    assert code(box.ask("GET", "nsversion", headers=session)) == 444


def test_filled_sessions_leave_none_free_until_they_idle_out() -> None:
    box = Box()
    session = box.log_in()
    box.appliance.strike("fill_sessions", {})
    assert box.appliance.view()["sessions"] == 20
    assert code(box.ask("GET", "nsversion", headers=session)) == 0
    assert code(box.ask("GET", "nsversion")) == 446
    box.clock.advance(1800)
    assert code(box.ask("GET", "nsversion")) == 0


def test_a_change_by_somebody_else_is_unsaved() -> None:
    box = Box()
    box.appliance.strike("config_changed", {})
    assert said(box.ask("GET", "nsconfig"))["nsconfig"]["configchanged"] is True


def test_somebody_else_edits_a_set() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    box.appliance.strike(
        "set_edited",
        {
            "set": "bl4",
            "add": ["192.0.2.7", {"value": "192.0.2.8", "comment": "by hand"}, "bad"],
            "remove": ["192.0.2.1", "192.0.2.99"],
        },
    )
    assert box.bound() == ["192.0.2.7", "192.0.2.8"]


@pytest.mark.parametrize(
    ("fault", "params"),
    [
        ("earthquake", {}),
        ("set_edited", {"set": "bl4"}),
        ("set_edited", {}),
    ],
)
def test_a_fault_that_cannot_be_is_told(fault: str, params: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"no (fault|data set)"):
        Box().appliance.strike(fault, params)


def test_what_is_added_must_be_a_list() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    with pytest.raises(ValueError, match="lists"):
        box.appliance.strike("set_edited", {"set": "bl4", "add": "192.0.2.1"})


def test_a_restart_runs_what_was_saved_and_ends_sessions() -> None:
    box = Box()
    session = box.log_in()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
    box.bind("192.0.2.2")
    box.appliance.reboot()
    assert box.bound() == ["192.0.2.1"]
    assert box.appliance.view()["sessions"] == 0
    assert not box.appliance.configuration.changed
    assert code(box.ask("GET", "nsversion", headers=session)) == 444


def test_a_reset_forgets_everything_but_the_credentials() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
    box.log_in()
    box.appliance.reset()
    view = box.appliance.view()
    assert (view["datasets"], view["saved"], view["sessions"]) == ({}, {}, 0)
    assert code(box.ask("GET", "nsversion")) == 0


def test_a_bulk_that_is_half_applied_tells_what_it_left_out() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    box.appliance.half_apply = 1
    answer = box.bind("192.0.2.1", "192.0.2.2", "192.0.2.3")
    assert [entry["errorcode"] for entry in said(answer)["response"]] == [0, 1265, 1265]
    assert box.bound() == ["192.0.2.1"]
    assert box.bind("192.0.2.2", "192.0.2.3").status == 201


def test_a_bulk_shorter_than_the_half_is_applied_whole() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    box.appliance.half_apply = 2
    assert box.bind("192.0.2.1", "192.0.2.2").status == 201


def test_a_save_answers_when_it_is_done() -> None:
    box = Box(save_seconds=2.5)
    answer = box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
    assert answer.delivery.delay == 2.5


def test_a_clock_that_is_set_back_ends_a_save() -> None:
    box = Box(save_seconds=60)
    target, body = "nsconfig?action=save", {"nsconfig": dict[str, object]()}
    assert code(box.ask("POST", target, body)) == 0
    assert code(box.ask("POST", target, body)) == 293
    box.clock.advance(-1)
    assert code(box.ask("POST", target, body)) == 0


def test_a_rolled_back_bulk_changes_nothing_and_gives_no_index_again() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
    assert box.bind("192.0.2.2", "192.0.2.1", onerror="rollback").status == 207
    assert not box.appliance.configuration.changed
    box.bind("192.0.2.3")
    view: Any = box.appliance.view()
    indexes = [row["index"] for row in view["datasets"]["bl4"]["bindings"]]
    assert indexes == ["1", "3"]


def test_a_set_that_a_rolled_back_bulk_added_is_gone() -> None:
    box = Box()
    both = [{"name": "a", "type": "ipv4"}, {"name": "a", "type": "ipv4"}]
    headers = {**STATELESS, "X-NITRO-ONERROR": "rollback"}
    answer = box.ask("POST", "policydataset", {"policydataset": both}, headers)
    assert answer.status == 207
    assert box.appliance.view()["datasets"] == {}


def test_a_bulk_that_failed_at_once_counts_as_no_change() -> None:
    box = Box()
    assert box.bind("192.0.2.1").status == 207
    assert not box.appliance.configuration.changed


def test_no_bulk_entry_carries_a_bracket() -> None:
    box = Box()
    body = {BINDING: [{"name": "bl4", "value": "192.0.2.1", "colour": "red"}]}
    answer = box.ask("PUT", BINDING, body, {**STATELESS, "Content-Type": LIST_TYPE})
    assert [entry["message"] for entry in said(answer)["response"]] == [TEXTS[278]]


def test_the_last_index_can_be_given_once() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    last = {"name": "bl4", "value": "192.0.2.1", "index": 4294967290}
    assert box.ask("PUT", BINDING, {BINDING: last}).status == 201
    next_ = {"name": "bl4", "value": "192.0.2.2"}
    assert code(box.ask("PUT", BINDING, {BINDING: next_})) == 1108


def test_bindings_are_shown_in_order_of_their_index() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    for value, index in (("192.0.2.9", 9), ("192.0.2.3", 3)):
        item = {"name": "bl4", "value": value, "index": index}
        assert box.ask("PUT", BINDING, {BINDING: item}).status == 201
    assert box.bound() == ["192.0.2.3", "192.0.2.9"]


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic /w==",
        "Bearer dHFfc3luYw==",
    ],
)
def test_credentials_that_cannot_be_read_are_no_credentials(header: str) -> None:
    answer = Box().ask("GET", "nsversion", headers={"Authorization": header})
    assert answer.status == 401


def test_a_body_nested_without_end_is_no_json() -> None:
    box = Box()
    deep = "[" * 100_000
    headers = (*STATELESS.items(), ("Content-Type", "application/json"))
    path = f"/nitro/v1/config/{BINDING}"
    assert code(box.answer(Request("PUT", path, "", headers, deep.encode()))) == 1233


@pytest.mark.parametrize(
    ("target", "wanted"),
    [
        (f"{BINDING}/bl4?count", 1238),
        (f"{BINDING}/bl4?count=maybe", 1097),
        (f"{BINDING}/bl4?view=sideways", 1097),
        (f"{BINDING}/bl4?pageno=1", 1095),
        (f"{BINDING}/bl4?pagesize=0", 1097),
        (f"{BINDING}/bl4?pagesize=x", 1097),
        (f"{BINDING}/bl4?pagesize=1&pageno=x", 1097),
        (f"{BINDING}/bl4?pagesize=1&pageno=0", 1097),
        (f"{BINDING}/bl4?filter=value", 1238),
        (f"{BINDING}/bl4?filter=value:/(/", 278),
        (f"{BINDING}/bl4?args=value", 1090),
        (f"{BINDING}/bl4?args=value:192.0.2.1", 1090),
        (f"{BINDING}/bl4?attrs=colour", 1090),
        ("policydataset?args=colour:red", 1090),
        ("policydataset_binding/bl4?args=colour:red", 1090),
        (f"{BINDING}/bl4/more", 1090),
        (f"{BINDING}/a%2Fb", 1090),
        ("nsversion/1", 1090),
        (f"{BINDING}/bl4?pagesize=1", 0),
        (f"{BINDING}/bl4?attrs=value,,index&count=no", 0),
    ],
)
def test_a_query_is_understood_or_refused(target: str, wanted: int) -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    assert code(box.ask("GET", target)) == wanted


@pytest.mark.parametrize(
    ("method", "target", "body", "wanted"),
    [
        ("DELETE", "policydataset", None, 1095),
        ("DELETE", "policydataset/bl4?args=colour:red", None, 1090),
        ("DELETE", f"{BINDING}/bl4?args=value:192.0.2.1,name:bl6", None, 278),
        ("PUT", "policydataset", {"policydataset": {"name": "bl4"}}, 1095),
        (
            "PUT",
            "policydataset",
            {"policydataset": {"name": "bl4", "dynamic": "MAYBE"}},
            1097,
        ),
        (
            "POST",
            "policydataset?action=unset",
            {"policydataset": {"name": "bl4"}},
            1095,
        ),
        (
            "POST",
            "policydataset?idempotent=yes",
            {"policydataset": {"name": "bl4", "type": "ipv6"}},
            278,
        ),
        (
            "POST",
            "policydataset?idempotent=yes",
            {"policydataset": {"name": "bl4", "type": "ipv4"}},
            0,
        ),
        (
            "POST",
            "policydataset?idempotent=yes",
            {"policydataset": {"name": "new", "type": "ipv4"}},
            0,
        ),
        ("POST", "nsconfig", {"nsconfig": {}}, 1237),
        ("POST", "nsconfig?action=save", {"nsconfig": []}, 1236),
        ("POST", "nsconfig?action=save", {"nsconfig": [{}]}, 1234),
        ("POST", "nsconfig?action=save", {"nsconfig": {"all": "yes"}}, 1234),
        ("POST", "nsconfig?action=save", {"nsconfig": {"colour": 1}}, 278),
        ("POST", "nsconfig?action=save", [], 1234),
        ("POST", "nsconfig?action=save", {}, 1232),
        ("POST", "nsfeature", {"nsfeature": {}}, 1237),
        ("POST", "nsfeature?action=clear", {"nsfeature": {}}, 1240),
        ("POST", "nsfeature?action=enable", {"nsfeature": {}}, 1095),
        ("POST", "nsfeature?action=enable", {"nsfeature": {"feature": "LB"}}, 1234),
        ("POST", "nsfeature?action=enable", {"nsfeature": {"feature": [1]}}, 1097),
        ("POST", "logout", {"logout": [{}]}, 1234),
        ("POST", "logout", {"logout": {}}, 0),
        ("POST", f"{BINDING}?action=fold", {BINDING: {"name": "bl4"}}, 1240),
        (
            "PUT",
            BINDING,
            {BINDING: {"name": "bl4", "value": "1.1.1.1", "index": "x"}},
            1234,
        ),
        (
            "PUT",
            BINDING,
            {BINDING: {"name": "bl4", "value": "1.1.1.1", "index": True}},
            1234,
        ),
        ("PUT", BINDING, {BINDING: {"name": "bl4", "value": ""}}, 1095),
    ],
)
def test_a_write_is_understood_or_refused(
    method: str, target: str, body: object, wanted: int
) -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [{"value": "192.0.2.1"}])
    assert code(box.ask(method, target, body)) == wanted


def test_xml_says_the_same_as_json() -> None:
    box = Box()
    box.appliance.put_dataset(
        "bl4", "ipv4", [{"value": "192.0.2.1", "comment": "a<\x07"}]
    )
    headers = {**STATELESS, "Accept": "application/xml"}
    answer = box.ask("GET", f"{BINDING}/bl4", headers=headers)
    assert answer.body.decode() == (
        '<?xml version="1.0"?><nitroResponse><errorcode>0</errorcode>'
        "<message>Done</message><severity>NONE</severity>"
        f"<{BINDING}><name>bl4</name><value>192.0.2.1</value>"
        f"<comment>a&lt;?</comment><index>1</index></{BINDING}></nitroResponse>"
    )


def test_xml_writes_flags_in_small_letters() -> None:
    headers = {**STATELESS, "Accept": "application/xml"}
    answer = Box().ask("GET", "nsconfig", headers=headers)
    assert b"<configchanged>false</configchanged>" in answer.body


def test_both_ends_of_an_ipv6_range_are_shown_compressed() -> None:
    box = Box()
    range_ = {"value": "2001:DB8:0::1", "endrange": "2001:DB8:0::F"}
    box.appliance.put_dataset("bl6", "ipv6", [range_])
    row = said(box.ask("GET", f"{BINDING}/bl6"))[BINDING][0]
    assert (row["value"], row["endrange"]) == ("2001:db8::1", "2001:db8::f")


def test_sets_that_are_not_dynamic_are_shown_unless_only_those_are_asked_for() -> None:
    box = Box()
    box.appliance.put_dataset("bl4", "ipv4", [])
    every = box.ask("GET", "policydataset?args=dynamiconly:false")
    assert [row["name"] for row in said(every)["policydataset"]] == ["bl4"]
    assert "policydataset" not in said(
        box.ask("GET", "policydataset?args=dynamiconly:true")
    )


def test_a_build_that_does_not_know_dynamic_does_not_show_it() -> None:
    box = Box(dynamic="unknown")
    box.appliance.put_dataset("bl4", "ipv4", [])
    rows = said(box.ask("GET", "policydataset"))["policydataset"]
    assert rows == [{"name": "bl4", "type": "ipv4"}]
