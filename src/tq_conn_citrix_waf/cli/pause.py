"""``pause`` and ``resume``: stop all writing to the appliance, and let it go on."""

import argparse

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.screen import say
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.hand import note
from tq_conn_citrix_waf.run.reach import resume as resume_line
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.pause import Pause, pause, paused, resume
from tq_conn_citrix_waf.store.records import Act


def reason_option(parser: argparse.ArgumentParser) -> None:
    """Let a command be told why it is given."""
    parser.add_argument("--reason", default="", help="why, for the record")


def reason_of(arguments: Arguments) -> str:
    """Return why a command is given.

    Raises:
        ConfigurationError: nobody said why.
    """
    reason = str(arguments.own.reason).strip()
    if not reason:
        name = arguments.own.command
        raise ConfigurationError(
            f"{name} needs a reason", 'add --reason "why", for the record'
        )
    return one_line(reason)


def _pause(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    now = Pause(login_name(), outside.clock.now(), reason)
    with lock(arguments.directory):
        before = paused(arguments.directory)
        pause(arguments.directory, now)
        note(file, Act("pause", now.who, reason), now.at)
    if before is not None:
        say(one_line(f"It was {before.words}."))
    say(
        one_line(f"Now {now.words}."),
        "Runs plan and write nothing, until:",
        f"  {resume_line(arguments.directory)}",
    )
    return Exit.IN_STEP


def _resume(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    who, at = login_name(), outside.clock.now()
    with lock(arguments.directory):
        before = paused(arguments.directory)
        if before is None:
            say("It is not paused: nothing is done.")
            return Exit.IN_STEP
        resume(arguments.directory)
        note(file, Act("resume", who, reason), at)
    say(one_line(f"It was {before.words}."), "The next run writes again.")
    return Exit.IN_STEP


PAUSE = Command(
    "pause",
    "stop all writing to the appliance, until resume",
    'pause -c /etc/tq_labs --reason "maintenance of adc1, change 4711"',
    reason_option,
    _pause,
)
RESUME = Command(
    "resume",
    "let runs write again after pause, rollback or drain",
    'resume -c /etc/tq_labs --reason "maintenance is over"',
    reason_option,
    _resume,
)
