"""Mail by SMTP: the only place that knows the mail library.

1. The connection is encrypted and the server's certificate verified, unless a person
   chose otherwise; a password never goes over one that is not.
2. A server that does not offer STARTTLS where that is asked for gets no mail.
3. Whom the server refuses is told; whoever else the mail is for has got it.
"""

import smtplib
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from io import BufferedReader
from ssl import SSLContext

from tq_conn_citrix_waf.secrets import keep

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The port of each way to encrypt, where none is named (RFC 6409, RFC 8314, RFC 5321).
"""
_TROUBLE = (OSError, ValueError, smtplib.SMTPException)
"""What the library raises; UnicodeError for a name that no server can have."""


_MOST = 1_000_000
"""Octets that a server may say; to a mail for a thousand receivers it says half."""


class MailError(Exception):
    """Nobody was sent the mail; the words are the server's, or the system's."""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Whom a mail comes from, and whom it is for."""

    sender: str
    to: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mail:
    """The way to a mail server.

    Attributes:
        host, port: where it listens.
        tls: a key of ``PORTS``.
        context: how its certificate is verified.
        seconds: so long each of its answers is waited for.
        user, password: '' signs in to none.
    """

    host: str
    port: int
    tls: str
    context: SSLContext
    seconds: float
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for text in (self.password, f"\0{self.user}\0{self.password}"):
            keep(b64encode(text.encode()).decode())  # as it goes over the wire

    def send(self, box: Mailbox, subject: str, text: str, at: datetime) -> list[str]:
        """Send one mail; return those of its receivers that the server refused.

        Args:
            box: from whom, and to whom.
            subject: on one line.
            text: its lines, the last one ended.
            at: its date, UTC.

        Raises:
            MailError: nobody was sent it.
        """
        message = EmailMessage()
        try:
            message["From"], message["To"] = box.sender, ", ".join(box.to)
            message["Subject"] = subject
            # RFC 6409 lets a server add both, and RFC 5321 forbids it to a relay.
            message["Date"] = format_datetime(at)
            message["Message-ID"] = make_msgid(domain=box.sender.rpartition("@")[2])
            message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody answers it
            message.set_content(text)
            server = self._open()
        except _TROUBLE as error:
            raise MailError(_words(error)) from error
        try:
            return [*server.send_message(message)]
        except _TROUBLE as error:
            raise MailError(_words(error)) from error
        finally:
            # It was sent or not before: nobody waits for how the server takes leave.
            with suppress(*_TROUBLE):
                server.putcmd("quit")
            with suppress(*_TROUBLE):
                server.close()

    def _open(self) -> smtplib.SMTP:
        if self.tls == "tls":
            server: smtplib.SMTP = _BoundedTls(
                self.host, self.port, timeout=self.seconds, context=self.context
            )
        else:
            server = _Bounded(self.host, self.port, timeout=self.seconds)
        try:
            if self.tls == "starttls":
                server.starttls(context=self.context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


class _Bounded(smtplib.SMTP):
    """Reads no more of a server than any would say; the library reads all it says."""

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock is not None:
            self.file = _Replies(self.sock.makefile("rb"))
        return super().getreply()


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """As ``_Bounded``, encrypted from the first word on."""


class _Replies:
    """What a server says, as the library reads it."""

    def __init__(self, file: BufferedReader) -> None:
        self._file, self._left = file, _MOST
        self.close = file.close

    def readline(self, size: int) -> bytes:
        line = self._file.readline(size)
        self._left -= len(line)
        if self._left < 0:
            raise OSError(f"it said more than {_MOST:,} octets")
        return line


def _words(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"the server takes mail for none of {', '.join(error.recipients)}"
    if isinstance(error, smtplib.SMTPResponseException):
        reply = error.smtp_error
        said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
        return f"the server said {error.smtp_code} {said}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error) or type(error).__name__
