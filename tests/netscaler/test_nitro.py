"""Sending: what fails, what is repeated, how it is spelled, what is never told."""

import logging

import pytest

from netscaler.scripted import (
    PASSWORD,
    TOKEN,
    Idle,
    Scripted,
    only_login,
    reply,
    session,
)
from tq_conn_citrix_waf.errors import (
    TargetCertificateError,
    TargetError,
    TargetFaultError,
    TargetRightsError,
    TargetSessionsError,
    TargetSignInError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.http import (
    Answer,
    NoAnswerError,
    NotSentError,
    Patience,
    Request,
    UntrustedError,
)
from tq_conn_citrix_waf.netscaler.call import Call, args, in_path
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import AnswerLostError, Nitro


def test_an_unknown_certificate_is_named_and_nothing_is_sent_twice() -> None:
    transport = Scripted(lambda _request: UntrustedError("self-signed certificate"))
    with pytest.raises(TargetCertificateError, match="self-signed"):
        session(transport).get("nsversion", "read")
    assert len(transport.sent) == 1


def test_what_was_never_sent_is_tried_again_and_then_named() -> None:
    transport = Scripted(lambda _request: NotSentError("Connection refused"))
    with pytest.raises(TargetUnreachableError, match=r"adc\.example.*refused"):
        session(transport).get("nsversion", "read")
    assert len(transport.sent) == 4


def test_a_read_without_an_answer_is_tried_again() -> None:
    answers = iter([NoAnswerError("reset"), NoAnswerError("reset")])
    transport = Scripted(lambda r: None if "/log" in r.url else next(answers, None))
    assert session(transport).get("nsversion", "read").ok
    assert len(transport.asked) == 3


def test_a_write_without_an_answer_is_never_sent_again() -> None:
    transport = Scripted(
        lambda r: None if "/log" in r.url else NoAnswerError("timed out")
    )
    with pytest.raises(AnswerLostError):
        session(transport).call(Call("PUT", "x", "write", body={}))
    assert len(transport.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_to_https_says_what_to_tick(status: int) -> None:
    there = Answer(status, (("location", "https://adc.example/nitro"),))
    transport = Scripted(lambda _request: there)
    with pytest.raises(TargetFaultError) as caught:
        session(transport, "http://adc.example").get("nsversion", "read")
    assert "Use HTTPS" in caught.value.cure
    assert len(transport.sent) == 1


def test_a_redirect_to_another_host_names_it() -> None:
    there = Answer(302, (("location", "https://other.example/menu"),))
    with pytest.raises(TargetFaultError, match=r"other\.example"):
        session(Scripted(lambda _r: there)).get("nsversion", "read")


@pytest.mark.parametrize("status", [403, 599])
@pytest.mark.parametrize("code", [2138, 371, 257])
def test_a_missing_right_is_named_with_the_command(status: int, code: int) -> None:
    words = "Not authorized to execute this command [show ns version]"
    refused = reply(status, code=code, message=words)
    transport = Scripted(lambda r: None if "/log" in r.url else refused)
    with pytest.raises(TargetRightsError, match="show ns version") as caught:
        session(transport).fetch("nsversion", "read")
    assert "command policy" in caught.value.cure
    assert transport.count("login") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"errorcode": null}',
        b"\xff\xfe\x00",
        b"<html><title>Login</title></html>",
        b"<nitroResponse><errorcode>0</errorcode></nitroResponse>junk",
        b'{"errorcode": 0, "message": "Done", "nsversion',
    ],
)
def test_a_body_that_is_no_answer_never_passes_as_one(body: bytes) -> None:
    given = Answer(200, (), body)
    transport = Scripted(lambda r: None if "/log" in r.url else given)
    with pytest.raises(TargetError):
        BlockList(session(transport), "bl", Idle()).node()


def test_a_sign_in_that_meets_a_web_page_says_what_it_says() -> None:
    page = Answer(200, (), b"<html><head><title>Router</title></head></html>")
    with pytest.raises(TargetFaultError, match="a web page: Router") as caught:
        session(only_login(page)).get("nsversion", "read")
    assert "management address" in caught.value.cure


def test_a_forbidden_page_is_a_missing_right() -> None:
    page = Answer(403, (), b"<h1>Forbidden</h1>")
    transport = Scripted(lambda r: None if "/log" in r.url else page)
    with pytest.raises(TargetRightsError, match="Forbidden"):
        session(transport).fetch("nsversion", "read")


def test_an_error_in_xml_is_understood() -> None:
    said = b"<r><errorcode>446</errorcode><message>Connection limit</message></r>"
    with pytest.raises(TargetSessionsError, match="Connection limit"):
        session(only_login(Answer(599, (), said))).get("nsversion", "read")


def test_foreign_words_are_one_printable_line_of_bounded_length() -> None:
    said = reply(599, code=1074, message="a\x1b[31m\nb\u202e " + "x" * 500)
    transport = Scripted(lambda r: None if "/log" in r.url else said)
    with pytest.raises(TargetFaultError) as caught:
        session(transport).fetch("nsversion", "read")
    assert caught.value.what.isprintable()
    assert len(caught.value.what) < 300


def test_a_short_password_does_not_blot_out_every_word() -> None:
    transport = only_login(reply(401, code=354, message="Invalid password"))
    nitro = Nitro(
        transport, "https://adc", "u", "a", patience=Patience(Idle(), lambda: 0.5)
    )
    with pytest.raises(TargetSignInError, match="Invalid password"):
        nitro.get("nsversion", "read")


def test_no_secret_in_messages_logs_and_reprs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)

    def answering(request: Request) -> Answer | None:
        if "/log" in request.url:
            return None
        said = f"{PASSWORD} {request.headers['Cookie']} {TOKEN}"
        return reply(599, code=1074, message=said)

    nitro = session(Scripted(answering))
    with pytest.raises(TargetFaultError) as caught, nitro:
        nitro.fetch("nsversion", "read")
    told = f"{caught.value} {caught.value.cure} {nitro!r} {caplog.text} {nitro.notes}"
    for secret in (PASSWORD, "0123ABCD"):
        assert secret not in told


def test_names_in_the_path_are_encoded_twice() -> None:
    assert in_path("a/b c") == "a%252Fb%2520c"


def test_values_of_args_are_encoded_once_and_separators_stay() -> None:
    assert args(value="192.0.2.0/24") == "args=value:192.0.2.0%2F24"
    assert args(value="2001:db8::1", endrange="2001:db8::9") == (
        "args=value:2001%3Adb8%3A%3A1,endrange:2001%3Adb8%3A%3A9"
    )


def test_every_request_asks_for_json() -> None:
    transport = Scripted()
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
    assert {r.headers["Accept"] for r in transport.sent} == {"application/json"}


def test_a_busy_appliance_is_waited_for_as_it_asks() -> None:
    answers = iter([Answer(503, (("retry-after", "7"),)), reply()])
    transport = Scripted(lambda r: None if "/log" in r.url else next(answers))
    nitro = session(transport)
    assert nitro.call(Call("PUT", "x", "write", body={})).ok
    assert len(transport.asked) == 2
