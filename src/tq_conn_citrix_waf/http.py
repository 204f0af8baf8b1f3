"""HTTP, once: the only place that knows the HTTP library.

1. A transport has one method, ``send``; in tests the other side's function is one.
2. What fails is told apart by one question: may the request have been taken in?
   ``NotSentError``: no. ``NoAnswerError``: perhaps.
3. Redirects are never followed: a credential goes only where a person sent it.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import urllib3
from urllib3 import exceptions as library

CONNECT_SECONDS = 10.0
READ_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``url`` is whole, ``read_seconds`` bounds each wait for data."""

    method: str
    url: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = field(default=None, repr=False)
    read_seconds: float = READ_SECONDS


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


class UntrustedError(NotSentError):
    """The other side's certificate is not trusted; nothing was sent."""


class Transport(Protocol):
    """The seam: one method."""

    def send(self, request: Request) -> Answer:
        """Send one request and read its answer whole.

        Raises:
            TransportError: there is no answer; its class says what that means.
        """
        ...


class Wire:
    """The real transport: pooled connections, verified certificates, no redirects.

    Args:
        ca_file: certificates to trust instead of the system's; '' for the system's
            (``SSL_CERT_FILE`` is honoured).
    """

    def __init__(self, ca_file: str = "") -> None:
        try:
            context = ssl.create_default_context(cafile=ca_file or None)
        except (OSError, ssl.SSLError) as error:
            raise UntrustedError(
                f"the CA file {ca_file} cannot be read: {error}"
            ) from (error)
        self._pool = urllib3.PoolManager(ssl_context=context, retries=False, maxsize=1)

    def send(self, request: Request) -> Answer:
        """Send one request; see ``Transport``."""
        try:
            got = self._pool.request(
                request.method,
                request.url,
                headers=request.headers,
                body=request.body,
                redirect=False,
                timeout=urllib3.Timeout(
                    connect=CONNECT_SECONDS, read=request.read_seconds
                ),
            )
        except (library.SSLError, ssl.SSLError) as error:
            raise _tls(error) from error
        except (
            library.NewConnectionError,
            library.ConnectTimeoutError,
            library.LocationValueError,
            library.ProxyError,
        ) as error:
            raise NotSentError(_words(error)) from error
        except library.HTTPError as error:
            raise NoAnswerError(_words(error)) from error
        headers = tuple((k.lower(), v) for k, v in got.headers.iteritems())
        answer = Answer(got.status, headers, got.data)
        if _cut_in_its_head(answer):
            raise NoAnswerError("the answer ended before its head did")
        return answer

    def close(self) -> None:
        """Close all connections."""
        self._pool.clear()


def _cut_in_its_head(answer: Answer) -> bool:
    """Whether an answer ended in its head, which the library takes for an empty one.

    "HTTP/1.1 201 Cre" would read as a success with no body; a server that means an
    empty body states its length.
    """
    framed = answer.header("content-length") or answer.header("transfer-encoding")
    return not answer.body and not framed and answer.status not in _BODILESS


_BODILESS = frozenset({204, 304})


def _tls(error: Exception) -> TransportError:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        return UntrustedError(_words(error))
    return NotSentError(_words(error))


def _words(error: Exception) -> str:
    """Return what happened, in the innermost words, without the library's own names."""
    cause: BaseException = error
    while cause.__cause__ is not None or cause.__context__ is not None:
        cause = cause.__cause__ or cause.__context__ or cause
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__


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
        repeated; one whose answer was lost (or 502, 504) only if ``safe``.
        """
        for attempt in range(1, self.attempts + 1):
            last = attempt == self.attempts
            asked = ""
            try:
                answer = transport.send(request)
            except UntrustedError:
                raise
            except TransportError as error:
                if last or not (safe or isinstance(error, NotSentError)):
                    raise
            else:
                again = answer.status in _UNREAD or (safe and answer.status in _LOST)
                if last or not again:
                    return answer
                asked = answer.header("retry-after")
            self.clock.sleep(self._wait(attempt, asked))
        raise AssertionError("the last attempt returns or raises")

    def _wait(self, attempt: int, asked: str) -> float:
        wait: float = self.first_wait * 2.0 ** (attempt - 1) * (0.5 + self.jitter())
        if asked.isascii() and asked.isdigit() and len(asked) < 6:  # noqa: PLR2004  # a day
            wait = max(wait, float(asked))
        return min(wait, self.longest_wait)


_UNREAD = frozenset({429, 503})
_LOST = frozenset({502, 504})
