"""The log of a command: where -ll says or in a syslog, in the form of the file."""

from contextlib import suppress
from typing import TextIO

from tq_conn_citrix_waf import config, log, syslog
from tq_conn_citrix_waf.cli.arguments import Arguments
from tq_conn_citrix_waf.errors import ConnectorError


def start_log(arguments: Arguments, screen: TextIO | None = None) -> None:
    """Start the log; a file that is wrong is told by whoever needs it.

    Args:
        arguments: of the command line.
        screen: stands for standard output; None: that itself.

    Raises:
        StateError: the log cannot be where -ll says.
    """
    log.start(arguments.log_location, arguments.verbosity, screen)
    with suppress(ConnectorError):
        file = config.load(arguments.directory)
        log.shape(
            file.get("log", "format"), syslog.wanted(file.sections.get("log", {}))
        )
