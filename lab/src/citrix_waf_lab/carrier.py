"""Brings an answering function to a socket on 127.0.0.1.

1. What a delivery says happens to bytes and connections here, and nowhere else.
2. ``Date`` (by the lab's clock), ``Content-Length`` and ``Connection`` are added here.

A thread a connection over blocking sockets and a parser of our own: the standard
library's http.server costs more than the emulators behind it, and neither it nor a
server with an event loop can cut an answer after n bytes, reset, or stop listening.
"""

import socket
import ssl
import struct
import sys
import threading
import traceback
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import format_datetime

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.effects import reason
from citrix_waf_lab.reading import GoneError, NoRequestError, Reader
from citrix_waf_lab.wire import Answer, Answering, Request

HOST = "127.0.0.1"

_HANDSHAKE_SECONDS = 10
_LOOK_SECONDS = 0.02
"""How often a closed door is looked at; a reboot takes tenths of seconds."""

_RST = struct.pack("ii", 1, 0)
"""SO_LINGER with no time at all: closing sends a reset."""

_BODILESS = {204, 304}

_GZIP = 31
"""What zlib calls its largest window with gzip's head."""
_SPACES = b" " * 2**18


def _never() -> bool:
    return False


class Carrier:
    """Listens on a port and carries requests to one answering function.

    Args:
        answering: what answers.
        clock: where ``Date`` comes from.
        port: where to listen; 0: anywhere.
        tls: the server's certificate; None: plain HTTP.
        closed: whether nobody listens at present.
    """

    def __init__(
        self,
        answering: Answering,
        clock: Clock,
        *,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
        closed: Callable[[], bool] = _never,
    ) -> None:
        self._answering = answering
        self._clock = clock
        self._tls = tls
        self._closed = closed
        self._date = (0, "")
        self._stop = threading.Event()
        self._door = threading.Lock()
        self._open: set[socket.socket] = set()
        # Holds the port while nobody listens: Linux lets several sockets have it
        # (SO_REUSEADDR) as long as one at most listens.
        self._place = _bound(port)
        self.port: int = self._place.getsockname()[1]
        self._listener: socket.socket | None = None
        # Closed by the accepting thread alone: it may stand in ``accept``.
        self._spent: list[socket.socket] = []
        try:
            self.attend()
        except OSError:
            self._place.close()
            raise
        self._thread = threading.Thread(target=self._accept, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens, without a path."""
        scheme = "http" if self._tls is None else "https"
        return f"{scheme}://{HOST}:{self.port}"

    def attend(self) -> None:
        """Listen, or stop listening, as the service says."""
        with self._door:
            closed = self._closed() or self._stop.is_set()
            if closed and self._listener is not None:
                with suppress(OSError):
                    self._listener.shutdown(socket.SHUT_RDWR)
                self._spent.append(self._listener)
                self._listener = None
            elif not closed and self._listener is None:
                self._listener = _bound(self.port)
                self._listener.listen(128)
        if closed:
            self.drop()

    def drop(self) -> None:
        """End all connections."""
        for sock in tuple(self._open):
            with suppress(OSError):
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def stop(self) -> None:
        """Stop listening and end all connections."""
        self._stop.set()
        self.attend()
        self._thread.join()
        for sock in (self._place, *self._spent):
            sock.close()

    def _accept(self) -> None:
        while not self._stop.is_set():
            while self._spent:
                self._spent.pop().close()
            listener = self._listener
            if listener is None:
                self._stop.wait(_LOOK_SECONDS)
                self.attend()
                continue
            try:
                sock, _ = listener.accept()
            except OSError:  # shut by ``attend``
                self._stop.wait(_LOOK_SECONDS / 20)
                continue
            threading.Thread(target=self._serve, args=(sock,), daemon=True).start()

    def _serve(self, plain: socket.socket) -> None:
        sock = plain
        self._open.add(plain)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self._tls is not None:
                plain.settimeout(_HANDSHAKE_SECONDS)
                sock = self._tls.wrap_socket(plain, server_side=True)
                sock.settimeout(None)
                self._open.add(sock)
            self._talk(sock)
        except (GoneError, OSError):  # the client left, or ``drop`` ended it
            pass
        finally:
            self._open.discard(plain)
            self._open.discard(sock)
            sock.close()

    def _talk(self, sock: socket.socket) -> None:
        reader = Reader(sock)
        keeps = True
        while keeps and not self._stop.is_set():
            try:
                request, keeps = reader.request()
            except NoRequestError as flaw:
                words = (("Content-Type", "text/plain"),)
                answer = Answer(
                    flaw.status, reason(flaw.status), words, f"{flaw}\n".encode()
                )
                self._send(sock, Request("GET", "/"), answer, keeps=False)
                sock.settimeout(1)
                _linger(sock)
                return
            keeps = self._send(sock, request, self._answer(request), keeps=keeps)

    def _answer(self, request: Request) -> Answer:
        try:
            return self._answering(request)
        except Exception:  # noqa: BLE001 -- a bug in the lab must not look like a fault
            traceback.print_exc(file=sys.stderr)
            words = b"The lab itself has failed; its standard error says where.\n"
            return Answer(500, reason(500), (("Content-Type", "text/plain"),), words)

    def _send(
        self, sock: socket.socket, request: Request, answer: Answer, *, keeps: bool
    ) -> bool:
        """Deliver an answer; return whether the connection stays."""
        way = answer.delivery
        if way.refuse:
            _reset(sock)
            return False
        if way.never:
            _linger(sock)
            return False
        if way.delay:
            self._stop.wait(way.delay)
        claimed = answer.header("Content-Length")
        lies = claimed is not None and int(claimed) > len(answer.body)
        keeps = keeps and not lies and answer.header("Connection") != "close"
        head = self._head(answer, keeps=keeps)
        body = b"" if request.method == "HEAD" else answer.body
        if way.cut_after is not None:
            sock.sendall((head + body)[: way.cut_after])
            if way.reset:
                _reset(sock)
            return False
        if way.endless and request.method != "HEAD":
            self._flood(sock, answer)
            return False
        if way.drip:
            self._drip(sock, head, body, way.drip)
        else:
            sock.sendall(head + body)
        if way.half_close:
            sock.shutdown(socket.SHUT_WR)
            _linger(sock)
            return False
        if not keeps:
            _farewell(sock)
        return keeps

    def _head(self, answer: Answer, *, keeps: bool) -> bytes:
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
        if answer.header("Date") is None:
            lines.append(f"Date: {self._now()}")
        lines += [f"{name}: {value}" for name, value in answer.headers]
        framed = answer.header("Content-Length") or answer.header("Transfer-Encoding")
        if answer.status not in _BODILESS and framed is None:
            lines.append(f"Content-Length: {len(answer.body)}")
        if not keeps and answer.header("Connection") is None:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _now(self) -> str:
        second = int(self._clock.now().timestamp())
        if second != self._date[0]:
            instant = datetime.fromtimestamp(second, UTC)
            self._date = (second, format_datetime(instant, usegmt=True))
        return self._date[1]

    def _flood(self, sock: socket.socket, answer: Answer) -> None:
        """Send a body that goes on until the client leaves."""
        heads = [(k, v) for k, v in answer.headers if k.lower() != "content-length"]
        heads.append(("Transfer-Encoding", "chunked"))
        packer = zlib.compressobj(wbits=_GZIP)
        if answer.delivery.packed:
            heads.append(("Content-Encoding", "gzip"))
        sock.sendall(self._head(replace(answer, headers=tuple(heads)), keeps=False))
        more = answer.body
        while not self._stop.is_set():
            if answer.delivery.packed:
                more = packer.compress(more) + packer.flush(zlib.Z_SYNC_FLUSH)
            if more:
                sock.sendall(b"%x\r\n%b\r\n" % (len(more), more))
            more = _SPACES

    def _drip(
        self, sock: socket.socket, head: bytes, body: bytes, seconds: float
    ) -> None:
        sock.sendall(head)
        for i in range(len(body)):
            if self._stop.wait(seconds):
                return
            sock.sendall(body[i : i + 1])


def _bound(port: int) -> socket.socket:
    sock = socket.socket()
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, port))
    except (OSError, OverflowError):  # taken, forbidden, or no port at all
        sock.close()
        raise
    return sock


def _reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)


def _linger(sock: socket.socket) -> None:
    """Wait until the client leaves, whatever it still says."""
    while sock.recv(65536):
        pass


def _farewell(sock: socket.socket) -> None:
    """Say goodbye in TLS; without it a client takes the end for an attack."""
    if isinstance(sock, ssl.SSLSocket):
        sock.setblocking(False)  # noqa: FBT003 -- the standard library's signature
        with suppress(OSError):
            sock.unwrap()
