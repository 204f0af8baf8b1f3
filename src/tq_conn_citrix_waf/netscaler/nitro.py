"""One session with one NetScaler: sign in, send, sign out.

1. A refused sign-in is never tried again: the third might lock the user out.
2. A lost session is renewed once a request. The request was turned away, so that
   sending it again repeats nothing.
3. Whoever signed in signs out, whatever happened: there are 20 sessions in all.
4. No password and no token in a message, a log line or a repr.
"""

import logging
from dataclasses import replace
from http import HTTPStatus
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from tq_conn_citrix_waf.errors import (
    TargetCertificateError,
    TargetFaultError,
    TargetSignInError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.http import (
    Answer,
    EndlessError,
    NotSentError,
    Patience,
    Transport,
    TransportError,
    UntrustedError,
)
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.call import Call, session_cookie
from tq_conn_citrix_waf.netscaler.faults import fault, sign_in_fault
from tq_conn_citrix_waf.netscaler.reply import Reply, one_line, read_reply
from tq_conn_citrix_waf.secrets import keep_token

SESSION_SECONDS = 900
"""Idle time after which a session that was not ended ends by itself. 900 is the
default where time-outs are restricted, so that every build allows it (documented)."""
_LOGOUT_SECONDS = 10.0
_SHORTEST = 4
"""A shorter password is not taken out of messages: it would blot out every word."""

log = logging.getLogger(__name__)


class AnswerLostError(TargetUnreachableError):
    """The request may have been carried out; its answer did not come, or not whole."""


class AnswerEndlessError(AnswerLostError):
    """The NetScaler's answer was larger, or took longer, than any honest one."""


class Nitro:
    """A session, opened by the first request and closed by ``close``.

    Args:
        transport: carries requests.
        base_url: scheme and host, no path.
        username, password: of a NetScaler user.
        patience: for repeating where that is safe.
        session_seconds: idle time after which the appliance ends the session.

    Attributes:
        host: as the user knows it.
        notes: what the report should say, each once.
        sign_ins: how many sessions were opened so far.
    """

    def __init__(
        self,
        transport: Transport,
        base_url: str,
        username: str,
        password: str,
        *,
        patience: Patience,
        session_seconds: int = SESSION_SECONDS,
    ) -> None:
        self.host = urlsplit(base_url).netloc
        self.notes: list[str] = []
        self.sign_ins = 0
        self._base = base_url.rstrip("/")
        self._transport = transport
        self._patience = patience
        self._username = username
        self._password = password
        self._session_seconds = session_seconds
        self._cookie = ""
        self._opened: list[str] = []
        self._refused: tuple[str, str] | None = None

    def __repr__(self) -> str:
        return f"Nitro({self.host})"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def cookie_name(self) -> str:
        """Return what the appliance calls its session; '' without one."""
        return self._cookie.partition("=")[0]

    def note(self, text: str) -> None:
        """Keep what the report should say, once."""
        if text not in self.notes:
            self.notes.append(text)
            log.warning("%s", text)

    def call(self, call: Call) -> Reply:
        """Send a request in a session; what was answered is the caller's to judge.

        Raises:
            AnswerLostError: it may or may not have been carried out.
            TargetError: it was not carried out.
        """
        if not self._cookie:
            self._sign_in()
        reply = self._exchange(call)
        if _session_lost(reply):
            log.info("%s: the session was lost; signing in again", self.host)
            self._cookie = ""
            self._sign_in()
            reply = self._exchange(call)
        return reply

    def get(self, path: str, step: str) -> Reply:
        """Read; see ``call``."""
        return self.call(Call("GET", path, step, safe=True))

    def fetch(self, path: str, step: str) -> Reply:
        """Read, and take only a full answer.

        Raises:
            TargetError: it was refused, or is no NITRO answer.
        """
        reply = self.get(path, step)
        if not (reply.ok and reply.body):
            raise fault(self.host, step, reply)
        return reply

    def close(self) -> None:
        """Sign out of every session that was opened; a failure is only noted."""
        while self._opened:
            cookie = self._opened.pop()
            lost, self._cookie = cookie != self._cookie, ""
            call = Call(
                "POST",
                "logout",
                "sign out",
                body={"logout": {}},
                read_seconds=_LOGOUT_SECONDS,
            )
            try:
                answer = self._transport.send(call.request(self._base, cookie))
            except TransportError as error:
                words = self._clean(str(error))
            else:
                reply = read_reply(answer)
                if reply.ok or lost or _session_lost(reply):
                    continue
                words = self._clean(reply.words)
            self.note(
                f"{self.host}: could not sign out ({words}); the session ends by "
                f"itself after {self._session_seconds} s without use"
            )

    def _sign_in(self) -> None:
        if self._refused:
            raise TargetSignInError(*self._refused)
        answer, reply = self._login(timeout=True)
        if reply.code in codes.BAD_TIMEOUT:
            answer, reply = self._login(timeout=False)
        if not reply.ok:
            error = sign_in_fault(self.host, reply)
            if isinstance(error, TargetSignInError):
                self._refused = error.what, error.cure
            raise error
        self._cookie = session_cookie(answer, reply)
        if not self._cookie:
            raise TargetFaultError(
                f"{self.host}: signed in, but the answer carries no session token",
                "check that API IP/Hostname is a NetScaler's management address",
            )
        keep_token("NetScaler", self._cookie.partition("=")[2])
        self._opened.append(self._cookie)
        self.sign_ins += 1

    def _login(self, *, timeout: bool) -> tuple[Answer, Reply]:
        who: dict[str, object] = {
            "username": self._username,
            "password": self._password,
        }
        if timeout:
            who["timeout"] = self._session_seconds
        call = Call("POST", "login", "sign in", body={"login": who})
        try:
            return self._send(call, "")
        except AnswerLostError as error:
            # Not sent again: with a wrong password it would count twice.
            raise TargetUnreachableError(error.what, error.cure) from error

    def _exchange(self, call: Call) -> Reply:
        return self._send(call, self._cookie)[1]

    def _send(self, call: Call, cookie: str) -> tuple[Answer, Reply]:
        request = call.request(self._base, cookie)
        where = "check its address, the network between, and that it is up"
        try:
            answer = self._patience.send(self._transport, request, safe=call.safe)
        except UntrustedError as error:
            raise TargetCertificateError(
                f"the certificate of {self.host} is not trusted: {error}", error.cure
            ) from error
        except NotSentError as error:
            raise TargetUnreachableError(
                f"{self.host} cannot be reached: {error}",
                f"{where}; Use HTTPS must be set as it listens",
            ) from error
        except EndlessError as error:
            raise AnswerEndlessError(
                f"{self.host} gave an answer without end ({call.step}): {error}",
                "see who answers at its address: no NetScaler says so much",
            ) from error
        except TransportError as error:
            raise AnswerLostError(
                f"{self.host} did not answer ({call.step}): {error}", where
            ) from error
        reply = self._cleaned(read_reply(answer))
        log.debug(
            "%s: %s %s%s -> %s",
            self.host,
            call.method,
            call.path,
            f"?{call.query}" if call.query else "",
            reply.words,
        )
        self._no_redirect(answer)
        return answer, reply

    def _no_redirect(self, answer: Answer) -> None:
        if not HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
            return
        place = answer.header("location")
        there = urlsplit(place)
        cure = "enter the host that it points to, if it is the right one"
        if there.scheme == "https" and self._base.startswith("http:"):
            cure = "tick Use HTTPS"
        raise TargetFaultError(
            f"{self.host} points elsewhere ({answer.status}): "
            f"{one_line(f'{there.scheme}://{there.netloc}') if place else 'nowhere'}",
            f"{cure}; redirects are not followed",
        )

    def _cleaned(self, reply: Reply) -> Reply:
        """Take our secrets out of words that may repeat what we sent."""
        message = self._clean(reply.whole.message)
        if message == reply.whole.message:
            return reply
        return replace(reply, whole=replace(reply.whole, message=message))

    def _clean(self, text: str) -> str:
        secrets = [self._password, *(c.partition("=")[2] for c in self._opened)]
        for secret in secrets:
            if len(secret) >= _SHORTEST:
                text = text.replace(secret, "***").replace(unquote(secret), "***")
        return text


def _session_lost(reply: Reply) -> bool:
    """Whether the session is gone: by the code, or by 401 for no other reason.

    For a batch it may come with HTTP 200 (client code: a remark in the SDK).
    """
    if reply.code in codes.SESSION:
        return True
    return reply.status == HTTPStatus.UNAUTHORIZED and reply.code not in codes.RIGHTS
