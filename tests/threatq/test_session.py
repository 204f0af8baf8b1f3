"""Signing in, renewing, and what each bad answer becomes."""

import logging
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from citrix_waf_lab.clock import Clock
from support.transport import LabClock
from threatq.stub import BASE, PASSWORD, Site, Stub, answer, session
from tq_conn_citrix_waf.errors import (
    SourceCertificateError,
    SourceFaultError,
    SourceRefusedError,
    SourceSignInError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.http import (
    Answer,
    NoAnswerError,
    NotSentError,
    Patience,
    Request,
    TransportError,
    UntrustedError,
)
from tq_conn_citrix_waf.threatq.session import (
    Credentials,
    PrivateCredentials,
    Session,
)

HTML = b"<!DOCTYPE html><title>Be right back.</title>"


@pytest.fixture
def stub() -> Stub:
    made = Stub()
    made.routes["GET /api/x"] = lambda _: answer({"data": []})
    return made


def test_the_password_travels_in_the_body_only(stub: Stub) -> None:
    session(stub).get("/api/x")
    sent = stub.sent[0]
    asked = parse_qs(urlsplit(sent.url).query)
    assert asked == {"grant_type": ["password"], "client_id": ["c0ffee"]}
    assert msgspec.json.decode(sent.body or b"") == {
        "grant_type": "password",
        "client_id": "c0ffee",
        "email": "tq@example.org",
        "password": PASSWORD,
    }


def test_a_request_carries_the_token_and_asks_for_json(stub: Stub) -> None:
    session(stub).get("/api/x", {"name": "a b&c"})
    assert stub.sent[1].headers["Authorization"] == "Bearer t1"
    assert stub.sent[1].headers["Accept"] == "application/json"
    assert stub.sent[1].url == f"{BASE}/api/x?name=a+b%26c"


def test_private_credentials_sign_in_by_http_basic(stub: Stub) -> None:
    clock = LabClock(Clock())
    patience = Patience(clock, lambda: 0.5)
    who = PrivateCredentials("id", "secret")
    Session(stub, BASE, who, clock=clock, patience=patience).get("/api/x")
    assert stub.sent[0].headers["Authorization"] == "Basic aWQ6c2VjcmV0"
    assert stub.sent[0].body == b"grant_type=client_credentials"


def test_neither_repr_nor_log_nor_error_shows_a_secret(
    stub: Stub, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = {"errors": {"password": [f"{PASSWORD} is wrong"]}}
    stub.routes["POST /api/token"] = lambda _: answer({"data": echo}, 400)
    whole = session(stub)
    with pytest.raises(SourceSignInError) as caught:
        whole.get("/api/x")
    who = Credentials("c0ffee", "tq@example.org", PASSWORD)
    private = PrivateCredentials("id", PASSWORD)
    shown = (caught.value.what, caught.value.cure, who, private, whole, caplog.text)
    assert "is wrong" in caught.value.what
    assert PASSWORD not in "".join(map(repr, shown))


@pytest.mark.parametrize("status", [400, 401, 403, 422])
def test_a_refused_sign_in_is_not_tried_again(stub: Stub, status: int) -> None:
    stub.routes["POST /api/token"] = lambda _: answer({}, status)
    refused = session(stub)
    for _ in range(3):
        with pytest.raises(SourceSignInError, match=str(status)):
            refused.get("/api/x")
    assert len(stub.sent) == 1


def test_a_sign_in_whose_answer_is_lost_is_not_repeated(stub: Stub) -> None:
    def lost(_: object) -> Answer:
        raise NoAnswerError("Connection broken")

    stub.routes["POST /api/token"] = lost
    with pytest.raises(SourceUnreachableError, match="no whole answer"):
        session(stub).get("/api/x")
    assert len(stub.sent) == 1


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"access_token": ""},
        {"access_token": None},
        {"access_token": "a\nb"},
        {"data": {"access_token": "t"}},
        HTML,
        b'{"access_token": "t',
    ],
)
def test_an_answer_without_a_token_is_an_error(stub: Stub, body: object) -> None:
    stub.routes["POST /api/token"] = lambda _: answer(body)
    with pytest.raises((SourceFaultError, SourceRefusedError)):
        session(stub).get("/api/x")


@pytest.mark.parametrize(
    ("said", "fresh", "stale"),
    [(3600, 3539, 3541), ("172799", 172738, 172740), (None, 1739, 1741), (40, 29, 31)],
)
def test_a_token_is_renewed_a_little_before_its_end(
    stub: Stub, said: object, fresh: int, stale: int
) -> None:
    clock = LabClock(Clock())
    token = {"access_token": "t1", "expires_in": said}
    stub.routes["POST /api/token"] = lambda _: answer(token)
    one = session(stub, clock)
    one.get("/api/x")
    clock.sleep(fresh)
    one.get("/api/x")
    assert stub.paths().count("POST /api/token") == 1
    clock.sleep(stale - fresh)
    one.get("/api/x")
    assert stub.paths().count("POST /api/token") == 2


def test_a_token_that_dies_early_is_renewed_once_a_request(stub: Stub) -> None:
    left = [answer({}, 401), answer({"data": [1]})]
    stub.routes["GET /api/x"] = lambda _: left.pop(0)
    assert session(stub).get("/api/x") == b'{"data":[1]}'
    assert stub.paths() == ["POST /api/token", "GET /api/x"] * 2


def test_a_new_token_that_is_refused_too_is_an_error(stub: Stub) -> None:
    stub.routes["GET /api/x"] = lambda _: answer({}, 401)
    with pytest.raises(SourceSignInError, match="just given"):
        session(stub).get("/api/x")
    assert stub.paths() == ["POST /api/token", "GET /api/x"] * 2


def test_a_redirect_is_named_without_its_query_and_not_followed(stub: Stub) -> None:
    stub.routes["GET /api/x"] = lambda _: answer(
        b"", 302, location="https://u:p@other.example/login?token=abc#d"
    )
    with pytest.raises(SourceRefusedError) as caught:
        session(stub).get("/api/x")
    assert "https://other.example/login;" in caught.value.what
    assert len(stub.sent) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"data": {"errors": {"name": ["is taken", "is long"]}}}, "is taken; is long"),
        ({"errors": ["one", ["two", "three"]]}, "one; two; three"),
        ({"error": "invalid", "error_description": "no such user"}, "no such user"),
        ({"message": "Forbidden"}, "Forbidden"),
        ({"errors": ["red \x1b[31m\n alert"]}, "red [31m alert"),
        ({"errors": ["x" * 500]}, "x" * 200 + "..."),
    ],
)
def test_the_words_of_a_refusal_are_read_in_each_form(
    stub: Stub, body: object, said: str
) -> None:
    stub.routes["GET /api/x"] = lambda _: answer(body, 403)
    with pytest.raises(SourceRefusedError) as caught:
        session(stub).get("/api/x")
    assert caught.value.what == f"GET /api/x: ThreatQ answered 403 ({said})"


@pytest.mark.parametrize("body", [HTML, b"", b"[", b'"text"', b"[1, 2]", b"\xff"])
def test_a_refusal_without_words_is_told_by_its_status(stub: Stub, body: bytes) -> None:
    stub.routes["GET /api/x"] = lambda _: answer(body, 404)
    with pytest.raises(SourceRefusedError) as caught:
        session(stub).get("/api/x")
    assert caught.value.what == "GET /api/x: ThreatQ answered 404"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (HTML, "a web page"),
        (b"", "something else"),
        (b'{"data": [1,', "broken or foreign JSON"),
        (b"[1]", "broken or foreign JSON"),
        (b'{"total": 3}', "no data"),
        (b'{"data": [], "errors": ["database is gone"]}', "database is gone"),
        (b'{"errors": []}', "with an error"),
    ],
)
def test_a_good_status_without_data_is_a_fault(
    stub: Stub, body: bytes, words: str
) -> None:
    stub.routes["GET /api/x"] = lambda _: answer(body)
    with pytest.raises(SourceFaultError, match=words):
        session(stub).get("/api/x")


def test_an_empty_object_means_that_a_right_is_missing(stub: Stub) -> None:
    stub.routes["GET /api/x"] = lambda _: answer({})
    with pytest.raises(SourceRefusedError, match="no right"):
        session(stub).get("/api/x")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504, 520])
def test_trouble_that_lasts_is_a_fault_for_later(stub: Stub, status: int) -> None:
    stub.routes["GET /api/x"] = lambda _: answer(HTML, status)
    with pytest.raises(SourceFaultError, match=str(status)) as caught:
        session(stub).get("/api/x")
    assert caught.value.later


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_server_is_waited_for_as_long_as_it_asks(
    stub: Stub, status: int
) -> None:
    clock = LabClock(Clock())
    left = [answer({}, status, retry_after="7"), answer({"data": []})]
    stub.routes["GET /api/x"] = lambda _: left.pop(0)
    before = clock.monotonic()
    session(stub, clock).get("/api/x")
    assert clock.monotonic() - before == 7


@pytest.mark.parametrize(
    ("error", "becomes"),
    [
        (UntrustedError("self-signed certificate"), SourceCertificateError),
        (NotSentError("Connection refused"), SourceUnreachableError),
        (NoAnswerError("Read timed out"), SourceUnreachableError),
    ],
)
def test_no_answer_is_told_with_its_place_and_a_cure(
    error: TransportError, becomes: type[Exception]
) -> None:
    class Dead:
        def send(self, _: Request) -> Answer:
            raise error

    with pytest.raises(becomes, match=f"{BASE}.*{error}"):
        session(Dead()).get("/api/x")


@pytest.mark.parametrize(
    "dialect",
    [
        {"bad_login_status": 401},
        {"token_type": "Bearer"},
        {"token_expires_in_form": "string"},
        {"token_expires_in_form": "absent"},
        {"token_expires_in": 172799},
    ],
)
def test_each_dialect_of_the_token_is_understood(dialect: dict[str, object]) -> None:
    site = Site()
    site.dialect(**dialect)
    assert b"Active" in site.session.get("/api/indicator/statuses")


@pytest.mark.parametrize("status", [400, 401])
@pytest.mark.parametrize("form", ["data", "list", "nested list"])
def test_the_lab_refuses_a_wrong_password(status: int, form: str) -> None:
    site = Site()
    site.dialect(bad_login_status=status, threatq_error_form=form)
    wrong = session(site.session._transport, site.clock, password="no")
    with pytest.raises(SourceSignInError, match=str(status)):
        wrong.get("/api/indicator/statuses")


def test_a_token_that_lives_shorter_than_it_says_costs_one_more_sign_in() -> None:
    site = Site()
    site.dialect(token_lifetime=600)
    site.session.get("/api/indicator/statuses")
    site.clock.sleep(900)
    site.session.get("/api/indicator/statuses")
    assert site.asked().count("POST /api/token") == 2
