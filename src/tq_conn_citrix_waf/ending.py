"""Every answer ends: it has a largest size, and a last moment.

1. Counted is what is kept: what came packed is counted unpacked, piece by piece.
2. A time limit on a socket bounds one wait for data: a server that says one byte a
   second never meets it. Here head, body and all are due at one moment.
"""

import time
from http.client import HTTPResponse
from io import BufferedReader, RawIOBase
from socket import socket
from typing import Any, Protocol

from tq_conn_citrix_waf.http import EndlessError

_PIECE = 2**16
TRANSFER_SECONDS = 300.0
"""So long an answer may come on beyond the longest single wait: the largest one that
is read, 128 MiB, needs 3.6 Mbit/s for that, and a page of ThreatQ 3 kbit/s. With the
wait for a data set it makes 900 s; the slowest answer told of took 654 (ANS PR #59)."""


class Readable(Protocol):
    """The body of an answer, as the library hands it out; b'' at its end."""

    def read(self, amount: int, /) -> bytes:
        """Return so many bytes at most, unpacked."""
        ...


def read_whole(body: Readable, most: int) -> bytes:
    """Read a body to its end.

    Raises:
        EndlessError: it is longer than ``most`` bytes; the rest was not read.
    """
    pieces: list[bytes] = []
    size = 0
    while piece := body.read(_PIECE):
        pieces.append(piece)
        size += len(piece)
        if size > most:
            raise EndlessError(f"it is longer than {most:,} bytes")
    return b"".join(pieces)


class OverdueError(TimeoutError):
    """An answer was still coming at its last moment."""


class DueResponse(HTTPResponse):
    """As the library reads an answer; all of it is due at one moment.

    That is ``TRANSFER_SECONDS`` after the socket's own time limit, from now on.
    """

    def __init__(self, sock: socket, *args: Any, **more: Any) -> None:  # noqa: ANN401  # the library's
        super().__init__(sock, *args, **more)
        self.fp.close()
        self.fp = BufferedReader(_Due(sock))


class _Due(RawIOBase):
    """Reads a socket until the moment has come."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock
        self._raw: Any = sock.makefile("rb", buffering=0)  # holds the socket open
        self._wait = sock.gettimeout() or 0.0
        self._all = self._wait + TRANSFER_SECONDS
        self._until = time.monotonic() + self._all

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401  # any memory
        overdue = OverdueError(f"it was still coming after {self._all:g} s")
        left = self._until - time.monotonic()
        if left <= 0:
            raise overdue
        if left < self._wait:
            self._sock.settimeout(left)
        try:
            got: int | None = self._raw.readinto(buffer)
        except TimeoutError as error:
            if time.monotonic() < self._until:
                raise
            raise overdue from error
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()
