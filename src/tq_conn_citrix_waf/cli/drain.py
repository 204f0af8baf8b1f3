"""``drain``: take all of ours off the appliance, and stop.

With ``--set`` and ``--appliance`` it is a set that is no longer kept: then nothing is
stopped, since no run works with it.
"""

import argparse
from dataclasses import replace

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.agreement import agree_options, agreement, told
from tq_conn_citrix_waf.cli.answer import Answer
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.pause import reason_of
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.questions import ask_appliance, ask_elsewhere
from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.emergency import Means, alone, do, job_now, towards
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.settings import Settings, base_url
from tq_conn_citrix_waf.store.pause import Pause
from tq_conn_citrix_waf.store.records import Act


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", metavar="NAME", default="", help="this set alone")
    parser.add_argument(
        "--ipv6-set", metavar="NAME", default="", help="this set of type ipv6 alone"
    )
    parser.add_argument(
        "--appliance", metavar="URL", default="", help="on another appliance"
    )
    agree_options(parser)


def _run(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    clock = outside.clock
    with progress() as tell, Answer(arguments) as answer:
        means = Means(file, arguments.ca_file, outside, tell, ask_appliance)
        with alone(means):
            started = clock.monotonic()
            job, report = job_now(means, lambda s: _chosen(arguments, s))
            act = Act("drain", login_name(), reason, f"{report.appliance}")
            stop = Pause(act.who, clock.now(), f"drain: {reason}")
            make = {
                family: towards(Ranges.empty(family), job.instance)
                for family in job.memories
            }
            do(job, report, act, make, agreement(arguments, answer, stop))
            told(arguments, answer, report, clock.monotonic() - started)
    return Exit.IN_STEP


def _chosen(arguments: Arguments, settings: Settings) -> Settings:
    """Return the settings with the set and the appliance that were named."""
    own = arguments.own
    if own.appliance:
        try:
            url = base_url(own.appliance)
        except ValueError as error:
            raise ConfigurationError(
                f"--appliance: {error}", "name it as the run named it"
            ) from error
        if url != settings.url:
            # A slip in what is typed at 3 a.m. must carry no password to a stranger.
            password = ask_elsewhere(settings.username, url)
            settings = replace(settings, url=url, password=password)
    if own.set or own.ipv6_set:
        names = {"block_list": own.set, "ipv6_block_list": own.ipv6_set}
        settings = replace(settings, **names)
    return settings


COMMAND = Command(
    "drain",
    "take everything of ours off the appliance, and pause",
    'drain -c /etc/tq_labs --reason "back to manual, change 4711"',
    _options,
    _run,
)
