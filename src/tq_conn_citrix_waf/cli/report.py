"""``report``: the last run as text, or a site's last days as a page for people."""

import argparse
import json
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.one_run import OneRun
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.history import find
from tq_conn_citrix_waf.run.page.past import known, past
from tq_conn_citrix_waf.run.page.whole import MADE_BY, page
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import hide, one_line
from tq_conn_citrix_waf.store.files import write_private
from tq_conn_citrix_waf.store.retention import RUN_DAYS

_DAYS = 30
_SHOWN = 5
_HEAD = 1000
"""Bytes of a page in which it says who made it."""


def _options(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--html",
        metavar="FILE",
        type=Path,
        help="write a page with plots that needs nothing but itself; an earlier one of"
        " the name is replaced",
    )
    form.add_argument("--json", action="store_true", help="the last run, as JSON")
    parser.add_argument(
        "--days",
        metavar="N",
        type=_days,
        default=_DAYS,
        help="so many days on the page (default: %(default)s)",
    )


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= RUN_DAYS:
        raise argparse.ArgumentTypeError(f"{text}: 1 to {RUN_DAYS}")
    return days


def _run(arguments: Arguments, outside: Outside) -> Exit:
    own, now = arguments.own, outside.clock.now()
    if own.html is not None:
        _write(arguments, own.html, now)
        return Exit.IN_STEP
    found = known(arguments.directory, now)
    one = OneRun(*find(arguments.directory, found.last.number))
    if own.json:
        say(hide(json.dumps(one.told(), indent=1)))
    else:
        say(*map(one_line, one.rows(_SHOWN)))
    return Exit.IN_STEP


def _write(arguments: Arguments, path: Path, now: datetime) -> None:
    _must_be_ours(path)
    shown = past(arguments.directory, now, arguments.own.days)
    data = page(shown)
    write_private(path, data)
    told = (
        f"{len(shown.runs):,} runs of {shown.days:,} days, {len(data) / 1000:,.0f} kB"
    )
    say(one_line(f"{path}: {shown.standing.level.name}, {told}"))


def _must_be_ours(path: Path) -> None:
    """Let nothing be replaced but an earlier page; root has a slip, too."""
    try:
        with path.open("rb") as file:
            ours = MADE_BY.encode() in file.read(_HEAD)
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}", "name another file"
        ) from error
    if not ours:
        raise ConfigurationError(
            f"{path} is there already, and is no page of this command",
            "name another file, or remove it",
        )


COMMAND = Command(
    "report",
    "show how a site stands and what became of it: text, JSON, or a page",
    "report -c /etc/tq_labs --html report.html",
    _options,
    _run,
)
