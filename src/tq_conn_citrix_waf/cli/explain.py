"""``explain``: is it blocked, and why, or why not.

The first line says of when the answer is. A network's answer fits on a screen; with
``--json`` all of it is there.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from textwrap import wrap

from tq_conn_citrix_waf import config, log, secrets
from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.explained import as_json
from tq_conn_citrix_waf.cli.logs import start_log
from tq_conn_citrix_waf.cli.screen import hung, say, screen
from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.causes import Cause, Why, named
from tq_conn_citrix_waf.core.explain import Explanation
from tq_conn_citrix_waf.core.facts import View
from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.core.seen import Entry, Told, Whose, how_much
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.explain import explain_site
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.run.words import sample

_LINES = 24
"""A screen."""
_SHOWN = 3
_COUNTED = 1 << 40
"""Larger counts, which only IPv6 has, are shown as a power of two."""

_COMMAND = ""
"""The label of a command line."""

Row = tuple[str, str]
"""A label and its words."""


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "address", help="an address, a block or a range; 203.0.113[.]7 is read too"
    )
    parser.add_argument("--json", action="store_true", help="all of it, for a program")


def _run(arguments: Arguments, outside: Outside) -> Exit:
    start_log(arguments, sys.stderr)
    log.hush()  # what matters of them is in the answer
    text = arguments.own.address.strip()
    asked = read_any(text)
    if asked is None:
        raise ConfigurationError(
            f"{text!r} is no address, block or range",
            "write it like 203.0.113.7, 203.0.113.0/24, 203.0.113.3-203.0.113.9,"
            " 2001:db8::7 or 2001:db8::/48",
        )
    file = config.load(arguments.directory)
    told, trouble = explain_site(file, arguments.ca_file, outside, asked)
    if arguments.own.json:
        say(json.dumps(as_json(told), indent=2))
    else:
        _show(told)
    if trouble is not None:
        raise trouble
    return Exit.IN_STEP


def _show(told: Explanation) -> None:
    show, columns = screen()
    head = [*wrap(_of_when(told), columns), ""]
    verdict = wrap(secrets.one_line(_verdict(told)), columns)
    rows = [line for row in _rows(told) for line in _lines(row, columns)]
    room = _LINES - len(head) - len(verdict) - 1
    if len(rows) > room and not told.facts.single:
        rows = [*rows[: room - 1], "  (more of it with --json)"]
    for line in head:
        show(line, "dim" if line else "")
    for line in verdict:
        show(line, _COLOURS[told.blocked])
    for line in rows:
        show(line, "dim")


def _lines(row: Row, columns: int) -> Iterator[str]:
    label, words = row
    if label == _COMMAND:  # whole, so that it can be copied
        return iter([f"    {secrets.one_line(words)}"])
    return hung(f"  {label:<14}", secrets.one_line(words), columns)


def _of_when(told: Explanation) -> str:
    facts = told.facts
    if facts.threatq.live and facts.netscaler.at and facts.netscaler.live:
        now = f"{facts.netscaler.at:%Y-%m-%d %H:%M} UTC"
        return f"Asked just now, {now}: ThreatQ and the NetScaler."
    halves = [("ThreatQ", facts.threatq)]
    if facts.set_name:
        halves.append(("the NetScaler", facts.netscaler))
    said = "; ".join(_half(name, view) for name, view in halves)
    return said[0].upper() + said[1:] + "."


def _half(name: str, view: View) -> str:
    if view.live:
        return f"{name} was asked just now"
    if view.at is None:
        return f"{name} gave no answer, and nothing of it is known"
    return f"{name} gave no answer: its side is as of {view.at:%Y-%m-%d %H:%M} UTC"


_VERDICTS = {
    (Told.YES, Told.YES): "{} is blocked, and wanted",
    (Told.YES, Told.NO): "{} is blocked, and no data collection wants it",
    (Told.YES, Told.PARTLY): "{} is blocked, and wanted in part",
    (Told.YES, Told.UNKNOWN): "{} is blocked; what wants it is not known",
    (Told.NO, Told.YES): "{} is NOT blocked, but wanted",
    (Told.NO, Told.NO): "{} is not blocked, and not wanted",
    (Told.NO, Told.PARTLY): "{} is NOT blocked, but wanted in part",
    (Told.NO, Told.UNKNOWN): "{} is not blocked; what wants it is not known",
    (Told.PARTLY, Told.YES): "{} is blocked in part, and wanted",
    (Told.PARTLY, Told.NO): "{} is blocked in part; no data collection wants it",
    (Told.PARTLY, Told.PARTLY): "{} is blocked in part, and wanted in part",
    (Told.PARTLY, Told.UNKNOWN): "{} is blocked in part; what wants it is not known",
    (Told.UNKNOWN, Told.YES): "{} is wanted; whether it is blocked is not known",
    (Told.UNKNOWN, Told.NO): "{} is not wanted; whether it is blocked is not known",
    (Told.UNKNOWN, Told.PARTLY): "{} is wanted in part; whether blocked, is not known",
}
_COLOURS = {
    Told.YES: "bold green",
    Told.NO: "bold red",
    Told.PARTLY: "bold yellow",
    Told.UNKNOWN: "bold yellow",
}


def _verdict(told: Explanation) -> str:
    return _VERDICTS[told.blocked, told.wanted].format(told.facts.asked)


def _rows(told: Explanation) -> Iterator[Row]:
    facts = told.facts
    if told.seen is not None and told.seen.entries:
        yield from _entry_rows(told)
    # What a rule cuts out of a wider claim is asked for, and not wanted.
    asks = "asked for by" if told.wanted is Told.NO else "wanted by"
    asking = [c for c in facts.claims if c.reason is None and not c.left]
    for claim in asking[: None if facts.single else _SHOWN]:
        tail = "" if claim.live or not facts.threatq.live else " (at the last run)"
        yield asks, named(claim) + tail
    if not facts.single and facts.wanted is not None and len(facts.wanted):
        yield "wanted", _wanted(told, facts.wanted)
    for cause in told.causes:
        yield cause.kind, cause.words + _where(told, cause)
        if cause.cure:
            yield "  what to do", cause.cure
        if cause.command:
            yield _COMMAND, cause.command
    for name, view in (("ThreatQ", facts.threatq), ("NetScaler", facts.netscaler)):
        if view.trouble:
            yield name, view.trouble
    for note in facts.notes:
        yield "note", note


def _entry_rows(told: Explanation) -> Iterator[Row]:
    facts, seen = told.facts, told.seen
    if seen is None:
        return
    if not facts.single and len(seen.entries) > 1:
        counts = ", ".join(
            f"{n:,} {_ENTRIES[whose]}" for whose, n in seen.counts().items()
        )
        size = _size(facts.whole)
        yield "blocked", f"{_size(seen.blocked)} of {size} addresses, by {counts}"
        return
    for entry in seen.entries:
        yield "entry", f"{_spelled(entry)} in {facts.set_name}: {_whose(entry)}"


_ENTRIES = {
    Whose.OURS: "of our entries",
    Whose.INSTANCE: "of another instance's",
    Whose.FOREIGN: "foreign",
}


def _wanted(told: Explanation, wanted: Ranges) -> str:
    parts = [
        f"{voice.collection} {len(voice.wanted):,}"
        for voice in told.facts.voices
        if voice.wanted is not None and len(voice.wanted)
    ]
    return f"{_size(wanted)} addresses; entries: {', '.join(parts)}"


def _where(told: Explanation, cause: Cause) -> str:
    """Say which part of a network a cause concerns, where its words do not."""
    asked, part = told.facts.asked, cause.part
    said = cause.kind in (Why.FOREIGN, Why.INSTANCE, Why.NEVER_BLOCK)
    if said or told.facts.single or part is None:
        return ""
    return "" if how_much(part, asked) is Told.YES else f" ({sample(part)})"


def _size(ranges: Ranges) -> str:
    count = ranges.addresses()
    return f"{count:,}" if count < _COUNTED else f"about 2^{count.bit_length() - 1}"


def _spelled(entry: Entry) -> str:
    return str(entry.binding.range)


def _whose(entry: Entry) -> str:
    if entry.whose is Whose.OURS:
        return f"ours, bound on {entry.day}"
    if entry.whose is Whose.INSTANCE:
        return f"the connector {entry.instance}'s, bound on {entry.day}"
    comment = entry.binding.comment
    return f"foreign, with the comment {comment!r}" if comment else "foreign"


COMMAND = Command(
    "explain",
    "say whether an address or a network is blocked, and why or why not",
    "explain 203.0.113.7 -c /etc/tq_labs",
    _options,
    _run,
    own_log=True,
)
