"""HTTP as the adapters see it: requests, answers, what fails, and trying again.

1. A transport has one method, ``send``; in tests the other side's function is one.
2. What fails is told apart by one question: may the request have been taken in?
   ``NotSentError``: no. ``NoAnswerError``: perhaps.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Protocol

from tq_conn_citrix_waf.certificates import Certificate

READ_SECONDS = 60.0
MOST_BYTES = 32 * 2**20
"""Bytes of an answer, unpacked. The largest but for a data set is a page of ThreatQ:
a thousand indicators take 97 kB, and here could take 33 kB each."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        url: whole.
        read_seconds: bounds each wait for data.
        most_bytes: of the answer's body, unpacked; a longer one is not read on.
        status_only: the answer's status is all that is wanted; its body is not read.
    """

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    read_seconds: float = READ_SECONDS
    most_bytes: int = MOST_BYTES
    status_only: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, read whole. Header names are in lower case."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first value of a header, or ''."""
        return next((v for k, v in self.headers if k == name.lower()), "")

    def header_all(self, name: str) -> list[str]:
        """Return every value of a header that may repeat, such as Set-Cookie."""
        return [v for k, v in self.headers if k == name.lower()]


class TransportError(Exception):
    """A request got no answer. The adapters translate it; it never leaves them."""


class NotSentError(TransportError):
    """The request never reached the other side: repeating it is safe."""


class NoAnswerError(TransportError):
    """The request may have been taken in; its answer did not come, or not whole."""


class EndlessError(NoAnswerError):
    """The answer is larger, or took longer, than any honest one; it was left there."""


NAME_AUTHORITY = "name the file of its certificate authority by ca_file or --ca-file"


class UntrustedError(NotSentError):
    """The other side's certificate is not trusted; nothing was sent, no credential.

    Attributes:
        certificate: what it showed; None where that is not known.
        cure: what a person does about it.
    """

    def __init__(
        self,
        words: str,
        certificate: Certificate | None = None,
        cure: str = "",
    ) -> None:
        super().__init__(words)
        self.certificate = certificate
        self.cure = cure or NAME_AUTHORITY


class Transport(Protocol):
    """The seam: one method."""

    def send(self, request: Request) -> Answer:
        """Send one request and read its answer whole.

        Raises:
            TransportError: there is no answer; its class says what that means.
        """
        ...


class Waiting(Protocol):
    """The part of a clock that waiting needs."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and how long to try again: ``attempts`` in all, doubling waits.

    ``jitter`` returns 0 to 1 and spreads clients that all failed together.
    """

    clock: Waiting
    jitter: Callable[[], float]
    attempts: int = 4
    first_wait: float = 0.5
    longest_wait: float = 30.0

    def send(self, transport: Transport, request: Request, *, safe: bool) -> Answer:
        """Send, and send again where repeating is safe.

        A request that was never sent, or was turned away unread (429, 503), is always
        repeated; one whose answer was lost (or 502, 504) only if ``safe``. What had no
        end once is not asked for again.
        """
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            asked = ""
            try:
                answer = transport.send(request)
            except (UntrustedError, EndlessError):
                raise
            except TransportError as error:
                if last or not (safe or isinstance(error, NotSentError)):
                    raise
            else:
                again = answer.status in _UNREAD or (safe and answer.status in _LOST)
                if last or not again:
                    return answer
                asked = answer.header("retry-after")
                if answer.status == HTTPStatus.TOO_MANY_REQUESTS and not _whole(asked):
                    asked = _A_MINUTE_IN_THREE
            self.clock.sleep(self._wait(attempt, asked))
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, attempt: int, asked: str) -> float:
        wait: float = self.first_wait * 2.0 ** (attempt - 1) * (0.5 + self.jitter())
        if _whole(asked):
            wait = max(wait, float(asked))
        return min(wait, self.longest_wait)


def _whole(asked: str) -> bool:
    """Whether it is a number of seconds, less than a day or so; a date is not read."""
    return asked.isascii() and asked.isdigit() and len(asked) < 6  # noqa: PLR2004  # digits


_A_MINUTE_IN_THREE = "25"
"""Seconds after a 429 that names none: such limits are mostly counted by the minute,
and four attempts wait three times."""
_UNREAD = frozenset({429, 503})
_LOST = frozenset({502, 504})
