"""``history``: what runs and people did, one run with its reasons, two generations."""

import argparse
import json
from collections.abc import Iterator
from typing import Any

import msgspec

from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.one_run import OneRun
from tq_conn_citrix_waf.cli.screen import hung, say, screen
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.history import (
    Difference,
    Line,
    difference,
    find,
    generations,
    lines,
)
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import hide, one_line
from tq_conn_citrix_waf.store.records import RunRecord

_MOST, _SHOWN = 20, 5
_HEAD = f"{'run':>6}  {'began, UTC':<16}  {'exit':>4}  {'added':>7}  {'removed':>7}"
_HEAD += f"  {'held':>6}  {'seconds':>7}"
_WHEN = "%Y-%m-%d %H:%M"


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "number", metavar="RUN", nargs="?", type=int, help="one run; without: a table"
    )
    parser.add_argument(
        "--diff",
        nargs=2,
        type=int,
        metavar=("A", "B"),
        help="what generation B of a data collection has more and less than A",
    )
    parser.add_argument(
        "--generations",
        action="store_true",
        help="the generations that are kept of the data collections",
    )
    parser.add_argument(
        "--last",
        metavar="N",
        type=int,
        default=_MOST,
        help="so many runs or generations (default: %(default)s)",
    )
    parser.add_argument(
        "--all", action="store_true", help="name all entries, and not the first few"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, with all entries")


def _run(arguments: Arguments, _outside: Outside) -> Exit:
    own, directory = arguments.own, arguments.directory
    if sum((own.number is not None, own.diff is not None, own.generations)) > 1:
        raise ConfigurationError(
            "history tells one thing at a time",
            "give a run, or --diff A B, or --generations",
        )
    shown = 1 << 40 if own.all else _SHOWN
    if own.diff is not None:
        found = difference(directory, *own.diff)
        _print(own.json, _told_difference(found), _difference_rows(found, 4 * shown))
    elif own.generations:
        kept = generations(directory, max(1, own.last))
        told = [{"data_set": where} | msgspec.to_builtins(g) for where, g in kept]
        _print(own.json, told, _generation_rows(kept))
    elif own.number is None:
        table = lines(directory, max(1, own.last))
        _print(own.json, [*map(_told_line, table)], _table(table))
    else:
        one = OneRun(*find(directory, own.number))
        _print(own.json, one.told(), one.rows(shown))
    return Exit.IN_STEP


def _print(as_json: bool, told: object, rows: Iterator[str]) -> None:  # noqa: FBT001  # the option's value
    if as_json:
        say(hide(json.dumps(told, indent=1)))
    else:
        say(*map(one_line, rows))


def _table(table: list[Line]) -> Iterator[str]:
    if not table:
        yield "No run is in the ledger yet."
        return
    _, columns = screen()
    several = len({line.where for line in table}) > 1
    where = ""
    for number, line in enumerate(table):
        if several and line.where != where:
            where = line.where
            yield f"{where}:"
        if not number:
            yield _HEAD
        yield from _line(line, columns)


def _line(line: Line, columns: int) -> Iterator[str]:
    if line.given is not None:
        held = line.given.refusal
        verb = "approve --discard" if line.given.discard else "approve"
        words = f"{verb} {held.id} by {line.given.who}: {line.given.reason}"
        yield from hung(f"{'':>6}  {line.given.at:{_WHEN}}        ", words, columns)
        return
    run = line.run
    if run is None:
        yield f"{line.number:>6}  cannot be read any more"
        return
    added, removed = _changed(run)
    over = sum(one.counted for one in run.held)
    seconds = (run.ended - run.started).total_seconds()
    yield (
        f"{line.number:>6}  {run.started:{_WHEN}}  {run.exit:>4}  {added:>+7,}"
        f"  {-removed:>7,}  {over:>6,}  {seconds:>7.1f}"
    )
    if run.act is not None:
        yield from hung(" " * 8, run.act.words, columns)
    elif run.what:
        yield from hung(" " * 8, run.what, columns)


def _changed(run: RunRecord) -> tuple[int, int]:
    return len(run.bound) + len(run.bound6), len(run.unbound) + len(run.unbound6)


def _told_line(line: Line) -> dict[str, Any]:
    told: dict[str, Any] = {"data_set": line.where}
    if line.given is not None:
        return told | {"approval": _told_approval(line)}
    if line.run is None:
        return told | {"run": line.number, "readable": False}
    run = line.run
    added, removed = _changed(run)
    return told | {
        "run": line.number,
        "started": run.started.isoformat(),
        "ended": run.ended.isoformat(),
        "exit": run.exit,
        "what": run.what,
        "added": added,
        "removed": removed,
        "held": sum(one.counted for one in run.held),
        "act": msgspec.to_builtins(run.act),
    }


def _told_approval(line: Line) -> dict[str, Any]:
    if line.given is None:
        raise ValueError(line)
    given = line.given
    return {
        "id": given.refusal.id,
        "kind": given.refusal.held.value,
        "entries": given.refusal.entries,
        "who": given.who,
        "reason": given.reason,
        "discarded": given.discard,
        "at": given.at.isoformat(),
    }


def _generation_rows(kept: list[Any]) -> Iterator[str]:
    if not kept:
        yield "No generation is in the ledger yet."
        return
    several = len({where for where, _ in kept}) > 1
    head = f"{'number':>8}  {'from, UTC':<16}  {'to, UTC':<16}  {'entries':>9}"
    yield f"{head}  of"
    for where, one in kept:
        whose = f" ({where})" if several else ""
        yield (
            f"{one.number:>8}  {one.since:{_WHEN}}  {one.seen:{_WHEN}}"
            f"  {one.entries:>9,}  {one.collection}, IPv{one.family.value}{whose}"
        )


def _difference_rows(found: Difference, shown: int) -> Iterator[str]:
    before, after = found.before, found.after
    for name, one in (("from", before), ("to", after)):
        yield (
            f"{name:<6}generation {one.number} of {one.collection}, seen last"
            f" {one.at:{_WHEN}} UTC: {len(one.wanted):,} entries"
        )
    if before.collection != after.collection:
        yield "These are two collections."
    for sign, rows in (
        ("+", [(e, "") for e in found.added]),
        ("-", found.removed),
    ):
        yield f"{sign} {len(rows):,}"
        for entry, why in rows[:shown]:
            words = f"indicator {entry.id}{why and ', '}{why}"
            yield f"  {sign} {entry.entry!s:<32}  {words}"
        if len(rows) > shown:
            yield f"  and {len(rows) - shown:,} more (--all)"


def _told_difference(found: Difference) -> dict[str, Any]:
    return {
        "from": {"number": found.before.number, "collection": found.before.collection},
        "to": {"number": found.after.number, "collection": found.after.collection},
        "added": [{"entry": str(e.entry), "indicator": e.id} for e in found.added],
        "removed": [
            {"entry": str(e.entry), "indicator": e.id, "why": why}
            for e, why in found.removed
        ],
    }


COMMAND = Command(
    "history",
    "tell what runs and people did, and why",
    "history 42 -c /etc/tq_labs",
    _options,
    _run,
)
