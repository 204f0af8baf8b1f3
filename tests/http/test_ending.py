"""An answer without an end costs a bounded time and memory, and nothing is written."""

import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path

import pytest

from support.scenarios.stage import Stage
from tq_conn_citrix_waf import ending
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.http import (
    MOST_BYTES,
    READ_SECONDS,
    EndlessError,
    Patience,
    Request,
)
from tq_conn_citrix_waf.netscaler import dataset
from tq_conn_citrix_waf.wire import Wire

ROOM = 16 * 2**20
"""Bytes for all but the answer: the run, and the lab beside it."""
PLACES = {
    "threatq": ("/api/indicators/query", Exit.SOURCE, MOST_BYTES),
    "netscaler": ("policydataset_value_binding", Exit.TARGET, dataset.MOST_BYTES),
}
Server = Callable[[Callable[[socket.socket], None]], str]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """Set up a site whose lab is on sockets, a day of churn due."""
    directory = tmp_path / "etc"
    directory.mkdir()
    with ExitStack() as stack:
        stage = Stage(directory, patch=monkeypatch, stack=stack)
        stage.load()
        there = stage.serve(None)
        stage.key("threatq", f'host = "{there["threatq"].url}"')
        stage.form(**{"API IP/Hostname": there["adc1"].url})
        yield stage


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve one connection on loopback with a function of its socket."""
    with ExitStack() as stack:

        def serve(answer: Callable[[socket.socket], None]) -> str:
            door = stack.enter_context(socket.create_server(("127.0.0.1", 0)))

            def one() -> None:
                with door.accept()[0] as peer, suppress(OSError):
                    peer.recv(65536)
                    answer(peer)

            thread = threading.Thread(target=one)
            thread.start()
            stack.callback(thread.join)
            return f"http://127.0.0.1:{door.getsockname()[1]}/x"

        yield serve


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("service", PLACES)
def test_an_answer_without_end_fills_no_memory_and_changes_nothing(
    stage: Stage, service: str, *, packed: bool
) -> None:
    path, code, most = PLACES[service]
    stage.fault("endless", service, path=path, params={"packed": packed})
    before, mark = stage.bindings(), stage.mark
    tracemalloc.start()
    told = stage.tell()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told.code == code
    assert f"it is longer than {most:,} bytes" in told.err
    assert peak < most + ROOM
    assert stage.bindings() == before
    assert len([r for r in stage.requests(mark) if path in r["path"]]) == 1


@pytest.mark.parametrize("service", PLACES)
def test_an_answer_that_drips_is_given_up_at_its_last_moment(
    stage: Stage, service: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = PLACES[service][1]
    path = {"threatq": "/api/search", "netscaler": "nsversion"}[service]
    monkeypatch.setattr(ending, "TRANSFER_SECONDS", 0.2 - READ_SECONDS)
    stage.fault("drip", service, path=path, params={"seconds": 0.05})
    before = stage.bindings()
    told = stage.tell()
    assert told.code == code
    assert "it was still coming after 0.2 s" in told.err
    assert stage.bindings() == before


def head(peer: socket.socket) -> None:
    """Say one more field of the head for ever, slowly: 65,536 bytes would end it."""
    peer.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        peer.sendall(b"a")
        threading.Event().wait(0.02)


def soon(peer: socket.socket) -> None:
    """Say for ever that the answer comes."""
    while True:
        peer.sendall(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)


def trailer(peer: socket.socket) -> None:
    """Say fields after the body for ever."""
    peer.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n")
    while True:
        peer.sendall(b"a: b\r\n" * 100)


def nothing(peer: socket.socket) -> None:
    """Send pieces that unpack to nothing for ever."""
    peer.sendall(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: deflate\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n2\r\nx\x9c\r\n"
    )
    while True:
        peer.sendall(b"5\r\n\x00\x00\x00\xff\xff\r\n" * 100)


@pytest.mark.parametrize("said", [head, soon, trailer, nothing])
def test_whatever_part_of_an_answer_has_no_end_it_has_a_last_moment(
    server: Server,
    said: Callable[[socket.socket], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ending, "TRANSFER_SECONDS", 0.1)
    with closing(Wire()) as wire, pytest.raises(EndlessError, match=r"after 0\.2 s"):
        wire.send(Request("GET", server(said), read_seconds=0.1))


def test_a_server_is_left_as_soon_as_its_answer_is_too_long(server: Server) -> None:
    sent: list[int] = []

    def answer(peer: socket.socket) -> None:
        peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n")
        while True:
            sent.append(peer.send(bytes(2**16)))

    url = server(answer)
    with closing(Wire()) as wire, pytest.raises(EndlessError, match="1,000 bytes"):
        wire.send(Request("GET", url, most_bytes=1000))
    assert sum(sent) < 2**25


def test_an_answer_of_just_the_most_is_read(server: Server) -> None:
    body = bytes(100_000)
    said = b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n" + body
    url = server(lambda peer: peer.sendall(said))
    with closing(Wire()) as wire:
        answer = wire.send(Request("GET", url, most_bytes=100_000))
    assert answer.body == body


def test_what_had_no_end_is_not_asked_for_again(server: Server) -> None:
    def refuse(_seconds: float) -> None:
        raise AssertionError

    class Clock:
        sleep = staticmethod(refuse)

    url = server(lambda peer: peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n" + bytes(10)))
    with closing(Wire()) as wire, pytest.raises(EndlessError):
        Patience(Clock(), lambda: 0.5).send(
            wire, Request("GET", url, most_bytes=9), safe=True
        )
