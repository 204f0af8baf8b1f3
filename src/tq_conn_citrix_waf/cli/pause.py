"""``pause`` and ``resume``: stop all writing to the appliance, and let it go on."""

import argparse

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.answer import Answer, json_option
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.hand import note
from tq_conn_citrix_waf.run.reach import resume as resume_line
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.lock import waited
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


def _options(parser: argparse.ArgumentParser) -> None:
    reason_option(parser)
    json_option(parser)


def _pause(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    now = Pause(login_name(), outside.clock.now(), reason)
    with waited(arguments.directory, outside.clock):
        before = paused(arguments.directory)
        pause(arguments.directory, now)
        note(file, Act("pause", now.who, reason), now.at)
    with Answer(arguments) as answer:
        answer.tell(paused=_told(now), before=_told(before))
        answer.tell(resume=resume_line(arguments.directory))
        if before is not None:
            answer.say(one_line(f"It was {before.words}."))
        answer.say(
            one_line(f"Now {now.words}."),
            "Runs plan and write nothing, until:",
            f"  {resume_line(arguments.directory)}",
        )
    return Exit.IN_STEP


def _resume(arguments: Arguments, outside: Outside) -> Exit:
    file, reason = config.load(arguments.directory), reason_of(arguments)
    who, at = login_name(), outside.clock.now()
    with (
        Answer(arguments) as answer,
        waited(arguments.directory, outside.clock),
    ):
        before = paused(arguments.directory)
        answer.tell(paused=None, before=_told(before))
        if before is None:
            answer.say("It is not paused: nothing is done.")
            return Exit.IN_STEP
        resume(arguments.directory)
        note(file, Act("resume", who, reason), at)
        answer.say(one_line(f"It was {before.words}."), "The next run writes again.")
    return Exit.IN_STEP


def _told(pause: Pause | None) -> dict[str, str] | None:
    if pause is None:
        return None
    return {"who": pause.who, "at": pause.at.isoformat(), "reason": pause.reason}


PAUSE = Command(
    "pause",
    "stop all writing to the appliance, until resume",
    'pause -c /etc/tq_labs --reason "maintenance of adc1, change 4711"',
    _options,
    _pause,
)
RESUME = Command(
    "resume",
    "let runs write again after pause, rollback or drain",
    'resume -c /etc/tq_labs --reason "maintenance is over"',
    _options,
    _resume,
)
