"""``check``: look at all that a run needs, and say what to do where it is not well.

Rows come as they are found. With ``--json`` standard output holds JSON alone; the log
that would stand there goes to standard error, and what it would warn about is a row.
"""

import argparse
import json
import logging
import os
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from textwrap import wrap

from tq_conn_citrix_waf import log, secrets
from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding, State
from tq_conn_citrix_waf.run.checkup.host import Places
from tq_conn_citrix_waf.run.checkup.walk import checkup
from tq_conn_citrix_waf.run.reach import PROGRAM
from tq_conn_citrix_waf.run.site import Outside

_COLUMNS, _MOST_COLUMNS = 80, 120
_LABELS = {State.OK: "ok", State.WARN: "WARN", State.FAIL: "FAIL", State.UNCHECKED: "-"}
_COLOURS = {
    State.OK: "green",
    State.WARN: "yellow",
    State.FAIL: "bold red",
    State.UNCHECKED: "dim",
}
_INDENT = 22
"""Where the words start: two blanks, a label of six, a name of fourteen."""

_COMMAND = re.compile(rf"\S*{PROGRAM} (?:trust|approve) -[^;]*")
_KEPT = "\u00a0"
"""A blank at which no line is broken."""

Show = Callable[[str, str], None]
"""Prints one line, its label in a colour ('' for none)."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="the same rows as JSON, for a program"
    )


def _run(arguments: Arguments, outside: Outside) -> Exit:
    places = Places(arguments.directory, arguments.log_location, _start_log(arguments))
    with closing(checkup(places, arguments.ca_file, outside)) as findings:
        show = _json if arguments.own.json else _table
        return show(findings)


def _start_log(arguments: Arguments) -> StateError | None:
    """Start the log beside the table; return why it cannot be where it should."""
    trouble = None
    try:
        log.start(arguments.log_location, arguments.verbosity, sys.stderr)
    except StateError as error:
        trouble = error
        log.start("stdout", arguments.verbosity, sys.stderr)
    if not log.in_file() and log.log.level == logging.WARNING:
        log.log.setLevel(logging.ERROR)  # each warning is a row
    return trouble


def _json(findings: Iterator[Finding]) -> Exit:
    seen = [*findings]
    code = _exit(seen)
    rows = [
        {
            "area": f.area.value,
            "name": f.name,
            "state": f.state.value,
            "words": secrets.one_line(f.words),
            "cure": secrets.one_line(f.cure),
            "exit": int(f.exit),
        }
        for f in seen
    ]
    say(json.dumps({"exit": int(code), "findings": rows}, indent=2))
    return code


def _table(findings: Iterator[Finding]) -> Exit:
    show, columns = _screen()
    seen: list[Finding] = []
    area: Area | None = None
    for finding in findings:
        seen.append(finding)
        if finding.area is not area:
            show(f"{'' if area is None else chr(10)}{finding.area}", "")
            area = finding.area
        for line in _lines(finding, columns):
            show(line, _COLOURS[finding.state])
    code = _exit(seen)
    say("", *wrap(_verdict(seen, code), columns))
    return code


def _screen() -> tuple[Show, int]:
    """Return how a line is printed here, and how wide it may be."""
    if not sys.stdout.isatty():
        return _plain, _COLUMNS
    columns = min(shutil.get_terminal_size().columns, _MOST_COLUMNS)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return _plain, columns
    # Imported here alone: it costs a tenth of a second, and only a person sees colours.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()

    def coloured(line: str, colour: str) -> None:
        text = Text(line)
        text.stylize(colour or "bold", 0, 8 if colour else None)
        console.print(text, soft_wrap=True)

    return coloured, columns


def _plain(line: str, _colour: str) -> None:
    say(line)


def _lines(finding: Finding, columns: int) -> Iterator[str]:
    words = secrets.one_line(finding.words)
    if finding.state is State.UNCHECKED:
        words = f"{finding.state}: {words}"
    yield from _row(_LABELS[finding.state], finding.name, words, columns)
    if finding.cure:
        yield from _row("", "  what to do:", secrets.one_line(finding.cure), columns)


def _row(label: str, name: str, words: str, columns: int) -> Iterator[str]:
    """Yield a row; what a person copies, a path or a command, is never broken."""
    first = f"  {label:<6}{name:<14}"
    width = max(columns - _INDENT, 20)
    words = _COMMAND.sub(lambda found: found[0].replace(" ", _KEPT), words)
    lines = wrap(words, width, break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        yield f"{first}{line.replace(_KEPT, ' ')}"
        first = " " * _INDENT


def _exit(seen: list[Finding]) -> Exit:
    return next((f.exit for f in seen if f.state is State.FAIL), Exit.IN_STEP)


def _verdict(seen: list[Finding], code: Exit) -> str:
    counts = Counter(f.state for f in seen)
    told = ", ".join(
        f"{counts[state]} {words}" for state, words in _COUNTED.items() if counts[state]
    )
    if code is Exit.IN_STEP:
        return f"Nothing stands in the way of a run: {told}."
    return f"A run would end with {int(code)} ({code.meaning}): {told}."


_COUNTED = {
    State.OK: "ok",
    State.WARN: "to look at",
    State.FAIL: "failed",
    State.UNCHECKED: "not checked",
}


COMMAND = Command(
    "check",
    "look at all that a run needs, and change nothing",
    "check -c /etc/tq_labs -ll /var/log/tq_labs",
    _options,
    _run,
    own_log=True,
)
