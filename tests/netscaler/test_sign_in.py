"""Signing in and out."""

import msgspec
import pytest

from netscaler.boxes import LabBox
from netscaler.scripted import (
    PASSWORD,
    TOKEN,
    Scripted,
    logging_in,
    only_login,
    reply,
    session,
)
from tq_conn_citrix_waf.errors import (
    TargetFaultError,
    TargetSessionsError,
    TargetSignInError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.http import (
    Answer,
    NoAnswerError,
    Request,
)
from tq_conn_citrix_waf.netscaler.call import Call
from tq_conn_citrix_waf.netscaler.nitro import AnswerLostError, Nitro


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


def test_what_is_noted_is_noted_once() -> None:
    nitro = session(Scripted())
    for _ in range(2):
        nitro.note("the same")
    assert nitro.notes == ["the same"]


def test_signing_out_of_a_session_that_is_gone_is_nothing_to_note() -> None:
    gone = reply(401, code=444)
    transport = Scripted(lambda r: gone if r.url.endswith("/logout") else None)
    with session(transport) as nitro:
        nitro.get("nsversion", "read")
    assert nitro.notes == []
