"""``approve``: a person allows what the guard held back."""

import argparse
from datetime import datetime

from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.consents import Given, HeldBack, give, held_back
from tq_conn_citrix_waf.store.lock import lock

_SHOWN = 10


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "id", nargs="?", help="of what is held, as the run named it; without: a list"
    )
    parser.add_argument("--reason", default="", help="why, for the record")


def _run(arguments: Arguments, outside: Outside) -> Exit:
    held = held_back(arguments.directory)
    wanted = arguments.own.id
    if wanted is None:
        _show([row for row, _ in held.values()])
        return Exit.IN_STEP
    if wanted not in held:
        known = ", ".join(held) or "nothing"
        raise ConfigurationError(
            f"{wanted} is not held in {arguments.directory}; held is: {known}",
            "a list moves and each run judges anew: take the id of the last run",
        )
    if not arguments.own.reason.strip():
        raise ConfigurationError(
            "a consent needs a reason", 'add --reason "why", for the record'
        )
    row, path = held[wanted]
    who = login_name()
    now = outside.clock.now()
    with lock(arguments.directory):
        give(path, Given(row, arguments.own.reason.strip(), who, now))
    log.warning("%s approved %s: %s", who, row.id, arguments.own.reason.strip())
    print(_told(row, who, now))
    return Exit.IN_STEP


def _show(rows: list[HeldBack]) -> None:
    if not rows:
        print("Nothing is held.")
    for row in rows:
        print(
            f"{row.id}  {len(row.entries):,} {row.held} on {one_line(row.where)}, over"
            f" the limit of {row.limit:,}, held since {row.at:%Y-%m-%d %H:%M} UTC"
        )
        more = len(row.entries) - _SHOWN
        tail = f" and {more:,} more" if more > 0 else ""
        print(f"          {', '.join(row.entries[:_SHOWN])}{tail}")


def _told(row: HeldBack, who: str, now: datetime) -> str:
    return (
        f"Approved by {who} at {now:%Y-%m-%d %H:%M} UTC: {len(row.entries):,}"
        f" {row.held} on {one_line(row.where)}.\nThe next run"
        " does those that are still due."
    )


COMMAND = Command(
    "approve",
    "allow what a run held back",
    'approve 1a2b3c4d -c /etc/tq_labs --reason "feed cleaned up, ticket 4711"',
    _options,
    _run,
)
