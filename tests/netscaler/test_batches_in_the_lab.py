"""Writing batches to the builds of the lab, and through its faults."""

import pytest

from netscaler.boxes import LabBox
from netscaler.scripted import (
    ALREADY,
    DONE,
    MARK,
    REFUSED,
    UNKNOWN,
    blocklist,
    fates,
    many,
    writes,
)
from tq_conn_citrix_waf.core.ports import Fate
from tq_conn_citrix_waf.errors import (
    TargetError,
    TargetFaultError,
    TargetRightsError,
)
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.netscaler.bulk import Bulk
from tq_conn_citrix_waf.netscaler.rows import BINDINGS


def binding(answer: Answer | Exception, count: int = 3) -> list[Fate]:
    return fates(blocklist(writes(answer))[0].bind(many(count), MARK))


# The lab's own builds and faults


@pytest.mark.parametrize(
    "switches",
    [
        {},
        {"array_bulk": "refused"},
        {"bulk_unbind": "refused"},
        {"array_bulk": "refused", "bulk_unbind": "refused"},
        {"bulk_json_answer": "done"},
        {"unbind_onerror": "ignored", "exit_answer": "1265"},
        {"unbind_onerror": "ignored", "exit_answer": "stops"},
        {"nitro_error_status": "http"},
        {"details": "without"},
        {"absent_value_code": 258, "duplicate_code": 2883},
    ],
)
def test_every_build_of_the_lab_binds_and_unbinds(
    box: LabBox, switches: dict[str, object]
) -> None:
    box.dialect(**switches)
    assert fates(box.target.bind(many(6), MARK)) == [DONE] * 6
    assert fates(box.target.bind(many(8), MARK)) == [ALREADY] * 6 + [DONE] * 2
    data = box.target.read()
    rows = [data.binding(r) for r in range(8)]
    assert fates(box.target.unbind(rows[:5])) == [DONE] * 5
    again = fates(box.target.unbind(rows))
    assert set(again) <= {ALREADY, DONE, UNKNOWN}
    assert again[0] is ALREADY
    box.target.unbind([row for row, f in zip(rows, again, strict=True) if f is UNKNOWN])
    left = box.target.read()
    for row in range(len(left)):
        box.target.unbind([left.binding(row)])
    assert box.entries() == set()


def test_the_labs_build_without_comments_is_found_out(box: LabBox) -> None:
    box.dialect(comment="refused")
    assert fates(box.target.bind(many(2), MARK)) == [REFUSED] * 2
    assert box.blocklist.comments is False
    assert fates(box.target.bind(many(2), "")) == [DONE] * 2


@pytest.mark.parametrize("objects", [0, 1, 3, 5])
def test_a_batch_half_done_and_unanswered_is_unknown(box: LabBox, objects: int) -> None:
    box.fault("half_apply", BINDINGS, params={"objects": objects})
    assert fates(box.target.bind(many(5), MARK)) == [UNKNOWN] * 5
    assert len(box.entries()) == objects


def test_a_lost_answer_is_unknown_and_the_batch_was_sent_once(box: LabBox) -> None:
    box.fault("lose_answer", BINDINGS)
    assert fates(box.target.bind(many(5), MARK)) == [UNKNOWN] * 5
    assert len(box.entries()) == 5
    assert sum(r.method == "PUT" for r in box.transport.sent) == 1


@pytest.mark.parametrize("status", [401, 200])
@pytest.mark.parametrize("code", [444, 1027])
def test_a_session_lost_in_the_middle_costs_one_sign_in(
    box: LabBox, status: int, code: int
) -> None:
    box.dialect(bulk_expired_status=status, expired_session_code=code)
    box.target.read()
    box.fault("lose_session", BINDINGS)
    assert fates(box.target.bind(many(5), MARK)) == [DONE] * 5
    assert sum(r.url.endswith("/login") for r in box.transport.sent) == 2


@pytest.mark.parametrize("status", [403, 599])
@pytest.mark.parametrize("code", [2138, 371])
def test_a_user_who_may_only_read_is_told_what_is_missing(
    box: LabBox, status: int, code: int
) -> None:
    box.dialect(rights="read-only", not_authorized_status=status, no_rights_code=code)
    for count in (1, 3):
        with pytest.raises(TargetRightsError, match=r"bind"):
            box.target.bind(many(count), MARK)
    assert box.entries() == set()


def test_a_node_that_became_secondary_and_says_so_takes_no_more(box: LabBox) -> None:
    box.dialect(ha_role="secondary", secondary_writes="refused")
    with pytest.raises(TargetError):
        box.target.bind(many(3), MARK)
    assert box.entries() == set()


def test_a_bulk_that_is_too_large_is_turned_away(box: LabBox) -> None:
    box.dialect(bulk_limit=4)
    assert fates(box.target.bind(many(4), MARK)) == [DONE] * 4
    with pytest.raises(TargetFaultError):
        box.target.bind(many(9)[4:], MARK)


def test_a_first_load_of_twenty_thousand_takes_few_requests(box: LabBox) -> None:
    box.limit(50_000)
    wanted, bulk_size = many(20_000), Bulk()
    while wanted:
        batch, wanted = wanted[: bulk_size.size], wanted[bulk_size.size :]
        assert set(fates(box.target.bind(batch, MARK))) == {DONE}
        bulk_size.went_well(len(batch), 0.1)
    assert len(box.transport.sent) <= 30
