"""A person sees a plan and agrees to it: at a terminal, or with ``--yes``."""

import argparse
from collections.abc import Callable

from tq_conn_citrix_waf.cli.answer import Answer, json_option, written
from tq_conn_citrix_waf.cli.arguments import Arguments
from tq_conn_citrix_waf.cli.pause import reason_option
from tq_conn_citrix_waf.cli.questions import attended
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.errors import ConfigurationError, StoppedError
from tq_conn_citrix_waf.run.reach import resume
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.pause import Pause, paused
from tq_conn_citrix_waf.store.pause import pause as stop_runs

_SHOWN = 5


def agree_options(parser: argparse.ArgumentParser) -> None:
    """Let a command be told why it is given, and that nobody is to be asked."""
    reason_option(parser)
    json_option(parser)
    parser.add_argument("--yes", action="store_true", help="do not ask")


def agreement(
    arguments: Arguments, answer: Answer, stop: Pause
) -> Callable[[Report], None]:
    """Return what shows the plans, asks, and then stops all other writing.

    What it returns raises ``StoppedError`` where a person does not agree.
    """

    def agree(report: Report) -> None:
        for change in report.changes:
            plan = change.plan
            gone = [plan.dataset.binding(row).range for row in plan.remove]
            answer.say(
                one_line(f"{plan.dataset.name} on {report.appliance}:"),
                f"  take off {len(gone):,}{_few(gone)}",
                f"  bind     {len(plan.add):,}{_few([*plan.add])}",
                f"  stay     {plan.keep:,} of ours, {sum(plan.foreign.values()):,}"
                " of others",
            )
        if not arguments.own.yes:
            ask_first(arguments)
        if not getattr(arguments.own, "appliance", ""):
            stop_runs(arguments.directory, stop)

    return agree


def told(arguments: Arguments, answer: Answer, report: Report, seconds: float) -> None:
    """Say what was done."""
    done = sum(change.applied.bound for change in report.changes)
    undone = sum(change.applied.unbound for change in report.changes)
    saved = "saved" if report.saved else "nothing to save"
    pause = paused(arguments.directory)
    answer.tell(**written(report), seconds=round(seconds, 1))
    answer.tell(paused=None if pause is None else pause.words)
    answer.say(
        f"Done in {seconds:.1f} s: {undone:,} taken off, {done:,} bound, {saved},"
        " read back.",
    )
    if pause is not None:
        answer.tell(resume=resume(arguments.directory))
        answer.say(
            "Paused, or the next run would undo it. To let runs write again:",
            f"  {resume(arguments.directory)}",
        )


def ask_first(arguments: Arguments) -> None:
    """Ask whether what is shown is to be done.

    Raises:
        StoppedError: it is not.
        ConfigurationError: nobody is there to be asked.
    """
    if arguments.own.json or not attended():
        name = arguments.own.command
        raise ConfigurationError(
            f"{name} asks before it writes, and nobody is there to be asked",
            "add --yes, or run it at a terminal, without --json",
        )
    try:
        answer = input("Do this? y/N ")
    except (EOFError, KeyboardInterrupt):
        answer = ""
    if answer.strip().lower() not in ("y", "yes"):
        raise StoppedError("nothing was done", "answer y to do it")


def _few(entries: list[AddressRange]) -> str:
    more = len(entries) - _SHOWN
    tail = f" and {more:,} more" if more > 0 else ""
    return f": {', '.join(map(str, entries[:_SHOWN]))}{tail}" if entries else ""
