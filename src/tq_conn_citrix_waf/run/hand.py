"""What people do beside the runs, in the ledger: who, what and why.

1. It is a run of its own there, and none for the question how the site stands.
2. Where no run is known yet there is no ledger to write to: then the log alone says it.
"""

import shlex
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import PausedError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.metrics import publish
from tq_conn_citrix_waf.store.known import Known, recall
from tq_conn_citrix_waf.store.ledger import Ledger
from tq_conn_citrix_waf.store.pause import paused
from tq_conn_citrix_waf.store.records import Act, RunRecord


def note(file: File, act: Act, now: datetime) -> None:
    """Record what somebody did that needed no appliance.

    Args:
        file: the configuration file.
        act: what was done.
        now: UTC.
    """
    last = recall(file.path.parent)
    if last is not None:
        ledger = Ledger(file.path.parent, last.url, last.block_list)
        ledger.record(RunRecord(now, now, 0, act=act))
    publish(file, now)
    log.warning("%s", act.words)


def refuse_paused(directory: Path) -> None:
    """See that nobody has stopped all writing.

    Raises:
        PausedError: somebody has.
    """
    pause = paused(directory)
    if pause is not None:
        raise PausedError(
            f"{pause.words}; nothing is written",
            f"let it go on: {reach.resume(directory)}",
        )


def stopped(directory: Path) -> bool:
    """Whether somebody has stopped all writing; if so, say who."""
    pause = paused(directory)
    if pause is not None:
        words = "%s; nothing is written until: %s"
        log.warning(words, pause.words, reach.resume(directory))
    return pause is not None


def left_behind(directory: Path, last: Known | None, now: Known) -> Iterator[str]:
    """Say what an earlier run worked with and this one does not, and the cure."""
    if last is None:
        return
    for option in ("block_list", "ipv6_block_list"):
        name = getattr(last, option)
        if name and (name, last.url) != (getattr(now, option), now.url):
            words = "--set" if option == "block_list" else "--ipv6-set"
            command = reach.command_line("drain", directory)
            yield (
                f"{name} on {last.url} is no longer kept, and what was bound there"
                f" stays; to take it off: {command} {words} {shlex.quote(name)}"
                f' --appliance {shlex.quote(last.url)} --reason "..."'
            )
