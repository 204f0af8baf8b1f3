"""One signed-in user of ThreatQ.

1. The password is sent to the token route only, in the body, and at most once a
   refusal: a refused sign-in stays refused for the life of the session (lock-out).
2. A 401 renews the token once a request; a second one is an error.
3. What waits and repeats is ``Patience``; a write is never repeated blindly.
"""

import base64
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import msgspec

from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    SourceCertificateError,
    SourceEndlessError,
    SourceError,
    SourceFaultError,
    SourceSignInError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.http import (
    Answer,
    EndlessError,
    NotSentError,
    Patience,
    Request,
    Transport,
    TransportError,
    UntrustedError,
)
from tq_conn_citrix_waf.secrets import keep, keep_token
from tq_conn_citrix_waf.threatq import answers

log = logging.getLogger(__name__)

_LIFE_SECONDS = 1800.0
"""A token's life where the answer names none: threatqsdk 1.8 renews at this age."""
_MARGIN_SECONDS = 60.0
_REFUSALS = frozenset({400, 401, 403, 422})
"""A bad sign-in is a 400 (threatqsdk, Polarity) or a 401 (Kibana's tests)."""
_UNAUTHORIZED = 401


@dataclass(frozen=True, slots=True)
class Credentials:
    """A person's or integration user's: what the guide asks for.

    ``client_id`` is no secret: ThreatQ shows it to everybody. ``username`` is an e-mail
    address.
    """

    client_id: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PrivateCredentials:
    """A client of its own, made on the ThreatQ server for one integration."""

    client_id: str
    client_secret: str = field(repr=False)


class _Token(msgspec.Struct):
    access_token: str
    expires_in: float | str | None = None


class Session:
    """Requests to one ThreatQ, signed in when the first is made.

    Args:
        transport: brings requests to it.
        base_url: scheme and host, such as ``https://threatq.example``.
        credentials: whose rights are used.
        clock: tells the age of the token.
        patience: how long to wait for a ThreatQ that is busy or in maintenance.
    """

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        credentials: Credentials | PrivateCredentials,
        *,
        clock: Clock,
        patience: Patience,
    ) -> None:
        self._transport = transport
        self._base = base_url.rstrip("/")
        self._credentials = credentials
        keep(_secret(credentials))
        self._clock = clock
        self._patience = patience
        self._token = ""
        self._until = 0.0
        self._refused: ConnectorError | None = None

    def get(self, path: str, query: Mapping[str, str] | None = None) -> bytes:
        """Return the JSON body of an answer with data; see ``answers.checked``.

        Args:
            path: below the host, such as ``/api/search/query``.
            query: parameters, not yet encoded.

        Raises:
            SourceError: there is no such answer; its class says why.
        """
        answer = self.ask("GET", path, query, safe=True)
        return answers.checked(answer, f"GET {path}")

    def post(
        self,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes,
    ) -> bytes:
        """As ``get``, for a question that is put by POST: it changes nothing."""
        answer = self.ask("POST", path, query, body, safe=True)
        return answers.checked(answer, f"POST {path}")

    def ask(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None = None,
        body: bytes | None = None,
        *,
        safe: bool,
    ) -> Answer:
        """Return any answer to a signed-in request, good or bad.

        Args:
            method: the verb.
            path: below the host.
            query: parameters, not yet encoded.
            body: JSON.
            safe: whether repeating it does no harm where its answer was lost.

        Raises:
            SourceUnreachableError, SourceCertificateError: there is no answer.
            SourceSignInError: there is no token to be had.
        """
        if not self._token or self._clock.monotonic() >= self._until:
            self.sign_in()
        answer = self._send(self._request(method, path, query, body), safe=safe)
        if answer.status == _UNAUTHORIZED:
            log.info("the token is no longer taken: signing in anew")
            self.sign_in()
            answer = self._send(self._request(method, path, query, body), safe=safe)
        if answer.status == _UNAUTHORIZED:
            raise SourceSignInError(
                f"{method} {path}: ThreatQ refuses the token that it has just given",
                "look whether the user is enabled and the clock of ThreatQ is right",
            )
        return answer

    def sign_in(self) -> None:
        """Get a token, also where there is one.

        Raises:
            SourceSignInError: refused, now or before: it is not tried again.
            SourceError: it could not be asked for.
        """
        if self._refused is not None:
            raise self._refused
        asked_at = self._clock.monotonic()
        # Not safe: if the answer is lost, it may have been a refusal, and refusals
        # lock the user out.
        answer = self._send(self._sign_in_request(), safe=False)
        if answer.status in _REFUSALS:
            said = answers.words(answer)
            self._refused = SourceSignInError(
                f"ThreatQ refused the sign-in with {answer.status}"
                + (f" ({said})" if said else ""),
                "correct the client ID, the user's e-mail address or the password",
            )
            raise self._refused
        token = _read_token(answer)
        keep_token("ThreatQ", token.access_token)
        self._token = token.access_token
        life = _seconds(token.expires_in)
        self._until = asked_at + life - min(_MARGIN_SECONDS, life / 4)

    def _sign_in_request(self) -> Request:
        headers = {"Accept": "application/json"}
        who = self._credentials
        if isinstance(who, PrivateCredentials):
            # As Elastic's integration does: form and HTTP Basic.
            pair = f"{who.client_id}:{who.client_secret}".encode()
            headers["Authorization"] = "Basic " + base64.b64encode(pair).decode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode({"grant_type": "client_credentials"}).encode()
            return Request("POST", f"{self._base}/api/token", headers, body)
        # threatqsdk puts grant and client into the query and the rest into JSON; Kibana
        # and Polarity put all into JSON. Said in both places (as stix-shifter does),
        # servers that read either are served, and the password is in no access log.
        public = {"grant_type": "password", "client_id": who.client_id}
        secret = {"email": who.username, "password": who.password}
        headers["Content-Type"] = "application/json"
        url = f"{self._base}/api/token?{urlencode(public)}"
        return Request("POST", url, headers, msgspec.json.encode(public | secret))

    def _request(
        self,
        method: str,
        path: str,
        query: Mapping[str, str] | None,
        body: bytes | None,
    ) -> Request:
        headers = {
            "Accept": "application/json",
            "Authorization": f"Bearer {self._token}",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        asked = f"?{urlencode(query)}" if query else ""
        return Request(method, f"{self._base}{path}{asked}", headers, body)

    def _send(self, request: Request, *, safe: bool) -> Answer:
        try:
            answer = self._patience.send(self._transport, request, safe=safe)
        except TransportError as error:
            raise _translated(error, self._base) from error
        path = request.url.removeprefix(self._base).partition("?")[0]
        size = len(answer.body)
        log.debug("%s %s: %d, %d bytes", request.method, path, answer.status, size)
        return answer


def _secret(credentials: Credentials | PrivateCredentials) -> str:
    if isinstance(credentials, PrivateCredentials):
        return credentials.client_secret
    return credentials.password


def _translated(error: TransportError, base_url: str) -> SourceError:
    place = f"ThreatQ at {base_url}"
    said = answers.shown(str(error))
    if isinstance(error, UntrustedError):
        return SourceCertificateError(
            f"the certificate of {place} is not trusted: {error}", error.cure
        )
    if isinstance(error, NotSentError):
        return SourceUnreachableError(
            f"{place} cannot be reached: {said}",
            "check host, port, proxy and firewall; then run again",
        )
    if isinstance(error, EndlessError):
        return SourceEndlessError(
            f"{place} gave an answer without end: {said}",
            "see who answers at its address, and what stands in between",
        )
    return SourceUnreachableError(
        f"{place} was reached, but no whole answer came: {said}", answers.MAINTENANCE
    )


def _read_token(answer: Answer) -> _Token:
    """Read a token; whatever else is there is a fault, judged as any other answer."""
    token = answers.decoded(answer.body, _Token) or _Token("")
    text = token.access_token
    good = 200 <= answer.status < 300  # noqa: PLR2004  # the class of the code
    if good and text and text.isascii() and text.isprintable():  # fits a header
        return token
    answers.checked(answer, "POST /api/token")
    raise SourceFaultError(
        "POST /api/token: the answer of ThreatQ carries no token", answers.MAINTENANCE
    )


def _seconds(said: float | str | None) -> float:
    try:
        seconds = float(said or 0)
    except ValueError:
        seconds = 0.0
    return seconds if 0 < seconds < float("inf") else _LIFE_SECONDS
