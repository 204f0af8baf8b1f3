"""``check``: look at all that a run needs, and say what to do where it is not well.

Rows come as they are found. With ``--json`` standard output holds JSON alone; the log
that would stand there goes to standard error, and what it would warn about is a row.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from textwrap import wrap

from tq_conn_citrix_waf import log, secrets
from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.logs import start_log
from tq_conn_citrix_waf.cli.screen import KEPT, hung, say, screen
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding, State
from tq_conn_citrix_waf.run.checkup.host import Places
from tq_conn_citrix_waf.run.checkup.walk import checkup
from tq_conn_citrix_waf.run.reach import PROGRAM
from tq_conn_citrix_waf.run.site import Outside

_LABELS = {State.OK: "ok", State.WARN: "WARN", State.FAIL: "FAIL", State.UNCHECKED: "-"}
_COLOURS = {
    State.OK: "green",
    State.WARN: "yellow",
    State.FAIL: "bold red",
    State.UNCHECKED: "dim",
}
_COMMAND = re.compile(rf"\S*{PROGRAM} (?:trust|approve) -[^;]*")


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json", action="store_true", help="the same rows as JSON, for a program"
    )
    parser.add_argument(
        "--message",
        action="store_true",
        help="send a trial message to each that [messages] names",
    )


def _run(arguments: Arguments, outside: Outside) -> Exit:
    places = Places(arguments.directory, arguments.log_location, _start_log(arguments))
    own = arguments.own
    walk = checkup(places, arguments.ca_file, outside, message=own.message)
    with closing(walk) as findings:
        show = _json if own.json else _table
        return show(findings)


def _start_log(arguments: Arguments) -> StateError | None:
    """Start the log beside the table; return why it cannot be where it should."""
    trouble = None
    try:
        start_log(arguments, sys.stderr)
    except StateError as error:
        trouble = error
        start_log(replace(arguments, log_location="stdout"), sys.stderr)
    log.hush()  # each warning is a row
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
    show, columns = screen()
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


def _lines(finding: Finding, columns: int) -> Iterator[str]:
    words = secrets.one_line(finding.words)
    if finding.state is State.UNCHECKED:
        words = f"{finding.state}: {words}"
    yield from _row(_LABELS[finding.state], finding.name, words, columns)
    if finding.cure:
        yield from _row("", "  what to do:", secrets.one_line(finding.cure), columns)


def _row(label: str, name: str, words: str, columns: int) -> Iterator[str]:
    """Yield a row; what a person copies, a path or a command, is never broken."""
    words = _COMMAND.sub(lambda found: found[0].replace(" ", KEPT), words)
    return hung(f"  {label:<6}{name:<14}", words, columns)


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
