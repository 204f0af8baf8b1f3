"""Reading, and everything else about a data set that is no batch."""

import time

import pytest

from netscaler.boxes import SET, LabBox
from netscaler.scripted import Scripted, blocklist, reply
from tq_conn_citrix_waf.core.ports import Node
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.errors import (
    DatasetMissingError,
    DatasetTypeError,
    TargetError,
    TargetFaultError,
    TargetRightsError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.rows import BINDINGS

MARK = "tq-waf:0123abcd:2026-01-05"
PRIMARY: dict[str, object] = {"state": "Primary"}
SECONDARY: dict[str, object] = {"state": "Secondary"}


def to(resource: str, answer: Answer) -> tuple[BlockList, Scripted]:
    """Return a data set whose appliance answers so for one resource."""
    end = f"/config/{resource}"
    return blocklist(
        lambda r: answer if r.url.partition("?")[0].endswith(end) else None
    )


def holding(*rows: object) -> BlockList:
    return to(f"{BINDINGS}/bl", reply(policydataset_value_binding=list(rows)))[0]


# Reading


def test_one_request_reads_all_bindings_unpaged(box: LabBox) -> None:
    box.put(*((f"203.0.113.{n}", "", "") for n in range(250)))
    box.target.read()
    reads = [r.url for r in box.transport.sent if BINDINGS in r.url]
    assert reads == [f"https://adc1.lab/nitro/v1/config/{BINDINGS}/{SET}"]


def test_a_run_with_nothing_to_do_sends_seven_reads(box: LabBox) -> None:
    with box.nitro:
        box.target.node()
        box.target.read()
        box.target.unsaved()
    sent = [(r.method, r.url.rpartition("/config/")[2]) for r in box.transport.sent]
    assert sent == [
        ("POST", "login"),
        ("GET", "nsversion"),
        ("GET", "hanode"),
        ("GET", f"policydataset/{SET}"),
        ("GET", f"{BINDINGS}/{SET}"),
        ("GET", "nsconfig"),
        ("POST", "logout"),
    ]


@pytest.mark.parametrize("numbers", ["text", "number"])
def test_numbers_come_as_texts_or_as_numbers(box: LabBox, numbers: str) -> None:
    box.dialect(numbers=numbers)
    box.put(("203.0.113.1", "", "a"), ("203.0.113.2", "", "b"))
    data = box.target.read()
    assert list(data.indexes) == [1, 2]


@pytest.mark.parametrize("form", ["compressed", "as bound"])
def test_ipv6_is_read_whatever_its_spelling(form: str, lab_v6: LabBox) -> None:
    lab_v6.dialect(echo_ipv6=form)
    lab_v6.put(("2001:DB8:0:0::1", "", ""), ("2001:db8:1::/48", "", ""))
    data = lab_v6.target.read()
    assert data.family is Family.V6
    assert [str(data.binding(r).range) for r in range(2)] == [
        "2001:db8::1",
        "2001:db8:1::/48",
    ]


def test_ipv6_bindings_are_unbound_one_and_many(lab_v6: LabBox) -> None:
    lab_v6.put(*((f"2001:db8::{n}", "", "") for n in range(1, 4)))
    data = lab_v6.target.read()
    bindings = [data.binding(r) for r in range(3)]
    lab_v6.target.unbind(bindings[:1])
    lab_v6.target.unbind(bindings[1:])
    assert lab_v6.entries() == set()


def test_rows_in_odd_forms_are_all_kept() -> None:
    data = holding(
        {"value": "203.0.113.1", "comment": None, "index": "7"},
        {"value": "203.0.113.2", "index": None, "novel": [1]},
        {"value": 17, "comment": "a number"},
        {"comment": "no value"},
        {"value": "203.0.113.3", "endrange": None, "index": -1},
    ).read()
    assert len(data) == 5
    assert [str(data.binding(r).range) for r in range(3)] == [
        "203.0.113.1",
        "203.0.113.2",
        "203.0.113.3",
    ]
    assert list(data.indexes) == [7, 0, 0]
    assert data.unread == [("17", "", "a number"), ("", "", "no value")]


def test_a_set_with_one_row_may_come_as_one_object() -> None:
    answer = reply(policydataset_value_binding={"name": "bl", "value": "203.0.113.1"})
    assert len(to(f"{BINDINGS}/bl", answer)[0].read()) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{}",
        b"<html><title>Busy</title></html>",
        b'{"errorcode": 0, "policydataset_value_binding": [{"value": "203.0.1',
        b'{"errorcode": 0, "policydataset_value_binding": "none"}',
        b'{"errorcode": 0, "policydataset_value_binding": [1]}',
        b'{"errorcode": 0, "policydataset_value_binding": null}',
        b'{"policydataset_value_binding": []}',
        b"<nitroResponse><errorcode>0</errorcode></nitroResponse>",
    ],
)
def test_what_is_no_list_is_never_read_as_an_empty_one(body: bytes) -> None:
    target, _ = to(f"{BINDINGS}/bl", Answer(200, (), body))
    with pytest.raises(TargetFaultError):
        target.read()


@pytest.mark.parametrize(
    ("fault", "params"),
    [
        ("truncate_json", {}),
        ("html_page", {}),
        ("status", {"status": 500}),
        ("status", {"status": 200, "body": "{}"}),
        ("wrong_length", {"by": -20}),
        ("never_answer", {}),
        ("cut", {"bytes": 900}),
        ("reset", {"bytes": 900}),
        ("reboot", {}),
        ("session_limit", {}),
        ("lose_session", {}),
        ("half_close", {}),
    ],
)
@pytest.mark.parametrize("path", ["policydataset/", BINDINGS, "nsversion", "hanode"])
def test_a_fault_while_reading_ends_in_an_error_or_the_whole_truth(
    box: LabBox, fault: str, params: dict[str, object], path: str
) -> None:
    box.put(*((f"203.0.113.{n}", "", "") for n in range(100)))
    box.fault(fault, path, params=params, times=None)
    assert told(box) in (100, "a named error")


def told(box: LabBox) -> int | str:
    try:
        box.target.node()
        return len(box.target.read())
    except TargetError as error:
        return "a named error" if error.what and error.cure else "an error"


def test_a_short_outage_is_sat_out(box: LabBox) -> None:
    box.put(("203.0.113.1", "", ""))
    box.fault("status", BINDINGS, params={"status": 503, "retry_after": 5}, times=2)
    assert len(box.target.read()) == 1


def test_an_appliance_that_is_down_is_unreachable(box: LabBox) -> None:
    box.control("POST", "/faults", {"name": "refuse", "service": "netscaler"})
    with pytest.raises(TargetUnreachableError):
        box.target.node()


def test_a_hundred_thousand_rows_are_read_in_a_second() -> None:
    rows = [
        {
            "name": "bl",
            "value": f"100.{n >> 16}.{n >> 8 & 255}.{n & 255}",
            "comment": MARK,
            "index": str(n + 1),
        }
        for n in range(100_000)
    ]
    target = holding(*rows)
    began = time.process_time()
    data = target.read()
    assert time.process_time() - began < 1.0
    assert len(data) == 100_000


# The set itself


@pytest.mark.parametrize("status", [404, 599])
def test_a_missing_set_is_named(box: LabBox, status: int) -> None:
    box.dialect(absent_set_status=status)
    target = BlockList(box.nitro, "no such set", box.clock)
    with pytest.raises(DatasetMissingError, match="no such set") as caught:
        target.read()
    assert "Data Sets" in caught.value.cure


@pytest.mark.parametrize(
    "answer",
    [
        reply(404, code=258, message="No such resource"),
        reply(599, code=2823, message="Dataset/Patset does not exist"),
        Answer(404),
        reply(),
    ],
)
def test_each_way_to_say_missing_is_understood(answer: Answer) -> None:
    with pytest.raises(DatasetMissingError):
        to("policydataset/bl", answer)[0].read()


def test_a_set_that_goes_between_two_requests_is_missing() -> None:
    gone = reply(599, code=2823)
    with pytest.raises(DatasetMissingError):
        to(f"{BINDINGS}/bl", gone)[0].read()


@pytest.mark.parametrize("kind", ["number", "ulong", "double", "mac", ""])
def test_a_set_of_another_type_is_refused(kind: str) -> None:
    answer = reply(policydataset=[{"name": "bl", "type": kind}])
    target, transport = to("policydataset/bl", answer)
    with pytest.raises(DatasetTypeError, match="type") as caught:
        target.read()
    assert "ipv4" in caught.value.cure
    assert transport.asked == ["GET policydataset/bl"]


def test_a_name_with_a_slash_reaches_its_set() -> None:
    there = reply(policydataset=[{"type": "ipv4"}])
    target, transport = blocklist(
        lambda r: there if "/policydataset/" in r.url else None, "a/b"
    )
    target.read()
    assert transport.asked == ["GET policydataset/a%252Fb", f"GET {BINDINGS}/a%252Fb"]


@pytest.mark.parametrize("rights", ["none"])
def test_missing_rights_are_named(box: LabBox, rights: str) -> None:
    box.dialect(rights=rights)
    with pytest.raises(TargetRightsError):
        box.target.node()


# The node


@pytest.mark.parametrize(
    ("nodes", "role"),
    [
        ([{"id": "0", "state": "Primary"}], "Stand-alone"),
        ([PRIMARY | {"id": 0}, SECONDARY | {"id": 1}], "Primary"),
        ([PRIMARY | {"id": "1"}, SECONDARY | {"id": "0"}], "Secondary"),
        ([{"id": "0", "state": "Secondary"}], "Secondary"),
        ([{"id": "0", "state": "UNKNOWN"}], "UNKNOWN"),
        ([], "Stand-alone"),
    ],
)
def test_the_role_is_the_nodes_own(nodes: list[object], role: str) -> None:
    answer = reply(hanode=nodes) if nodes else reply()
    assert to("hanode", answer)[0].node().role == role


@pytest.mark.parametrize("switch", ["primary", "secondary"])
def test_the_labs_pair_is_told_apart(box: LabBox, switch: str) -> None:
    box.dialect(ha_role=switch)
    assert box.target.node().role == switch.capitalize()


@pytest.mark.parametrize("as_list", [True, False])
def test_the_build_is_read_without_its_date(*, as_list: bool) -> None:
    told = {"version": "NetScaler NS13.0: Build 79.1002.nc, Date: Jan 1 2021"}
    answer = reply(nsversion=[told] if as_list else told)
    node = to("nsversion", answer)[0].node()
    assert node == Node("NetScaler NS13.0: Build 79.1002.nc", "Stand-alone")


# Saving


@pytest.mark.parametrize(
    ("told", "unsaved"),
    [
        ({"configchanged": True}, True),
        ({"configchanged": "true"}, True),
        ({"configchanged": "NO"}, False),
        ({"configchanged": 0}, False),
        ({"configchanged": "perhaps"}, None),
        ({}, None),
    ],
)
def test_unsaved_changes_are_read_in_every_form(
    told: dict[str, object], unsaved: bool | None
) -> None:
    assert to("nsconfig", reply(nsconfig=told))[0].unsaved() is unsaved


@pytest.mark.parametrize("form", ["boolean", "text", "omitted if unchanged"])
def test_the_labs_changes_are_seen_in_every_form(box: LabBox, form: str) -> None:
    box.dialect(configchanged_form=form)
    assert box.target.unsaved() is True
    box.target.save()
    assert box.target.unsaved() is not True


def test_not_being_allowed_to_look_is_said_and_no_error() -> None:
    target, _ = to("nsconfig", reply(403, code=2138, message="Not authorized"))
    assert target.unsaved() is None
    assert "unsaved" in target.notes[0]


@pytest.mark.parametrize("code", [293, 1461])
def test_a_save_waits_for_a_save_that_runs(box: LabBox, code: int) -> None:
    box.dialect(concurrent_save_code=code, save_seconds=12)
    box.target.save()
    box.put(("203.0.113.1", "", ""))
    before = box.clock.monotonic()
    box.target.save()
    assert 10 <= box.clock.monotonic() - before <= 20
    box.clock.sleep(60)
    assert box.entries(saved=True) == box.entries()


def test_a_save_does_not_wait_for_ever() -> None:
    target, transport = to("nsconfig", reply(599, code=293, message="in progress"))
    with pytest.raises(TargetFaultError, match="in progress"):
        target.save()
    assert 50 <= len(transport.asked) <= 70


@pytest.mark.parametrize("code", [0, 1130, 1133])
def test_nothing_to_save_is_saved(code: int) -> None:
    status = 200 if code == 0 else 599
    target, transport = to("nsconfig", reply(status, code=code))
    target.save()
    assert transport.asked == ["POST nsconfig?action=save"]


def test_a_save_that_is_refused_is_an_error() -> None:
    with pytest.raises(TargetRightsError):
        to("nsconfig", reply(403, code=2138))[0].save()


def test_a_save_without_an_answer_is_sent_again(box: LabBox) -> None:
    box.put(("203.0.113.1", "", ""))
    box.fault("lose_answer", "nsconfig", method="POST")
    box.target.save()
    assert box.entries(saved=True) == box.entries()


# Features


@pytest.mark.parametrize(
    ("told", "on"),
    [
        ({"feature": ["LB", "REP"], "rep": True}, True),
        ({"feature": ["LB"]}, False),
        ({"feature": ["REP"]}, True),
        ({"rep": "DISABLED"}, False),
        ({}, None),
    ],
)
def test_ip_reputation_is_on_or_off(told: dict[str, object], on: bool | None) -> None:
    assert to("nsfeature", reply(nsfeature=told))[0].reputation() is on


def test_features_that_cannot_be_read_are_unknown() -> None:
    assert to("nsfeature", reply(403, code=2138))[0].reputation() is None
    assert to("nsfeature", reply())[0].reputation() is None


def test_the_long_read_has_a_long_time_out() -> None:
    waits: dict[str, float] = {}

    def answering(request: Request) -> None:
        waits[request.url.partition("/config/")[2]] = request.read_seconds

    blocklist(answering)[0].read()
    assert waits[f"{BINDINGS}/bl"] == 600
    assert waits["policydataset/bl"] == 60
