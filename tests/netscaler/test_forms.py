"""What a build does not take: arrays, the unbind action, comments."""

import pytest

from netscaler.scripted import (
    ALREADY,
    DONE,
    MARK,
    PUT,
    REFUSED,
    UNKNOWN,
    blocklist,
    bound,
    bulk,
    fates,
    many,
    reply,
    writes,
)
from tq_conn_citrix_waf.core.ports import Fate
from tq_conn_citrix_waf.errors import (
    TargetFaultError,
    TargetRightsError,
)
from tq_conn_citrix_waf.http import Answer, NoAnswerError, Request
from tq_conn_citrix_waf.netscaler.rows import BINDINGS

# Forms that a build does not take


def no_arrays(request: Request) -> Answer | None:
    arrays = BINDINGS in request.url and b"[" in (request.body or b"")
    return reply(599, code=1233, message="Invalid JSON input") if arrays else None


def no_vendor_type(request: Request) -> Answer | None:
    vendor = "vnd.com" in request.headers.get("Content-Type", "")
    return Answer(406) if vendor else None


def test_a_build_without_arrays_gets_one_request_a_value_and_it_is_said_once() -> None:
    target, transport = blocklist(no_arrays)
    assert fates(target.bind(many(3), MARK)) == [DONE] * 3
    assert fates(target.bind(many(2), MARK)) == [DONE] * 2
    two_types = [PUT] * 2
    three, two_of_three = two_types, two_types
    assert transport.asked == three + two_of_three + [PUT] * (3 + 2)
    assert len(target.notes) == 1
    assert "one by one" in target.notes[0]


def test_a_build_that_takes_small_arrays_is_told_from_one_that_takes_none() -> None:
    def up_to_three(request: Request) -> Answer | None:
        large = (request.body or b"").count(b'"value"') > 3
        return reply(599, code=1236) if large else None

    target, _ = blocklist(up_to_three)
    with pytest.raises(TargetFaultError):
        target.bind(many(8), MARK)
    assert fates(target.bind(many(3), MARK)) == [DONE] * 3
    assert target.notes == []


def test_a_build_without_the_vendors_type_gets_plain_json() -> None:
    target, transport = blocklist(no_vendor_type)
    target.bind(many(3), MARK)
    target.bind(many(3), MARK)
    assert transport.asked == [PUT] * 3
    assert target.notes == []


def test_a_build_without_unbind_gets_deletes() -> None:
    refused = reply(599, code=1240, message="Invalid nitro action or operation")
    target, transport = blocklist(
        lambda r: refused if "action=unbind" in r.url else None
    )
    assert fates(target.unbind(bound(2))) == [DONE] * 2
    assert transport.asked[-2:] == [
        f"DELETE {BINDINGS}/bl?args=value:198.18.0.0",
        f"DELETE {BINDINGS}/bl?args=value:198.18.0.1",
    ]
    assert "unbind" in target.notes[0]


def test_a_form_that_worked_once_is_not_given_up() -> None:
    answers = iter([Answer(201), reply(599, code=1233)])
    target, transport = blocklist(
        lambda r: next(answers) if BINDINGS in r.url else None
    )
    target.bind(many(2), MARK)
    with pytest.raises(TargetFaultError):
        target.bind(many(2), MARK)
    assert transport.asked == [PUT, PUT]


def one_by_one(*answers: Answer | Exception) -> tuple[list[Fate], int]:
    """Bind four values on a build without arrays, with these answers."""
    given = iter(answers)

    def answering(request: Request) -> Answer | Exception | None:
        if "/log" in request.url:
            return None
        return no_arrays(request) or next(given)

    target, transport = blocklist(answering)
    return fates(target.bind(many(4), MARK)), len(transport.asked) - 4


def test_one_by_one_each_value_has_its_own_fate() -> None:
    answers = (reply(201), reply(409, code=273), reply(599, code=2873), reply(201))
    assert one_by_one(*answers) == ([DONE, ALREADY, REFUSED, DONE], 4)


def test_one_by_one_what_follows_an_unanswered_value_is_not_sent() -> None:
    lost = NoAnswerError("reset")
    assert one_by_one(reply(201), lost) == ([DONE] + [UNKNOWN] * 3, 2)


def test_one_by_one_what_follows_a_failure_is_left_to_reading() -> None:
    refused = reply(403, code=2138)
    assert one_by_one(reply(201), refused) == ([DONE] + [UNKNOWN] * 3, 2)


def test_one_by_one_a_failure_at_the_first_raises() -> None:
    with pytest.raises(TargetRightsError):
        one_by_one(reply(403, code=2138))


# Comments


@pytest.mark.parametrize(
    "answer",
    [
        bulk(278, 278),
        bulk(1090, 1090),
        reply(599, code=278, message="Invalid argument [comment]"),
        reply(599, code=1090, message="No such argument [comment]"),
        reply(599, code=278, message="Invalid argument"),
        bulk(1106, 1106),
    ],
)
def test_a_build_without_comments_is_found_out_by_the_first_batch(
    answer: Answer,
) -> None:
    target, transport = blocklist(writes(answer))
    before = target.comments
    assert fates(target.bind(many(2), MARK)) == [REFUSED, REFUSED]
    assert (before, target.comments) == (None, False)
    assert len(transport.asked) == 1


def test_one_bad_value_does_not_put_comments_in_doubt() -> None:
    target, _ = blocklist(writes(bulk(0, 278)))
    target.bind(many(2), MARK)
    assert target.comments is True


def test_a_bad_value_alone_does_not_put_comments_in_doubt() -> None:
    bad = reply(599, code=278, message="Invalid argument [value]")
    target, _ = blocklist(writes(bad))
    assert fates(target.bind(many(1), MARK)) == [REFUSED]
    assert target.comments is None


def test_without_marks_nothing_is_learnt_of_comments() -> None:
    target, _ = blocklist(lambda _r: None)
    target.bind(many(2), "")
    assert target.comments is None
