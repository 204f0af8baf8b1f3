"""The first run: five questions, an entry in ThreatQ, and the configuration file.

1. The guide's questions, in its order and words.
2. Nothing is written before all went well.
3. At a terminal a wrong answer is asked again; piped, it ends the run.
"""

import getpass
import os
import secrets as randomness
import sys
from collections.abc import Callable
from pathlib import Path

from tq_conn_citrix_waf import config, secrets
from tq_conn_citrix_waf.cli.arguments import Arguments
from tq_conn_citrix_waf.errors import ConfigurationError, StateError
from tq_conn_citrix_waf.run.site import Outside, register
from tq_conn_citrix_waf.settings import base_url
from tq_conn_citrix_waf.store.files import write_private

CONFIGURED = "Connector configured. Set information in UI"

Answers = dict[str, str]


def first_run(arguments: Arguments, outside: Outside) -> None:
    """Ask, register, write.

    Raises:
        ConfigurationError: an answer is wrong or missing.
        SourceError: ThreatQ refused it, or cannot be reached.
        StateError: the directory cannot be written.
    """
    directory = arguments.directory
    if not directory.is_dir() or not os.access(directory, os.W_OK):
        raise StateError(
            f"{directory} is no directory that can be written",
            "make it (mkdir -p), writable for the user who runs the connector",
        )
    answers = _ask()
    instance = randomness.token_hex(4)
    values: dict[str, dict[str, object]] = {
        "": {"instance": instance},
        "threatq": {**answers, "connector": arguments.name},
        "netscaler": {},
    }
    if arguments.ca_file:
        ca_file = str(Path(arguments.ca_file).resolve())
        values["threatq"]["ca_file"] = values["netscaler"]["ca_file"] = ca_file
    path = directory / config.FILE_NAME
    file = config.check(path, values)
    register(file, outside)
    write_private(path, config.render(values).encode())
    print(CONFIGURED)


def _ask() -> Answers:
    return {
        "host": _prompt("ThreatQ Host: ", _host),
        "client_id": _prompt("ThreatQ Client ID: ", _some),
        "username": _prompt("ThreatQ Username: ", _some),
        "password": _prompt("ThreatQ Password: ", _secret, hidden=True),
        "status": _prompt("Status: ", _some),
    }


def _prompt(question: str, check: Callable[[str], str], *, hidden: bool = False) -> str:
    while True:
        text = _line(question, hidden=hidden)
        try:
            return check(text)
        except ValueError as error:
            wrong = f"{question.rstrip(': ')}: {error}"
            if not sys.stdin.isatty():
                raise ConfigurationError(wrong, "answer all five questions") from None
            print(wrong)


def _line(question: str, *, hidden: bool) -> str:
    if hidden and sys.stdin.isatty():
        return getpass.getpass(question)
    try:
        text = input(question)
    except EOFError:
        print()
        raise ConfigurationError(
            f"there is no answer to {question.rstrip(': ')!r}",
            "run the connector once at a terminal, or pipe the five answers to it, a"
            " line each: host, client id, username, password, status",
        ) from None
    if not sys.stdin.isatty():
        print()  # a piped answer brings no end of line to the screen
    return text


def _some(text: str) -> str:
    text = text.strip()
    if not text:
        raise ValueError("an answer is needed")
    return text


def _host(text: str) -> str:
    base_url(_some(text))
    return text.strip()


def _secret(text: str) -> str:
    if not text:
        raise ValueError("an answer is needed")
    secrets.keep(text)
    return text
