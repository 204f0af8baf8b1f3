"""What goes in and comes out of an emulator: requests, answers, and how they travel.

1. An emulator is one function, ``answer(Request) -> Answer``. It knows no socket.
2. An answer says *what*; its ``delivery`` says *how it arrives*. Faults change the
   delivery; only the carrier (sockets) and a test's transport (in process) act on it.
3. ``Content-Length``, ``Date`` and ``Connection`` belong to the carrier. An answer
   that names ``Content-Length`` itself means to lie.
"""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, as it was sent.

    ``path`` is still percent-encoded and without the query; ``query`` is the text
    after ``?``, or ``''``.
    """

    method: str
    path: str
    query: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """Return the first value of a header, its name in any case."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer arrives.

    Attributes:
        refuse: the connection is refused; the request was never read.
        never: no byte is sent, the connection stays open until the client leaves.
        delay: seconds before the first byte.
        cut_after: bytes of head and body together, then the connection is closed.
        reset: the close is a reset (RST), not a normal end.
        half_close: the answer is sent, the sending side shut, the socket left open.
        drip: seconds between single bytes of the body.
        endless: the body, whatever it is, goes on with spaces until the client leaves.
        packed: as endless, but the whole body is packed by gzip.
    """

    refuse: bool = False
    never: bool = False
    delay: float = 0.0
    cut_after: int | None = None
    reset: bool = False
    half_close: bool = False
    drip: float = 0.0
    endless: bool = False
    packed: bool = False


WHOLE = Delivery()


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; ``reason`` is the exact reason phrase."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    delivery: Delivery = field(default=WHOLE)

    def header(self, name: str) -> str | None:
        """Return the first value of a header, its name in any case."""
        wanted = name.lower()
        return next((v for k, v in self.headers if k.lower() == wanted), None)


Answering = Callable[[Request], Answer]
"""The one function that every emulator is."""
