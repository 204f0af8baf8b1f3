"""The command line's grammar: the guide's options first and unchanged, then ours.

A command is a module of this package that has a ``COMMAND``; the bare command line is
the guide's. Options of the guide may stand before and after a command's name.
"""

import argparse
import getpass
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.run.reach import PROGRAM
from tq_conn_citrix_waf.run.site import Outside

HOME = Path("/etc/tq_labs")
EXAMPLE = "-c /etc/tq_labs -ll /var/log/tq_labs -v2"
"""A run, as cron makes it."""
_ABOUT = (
    "Keeps the block list of a Citrix NetScaler in step with ThreatQ data"
    " collections. Without a command: the first run asks for ThreatQ's host and"
    " credentials; every further one is a run."
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for; ``own`` holds the options of the command."""

    log_location: str
    directory: Path
    verbosity: int
    ca_file: str
    name: str
    own: argparse.Namespace


Handler = Callable[[Arguments, Outside], int]
"""Returns an exit code: an ``Exit``, or a level of ``status``."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        about: one line for the list of commands.
        example: one whole command line.
        options: adds the command's own options to its parser.
        run: does it.
        own_log: whether it starts the log itself.
    """

    name: str
    about: str
    example: str
    options: Callable[[argparse.ArgumentParser], None]
    run: Handler
    own_log: bool = False


def grammar(commands: Sequence[Command], bare: Handler) -> argparse.ArgumentParser:
    """Return what reads the command line."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description=_ABOUT,
        epilog=f"Example: {PROGRAM} {EXAMPLE}",
        allow_abbrev=False,
    )
    _guide(parser, again=False)
    parser.add_argument(
        "--name",
        default=config.CONNECTOR_NAME,
        help="name of the entry in ThreatQ, for a second instance (default:"
        " %(default)s)",
    )
    parser.set_defaults(run=bare, command="", own_log=False)
    if commands:
        listed = parser.add_subparsers(title="commands", metavar="COMMAND")
    for command in commands:
        one = listed.add_parser(
            command.name,
            help=command.about,
            description=command.about,
            epilog=f"Example: {PROGRAM} {command.example}",
            allow_abbrev=False,
        )
        _guide(one, again=True)
        command.options(one)
        one.set_defaults(run=command.run, command=command.name, own_log=command.own_log)
    return parser


def parse(
    words: Sequence[str] | None, commands: Sequence[Command], bare: Handler
) -> tuple[Arguments, Handler]:
    """Read the command line; ends the program with 2 where it cannot be read."""
    parser = grammar(commands, bare)
    given = parser.parse_args(_apart(sys.argv[1:] if words is None else words))
    directory = _directory(given.config, bare=not given.command)
    arguments = Arguments(
        given.loglocation,
        directory,
        given.verbosity,
        given.ca_file,
        given.name,
        given,
    )
    return arguments, given.run


def login_name() -> str:
    """Return the login name of who runs this, as far as the system tells."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):  # the user has no name here
        return str(os.getuid())


def _apart(words: Sequence[str]) -> list[str]:
    """Take ``-ll/var/log`` apart: argparse does so for one-letter options only."""
    apart: list[str] = []
    for word in words:
        attached = word.startswith("-ll") and word[3:4] not in ("", "=")
        apart += [word[:3], word[3:]] if attached else [word]
    return apart


def _directory(text: str | None, *, bare: bool) -> Path:
    """Return where the configuration is: -c, else here, else the guide's place.

    Only the bare command makes a first run; so it never looks elsewhere.
    """
    if text is not None:
        directory = Path(text)
        if directory.name == config.FILE_NAME and not os.path.isdir(directory):  # noqa: PTH112  # pathlib's raises where it may not look
            return directory.parent
        return directory
    here = Path()
    if bare or os.path.lexists(here / config.FILE_NAME):
        return here
    return HOME if os.path.lexists(HOME / config.FILE_NAME) else here


def _guide(parser: argparse.ArgumentParser, *, again: bool) -> None:
    """Add the options that stand before or after a command's name."""

    def default(value: object) -> object:
        return argparse.SUPPRESS if again else value

    parser.add_argument(
        "-ll",
        "--loglocation",
        metavar="LOGLOCATION",
        default=default("stdout"),
        help="directory for the log, which must exist and be writable; 'stdout' (the"
        " default) logs to the console",
    )
    parser.add_argument(
        "-c",
        "--config",
        metavar="CONFIG",
        default=default(None),
        help="directory of the configuration, readable and writable by the current"
        " user (default: the current directory)",
    )
    parser.add_argument(
        "-v",
        "--verbosity",
        type=int,
        choices=(1, 2, 3),
        default=default(1),
        help="how much is logged: 1 warnings (the default), 2 what was done, 3"
        " everything",
    )
    parser.add_argument(
        "--ca-file",
        metavar="FILE",
        default=default(""),
        help="certificates to trust instead of the system's, for both systems; kept"
        " by the first run",
    )
