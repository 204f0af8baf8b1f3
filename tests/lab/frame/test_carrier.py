"""Sockets: what the carrier reads, what it adds, and what it does not let through."""

import http.client
import re
import socket
from collections.abc import Iterator

import pytest

from citrix_waf_lab.carrier import Carrier
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.wire import Answer, Request


def echo(request: Request) -> Answer:
    """Tell what was understood; fail where asked to."""
    if request.path == "/bug":
        raise LookupError(request.path)
    if request.path == "/goodbye":
        return Answer(200, "OK", (("Connection", "close"),), b"bye")
    if request.path == "/nothing":
        return Answer(204, "No Content")
    told = f"{request.method} {request.path} {request.query} {len(request.body)}"
    headers = (("X-Body", request.body[:20].decode("latin-1")),)
    return Answer(207, "Multi Status", headers, told.encode())


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    carrier = Carrier(echo, Clock())
    yield carrier.port
    carrier.stop()


def exchange(port: int, sent: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.sendall(sent)
        sock.shutdown(socket.SHUT_WR)
        came = b""
        while data := sock.recv(65536):
            came += data
    return came


def test_the_reason_phrase_is_exact_and_date_is_the_labs(port: int) -> None:
    came = exchange(port, b"GET /a%2Fb?x=1&y=%20 HTTP/1.1\r\nHost: h\r\n\r\n")
    assert came == (
        b"HTTP/1.1 207 Multi Status\r\n"
        b"Date: Mon, 05 Jan 2026 08:00:00 GMT\r\n"
        b"X-Body: \r\n"
        b"Content-Length: 22\r\n\r\n"
        b"GET /a%2Fb x=1&y=%20 0"
    )


def test_a_connection_carries_many_requests(port: int) -> None:
    link = http.client.HTTPConnection("127.0.0.1", port)
    for i in range(5):
        link.request("PUT", f"/{i}", b"x" * i)
        assert link.getresponse().read() == f"PUT /{i}  {i}".encode()
    link.close()


def test_requests_sent_ahead_are_answered_in_order(port: int) -> None:
    came = exchange(port, b"GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n")
    assert re.findall(rb"GET /\d", came) == [b"GET /1", b"GET /2"]


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n",
        b"GET /goodbye HTTP/1.1\r\n\r\n",
    ],
)
def test_the_connection_ends_when_either_side_says_so(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        sock.sendall(head)
        came = b""
        while data := sock.recv(65536):
            came += data
    assert came.count(b"Connection: close") == 1


def test_chunks_are_put_together(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    chunks = b"3\r\nabc\r\n4;ext=1\r\ndefg\r\n0\r\nTrailer: x\r\n\r\n"
    came = exchange(port, head + chunks)
    assert b"X-Body: abcdefg\r\n" in came
    assert came.endswith(b"POST /  7")


def test_a_client_that_expects_to_continue_is_told_to(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as sock:
        head = b"PUT / HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        sock.sendall(head)
        assert sock.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        sock.sendall(b"ok")
        assert sock.recv(1000).endswith(b"PUT /  2")


def test_an_answer_to_head_has_a_length_but_no_body(port: int) -> None:
    came = exchange(port, b"HEAD / HTTP/1.1\r\n\r\n")
    assert b"Content-Length: 9\r\n" in came
    assert came.endswith(b"\r\n\r\n")


def test_an_answer_that_cannot_have_a_body_has_no_length(port: int) -> None:
    came = exchange(port, b"GET /nothing HTTP/1.1\r\n\r\n")
    assert b"Content-Length" not in came


def test_scheme_and_host_in_the_target_are_left_out(port: int) -> None:
    came = exchange(port, b"GET http://127.0.0.1:1/a/b?c HTTP/1.1\r\n\r\n")
    assert came.endswith(b"GET /a/b c 0")
    came = exchange(port, b"GET http://127.0.0.1 HTTP/1.1\r\n\r\n")
    assert came.endswith(b"GET /  0")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\n\r\n", 400),
        (b"GET here HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nspace : x\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nContent-Length: two\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n", 413),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", 400),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n", 400),
        (b"PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc", 400),
        (b"GET / HTTP/1.1\r\nX: " + b"y" * 70_000, 431),
    ],
)
def test_what_is_no_request_is_refused_and_the_connection_ends(
    port: int, sent: bytes, status: int
) -> None:
    came = exchange(port, sent)
    assert came.startswith(f"HTTP/1.1 {status} ".encode())
    assert b"Connection: close" in came


def test_a_client_that_leaves_within_a_request_hears_nothing(port: int) -> None:
    assert exchange(port, b"PUT / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc") == b""


def test_a_bug_in_the_lab_is_a_500_that_says_so(
    port: int, capsys: pytest.CaptureFixture[str]
) -> None:
    came = exchange(port, b"GET /bug HTTP/1.1\r\n\r\n")
    assert came.startswith(b"HTTP/1.1 500 Internal Server Error\r\n")
    assert b"The lab itself has failed" in came
    assert "LookupError" in capsys.readouterr().err


def test_a_port_that_is_taken_cannot_be_had_twice(port: int) -> None:
    with pytest.raises(OSError, match="in use"):
        Carrier(echo, Clock(), port=port)


def test_nobody_listens_after_a_stop() -> None:
    carrier = Carrier(echo, Clock())
    carrier.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", carrier.port))
