"""``status``: how the site stands, as a line for a monitor or a table for a person.

It alone exits with the codes of a Nagios plug-in: 0 ok, 1 warning, 2 critical,
3 unknown.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import timedelta
from textwrap import wrap
from typing import Any

from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.screen import COLUMNS
from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.run.status import Ages, Level, Standing, standing, told
from tq_conn_citrix_waf.secrets import hide

_INDENT = 14
_NO_RUN = "no run is known"


def _options(parser: argparse.ArgumentParser) -> None:
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="as JSON, for a program")
    form.add_argument(
        "--line",
        action="store_true",
        help="as one line, for a monitor (the default where this is no terminal)",
    )
    form.add_argument("--table", action="store_true", help="as a table, for a person")
    for name, hours in (("warning", 3.0), ("critical", 24.0)):
        parser.add_argument(
            f"--{name}-after",
            metavar="HOURS",
            type=float,
            default=hours,
            help=f"{name} where no run ended in step for so long (default: {hours:g})",
        )


def _run(arguments: Arguments, outside: Outside) -> int:
    own = arguments.own
    ages = Ages(timedelta(hours=own.warning_after), timedelta(hours=own.critical_after))
    try:
        found = standing(arguments.directory, outside.clock.now(), ages)
    except StateError as error:
        print(f"UNKNOWN: {hide(error.what)}")
        return Level.UNKNOWN
    if own.json:
        print(hide(json.dumps(_told(found), indent=2)))
    elif found is None:
        print(f"UNKNOWN: {_NO_RUN} in {arguments.directory}")
    elif own.table or (sys.stdout.isatty() and not own.line):
        for line in _table(found):
            print(hide(line))
    else:
        print(hide(_line(found)))
    return Level.UNKNOWN if found is None else found.level


def _line(found: Standing) -> str:
    """Return one line as the plug-in guidelines have it: words, then numbers."""
    worries = sorted(found.worries(), key=lambda w: -w.level)
    words = "; ".join(w.words for w in worries) or f"in step {_ago(found)}"
    numbers = [f"not_good={found.not_good}"]
    if found.age is not None:
        limits = (found.ages.warning, found.ages.critical)
        most = ";".join(f"{age.total_seconds():.0f}" for age in limits)
        numbers.append(f"age={found.age.total_seconds():.0f}s;{most}")
    numbers += [f"'{s.name}'={s.values};;;0;{s.limit or ''}" for s in found.sets]
    one_line = " ".join(words.split())
    return f"{found.level.name}: {one_line} | {' '.join(numbers)}"


def _table(found: Standing) -> Iterator[str]:
    last = found.last
    yield f"{found.level.name}: {found.appliance}"
    ended = f"{last.ended:%Y-%m-%d %H:%M} UTC, exit {last.exit}"
    yield f"  {'last run':<12}{ended}"
    yield f"  {'in step':<12}{_ago(found)}"
    if found.act is not None and found.act.act is not None:
        words = f"{found.act.ended:%Y-%m-%d %H:%M} UTC: {found.act.act.words}"
        yield from _rows("since then", words)
    for one in found.sets:
        limit = f" of {one.limit:,}" if one.limit else ""
        then = "are" if found.act is None else "were"
        share = f"{one.blocked:,} of {one.wanted:,} wanted {then} blocked"
        if found.pause is not None:
            share = "they stay while paused"
        yield f"  {one.name:<11} {one.values:,}{limit} values; {share}"
    for held in last.held:
        yield f"  {'held':<12}{held.counted:,} {held.kind} ({held.id})"
    for worry in found.worries():
        words = f"{worry.words}."
        if worry.cure:
            words += f" What to do: {worry.cure}."
        yield from _rows(worry.level.name.lower(), words)


def _rows(head: str, words: str) -> Iterator[str]:
    lines = wrap(words, COLUMNS - _INDENT, break_on_hyphens=False)
    for number, line in enumerate(lines):
        yield f"  {'' if number else head:<12}{line}"


def _ago(found: Standing) -> str:
    return "never" if found.age is None else f"{told(found.age)} ago"


def _told(found: Standing | None) -> dict[str, Any]:
    if found is None:
        return {"level": Level.UNKNOWN.name, "worries": [{"words": _NO_RUN}]}
    last = found.last
    return {
        "level": found.level.name,
        "appliance": found.appliance,
        "last_run": last.ended.isoformat(),
        "exit": last.exit,
        "error": last.error,
        "in_step": None if found.good is None else found.good.ended.isoformat(),
        "runs_not_good": found.not_good,
        "paused": None if found.pause is None else found.pause.words,
        "act": None
        if found.act is None or found.act.act is None
        else found.act.act.words,
        "sets": [
            {
                "name": one.name,
                "family": one.family,
                "values": one.values,
                "limit": one.limit,
                "wanted": one.wanted,
                "blocked": one.blocked,
                "left_out": one.left_out,
                "refused": one.refused,
            }
            for one in found.sets
        ],
        "held": [
            {"id": held.id, "kind": held.kind, "counted": held.counted}
            for held in last.held
        ],
        "worries": [
            {"level": w.level.name, "words": w.words, "cure": w.cure}
            for w in found.worries()
        ],
    }


COMMAND = Command(
    "status",
    "say how the site stands, for a person or a monitor (exits 0 to 3 as Nagios does)",
    "status -c /etc/tq_labs --line --critical-after 6",
    _options,
    _run,
)
