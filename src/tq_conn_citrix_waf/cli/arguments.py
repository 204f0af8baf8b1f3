"""The command line's grammar: the guide's options first and unchanged, then ours."""

import argparse
from dataclasses import dataclass
from pathlib import Path

from tq_conn_citrix_waf import config

_PROGRAM = "tq-conn-citrix-waf"
_ABOUT = (
    "Keeps the block list of a Citrix NetScaler in step with ThreatQ data"
    " collections. The first run asks for ThreatQ's host and credentials; every"
    " further one is a run."
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for."""

    log_location: str
    directory: Path
    verbosity: int
    ca_file: str
    name: str


def parse(words: list[str] | None) -> Arguments:
    """Read the command line; ends the program with 2 where it cannot be read."""
    parser = argparse.ArgumentParser(
        prog=_PROGRAM, description=_ABOUT, allow_abbrev=False
    )
    parser.add_argument(
        "-ll",
        "--loglocation",
        metavar="LOGLOCATION",
        default="stdout",
        help="directory for the log, which must exist and be writable; 'stdout' (the"
        " default) logs to the console",
    )
    parser.add_argument(
        "-c",
        "--config",
        metavar="CONFIG",
        default=".",
        help="directory of the configuration, readable and writable by the current"
        " user (default: the current directory)",
    )
    parser.add_argument(
        "-v",
        "--verbosity",
        type=int,
        choices=(1, 2, 3),
        default=1,
        help="how much is logged: 1 warnings (the default), 2 what was done, 3"
        " everything",
    )
    parser.add_argument(
        "--ca-file",
        metavar="FILE",
        default="",
        help="certificates to trust instead of the system's, for both systems; kept"
        " by the first run",
    )
    parser.add_argument(
        "--name",
        default=config.CONNECTOR_NAME,
        help="name of the entry in ThreatQ, for a second instance (default:"
        " %(default)s)",
    )
    given = parser.parse_args(words)
    directory = Path(given.config)
    if directory.name == config.FILE_NAME and not directory.is_dir():
        directory = directory.parent
    return Arguments(
        given.loglocation, directory, given.verbosity, given.ca_file, given.name
    )
