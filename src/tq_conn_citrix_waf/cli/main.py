"""The entry point: what to run, and how its end is told.

A good run prints nothing but its log. A bad one says two lines on standard error: what
happened, and what to do. Cron mails them.
"""

import os
import signal
import sys
import traceback
from io import FileIO, TextIOWrapper
from types import FrameType
from typing import TextIO

from tq_conn_citrix_waf import config, log, secrets
from tq_conn_citrix_waf.cli import (
    adopt,
    allow,
    approve,
    check,
    drain,
    explain,
    history,
    pause,
    plan,
    report,
    rollback,
    status,
    trust,
)
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, Handler, parse
from tq_conn_citrix_waf.cli.first_run import first_run
from tq_conn_citrix_waf.cli.logs import start_log
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.errors import ConnectorError, StateError, StoppedError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.site import Outside, run_site

_STANDARD = 2
"""The last of the standard streams: standard error."""

COMMANDS: tuple[Command, ...] = (
    adopt.COMMAND,
    allow.COMMAND,
    approve.COMMAND,
    check.COMMAND,
    drain.COMMAND,
    explain.COMMAND,
    history.COMMAND,
    pause.PAUSE,
    pause.RESUME,
    plan.APPLY,
    plan.PLAN,
    report.COMMAND,
    rollback.COMMAND,
    status.COMMAND,
    trust.COMMAND,
)


def main(words: list[str] | None = None, outside: Outside | None = None) -> int:
    """Run the command line; return the exit code.

    Args:
        words: the command line; None for this process's own.
        outside: clock and transports; None for the real ones.
    """
    signal.signal(signal.SIGTERM, _terminated)
    _open_streams()
    arguments, run = parse(words, COMMANDS, _bare)
    code = _guarded(arguments, run, outside or Outside())
    # Each by itself: what a failed log leaves waiting must be let go of all the same,
    # or Python tries it again as it ends, and ends with 120.
    for close in (log.stop, say):
        try:
            close()
        except StateError as error:
            if code == Exit.IN_STEP:
                code = _tell(error)
    return code


def _guarded(arguments: Arguments, run: Handler, outside: Outside) -> int:
    """Run a command, and tell how it ended if not well."""
    try:
        if not arguments.own.own_log:
            # Where a program reads the answer, nothing else stands beside it.
            screen = sys.stderr if getattr(arguments.own, "json", False) else None
            start_log(arguments, screen)
        return run(arguments, outside)
    except ConnectorError as error:
        return _tell(error)
    except KeyboardInterrupt:
        cure = "run it again: what was begun is finished then"
        return _tell(StoppedError("interrupted", cure))
    except Exception:  # noqa: BLE001  # the last resort: a bug is told, not thrown
        return _confess()


def _bare(arguments: Arguments, outside: Outside) -> Exit:
    """Do what the guide says: the first run, or a run."""
    # A directory that may not be entered, or a link that leads nowhere, is told.
    if not os.path.lexists(arguments.directory / config.FILE_NAME):
        first_run(arguments, outside)
        return Exit.IN_STEP
    file = config.load(arguments.directory)
    with progress() as tell:
        report = run_site(file, arguments.ca_file, tell, outside)
    if report is None:
        return Exit.IN_STEP
    for trouble in report.troubles[:1]:
        _tell(trouble)
    return report.exit


def _tell(why: ConnectorError) -> Exit:
    """Say how a run ended: two lines for cron's mail, and the log if it is a file."""
    log.log.debug("ended by %s", type(why).__name__)
    if log.off_screen():
        facts = log.fields(event="ended", exit=why.exit, error=type(why).__name__)
        log.log.error("%s (exit %d): %s", why.what, why.exit, why.cure, extra=facts)
    print(secrets.one_line(why.what), file=sys.stderr)
    print(secrets.one_line(f"What to do: {why.cure}."), file=sys.stderr)
    return why.exit


def _open_streams() -> None:
    """Let standard output and input be there, and take any text.

    Who starts this program may have closed them; the next file that is opened would
    then take their number, and what is printed would end up in it.
    """
    while (handle := os.open(os.devnull, os.O_RDWR)) <= _STANDARD:
        pass
    os.close(handle)
    sys.stdin = sys.stdin or _nowhere()
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _nowhere() -> TextIO:
    return TextIOWrapper(FileIO(os.devnull, "r+"), encoding="utf-8")


def _confess() -> Exit:
    report = secrets.hide(traceback.format_exc())
    if log.off_screen():
        log.log.critical("%s", report)
    print(report, file=sys.stderr)
    print(
        "This is a fault of the connector; nothing more was written. What to do: send"
        " the lines above to whoever maintains it.",
        file=sys.stderr,
    )
    return Exit.BUG


def _terminated(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
