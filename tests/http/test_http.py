"""Waiting and repeating: what may have been taken in is never sent twice by itself."""

import socket
import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.http import (
    Answer,
    NoAnswerError,
    NotSentError,
    Patience,
    Request,
    TransportError,
    UntrustedError,
)
from tq_conn_citrix_waf.trust import Trust
from tq_conn_citrix_waf.wire import Wire

ASK = Request("GET", "http://127.0.0.1/")


class Waits:
    """A clock that only notes how long it was asked to wait."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)


class Script:
    """A transport that plays a list of answers and failures."""

    def __init__(self, *events: int | TransportError | Answer) -> None:
        self.events = list(events)
        self.sent = 0

    def send(self, request: Request) -> Answer:
        assert request is ASK
        self.sent += 1
        event = self.events.pop(0)
        if isinstance(event, TransportError):
            raise event
        return event if isinstance(event, Answer) else Answer(event)


def patient(clock: Waits, jitter: float = 0.5) -> Patience:
    return Patience(clock, lambda: jitter)


def test_a_request_that_was_never_sent_is_repeated() -> None:
    script = Script(NotSentError("refused"), 200)
    assert patient(Waits()).send(script, ASK, safe=False).status == 200
    assert script.sent == 2


def test_an_unanswered_write_is_sent_once() -> None:
    script = Script(NoAnswerError("cut"), 200)
    with pytest.raises(NoAnswerError):
        patient(Waits()).send(script, ASK, safe=False)
    assert script.sent == 1


def test_an_unanswered_read_is_repeated() -> None:
    script = Script(NoAnswerError("cut"), 504, 200)
    assert patient(Waits()).send(script, ASK, safe=True).status == 200


@pytest.mark.parametrize("asked", ["", "Mon, 05 Jan 2026 08:00:00 GMT"])
def test_too_many_requests_without_a_number_of_seconds_waits_out_a_minute(
    asked: str,
) -> None:
    clock, answer = Waits(), Answer(429, (("retry-after", asked),))
    assert patient(clock).send(Script(*[answer] * 4), ASK, safe=False).status == 429
    assert sum(clock.slept) > 60


@pytest.mark.parametrize("status", [429, 503])
def test_a_request_turned_away_unread_is_repeated_even_if_it_writes(
    status: int,
) -> None:
    script = Script(status, 201)
    assert patient(Waits()).send(script, ASK, safe=False).status == 201


@pytest.mark.parametrize("status", [502, 504])
def test_a_write_lost_behind_a_gateway_is_not_repeated(status: int) -> None:
    script = Script(status, 201)
    assert patient(Waits()).send(script, ASK, safe=False).status == status
    assert script.sent == 1


def test_a_certificate_that_is_not_trusted_is_not_tried_again() -> None:
    script = Script(UntrustedError("self-signed"), 200)
    with pytest.raises(UntrustedError):
        patient(Waits()).send(script, ASK, safe=True)
    assert script.sent == 1


def test_the_last_answer_is_returned_as_it_is() -> None:
    script = Script(503, 503, 503, 503, 200)
    assert patient(Waits()).send(script, ASK, safe=True).status == 503
    assert script.sent == 4


def test_retry_after_is_honoured_up_to_the_longest_wait() -> None:
    clock = Waits()
    script = Script(
        Answer(429, (("retry-after", "7"),)),
        Answer(503, (("retry-after", "86400"),)),
        Answer(503, (("retry-after", "Fri, 31 Dec 1999 23:59:59 GMT"),)),
        200,
    )
    assert patient(clock).send(script, ASK, safe=True).status == 200
    assert clock.slept == [7.0, 30.0, 2.0]


@given(st.floats(0, 1))
def test_waits_double_and_are_spread(jitter: float) -> None:
    clock = Waits()
    patient(clock, jitter).send(Script(503, 503, 503, 503), ASK, safe=True)
    assert clock.slept == [w * (0.5 + jitter) for w in (0.5, 1.0, 2.0)]


def serve(answer: Callable[[socket.socket], None]) -> tuple[str, threading.Thread]:
    """Answer one connection on loopback with a function of its socket."""
    server = socket.create_server(("127.0.0.1", 0))

    def one() -> None:
        with server, server.accept()[0] as peer:
            peer.recv(65536)
            answer(peer)

    thread = threading.Thread(target=one)
    thread.start()
    return f"http://127.0.0.1:{server.getsockname()[1]}/x", thread


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"HTTP/1.1 200 O",
        b"HTTP/1.1 201 Created\r\nServer: Apa",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf",
        b"no http at all\r\n\r\n",
    ],
)
def test_an_answer_that_is_cut_or_no_answer_may_have_been_taken_in(said: bytes) -> None:
    url, thread = serve(lambda peer: peer.sendall(said))
    wire = Wire()
    with pytest.raises(NoAnswerError):
        wire.send(Request("GET", url))
    wire.close()
    thread.join()


def test_a_server_that_never_answers_is_given_up_after_its_time() -> None:
    release = threading.Event()
    url, thread = serve(lambda _peer: (release.wait(10), None)[1])
    wire = Wire()
    with pytest.raises(NoAnswerError):
        wire.send(Request("GET", url, read_seconds=0.05))
    release.set()
    wire.close()
    thread.join()


def test_nobody_listening_means_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NotSentError, match="refused"):
        Wire().send(Request("GET", f"http://127.0.0.1:{port}/"))


def test_a_redirect_is_an_answer_and_is_not_followed() -> None:
    said = (
        b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    url, thread = serve(lambda peer: peer.sendall(said))
    wire = Wire()
    answer = wire.send(Request("GET", url))
    assert (answer.status, answer.header("location")) == (302, "http://127.0.0.1:1/")
    wire.close()
    thread.join()


def test_a_ca_file_that_is_none_is_not_trust() -> None:
    with pytest.raises(UntrustedError, match="cannot be read"):
        Wire(Trust(ca_file=__file__))
