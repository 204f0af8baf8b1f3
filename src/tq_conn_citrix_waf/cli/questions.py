"""The guide's five questions, put to a person at a terminal or to a pipe.

1. In the guide's order and words; what is known already is not asked.
2. At a terminal a wrong answer is named and asked again, three times in all; piped, it
   ends the run.
"""

import getpass
import sys
from collections.abc import Callable
from dataclasses import dataclass

from tq_conn_citrix_waf import secrets
from tq_conn_citrix_waf.certificates import Endpoint
from tq_conn_citrix_waf.errors import ConfigurationError, StoppedError
from tq_conn_citrix_waf.settings import base_url

TRIES = 3
"""A third wrong password in a row is where ThreatQ may lock a user out."""


def _some(text: str) -> str:
    if not text.strip():
        raise ValueError("an answer is needed")
    return text.strip()


def _host(text: str) -> str:
    Endpoint.of(base_url(_some(text)))
    return text.strip()


def _secret(text: str) -> str:
    if not text:
        raise ValueError("an answer is needed")
    try:
        secrets.fetch(text, "the answer")
    except ConfigurationError as error:
        raise ValueError(error.what) from error
    return text


@dataclass(frozen=True, slots=True)
class Question:
    """One question: the key that its answer gets, its words, and what is wrong."""

    key: str
    words: str
    check: Callable[[str], str]

    def read(self, text: str) -> str:
        """Return an answer as it is kept.

        Raises:
            ValueError: it cannot be right; the words hold no secret.
        """
        if not text.isprintable():
            raise ValueError("it holds characters that cannot be typed")
        return self.check(text)


QUESTIONS = (
    Question("host", "ThreatQ Host", _host),
    Question("client_id", "ThreatQ Client ID", _some),
    Question("username", "ThreatQ Username", _some),
    Question("password", "ThreatQ Password", _secret),
    Question("status", "Status", _some),
)


def attended() -> bool:
    """Whether a person answers."""
    return sys.stdin.isatty()


def ask(question: Question) -> str:
    """Return an answer that may be right.

    Raises:
        ConfigurationError: there is none.
    """
    left = TRIES
    while True:
        text = _line(question)
        left -= 1
        try:
            return question.read(text)
        except ValueError as error:
            wrong = f"{question.words}: {error}"
            if not left or not attended():
                raise ConfigurationError(
                    wrong, "run it again and answer what it asks"
                ) from None
            print(secrets.hide(wrong))


_AWAY = (
    "is not known while ThreatQ is away",
    (
        "run this at a terminal, which asks for it, or write it into the file:"
        " [netscaler] password, as the text, file:PATH or env:NAME"
    ),
)
_ELSEWHERE = (
    "is not known: the one in the settings is sent to their appliance alone",
    "run this at a terminal, which asks for it",
)


def ask_appliance(username: str, url: str, why: tuple[str, str] = _AWAY) -> str:
    """Return the appliance's password, from a person at a terminal.

    Args:
        username: on the appliance.
        url: of the appliance.
        why: what is said and advised where nobody can be asked.

    Raises:
        ConfigurationError: nobody is there to be asked.
        StoppedError: there is no answer.
    """
    if not attended():
        words, cure = why
        raise ConfigurationError(f"the password of {username!r} on {url} {words}", cure)
    try:
        password = getpass.getpass(f"Password of {username} on {url}: ")
    except (EOFError, KeyboardInterrupt):
        password = ""
    if not password:
        what = f"no password of {username!r} on {url} was given"
        raise StoppedError(what, "run it again and answer what it asks")
    secrets.keep(password)
    return password


def ask_elsewhere(username: str, url: str) -> str:
    """Return the password on an appliance that is not the one of the settings.

    Raises:
        ConfigurationError: nobody is there to be asked.
    """
    return ask_appliance(username, url, _ELSEWHERE)


def _line(question: Question) -> str:
    prompt = f"{question.words}: "
    try:
        if question.key == "password" and attended():
            return getpass.getpass(prompt)
        text = input(prompt)
    except EOFError:
        print()
        raise ConfigurationError(
            f"there is no answer to {question.words!r}",
            "run the connector once at a terminal, or pipe the answers to it, a line"
            " each: host, client id, username, password, status",
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(
            f"the answer to {question.words!r} is no text in UTF-8",
            "pipe the answers in UTF-8",
        ) from None
    if not attended():
        print()  # a piped answer brings no end of line to the screen
    return text
