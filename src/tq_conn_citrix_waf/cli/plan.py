"""``plan`` and ``apply``: see what a run would do, and do exactly that.

The JSON of ``plan`` is what ``apply --plan`` takes: a person reads it, a change ticket
holds it, and only that very plan is carried out, or none.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec

from tq_conn_citrix_waf import config, secrets
from tq_conn_citrix_waf.cli.answer import Answer, json_option, written
from tq_conn_citrix_waf.cli.arguments import Arguments, Command
from tq_conn_citrix_waf.cli.logs import start_log
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.core.commands import bind_line, unbind_line
from tq_conn_citrix_waf.core.dataset import Mark
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.reading import read_file
from tq_conn_citrix_waf.run.gather import Part
from tq_conn_citrix_waf.run.record import counted
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.site import Outside, prepare, run_site
from tq_conn_citrix_waf.run.sync import plan_once
from tq_conn_citrix_waf.run.words import kinds


class Saved(msgspec.Struct, frozen=True):
    """What ``apply`` needs of a saved plan; the rest is for people."""

    plan: str
    block_list: str
    appliance: str


def _plan_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as JSON, for apply --plan")
    parser.add_argument(
        "--format",
        choices=("text", "cli"),
        default="text",
        help="cli: the NetScaler commands that would do the same, for a change ticket",
    )


def _run_plan(arguments: Arguments, outside: Outside) -> Exit:
    start_log(arguments, sys.stderr)
    file = config.load(arguments.directory)
    with progress() as tell:
        job, report, _ = prepare(file, arguments.ca_file, tell, outside)
        plan_once(job, report)
    if arguments.own.json:
        say(json.dumps(_told(report), indent=1))
    elif arguments.own.format == "cli":
        mark = str(Mark(file.instance, outside.clock.now().date()))
        for change in report.changes:
            say(*_commands(change.plan, mark))
        say("save ns config")
    else:
        lines = report.plan_lines(), report.spared_lines(), report.refusal_lines()
        say(*chain.from_iterable(lines))
        for trouble in report.troubles:
            cure = f"What to do: {trouble.cure}."
            say(secrets.one_line(trouble.what), secrets.one_line(cure))
    return report.exit


def _told(report: Report) -> dict[str, Any]:
    plans = [change.plan for change in report.changes]
    names = {plan.dataset.family: plan.dataset.name for plan in plans}
    counts = counted(plans)
    return {
        "plan": report.digest,
        "block_list": names[Family.V4],
        "ipv6_block_list": names.get(Family.V6),
        "appliance": report.appliance,
        "node": None if report.node is None else report.node.role,
        "build": None if report.node is None else report.node.build,
        "collections": [_part(part) for part in report.parts],
        "left_out": counts.left_out,
        "wanted": counts.wanted,
        "covered": counts.covered,
        "keep": counts.kept,
        "stay": [str(entry) for plan in plans for entry in plan.staying()],
        "foreign": counts.foreign,
        "add": [str(entry) for plan in plans for entry in plan.add],
        "remove": [
            str(plan.dataset.binding(row).range)
            for plan in plans
            for row in plan.remove
        ],
        "spared": {str(entry): rules for entry, rules in report.spared()},
        "held": [
            {
                "id": r.id,
                "kind": r.held.value,
                "counted": r.counted,
                "limit": r.limit,
                "entries": [str(entry) for entry in r.entries],
            }
            for r in report.refusals
        ],
        "exit": int(report.exit),
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "name": part.name,
        "family": part.family.value,
        "collected": 0 if part.given is None else part.given.seen,
        "wanted": len(part.taken.wanted),
        "kinds": kinds(part.taken.wanted),
        "stands_in_since": part.since.isoformat() if part.since else None,
    }


def _commands(plan: Plan, mark: str) -> Iterator[str]:
    """Yield the commands of the NetScaler's own command line, removals first.

    Removals first, since a range that is bound refuses one that overlaps it.
    """
    name = plan.dataset.name
    for row in plan.remove:
        yield secrets.one_line(unbind_line(name, plan.dataset.binding(row)))
    for wanted in plan.add:
        yield secrets.one_line(bind_line(name, wanted, mark))


def _apply_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--plan", metavar="FILE", required=True, help="written by plan --json"
    )
    json_option(parser)


def _run_apply(arguments: Arguments, outside: Outside) -> Exit:
    path = Path(arguments.own.plan)
    try:
        saved = msgspec.json.decode(read_file(path), type=Saved)
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigurationError(
            f"{path} is no plan: {error}", "make one with plan --json > FILE"
        ) from error
    file = config.load(arguments.directory)
    with progress() as tell, Answer(arguments) as answer:
        answer.tell(plan=saved.plan, done=False)
        report = run_site(file, arguments.ca_file, tell, outside, exact=saved.plan)
        if report is None:
            answer.say("The connector is switched off: nothing is done.")
            return Exit.IN_STEP
        answer.tell(**written(report), done=True)
        answer.say(report.result_line())
        if report.troubles:
            raise report.troubles[0]
    return Exit.IN_STEP


PLAN = Command(
    "plan",
    "show what a run would do; change nothing",
    "plan -c /etc/tq_labs --json > plan.json",
    _plan_options,
    _run_plan,
    own_log=True,
)
APPLY = Command(
    "apply",
    "carry out exactly a plan that was saved, or nothing",
    "apply -c /etc/tq_labs --plan plan.json",
    _apply_options,
    _run_apply,
)
