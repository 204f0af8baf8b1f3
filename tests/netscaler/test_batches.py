"""Writing batches: what is sent, and what is made of the answer."""

import pytest

from netscaler.scripted import (
    ALREADY,
    DONE,
    FULL,
    MARK,
    PUT,
    REFUSED,
    UNBIND,
    UNKNOWN,
    blocklist,
    bound,
    bulk,
    content,
    fates,
    many,
    reply,
    writes,
)
from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.dataset import Binding
from tq_conn_citrix_waf.core.ports import Fate
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.errors import (
    DatasetMissingError,
    SecondaryNodeError,
    TargetError,
    TargetFaultError,
    TargetRightsError,
    TargetSessionsError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.http import Answer, NoAnswerError, NotSentError
from tq_conn_citrix_waf.netscaler.rows import BINDINGS


def binding(answer: Answer | Exception, count: int = 3) -> list[Fate]:
    return fates(blocklist(writes(answer))[0].bind(many(count), MARK))


def unbinding(answer: Answer | Exception, count: int = 3) -> list[Fate]:
    return fates(blocklist(writes(answer))[0].unbind(bound(count)))


# What is sent


def test_a_batch_is_one_array_in_the_vendors_type_that_goes_on_after_errors() -> None:
    target, transport = blocklist(lambda _r: None)
    target.bind(many(2), MARK)
    sent = transport.sent[-1]
    assert transport.asked == [PUT]
    assert sent.headers["X-NITRO-ONERROR"] == "continue"
    assert sent.headers["Content-Type"] == (
        f"application/vnd.com.citrix.netscaler.{BINDINGS}_list+json"
    )
    assert content(sent) == [
        {"name": "bl", "value": "198.18.0.0", "comment": MARK},
        {"name": "bl", "value": "198.18.0.1", "comment": MARK},
    ]


def test_one_binding_goes_as_one_object() -> None:
    target, transport = blocklist(lambda _r: None)
    target.bind(many(1), MARK)
    assert content(transport.sent[-1]) == {
        "name": "bl",
        "value": "198.18.0.0",
        "comment": MARK,
    }
    assert transport.sent[-1].headers["Content-Type"] == "application/json"


def test_without_a_mark_no_comment_is_sent() -> None:
    target, transport = blocklist(lambda _r: None)
    target.bind(many(1), "")
    assert content(transport.sent[-1]) == {"name": "bl", "value": "198.18.0.0"}


def test_a_range_is_sent_with_its_end_and_a_block_as_one_value() -> None:
    target, transport = blocklist(lambda _r: None)
    block = read_range(Family.V4, "198.51.100.0/25")
    assert block is not None
    target.bind([block, AddressRange(Family.V4, 1, 6)], "")
    assert content(transport.sent[-1]) == [
        {"name": "bl", "value": "198.51.100.0/25"},
        {"name": "bl", "value": "0.0.0.1", "endrange": "0.0.0.6"},
    ]


def test_many_are_unbound_by_their_own_spelling_in_one_request() -> None:
    target, transport = blocklist(lambda _r: None)
    spelled = [
        Binding(many(1)[0], "198.18.0.0", "", MARK, 7),
        Binding(AddressRange(Family.V4, 1, 6), "000.0.0.1", "0.0.0.6"),
    ]
    target.unbind(spelled)
    assert transport.asked == [UNBIND]
    assert content(transport.sent[-1]) == [
        {"name": "bl", "value": "198.18.0.0"},
        {"name": "bl", "value": "000.0.0.1", "endrange": "0.0.0.6"},
    ]


def test_one_is_unbound_by_args() -> None:
    target, transport = blocklist(lambda _r: None)
    target.unbind([Binding(AddressRange(Family.V4, 0, 255), "0.0.0.0/24")])
    target.unbind([Binding(AddressRange(Family.V4, 1, 6), "0.0.0.1", "0.0.0.6")])
    assert transport.asked == [
        f"DELETE {BINDINGS}/bl?args=value:0.0.0.0%2F24",
        f"DELETE {BINDINGS}/bl?args=value:0.0.0.1,endrange:0.0.0.6",
    ]


# What comes back


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200),
        Answer(201),
        reply(201),
        reply(200),
        bulk(0, 0, 0, status=200),
        bulk(0, 0, 0),
    ],
)
def test_a_success_is_done_for_all(answer: Answer) -> None:
    assert binding(answer) == unbinding(answer) == [DONE] * 3


@pytest.mark.parametrize("code", [273, 2867, 2883])
def test_a_duplicate_is_already_so_by_each_of_its_codes(code: int) -> None:
    assert binding(bulk(0, code, 0)) == [DONE, ALREADY, DONE]
    for status in (409, 599):
        assert binding(reply(status, code=code), 1) == [ALREADY]


@pytest.mark.parametrize("code", [258, 2822])
def test_an_absent_value_is_already_gone_by_each_of_its_codes(code: int) -> None:
    assert unbinding(bulk(0, code, 0)) == [DONE, ALREADY, DONE]
    for status in (404, 599):
        assert unbinding(reply(status, code=code), 1) == [ALREADY]


def test_a_full_set_is_full() -> None:
    assert binding(bulk(0, 2900, 2900)) == [DONE, FULL, FULL]
    assert binding(reply(599, code=2900), 1) == [FULL]


@pytest.mark.parametrize("code", [278, 1074, 1097, 2821, 2866, 2873, 2880, 3999])
def test_a_bad_value_is_refused_alone_with_its_words(code: int) -> None:
    outcomes = blocklist(writes(bulk(0, code, 0)))[0].bind(many(3), MARK)
    assert fates(outcomes) == [DONE, REFUSED, DONE]
    assert outcomes[1].words == f"text {code} (errorcode {code})"


def test_an_overlap_is_known_by_its_words_where_its_code_is_not() -> None:
    said = "The range overlaps with another"
    assert binding(reply(599, code=9999, message=said), 1) == [REFUSED]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ((0, 2873), [DONE, REFUSED, UNKNOWN, UNKNOWN]),
        ((273,), [ALREADY, UNKNOWN, UNKNOWN, UNKNOWN]),
        ((0, 2873, 1265, 1265), [DONE, REFUSED, UNKNOWN, UNKNOWN]),
        ((2873, 0), [UNKNOWN] * 4),
        ((0, 0), [UNKNOWN] * 4),
        ((), [UNKNOWN] * 4),
        ((0, 0, 0, 0, 273), [UNKNOWN] * 4),
    ],
)
def test_a_list_of_another_length_is_believed_only_in_its_one_known_shape(
    codes: tuple[int, ...], expected: list[Fate]
) -> None:
    assert binding(bulk(*codes), 4) == expected


@pytest.mark.parametrize(
    "answer",
    [
        NoAnswerError("reset"),
        reply(207, code=1243, message="Bulk operation failed"),
        reply(599, code=1239, message="command Execution failed"),
        reply(207, response=[1, None, {"errorcode": "x"}]),
        Answer(200, (), b"<html><h4>Busy</h4></html>"),
        Answer(201, (), b'{ "errorcode": 0, "mess'),
        Answer(500),
        Answer(502),
        Answer(504, (), b"gateway"),
    ],
)
def test_an_answer_that_tells_nothing_leaves_all_unknown_and_is_sent_once(
    answer: Answer | Exception,
) -> None:
    for write, count in ((PUT, 3), (UNBIND, 3), (PUT, 1)):
        target, transport = blocklist(writes(answer))
        outcomes = target.unbind(bound(count)) if write == UNBIND else []
        outcomes = outcomes or target.bind(many(count), MARK)
        assert fates(outcomes) == [UNKNOWN] * count
        assert transport.asked == [write]


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (reply(403, code=2138, message="Not authorized"), TargetRightsError),
        (bulk(2138, 2138, 2138), TargetRightsError),
        (bulk(2138), TargetRightsError),
        (reply(404, code=2823), DatasetMissingError),
        (bulk(2823, 2823, 2823), DatasetMissingError),
        (reply(503, code=446), TargetSessionsError),
        (reply(599, code=368), SecondaryNodeError),
        (bulk(1028, 1028, 1028, status=200), SecondaryNodeError),
        (reply(599, code=1044), TargetFaultError),
        (reply(599, code=268, message="Cannot allocate memory"), TargetFaultError),
        (reply(409, code=273), TargetFaultError),
        (Answer(413), TargetFaultError),
        (Answer(503), TargetFaultError),
        (Answer(302, (("location", "https://x.example/"),)), TargetFaultError),
        (NotSentError("refused"), TargetUnreachableError),
    ],
)
def test_a_batch_that_was_turned_away_raises_by_its_reason(
    answer: Answer | Exception, error: type[TargetError]
) -> None:
    with pytest.raises(error) as caught:
        binding(answer)
    assert caught.value.cure
    with pytest.raises(error):
        unbinding(answer)


def test_a_missing_right_for_some_is_refused_for_these() -> None:
    assert binding(bulk(0, 2138, 0)) == [DONE, REFUSED, DONE]


def test_a_session_that_ends_within_a_batch_leaves_the_rest_unknown() -> None:
    assert binding(bulk(0, 444, 444)) == [DONE, UNKNOWN, UNKNOWN]


def test_what_the_secondary_did_not_take_is_done_and_said() -> None:
    target, _ = blocklist(writes(bulk(0, 349, 457)))
    assert fates(target.bind(many(3), MARK)) == [DONE, DONE, UNKNOWN]
    assert target.notes == ["adc.example did not pass every change on to its secondary"]


def test_an_expired_session_may_answer_a_batch_with_200() -> None:
    answers = iter([reply(200, code=444, message="Session expired or killed")])
    target, transport = blocklist(
        lambda r: next(answers, None) if BINDINGS in r.url else None
    )
    assert fates(target.bind(many(2), MARK)) == [DONE, DONE]
    assert transport.count("login") == 2
    assert transport.asked == [PUT, PUT]
