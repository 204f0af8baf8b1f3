"""Tell people after a run, by a webhook and by mail, of what needs them.

1. What is due is told (``due``); each way remembers by itself what went out by it.
2. What cannot be sent fails no run and holds none up: it is a warning, and the next
   run tries again. The lock is free by then: nobody who must act waits for a mail.
3. Each way has ``SECONDS`` in all, whatever the other side does.
4. The webhook's URL is a secret: no log has it.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from ssl import SSLContext
from threading import Thread
from traceback import format_exc
from urllib.parse import urlsplit

from tq_conn_citrix_waf.certificates import Endpoint
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import (
    ConfigurationError,
    ConnectorError,
    LockedError,
    StateError,
)
from tq_conn_citrix_waf.http import Request, Transport
from tq_conn_citrix_waf.log import fields, log
from tq_conn_citrix_waf.mail import PORTS, Mail, Mailbox
from tq_conn_citrix_waf.run.due import due, noted, still
from tq_conn_citrix_waf.run.events import Message, Wishes, look
from tq_conn_citrix_waf.run.reach import PROGRAM
from tq_conn_citrix_waf.run.status import Standing, standing
from tq_conn_citrix_waf.secrets import keep, one_line
from tq_conn_citrix_waf.settings import base_url
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.sent import FILE_NAME, Sent, read_sent, write_sent
from tq_conn_citrix_waf.trust import Trust, environment_proxy

SECONDS = 10.0
"""So long one way may take for all that it has to tell."""
_WORDS = 200
"""Characters of what the other side says of itself; it may say any number of them."""
_CORRECT = "correct it in [messages] of the file"

MakeTransport = Callable[[Trust, str], Transport]


class _NotTakenError(Exception):
    """The other side did not take a message in."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to people.

    Attributes:
        name: webhook or mail.
        place: where it leads, without what is secret of it.
        send: sends a message; returns what of it went wrong for some, or ''.
    """

    name: str
    place: str
    send: Callable[[Message], str]


@dataclass(slots=True)
class Outcome:
    """What came of sending: what was taken in, and what went wrong."""

    sent: list[Message] = field(default_factory=list)
    trouble: str = ""


@contextmanager
def telling(file: File, clock: Clock, make_transport: MakeTransport) -> Iterator[None]:
    """Tell people of what needs them once the run inside has ended, however it did.

    A run that found another at work says nothing: the other one will.

    Args:
        file: the configuration file.
        clock: for the time of day.
        make_transport: makes a transport from what is trusted and the proxy.
    """
    try:
        yield
    except LockedError:
        raise
    except Exception:
        _tell(file, clock, make_transport)
        raise
    else:
        _tell(file, clock, make_transport)


def _tell(file: File, clock: Clock, make_transport: MakeTransport) -> None:
    """Tell what is due; whatever happens to that, the run ended as it ended."""
    directory = file.path.parent
    if not names(file):
        return
    try:
        with lock(directory, f"{FILE_NAME}.lock"):
            found = standing(directory, clock.now())
            if found is not None:
                _tell_all(file, found, make_transport)
    except LockedError:
        log.info("another run tells people just now")
    except ConnectorError as error:
        log.warning("no message: %s", error.what)
    except KeyboardInterrupt:
        log.warning("interrupted while people were told: the next run tells the rest")
    except Exception as error:  # noqa: BLE001  # a bug here must not pass for the run's
        name = type(error).__name__
        log.warning("no message: a fault of the connector (%s); -v3 logs it", name)
        log.debug("%s", format_exc())


def _tell_all(file: File, found: Standing, make_transport: MakeTransport) -> None:
    directory, now = file.path.parent, found.now
    wishes = Wishes.of(file.sections["messages"])
    seen = look(found, wishes, file)
    before = read_sent(directory)
    after = {n: still(before.get(n, {}), now, wishes) for n in names(file)}
    for name, kept in after.items():
        news = [
            Message(event, file, found, now, over)
            for event, over in due(seen, kept, now, wishes)
        ]
        for message in _send(file, name, news, make_transport):
            kept[message.event.key] = noted(message.event, message.over, now)
        if kept != before.get(name):
            _keep(directory, after)
    if before.keys() - after:
        _keep(directory, after)


def _keep(directory: Path, sent: Sent) -> None:
    try:
        write_sent(directory, sent)
    except StateError as error:
        log.warning("people are told again by the next run: %s", error.what)


def _send(
    file: File, name: str, news: Sequence[Message], make_transport: MakeTransport
) -> list[Message]:
    """Send messages by a way; return those that were taken in."""
    if not news:
        return []
    try:
        way = open_way(file, name, make_transport)
    except ConnectorError as error:
        log.warning("no message by %s: %s", name, error.what)
        return []
    outcome = deliver(way, news)
    for message in outcome.sent:
        facts = fields(event="told", way=name, about=message.event.key)
        log.info("told by %s (%s): %s", name, way.place, message.headline, extra=facts)
    if outcome.trouble:
        log.warning("message by %s (%s): %s", name, way.place, outcome.trouble)
    return outcome.sent


def deliver(way: Way, messages: Sequence[Message]) -> Outcome:
    """Send messages, one after the other, until one is not taken in or time is up.

    In a thread that nobody waits for: no time limit of a library ends a resolver that
    is silent, or a server that sends a letter a second.
    """
    outcome = Outcome()

    def work() -> None:
        try:
            for message in messages:
                trouble = way.send(message)
                outcome.sent.append(message)
                outcome.trouble = outcome.trouble or trouble
        except Exception as error:  # noqa: BLE001  # whatever it is, the run has ended
            outcome.trouble = one_line(str(error) or type(error).__name__, _WORDS)

    thread = Thread(target=work, daemon=True)
    thread.start()
    thread.join(SECONDS)
    if thread.is_alive():
        return Outcome([*outcome.sent], f"not taken in within {SECONDS:g} s")
    return outcome


def names(file: File) -> list[str]:
    """Return the names of the ways that a file asks for."""
    own = file.sections.get("messages", {})
    keys = {"webhook": "webhook", "mail": "mail_to"}
    return [name for name, key in keys.items() if own.get(key)]


def open_way(file: File, name: str, make_transport: MakeTransport) -> Way:
    """Return one of the ways, ready to send.

    Raises:
        ConfigurationError: a secret is not to be had, or a setting is wrong.
    """
    opened = {"webhook": _webhook, "mail": _mail}
    return opened[name](file, make_transport)


def _webhook(file: File, make_transport: MakeTransport) -> Way:
    url = file.secret("messages", "webhook")
    parts = urlsplit(url)
    # A part of it is as good as the whole: whoever has the path may write there.
    keep(parts.path)
    keep(parts.query)
    if parts.scheme != "https" or not parts.hostname or "@" in parts.netloc:
        what = f"{file.path}: [messages] webhook is no https:// URL without a user"
        raise ConfigurationError(what, _CORRECT)
    own = file.sections["messages"]
    proxy = own["proxy"] if "proxy" in own else environment_proxy(url)
    transport = make_transport(Trust(own.get("ca_file", "")), proxy)
    headers = {"Content-Type": "application/json", "User-Agent": PROGRAM}
    headers |= _header(file)

    def send(message: Message) -> str:
        body = json.dumps(message.as_json()).encode()
        # Whoever took it in says so by the status; what more it says may have no end.
        request = Request("POST", url, headers, body, SECONDS, status_only=True)
        answer = transport.send(request)
        if not HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            raise _NotTakenError(f"it answered {answer.status}")
        return ""

    return Way("webhook", str(Endpoint.of(url)), send)


_HEADER = re.compile(r"([A-Za-z0-9-]+): *([!-~]+(?:[ ]+[!-~]+)*)")


def _header(file: File) -> dict[str, str]:
    if not file.get("messages", "webhook_header"):
        return {}
    found = _HEADER.fullmatch(file.secret("messages", "webhook_header"))
    if found is None:
        what = f"{file.path}: [messages] webhook_header is not of the form NAME: VALUE"
        raise ConfigurationError(what, _CORRECT)
    name, value = found.groups()
    keep(value)
    keep(value.split()[-1])  # the token after "Bearer"
    return {name: value}


def _mail(file: File, _make_transport: MakeTransport) -> Way:
    own = file.sections["messages"]
    tls, user = own.get("mail_tls", "starttls"), own.get("mail_user", "")
    try:
        server = urlsplit(base_url(own["mail_server"]))
    except ValueError as error:
        what = f"{file.path}: [messages] mail_server: {error}"
        raise ConfigurationError(what, _CORRECT) from error
    mail = Mail(
        server.hostname or "",
        server.port or PORTS[tls],
        tls,
        _context(file),
        SECONDS,
        user,
        file.secret("messages", "mail_password") if user else "",
    )
    box = Mailbox(own["mail_from"], own["mail_to"])

    def send(message: Message) -> str:
        text = f"{message.text}\n"
        refused = mail.send(box, message.subject, text, message.at)
        return f"the server refused {', '.join(refused)}" if refused else ""

    place = f"{mail.host}:{mail.port}, to {', '.join(box.to)}"
    return Way("mail", place, send)


def _context(file: File) -> SSLContext:
    trust = Trust(file.get("messages", "ca_file"))
    try:
        return trust.context()
    except OSError as error:
        what = f"the CA file {trust.ca_file} cannot be read: {error}"
        raise ConfigurationError(what, _CORRECT) from error
