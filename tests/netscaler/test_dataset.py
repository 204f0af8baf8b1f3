"""The set itself, the node, saving, features."""

import pytest

from netscaler.boxes import LabBox
from netscaler.scripted import blocklist, reply, to
from tq_conn_citrix_waf.core.ports import Node
from tq_conn_citrix_waf.errors import (
    DatasetMissingError,
    DatasetTypeError,
    TargetFaultError,
    TargetRightsError,
)
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.rows import BINDINGS

PRIMARY: dict[str, object] = {"state": "Primary"}
SECONDARY: dict[str, object] = {"state": "Secondary"}


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


@pytest.mark.parametrize("resource", ["nsversion", "hanode"])
def test_a_node_that_cannot_be_asked_is_an_error(resource: str) -> None:
    target, _ = to(resource, reply(599, code=268, message="Cannot allocate memory"))
    with pytest.raises(TargetFaultError, match="Cannot allocate memory"):
        target.node()


def test_a_node_without_the_pair_resource_stands_alone() -> None:
    target, _ = to("hanode", reply(404, code=258, message="No such resource"))
    assert target.node().role == "Stand-alone"


def test_an_error_is_not_taken_for_nothing_unsaved() -> None:
    target, _ = to("nsconfig", reply(599, code=268, message="Cannot allocate memory"))
    with pytest.raises(TargetFaultError):
        target.unsaved()


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
