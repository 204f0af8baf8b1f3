"""``rollback``: go back to what an earlier generation wanted, and pause."""

import argparse

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.agreement import agree_options, agreement, told
from tq_conn_citrix_waf.cli.answer import Answer
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.pause import reason_of
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.questions import ask_appliance
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.emergency import Means, alone, before, do, job_now, towards
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.store.pause import Pause
from tq_conn_citrix_waf.store.records import Act


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "generation",
        type=int,
        help="its number, as history --generations names it",
    )
    agree_options(parser)


def _run(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    clock, number = outside.clock, arguments.own.generation
    with progress() as tell, Answer(arguments) as answer:
        means = Means(file, arguments.ca_file, outside, tell, ask_appliance)
        with alone(means):
            started = clock.monotonic()
            job, report = job_now(means)
            found, at = before(job, number)
            never = job.protect().safelist
            wanted = {
                family: ranges.subtract(never.refused(family))
                for family, ranges in found.items()
                if family in job.memories
            }
            answer.tell(generation=number, of=at.isoformat())
            answer.say(f"Generation {number} is of {at:%Y-%m-%d %H:%M} UTC.")
            what = f"to generation {number}"
            act = Act("rollback", login_name(), reason, what)
            stop = Pause(act.who, clock.now(), f"rollback {what}: {reason}")
            seen = agreement(arguments, answer, stop)

            def agree(report: Report) -> None:
                seen(report)
                for family, ranges in wanted.items():
                    job.memories[family].end()
                    job.memories[family].write(ranges)

            make = {f: towards(ranges, job.instance) for f, ranges in wanted.items()}
            do(job, report, act, make, agree)
            told(arguments, answer, report, clock.monotonic() - started)
    return Exit.IN_STEP


COMMAND = Command(
    "rollback",
    "go back to what an earlier generation wanted, and pause",
    'rollback 12 -c /etc/tq_labs --reason "feed broken since noon, ticket 4711"',
    _options,
    _run,
)
