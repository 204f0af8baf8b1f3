"""Requests from a socket: HTTP/1.1 as RFC 9112 has it, no more leniency than needed.

1. What is no request ends in ``NoRequestError`` with the status that says why.
2. A client that leaves between two requests ends in ``GoneError``: no fault of anybody.
"""

import re
import socket

from citrix_waf_lab.wire import Request

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 256 * 1024 * 1024
"""A million bindings in one array are about 60 MB."""

_CHUNK = 256 * 1024
_BLANK = b"\r\n\r\n"
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}")  # int() would take signs and underscores too


class GoneError(Exception):
    """The client has left."""


class NoRequestError(Exception):
    """What arrived is no request; ``status`` is the answer that it deserves."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


class Reader:
    """Reads the requests of one connection, one after another."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._held = b""

    def request(self) -> tuple[Request, bool]:
        """Read one request; also tell whether the client keeps the connection.

        Raises:
            GoneError: the client has left, between requests or within one.
            NoRequestError: no request, or one beyond the limits.
        """
        head = self._until(_BLANK, HEAD_LIMIT, 431)
        first, *lines = head.decode("latin-1").split("\r\n")
        parts = first.split(" ")
        if len(parts) != 3 or parts[2] not in {"HTTP/1.0", "HTTP/1.1"}:  # noqa: PLR2004 -- method, target, version
            raise NoRequestError(400, f"no request line: {first[:80]!r}")
        method, target, version = parts
        headers = tuple(map(_header, lines))
        path, _, query = _origin(target).partition("?")
        bare = Request(method, path, query, headers)
        body = self._body(bare)
        wish = (bare.header("Connection") or "").lower()
        keeps = "keep-alive" in wish if version == "HTTP/1.0" else "close" not in wish
        return (Request(method, path, query, headers, body) if body else bare), keeps

    def _body(self, head: Request) -> bytes:
        coding = head.header("Transfer-Encoding")
        length = head.header("Content-Length")
        if coding is None and length is None:
            return b""
        if coding is not None and (coding.lower() != "chunked" or length is not None):
            raise NoRequestError(400, "a body is either chunked or has a length")
        size = 0
        if length is not None:
            if not length.isdecimal():
                raise NoRequestError(400, f"no length: {length!r}")
            size = int(length)
            _within(size)
        if (head.header("Expect") or "").lower() == "100-continue":
            self._sock.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        return self._chunks() if length is None else self._exactly(size)

    def _chunks(self) -> bytes:
        parts: list[bytes] = []
        while True:
            line = self._until(b"\r\n", HEAD_LIMIT, 400)
            digits = line.partition(b";")[0].strip()
            if not _HEX.fullmatch(digits):
                raise NoRequestError(400, f"no chunk size: {line[:20]!r}")
            size = int(digits, 16)
            if not size:
                break
            parts.append(self._exactly(size))
            _within(sum(map(len, parts)))
            if self._exactly(2) != b"\r\n":
                raise NoRequestError(400, "a chunk is longer than it says")
        while self._until(b"\r\n", HEAD_LIMIT, 431):
            pass
        return b"".join(parts)

    def _until(self, mark: bytes, limit: int, status: int) -> bytes:
        while (end := self._held.find(mark)) < 0:
            if len(self._held) > limit:
                raise NoRequestError(status, f"more than {limit} bytes of head")
            self._held += self._more()
        found, self._held = self._held[:end], self._held[end + len(mark) :]
        return found

    def _exactly(self, size: int) -> bytes:
        if len(self._held) < size:
            parts = [self._held]
            missing = size - len(self._held)
            while missing > 0:
                parts.append(self._more())
                missing -= len(parts[-1])
            self._held = b"".join(parts)
        found, self._held = self._held[:size], self._held[size:]
        return found

    def _more(self) -> bytes:
        data = self._sock.recv(_CHUNK)
        if not data:
            raise GoneError
        return data


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name or name != name.strip():
        raise NoRequestError(400, f"no header: {line[:80]!r}")
    return name, value.strip(" \t")


def _origin(target: str) -> str:
    """Return the target without scheme and host, which a proxy's client sends."""
    scheme, mark, rest = target.partition("://")
    if mark and scheme.lower() in {"http", "https"}:
        _, slash, path = rest.partition("/")
        return slash + path or "/"
    if not target.startswith("/") and target != "*":
        raise NoRequestError(400, f"no target: {target[:80]!r}")
    return target


def _within(size: int) -> None:
    if size > BODY_LIMIT:
        raise NoRequestError(413, f"more than {BODY_LIMIT} bytes of body")
