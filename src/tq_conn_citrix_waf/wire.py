"""The real transport: the only place that knows the HTTP library.

1. No connection, nothing sent: whatever fails before a connection stands, its TLS and
   its tunnel included, is a ``NotSentError``; whatever fails later is not.
2. Redirects are never followed: a credential goes only where a person sent it.
3. A certificate that is not trusted is shown; no request goes out.
4. An answer ends: one that is too large, packed or not, or too slow is left there, its
   connection closed.
"""

import shlex
import ssl
from contextlib import closing
from dataclasses import replace
from functools import partial
from http.client import HTTPException
from typing import Any

import urllib3
from urllib3 import exceptions as library
from urllib3.connection import HTTPConnection, HTTPSConnection

from tq_conn_citrix_waf.certificates import (
    Certificate,
    Endpoint,
    Seen,
    blind,
    grouped,
    look,
)
from tq_conn_citrix_waf.ending import DueResponse, OverdueError, read_whole
from tq_conn_citrix_waf.http import (
    NAME_AUTHORITY,
    Answer,
    EndlessError,
    NoAnswerError,
    NotSentError,
    Request,
    UntrustedError,
)
from tq_conn_citrix_waf.trust import Proxy, Trust

CONNECT_SECONDS = 10.0


class Wire:
    """The real transport: pooled connections, verified certificates, no redirects.

    Args:
        trust: which certificates are good.
        proxy: the proxy's URL; '' for none: the environment is not asked.

    Raises:
        UntrustedError: the CA file cannot be read.
        ValueError: the proxy is none.
    """

    def __init__(self, trust: Trust | None = None, proxy: str = "") -> None:
        self._trust = trust or Trust()
        self._proxy = Proxy.of(proxy) if proxy else None
        try:
            self._context = self._trust.context()
        except OSError as error:  # ssl.SSLError, for what is no certificate, is one
            raise UntrustedError(
                f"the CA file {self._trust.ca_file} cannot be read: {error}"
            ) from error
        if not self._trust.verify:
            # Whoever sets it is warned once a run; the library would, each request.
            urllib3.disable_warnings(library.InsecureRequestWarning)
        self._managers: dict[str, urllib3.PoolManager] = {}

    def send(self, request: Request) -> Answer:
        """Send one request; see ``Transport``."""
        pin = self._trust.pin(request.url) if self._trust.verify else ""
        try:
            got = self._manager(pin).request(
                request.method,
                request.url,
                headers=request.headers,
                body=request.body,
                redirect=False,
                preload_content=False,
                timeout=urllib3.Timeout(
                    connect=CONNECT_SECONDS, read=request.read_seconds
                ),
            )
            # Read to its end, the connection is free again by now, and is kept.
            with closing(got):
                most = request.most_bytes
                body = b"" if request.status_only else read_whole(got, most)
        except _UnconnectedError as error:
            raise self._unsent(error, request.url) from error
        except library.LocationValueError as error:
            raise NotSentError(_words(error)) from error
        except library.HTTPError as error:
            late = isinstance(_innermost(error), OverdueError)
            raise (EndlessError if late else NoAnswerError)(_words(error)) from error
        headers = tuple((k.lower(), v) for k, v in got.headers.iteritems())
        answer = Answer(got.status, headers, body)
        if not request.status_only and _cut_in_its_head(answer):
            raise NoAnswerError("the answer ended before its head did")
        return answer

    def inspect(self, url: str) -> Certificate:
        """Return the certificate of a URL's host; nothing is sent to it.

        Its ``problem`` is judged by what is pinned, else by the authorities, also where
        ``verify`` is False.

        Raises:
            NotSentError: no handshake came about.
        """
        pin = self._trust.pin(url)
        try:
            found = look(partial(self._shake, url), blind() if pin else self._context)
        except (*_FAILURES, library.HTTPError) as error:
            raise NotSentError(_words(error)) from error
        if pin and found.sha256 != pin:
            problem = f"it is not the one that was trusted, SHA-256 {grouped(pin)}"
            return replace(found, problem=problem)
        return found

    def distrust(self, url: str, found: Certificate) -> UntrustedError:
        """Return what is to be said of a certificate with a problem."""
        changed = self._trust.pin(url)
        cure = "find out who changed it" if changed else NAME_AUTHORITY
        if self._trust.command:
            place = shlex.quote(str(Endpoint.of(url)))
            command = f"{self._trust.command} {place} --sha256 {found.sha256}"
            other = "; if not, " if changed else "; or "
            cure = f"if that is the right one: {command}{other}{cure}"
        return UntrustedError(f"{found.problem} ({found})", found, cure)

    def close(self) -> None:
        """Close all connections."""
        for manager in self._managers.values():
            manager.clear()

    def _manager(self, pin: str) -> urllib3.PoolManager:
        """Return the connections that are held to one pin, or ('') to authorities."""
        if pin not in self._managers:
            free = bool(pin) or not self._trust.verify
            made = self._make(
                blind() if free else self._context, assert_fingerprint=pin or None
            )
            made.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
            self._managers[pin] = made
        return self._managers[pin]

    def _make(self, context: ssl.SSLContext, **more: Any) -> urllib3.PoolManager:  # noqa: ANN401  # the library's options
        options: dict[str, Any] = {"ssl_context": context, "retries": False}
        options |= {"maxsize": 1} | more
        if self._proxy is None:
            return urllib3.PoolManager(**options)
        return urllib3.ProxyManager(
            self._proxy.url,
            proxy_headers=self._proxy.headers,
            proxy_ssl_context=self._context,
            **options,
        )

    def _unsent(self, error: "_UnconnectedError", url: str) -> NotSentError:
        words = _words(error)
        if error.at_proxy:
            return NotSentError(f"the proxy {error.at_proxy}: {words}")
        if not error.distrusts:
            return NotSentError(words)
        try:
            found = self.inspect(url)
        except NotSentError:
            return UntrustedError(words)
        return self.distrust(
            url, found if found.problem else replace(found, problem=words)
        )

    def _shake(self, url: str, context: ssl.SSLContext) -> Seen:
        """Make one handshake and end it."""
        there = Endpoint.of(url)
        manager = self._make(context)
        way: dict[str, Any] = {"host": there.host, "port": there.port}
        if manager.proxy is not None:
            proxy = manager.proxy
            way = {"host": proxy.host, "port": proxy.port, "proxy": proxy}
            way["proxy_config"] = manager.proxy_config
        # Where the context does not look at the name, the library must not either: it
        # would hide what is to be shown.
        way["assert_hostname"] = None if context.check_hostname else False
        link = HTTPSConnection(**way, timeout=CONNECT_SECONDS, ssl_context=context)
        if manager.proxy is not None and self._proxy is not None:
            scheme = manager.proxy.scheme or ""
            link.set_tunnel(there.host, there.port, self._proxy.headers, scheme)
        try:
            link.connect()
            sock: Any = link.sock  # typed as a plain socket; it speaks TLS by now
            return sock.getpeercert(binary_form=True), sock.getpeercert() or {}
        finally:
            link.close()


_FAILURES = (OSError, ValueError, HTTPException)
"""What the standard library raises while connecting; UnicodeError for a name."""


class _UnconnectedError(library.HTTPError):
    """No connection came about. The library's own errors do not tell when they arose.

    Attributes:
        distrusts: whether the other side's certificate was why.
        at_proxy: the proxy, if it failed there; ''.
    """

    def __init__(self, error: Exception, at_proxy: str) -> None:
        super().__init__(str(error))
        self.at_proxy = at_proxy
        # The library's own class is raised for a fingerprint that differs; what else
        # goes wrong in a handshake has the standard library's classes.
        distrust = (ssl.SSLCertVerificationError, library.SSLError)
        self.distrusts = isinstance(error, distrust)


class _Http(HTTPConnection):
    """Says of each failure to connect that it is one; its answers are due."""

    response_class = DueResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (*_FAILURES, library.HTTPError) as error:
            raise _UnconnectedError(error, _failed_proxy(self, error)) from error


class _Https(HTTPSConnection):
    """As ``_Http``; what fails after a handshake is no failure to connect."""

    response_class = DueResponse

    def connect(self) -> None:
        try:
            super().connect()
        except (*_FAILURES, library.HTTPError) as error:
            raise _UnconnectedError(error, _failed_proxy(self, error)) from error


class _HttpPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Https


def _failed_proxy(link: HTTPConnection, error: Exception) -> str:
    """Return the proxy if a connection failed there: before it or by its refusal."""
    refused = "Tunnel connection failed" in str(error)
    if link.proxy is None or (link.has_connected_to_proxy and not refused):
        return ""
    return f"{link.proxy.host}:{link.proxy.port}"


def _cut_in_its_head(answer: Answer) -> bool:
    """Whether an answer ended in its head, which the library takes for an empty one.

    "HTTP/1.1 201 Cre" would read as a success with no body; a server that means an
    empty body states its length.
    """
    framed = answer.header("content-length") or answer.header("transfer-encoding")
    return not answer.body and not framed and answer.status not in _BODILESS


_BODILESS = frozenset({204, 304})


def _words(error: Exception) -> str:
    """Return what happened, in the innermost words, without the library's own names."""
    cause = _innermost(error)
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return str(cause) or type(cause).__name__


def _innermost(error: BaseException) -> BaseException:
    while not isinstance(error, OverdueError):
        inner = error.__cause__ or error.__context__
        if inner is None:
            break
        error = inner
    return error
