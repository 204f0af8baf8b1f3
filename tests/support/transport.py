"""The lab as the connector's transport and clock: in process, no socket, no waiting.

What the lab's carrier does to bytes and connections is told here in the terms of the
connector's transport: sent or not, answered whole or not.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from citrix_waf_lab import wire
from citrix_waf_lab.clock import Clock
from tq_conn_citrix_waf.http import (
    Answer,
    EndlessError,
    NoAnswerError,
    NotSentError,
    Request,
)


class LabTransport:
    """Brings the connector's requests to one emulator of the lab."""

    def __init__(self, answer: Callable[[wire.Request], wire.Answer]) -> None:
        self._answer = answer

    def send(self, request: Request) -> Answer:
        url = urlsplit(request.url)
        given = self._answer(
            wire.Request(
                request.method,
                url.path,
                url.query,
                (("Host", url.netloc), *request.headers.items()),
                request.body or b"",
            )
        )
        way = given.delivery
        if way.refuse:
            raise NotSentError("Connection refused")
        if way.never or way.delay > request.read_seconds:
            raise NoAnswerError("Read timed out")
        if way.endless:
            raise EndlessError(f"it is longer than {request.most_bytes:,} bytes")
        body = b"" if request.method == "HEAD" else given.body
        if way.cut_after is not None and way.cut_after < _head(given) + len(body):
            raise NoAnswerError("Connection broken")
        claimed = int(given.header("Content-Length") or len(body))
        if claimed > len(body):
            raise NoAnswerError("Connection broken: the body ended early")
        headers = tuple((name.lower(), value) for name, value in given.headers)
        return Answer(given.status, headers, body[:claimed])


def _head(answer: wire.Answer) -> int:
    """Return the length of the head, without what the carrier may add to it."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    return len("\r\n".join(lines)) + 4


class LabClock:
    """The lab's clock as the connector's: sleeping moves it on."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return self._clock.now().timestamp()

    def sleep(self, seconds: float) -> None:
        self._clock.advance(seconds)
