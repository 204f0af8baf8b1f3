"""Signing in, sending, signing out."""

import logging

import msgspec
import pytest

from netscaler.boxes import LabBox
from netscaler.scripted import PASSWORD, TOKEN, Idle, Scripted, reply, session
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
    Request,
    UntrustedError,
)
from tq_conn_citrix_waf.netscaler.call import Call, args, in_path
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.nitro import AnswerLostError, Nitro


def logging_in(request: Request) -> bool:
    return request.url.endswith("/login")


def only_login(answer: Answer | Exception) -> Scripted:
    return Scripted(lambda r: answer if logging_in(r) else None)


def cookie_of(*headers: tuple[str, str], body: bytes = b"") -> str:
    transport = only_login(Answer(201, headers, body))
    session(transport).get("nsversion", "read")
    return transport.sent[-1].headers["Cookie"]


def test_the_password_goes_out_once_and_in_the_body() -> None:
    transport = Scripted()
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
        nitro.get("nsversion", "read")
    bodies = [r.body or b"" for r in transport.sent]
    assert [PASSWORD.encode() in body for body in bodies] == [True, False, False, False]
    assert not any(PASSWORD in r.url for r in transport.sent)


def test_a_session_asks_for_a_short_life() -> None:
    transport = Scripted()
    session(transport).get("nsversion", "read")
    body = msgspec.json.decode(transport.sent[0].body or b"")
    assert body["login"]["timeout"] == 900


def test_a_time_out_that_is_not_allowed_is_left_out() -> None:
    def answering(request: Request) -> Answer | None:
        wished = logging_in(request) and b"timeout" in (request.body or b"")
        return reply(599, code=1219, message="Invalid timeout") if wished else None

    transport = Scripted(answering)
    assert session(transport).get("nsversion", "read").ok
    assert transport.count("login") == 2


@pytest.mark.parametrize("name", ["NITRO_AUTH_TOKEN", "sessionid"])
def test_the_cookie_goes_back_as_it_came(name: str) -> None:
    value = f"{name}=%23%23AB; path=/nitro/v1"
    assert cookie_of(("set-cookie", value)) == f"{name}=%23%23AB"


def test_a_cookie_that_is_being_deleted_is_no_session() -> None:
    headers = [("set-cookie", "SESSID=deleted; path=/"), ("set-cookie", "sessionid=A")]
    assert cookie_of(*headers) == "sessionid=A"


def test_without_a_cookie_the_token_of_the_body_is_sent_encoded() -> None:
    body = msgspec.json.encode({"errorcode": 0, "sessionid": TOKEN})
    assert cookie_of(body=body) == "NITRO_AUTH_TOKEN=%23%230123ABCD"


def test_a_sign_in_without_any_token_is_a_fault() -> None:
    nitro = session(only_login(Answer(201)))
    with pytest.raises(TargetFaultError, match="no session token"):
        nitro.get("nsversion", "read")


@pytest.mark.parametrize("code", ["NITRO_AUTH_TOKEN", "sessionid", "by content type"])
def test_the_lab_takes_the_cookie_in_each_of_its_forms(box: LabBox, code: str) -> None:
    box.dialect(cookie_name=code)
    assert box.target.node().build.startswith("NetScaler NS")


@pytest.mark.parametrize(
    "answer",
    [
        reply(401, code=354, message="Invalid username or password"),
        reply(599, code=1034, message="Login challenged"),
        reply(599, code=1045, message="licence"),
        reply(599, code=1046, message="change it"),
        Answer(401, (), b"<html><h4>Not you</h4></html>"),
        Answer(403),
    ],
)
def test_a_refused_sign_in_is_never_tried_again(answer: Answer) -> None:
    transport = only_login(answer)
    nitro = session(transport)
    for _ in range(3):
        with pytest.raises(TargetSignInError) as caught:
            nitro.get("nsversion", "read")
        assert caught.value.cure
    assert transport.count("login") == 1
    assert transport.asked == []


def test_a_sign_in_without_an_answer_is_not_sent_again() -> None:
    transport = only_login(NoAnswerError("timed out"))
    with pytest.raises(TargetUnreachableError) as caught:
        session(transport).get("nsversion", "read")
    assert not isinstance(caught.value, AnswerLostError)
    assert transport.count("login") == 1


@pytest.mark.parametrize("code", [445, 446, 447])
@pytest.mark.parametrize("status", [503, 599])
def test_no_session_left_says_so_and_may_pass(code: int, status: int) -> None:
    transport = only_login(reply(status, code=code, message="limit exceeded"))
    with pytest.raises(TargetSessionsError) as caught:
        session(transport).get("nsversion", "read")
    assert caught.value.later


@pytest.mark.parametrize(
    "answer",
    [
        reply(401, code=444, message="Session expired or killed"),
        reply(401, code=1027),
        reply(200, code=444),
        Answer(401, (), b"<html>"),
    ],
)
def test_a_lost_session_is_renewed_once_and_the_request_repeated(
    answer: Answer,
) -> None:
    lost = iter([answer])

    def answering(request: Request) -> Answer | None:
        return None if "/log" in request.url else next(lost, None)

    transport = Scripted(answering)
    assert session(transport).call(Call("PUT", "x", "write", body={})).ok
    assert transport.count("login") == 2
    assert transport.asked == ["PUT x", "PUT x"]


def test_a_session_lost_twice_at_once_is_a_fault() -> None:
    def answering(request: Request) -> Answer | None:
        return None if "/log" in request.url else reply(401, code=444)

    transport = Scripted(answering)
    with pytest.raises(TargetFaultError, match="fresh sign-in"):
        session(transport).fetch("nsversion", "read")
    assert transport.count("login") == 2


def test_every_session_that_was_opened_is_signed_out_of() -> None:
    lost = iter([reply(401, code=444)])

    def answering(request: Request) -> Answer | None:
        return None if "/log" in request.url else next(lost, None)

    transport = Scripted(answering)
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
    assert transport.count("logout") == 2
    assert nitro.notes == []


def test_a_session_that_was_never_opened_is_not_closed() -> None:
    transport = Scripted()
    with session(transport):
        pass
    assert transport.sent == []


def test_closing_twice_signs_out_once() -> None:
    transport = Scripted()
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
        nitro.close()
    assert transport.count("logout") == 1


def failing_inside(nitro: Nitro) -> None:
    with nitro:
        nitro.get("nsversion", "read")
        raise KeyError("anything")


def test_an_error_inside_still_signs_out() -> None:
    transport = Scripted()
    with pytest.raises(KeyError):
        failing_inside(session(transport))
    assert transport.count("logout") == 1


@pytest.mark.parametrize(
    "answer", [NoAnswerError("timed out"), Answer(500, (), b"<title>Oops</title>")]
)
def test_a_failed_sign_out_is_only_noted(answer: Answer | Exception) -> None:
    transport = Scripted(lambda r: answer if r.url.endswith("/logout") else None)
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
    assert transport.count("logout") == 1
    assert "could not sign out" in nitro.notes[0]


def test_signing_out_of_a_session_that_is_gone_is_nothing_to_note() -> None:
    gone = reply(401, code=444)
    transport = Scripted(lambda r: gone if r.url.endswith("/logout") else None)
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
    assert nitro.notes == []


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
