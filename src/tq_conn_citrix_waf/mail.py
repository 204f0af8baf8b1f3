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
from email.message import EmailMessage

from tq_conn_citrix_waf.secrets import keep
from tq_conn_citrix_waf.trust import Trust

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""The port of each way to encrypt, where none is named (RFC 6409, RFC 8314, RFC 5321).
"""
_TROUBLE = (OSError, ValueError, smtplib.SMTPException)
"""What the library raises; UnicodeError for a name that no server can have."""


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
        trust: which certificates are good.
        seconds: so long each of its answers is waited for.
        user, password: '' signs in to none.
    """

    host: str
    port: int
    tls: str
    trust: Trust
    seconds: float
    user: str = ""
    password: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        for text in (self.password, f"\0{self.user}\0{self.password}"):
            keep(b64encode(text.encode()).decode())  # as it goes over the wire

    def send(self, box: Mailbox, subject: str, text: str) -> list[str]:
        """Send one mail; return those of its receivers that the server refused.

        Raises:
            MailError: nobody was sent it.
        """
        message = EmailMessage()
        try:
            message["From"], message["To"] = box.sender, ", ".join(box.to)
            message["Subject"] = subject
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
            # It was sent or not before: how the server takes leave changes nothing.
            with suppress(*_TROUBLE):
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        context = self.trust.context()
        if self.tls == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self.seconds, context=context
            )
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        try:
            if self.tls == "starttls":
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


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
