"""A site whose people listen: a webhook and a mail server on loopback, over TLS."""

import json
import re
import ssl
import threading
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from socket import SHUT_RDWR, SocketIO, create_server, socket
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import trustme

from citrix_waf_lab.carrier import Carrier
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.wire import WHOLE, Delivery
from citrix_waf_lab.wire import Answer as Given
from citrix_waf_lab.wire import Request as Taken
from support.outside import Site
from support.transport import LabClock
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.http import Answer, NotSentError, Request
from tq_conn_citrix_waf.run.reach import wire
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.trust import Trust

if TYPE_CHECKING:
    from collections.abc import Callable

ADDRESSES = [f"198.18.0.{n}" for n in range(100)]
SECRET = "t0p-s3cret-path"
PASSWORD = "m4il-p4ssword"
SENDER, ON_CALL = "waf@example.org", "oncall@example.org"


def serving(*names: str) -> tuple[ssl.SSLContext, trustme.CA]:
    """Return what a server shows, and who vouches for it."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(*names).configure_cert(context)
    return context, authority


class Webhook:
    """Takes in what is posted, and answers as it is told to."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.taken: list[Taken] = []
        self.status = 200
        self.headers: tuple[tuple[str, str], ...] = ()
        self.body = b"ok"
        self.delivery: Delivery = WHOLE
        self.meanwhile: Callable[[], object] = list
        self._carrier = Carrier(self._answer, Clock(), tls=context)
        self.stop = self._carrier.stop

    @property
    def url(self) -> str:
        return f"{self._carrier.url}/hooks/{SECRET}"

    @property
    def place(self) -> str:
        return urlsplit(self._carrier.url).netloc

    def told(self) -> list[dict[str, Any]]:
        """Return what came since this was asked last."""
        found = [json.loads(request.body) for request in self.taken]
        self.taken.clear()
        return found

    def _answer(self, request: Taken) -> Given:
        self.taken.append(request)
        self.meanwhile()
        return Given(self.status, "Said", self.headers, self.body, self.delivery)


@dataclass
class Post:
    """A mail server: one thread, one connection after the other.

    Attributes:
        context: what it shows; ``at_once``: before a word is said.
        starttls: whether it offers to encrypt.
        refused: receivers that it refuses; ``bars`` whoever signs in.
        greeting: what it says first; ``stays``: it says nothing to QUIT.
        meanwhile: is called before a mail is taken in.
        mails: what it took in; ``heard``: every line that was said to it in the clear.
    """

    context: ssl.SSLContext
    at_once: bool = False
    starttls: bool = True
    bars: bool = False
    greeting: bytes = b"220 post\r\n"
    stays: bool = False
    meanwhile: "Callable[[], object]" = list
    refused: frozenset[str] = frozenset()
    mails: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    signed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = create_server(("127.0.0.1", 0))
        self._peer: socket | None = None
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    def stop(self) -> None:
        for one in (self._server, self._peer):
            with suppress(OSError, AttributeError):  # nobody may have come
                one.shutdown(SHUT_RDWR)  # type: ignore[union-attr]  # as above
        self._thread.join()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                self._peer, _ = self._server.accept()
            except OSError:
                return
            self._peer.settimeout(10)
            with suppress(OSError):
                if self.at_once:
                    self._peer = self.context.wrap_socket(self._peer, server_side=True)
                self._peer.sendall(self.greeting)
                while self._talk(self._peer):
                    self._peer = self.context.wrap_socket(self._peer, server_side=True)
            self._peer.close()

    def _talk(self, peer: socket) -> bool:
        """Talk until the other side leaves, or (True) wants to be encrypted."""
        to: list[str] = []
        with SocketIO(peer, "rb") as lines:
            for raw in lines:
                line = raw.decode().strip()
                if not isinstance(peer, ssl.SSLSocket):
                    self.heard.append(line)
                verb = line.split()[0].upper()
                if verb == "STARTTLS":
                    peer.sendall(b"220 go on\r\n")
                    return True
                if verb == "DATA":
                    peer.sendall(b"354 go on\r\n")
                    self.mails.append((to, _mail(lines)))
                    self.meanwhile()
                if verb != "QUIT" or not self.stays:
                    peer.sendall(self._reply(verb, line, to).encode() + b"\r\n")
        return False

    def _reply(self, verb: str, line: str, to: list[str]) -> str:
        if verb == "EHLO":
            more = ["STARTTLS"] if self.starttls else []
            return "\r\n".join(
                ["250-post", *(f"250-{m}" for m in more), "250 AUTH PLAIN"]
            )
        if verb == "AUTH":
            self.signed.append(b64decode(line.split()[2]).decode())
            return f"535 not with {line.split()[2]}" if self.bars else "235 come in"
        if verb == "RCPT":
            address = line.partition("<")[2].partition(">")[0]
            if address in self.refused:
                return "550 nobody here"
            to.append(address)
        return "221 bye" if verb == "QUIT" else "250 well"


def _mail(lines: SocketIO) -> EmailMessage:
    body = b""
    while not body.endswith(b"\r\n.\r\n"):
        body += lines.readline()
    return message_from_bytes(body[:-5], policy=policy.default)


@dataclass
class ToldSite(Site):
    """A configured site.

    Attributes:
        away: takes both its systems off the network.
        fault: what is raised where people should be told.
    """

    away: bool = False
    fault: Exception | None = None

    def outside(self) -> Outside:
        clock = LabClock(self.lab.clock)
        return Outside(
            clock, lambda trust, proxy: _Fork(self, trust, proxy), self.hosts
        )

    def deliver(self, request: Request) -> Answer:
        if self.away:
            raise NotSentError("Connection refused")
        return super().deliver(request)

    def messages(self, **keys: object) -> None:
        """Set keys of [messages], and those alone."""
        path = self.directory / config.FILE_NAME
        head, _, rest = path.read_text().partition("[messages]\n")
        kept = re.sub(r"(?m)^(?!#|\[|$).*\n", "", rest)
        own = "".join(f"{k} = {_toml(v)}\n" for k, v in keys.items())
        path.write_text(f"{head}[messages]\n{own}{kept}")

    def hours(self, number: float) -> None:
        """Let time pass."""
        self.lab.clock.advance(number * 3600)

    def files(self) -> str:
        """Return all that the connector keeps, as text, but for its settings."""
        return "\n".join(
            path.read_bytes().decode(errors="replace")
            for path in self.directory.iterdir()
            if path.is_file() and path.name != config.FILE_NAME
        )


class _Fork:
    """The lab for its names, the real wire for all others."""

    def __init__(self, site: ToldSite, trust: Trust, proxy: str) -> None:
        self._site = site
        # Both systems come with the command that trusts a certificate; a webhook not.
        self._wire = None if trust.command else wire(trust, proxy)
        if site.fault is not None and not trust.command:
            raise site.fault

    def send(self, request: Request) -> Answer:
        if (urlsplit(request.url).hostname or "").endswith(".lab"):
            return self._site.send(request)
        assert self._wire is not None
        try:
            return self._wire.send(request)
        finally:
            self._wire.close()


def _toml(value: object) -> str:
    return json.dumps(value)
