"""``approve``: a person looks at what the guard held back, and allows it or does not.

What is discarded stays held: every run goes on to say so, and by whom, and asks for
consent no more, as long as the entries are the same.
"""

import argparse
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.pause import reason_of
from tq_conn_citrix_waf.cli.screen import KEPT, hung, say, screen
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.job import approvals
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.run.troubles import WORRIES
from tq_conn_citrix_waf.run.waiting import WHAT_FOLLOWS, Waiting, lapses, waiting
from tq_conn_citrix_waf.secrets import hide, one_line
from tq_conn_citrix_waf.store.consents import give
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.said import LIFE, Given

_SHOWN = 10


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id", nargs="?", help="of what is held, as the run named it; without: a table"
    )
    parser.add_argument("--reason", default="", help="why, for the record")
    parser.add_argument(
        "--discard",
        action="store_true",
        help="say no to it: it stays held, and what was approved of it is taken back",
    )
    parser.add_argument("--json", action="store_true", help="as JSON, with all entries")


def _run(arguments: Arguments, outside: Outside) -> Exit:
    file, own = config.load(arguments.directory), arguments.own
    now = outside.clock.now()
    if own.id is None:
        if own.reason or own.discard:
            raise ConfigurationError(
                "approve needs the id of what is meant",
                "take it from the table: approve, without anything else",
            )
        held = waiting(arguments.directory, approvals(file), now)
        _list([*held.values()], arguments)
        return Exit.IN_STEP
    _named(arguments, approvals(file), now)
    reason, who = reason_of(arguments), login_name()
    with lock(arguments.directory):
        row = _named(arguments, approvals(file), now)
        given = Given(row.row, reason, who, now, discard=own.discard)
        give(row.path, given)
        after = _named(arguments, approvals(file), now)
    log.warning("%s %s", row.row.id, given.words)
    if own.json:
        say(hide(json.dumps(_told(after, arguments), indent=1)))
    else:
        say(*map(one_line, _done(after, given)))
    return Exit.IN_STEP


def _named(arguments: Arguments, needed: int, now: datetime) -> Waiting:
    held, wanted = waiting(arguments.directory, needed, now), arguments.own.id
    if wanted not in held:
        known = ", ".join(held) or "nothing"
        raise ConfigurationError(
            f"{wanted} is not held in {arguments.directory}; held is: {known}",
            "a list moves and each run judges anew: take the id of the last run",
        )
    return held[wanted]


def _list(held: list[Waiting], arguments: Arguments) -> None:
    if arguments.own.json:
        say(hide(json.dumps([_told(one, arguments) for one in held], indent=1)))
        return
    if not held:
        say("Nothing is held.")
    show, columns = screen()
    for position, one in enumerate(held):
        head = f"{one.row.id}  {len(one.row.entries):,} {one.row.held}"
        show(f"{chr(10) if position else ''}{head} on {one_line(one.row.where)}", "")
        for name, words in _rows(one, arguments):
            fit = one_line(words)
            if name.startswith("to "):  # a command is copied whole
                fit = fit.replace(" ", KEPT)
            for line in hung(f"  {name:<12}", fit, columns):
                show(line, "")


def _rows(one: Waiting, arguments: Arguments) -> Iterator[tuple[str, str]]:
    row, entries = one.row, one.row.entries
    of = f" of {row.collection}" if row.collection else ""
    over = f"over the limit of {row.limit:,} for a list of {row.size:,}{of}"
    yield "why", f"{over}; held by the run of {row.at:%Y-%m-%d %H:%M} UTC"
    yield "look", f"whether this is {WORRIES[row.held]}"
    more = len(entries) - _SHOWN
    tail = f" and {more:,} more" if more > 0 else ""
    yield "entries", f"{', '.join(entries[:_SHOWN])}{tail}"
    yield "if approved", WHAT_FOLLOWS[row.held]
    for approval in one.approvals:
        given, covered = approval.given, one.covered(approval)
        part = "" if covered == len(entries) else f", for {covered:,} of these"
        yield "  by", f"{given.words} (lapses {lapses(given)}){part}"
    if one.refused is not None:
        yield "no", one.refused.words
    yield "so far", _so_far(one)
    if not one.agreed:
        command = reach.approve(arguments.directory).replace("ID", row.id, 1)
        yield "to approve", command
        if one.refused is None:
            yield "to refuse", f"{command} --discard"


def _so_far(one: Waiting) -> str:
    if one.agreed:
        return "approved: the next run does it"
    if one.refused is not None:
        return "refused: it stays held until the list is another, or it is approved"
    if one.needed == 1:
        return "not approved"
    who = ", ".join(one.approvers)
    return (
        f"{len(one.approvers)} of {one.needed} persons{who and f' ({who})'}; each must"
        " be another"
    )


def _done(one: Waiting, given: Given) -> Iterator[str]:
    row = one.row
    done = "Refused" if given.discard else "Approved"
    yield (
        f"{done} by {given.who} at {given.at:%Y-%m-%d %H:%M} UTC:"
        f" {len(row.entries):,} {row.held} on {row.where}."
    )
    if given.discard:
        yield "It stays held; runs say so, and ask for consent no more."
    elif one.agreed:
        yield "The next run does those that are still due."
        yield f"It lapses {lapses(given)}."
    else:
        yield f"So far {_so_far(one)}."


def _told(one: Waiting, arguments: Arguments) -> dict[str, Any]:
    row, refused = one.row, one.refused
    return {
        "id": row.id,
        "kind": row.held.value,
        "family": row.family,
        "where": row.where,
        "collection": row.collection or None,
        "limit": row.limit,
        "size": row.size,
        "held_at": row.at.isoformat(),
        "entries": row.entries,
        "follows": WHAT_FOLLOWS[row.held],
        "approvals": [
            {
                **_word(approval.given),
                "lapses": (approval.given.at + LIFE).isoformat(),
                "lapses_with_a_run": not approval.given.met,
                "covers": one.covered(approval),
            }
            for approval in one.approvals
        ],
        "approvers": [*one.approvers],
        "needed": one.needed,
        "agreed": one.agreed,
        "refused": None if refused is None else _word(refused),
        "command": reach.approve(arguments.directory).replace("ID", row.id, 1),
    }


def _word(given: Given) -> dict[str, str]:
    return {"who": given.who, "at": given.at.isoformat(), "reason": given.reason}


COMMAND = Command(
    "approve",
    "look at what a run held back, and allow it or not",
    'approve 1a2b3c4d -c /etc/tq_labs --reason "feed cleaned up, ticket 4711"',
    _options,
    _run,
)
