"""The way to a system: its proxy, its certificate, and what its clock says."""

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Protocol, runtime_checkable

from tq_conn_citrix_waf.certificates import Certificate
from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import ConfigurationError, ConnectorError
from tq_conn_citrix_waf.http import (
    Answer,
    NotSentError,
    Request,
    Transport,
    UntrustedError,
)
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding, State
from tq_conn_citrix_waf.run.reach import Way
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.trust import Proxy

_APART_SECONDS = 300
"""A token's life and an expiry date are in minutes at best; more is a wrong clock."""
_SOON_DAYS = 30

_Error = Callable[[str, str], ConnectorError]


@runtime_checkable
class Showing(Protocol):
    """A transport that shows certificates, as ``wire.Wire`` does."""

    def inspect(self, url: str) -> Certificate:
        """Return the certificate of a URL's host."""
        ...

    def distrust(self, url: str, found: Certificate) -> UntrustedError:
        """Return what is to be said of one that has a problem."""
        ...


class Watch:
    """A transport that remembers how far the other side's clock was off, last."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self.ahead: float | None = None
        self._clock = clock

    def send(self, request: Request) -> Answer:
        """Send one request; see ``http.Transport``."""
        answer = self._transport.send(request)
        date = _date(answer.header("date"))
        if date is not None:
            self.ahead = (date - self._clock.now()).total_seconds()
        return answer


def _date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, OverflowError, IndexError):  # the parser's own, for odd texts
        return None
    return found if found.tzinfo is not None else None


@dataclass(frozen=True, slots=True)
class Side:
    """One system, and what is said where it cannot be reached or is not trusted.

    ``encrypt`` says how a person makes the way to it an encrypted one.
    """

    area: Area
    way: Way
    unreachable: _Error
    untrusted: _Error
    encrypt: str

    def approach(
        self, outside: Outside, origin: str
    ) -> Generator[Finding, None, Watch | None]:
        """Yield what was found on the way; return a transport, None if none is good.

        Args:
            outside: clock and transports.
            origin: who named the proxy.
        """
        found = self._led(origin)
        yield found
        if found.state is State.FAIL:
            return None
        try:
            transport = outside.transport(self.way.trust, self.way.proxy)
        except ConnectorError as error:
            yield self.area.fail("certificate", error)
            return None
        found = self._shown(transport, outside.clock.now())
        yield found
        if found.state is State.FAIL:
            return None
        return Watch(transport, outside.clock)

    def _led(self, origin: str) -> Finding:
        """Return which proxy leads there."""
        if not self.way.proxy:
            return self.area.ok("proxy", "none")
        try:
            bare = Proxy.of(self.way.proxy).url
        except ValueError as error:
            wrong = ConfigurationError(str(error), f"correct it in {origin}")
            return self.area.fail("proxy", wrong)
        return self.area.ok("proxy", f"{bare}, from {origin}")

    def _shown(self, transport: Transport, now: datetime) -> Finding:
        """Return whether the certificate is trusted, by what, and for how long."""
        name, url = "certificate", self.way.url
        if url.startswith("http://"):
            words = f"{url} is not encrypted: anyone on the way reads the password"
            return self.area.warn(name, words, self.encrypt)
        if not isinstance(transport, Showing):
            return self.area.unchecked(name, "the transport does not show it")
        try:
            found = transport.inspect(url)
        except NotSentError as error:
            words = f"{url} shows no certificate: {error}"
            cure = "check host, port, proxy and firewall, and that it listens for HTTPS"
            return self.area.fail(name, self.unreachable(words, cure))
        if not self.way.trust.verify:
            words = f"not verified (verify = false); {found.problem or 'it is good'}"
            cure = "trust it by ca_file or tq-conn-citrix-waf trust; then verify again"
            return self.area.warn(name, words, cure)
        if found.problem:
            said = transport.distrust(url, found)
            distrusted = self.untrusted(f"not trusted: {said}", said.cure)
            return self.area.fail(name, distrusted)
        return self._good(found, now)

    def _good(self, found: Certificate, now: datetime) -> Finding:
        trust = self.way.trust
        by = "this host's authorities"
        if trust.pin(self.way.url):
            # Its dates do not count then.
            return self.area.ok("certificate", "trusted by a person (its SHA-256)")
        if trust.ca_file:
            by = trust.ca_file
        elif os.environ.get("SSL_CERT_FILE"):
            by = f"SSL_CERT_FILE, {os.environ['SSL_CERT_FILE']}"
        words = f"trusted by {by}"
        if found.not_after is None:
            return self.area.ok("certificate", words)
        days = (found.not_after - now).days
        words = f"{words}; {days:,} days left, until {found.not_after:%Y-%m-%d}"
        if days < _SOON_DAYS:
            return self.area.warn("certificate", words, "have it renewed in time")
        return self.area.ok("certificate", words)

    def time(self, watch: Watch) -> Finding:
        """Return how far the system's clock and this host's are apart."""
        if watch.ahead is None:
            return self.area.unchecked("time", "it does not tell its time (no Date)")
        apart = abs(watch.ahead)
        if apart > _APART_SECONDS:
            which = "ahead of" if watch.ahead > 0 else "behind"
            return self.area.warn(
                "time",
                f"its clock is {apart / 60:,.0f} minutes {which} this host's",
                "set both clocks (see timedatectl): expiry is judged by this host's",
            )
        return self.area.ok("time", f"{apart:,.0f} s apart from this host's")
