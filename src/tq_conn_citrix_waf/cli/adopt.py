"""``adopt``: make entries of others ours, or remove those that nobody wants."""

import argparse
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.agreement import agree_options, ask_first
from tq_conn_citrix_waf.cli.answer import Answer, written
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.pause import reason_of
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.screen import hung, screen
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.adopt import Asked, Left, Taking
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.adopt import BATCH, adopt_once, digest, look
from tq_conn_citrix_waf.run.hand import refuse_paused
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.site import Outside, prepare, run_site
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.records import Act

_SHOWN = 10
_OFF = "The connector is switched off: nothing is done."


def _options(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--stale",
        action="store_true",
        help="remove the unmarked entries that no collection wants",
    )
    which.add_argument(
        "--from",
        dest="instance",
        metavar="ID",
        default="",
        help="take over what another connector has marked, which must not run any more",
    )
    agree_options(parser)


def _run(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    asked = _asked(arguments, file)
    with Answer(arguments) as answer:
        refuse_paused(arguments.directory)
        exact = ""
        if not arguments.own.yes:
            found = _look(file, arguments, outside, asked, answer)
            if found is None:
                return Exit.IN_STEP
            ask_first(arguments)
            exact = digest(found)
        what = "--stale" if asked.stale else asked.instance
        act = Act("adopt", login_name(), reason, what)
        show = partial(_show, asked, answer) if arguments.own.yes else _nothing
        work = partial(adopt_once, asked=asked, act=act, show=show)
        with progress() as tell:
            report = run_site(file, arguments.ca_file, tell, outside, exact, work)
        if report is None:
            answer.say(_OFF)
            return Exit.IN_STEP
        answer.tell(**written(report))
        answer.say(*_ended(report, asked))
        if report.troubles:
            raise report.troubles[0]
    return Exit.IN_STEP


def _asked(arguments: Arguments, file: File) -> Asked:
    instance = arguments.own.instance
    if instance and not re.fullmatch("[0-9a-f]{8}", instance):
        raise ConfigurationError(
            f"{one_line(instance)!r} is no id of a connector",
            "give the 8 hexadecimal digits that plan names it by",
        )
    if instance == file.instance:
        raise ConfigurationError(
            f"{instance} is this connector itself", "give the id of the other one"
        )
    return Asked(instance, arguments.own.stale)


def _look(
    file: File, arguments: Arguments, outside: Outside, asked: Asked, answer: Answer
) -> list[Taking] | None:
    """Show what would be done; None where there is nothing to do."""
    with progress() as tell:
        job, report, enabled = prepare(file, arguments.ca_file, tell, outside)
        if not enabled:
            answer.say(_OFF)
            return None
        found = look(job, report, asked)
    _show(asked, answer, report, found)
    return None if all(one.plan.empty for one in found) else found


def _nothing(_report: Report, _found: Sequence[Taking]) -> None:
    """Show nothing: it was shown before it was agreed to."""


def _show(
    asked: Asked, answer: Answer, report: Report, found: Sequence[Taking]
) -> None:
    left: Counter[str] = Counter()
    for one in found:
        left.update({str(why): count for why, count in one.left.items()})
        lines = _lines(asked, report.appliance, one)
        answer.say(*(one_line(line).rstrip() for line in lines))
    answer.tell(left=dict(left))


def _lines(asked: Asked, appliance: str, one: Taking) -> Iterator[str]:
    data, rows = one.plan.dataset, one.plan.remove
    _, columns = screen()
    yield f"{data.name} on {appliance}:"
    if asked.stale:
        yield _row("remove", len(rows), "entries without a mark that nobody wants")
    else:
        whose = f"of the connector {asked.instance}" if asked.instance else "without"
        whose += "" if asked.instance else " a mark that are wanted"
        yield _row("take over", len(rows), f"entries {whose}")
        if rows:
            words = f"unbound and bound again with our mark, {BATCH} at a time"
            yield f"{'':<23}{words}"
    for why, count in one.left.items():
        yield _row("leave", count, _why(why))
    # Before something is removed, all of it is shown.
    shown = len(rows) if asked.stale else _SHOWN
    for row in rows[:shown]:
        binding = data.binding(row)
        spelled = "-".join(filter(None, (binding.value, binding.endrange)))
        yield from hung(f"    {spelled:<32}  ", binding.comment, columns)
    if len(rows) > shown:
        yield f"    and {len(rows) - shown:,} more"


def _why(why: Left) -> str:
    return f"{why} (adopt --stale removes them)" if why is Left.UNWANTED else why


def _row(name: str, count: int, words: str) -> str:
    return f"  {name:<10}{count:>9,}  {words}"


def _ended(report: Report, asked: Asked) -> Iterator[str]:
    bound = sum(change.applied.bound for change in report.changes)
    unbound = sum(change.applied.unbound for change in report.changes)
    saved = "saved" if report.saved else "nothing saved"
    if asked.stale:
        yield f"{unbound:,} entries removed, {saved}."
    else:
        yield f"{bound:,} entries taken over, {saved}."


COMMAND = Command(
    "adopt",
    "take over wanted entries without a mark, as the vendor's connector left them",
    'adopt -c /etc/tq_labs --reason "new connector, change 4711"',
    _options,
    _run,
)
