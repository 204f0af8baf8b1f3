"""``allow``: let an address through at once, and keep it let through.

First it goes on the never-block list, so that whatever happens next every run lets it
through; then what blocks it is taken off.
"""

import argparse
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.answer import Answer, json_option, written
from tq_conn_citrix_waf.cli.arguments import Arguments, Command, login_name
from tq_conn_citrix_waf.cli.pause import reason_of, reason_option
from tq_conn_citrix_waf.cli.progress import progress
from tq_conn_citrix_waf.cli.questions import ask_appliance
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.commands import unbind_line
from tq_conn_citrix_waf.core.networks import Widest, read_network
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.errors import ConfigurationError, StillBlockedError
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.emergency import Means, alone, do, job_now, others, without
from tq_conn_citrix_waf.run.hand import note
from tq_conn_citrix_waf.run.report import Report
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.allowed import Allowed, allowed, keep
from tq_conn_citrix_waf.store.pause import paused
from tq_conn_citrix_waf.store.records import Act

_LENGTH = re.compile(r"(\d{1,4})\s*([hd])", re.ASCII)
_SHOWN = 5


def _options(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("network", nargs="?", help="address, CIDR block, or first-last")
    what.add_argument("--list", action="store_true", help="what is let through now")
    what.add_argument(
        "--end", metavar="NETWORK", help="let it through no longer, as --list names it"
    )
    parser.add_argument(
        "--until",
        metavar="TIME",
        default="",
        help="let through so long: 4h, 2d, or 2030-01-31T08:00 (UTC); not given: until"
        " --end",
    )
    reason_option(parser)
    json_option(parser)


def _run(arguments: Arguments, outside: Outside) -> Exit:
    file, own = config.load(arguments.directory), arguments.own
    if own.list:
        found = allowed(arguments.directory, outside.clock.now())
        with Answer(arguments) as answer:
            answer.tell(let_through=msgspec.to_builtins(found))
            answer.say(*(one_line(one.words) for one in found) if found else ["None."])
        return Exit.IN_STEP
    with progress() as tell, Answer(arguments) as answer:
        means = Means(file, arguments.ca_file, outside, tell, ask_appliance)
        if own.end is not None:
            return _end(arguments, answer, means)
        return _allow(arguments, answer, means)


def _end(arguments: Arguments, answer: Answer, means: Means) -> Exit:
    directory, now = arguments.directory, means.outside.clock.now()
    reason, network = reason_of(arguments), _network(means.file, arguments.own.end)
    with alone(means):
        before = allowed(directory, now)
        after = [one for one in before if one.network != str(network)]
        if after == before:
            known = ", ".join(one.network for one in before) or "nothing"
            raise ConfigurationError(
                f"{network} is not let through by allow; let through is: {known}",
                "name it as allow --list does",
            )
        keep(directory, after)
        note(means.file, Act("allow --end", login_name(), reason, str(network)), now)
    answer.tell(network=str(network), ended=True)
    answer.say(
        f"{network} is let through no longer: the next run blocks it if it is wanted."
    )
    return Exit.IN_STEP


def _allow(arguments: Arguments, answer: Answer, means: Means) -> Exit:
    directory, clock = arguments.directory, means.outside.clock
    started, now = clock.monotonic(), clock.now()
    network = _network(means.file, arguments.own.network)
    until = _until(arguments.own.until, now)
    new = Allowed(str(network), login_name(), now, reason_of(arguments), until)
    with alone(means):
        others_ = [a for a in allowed(directory, now) if a.network != new.network]
        keep(directory, [*others_, new])
        answer.tell(allowed=msgspec.to_builtins(new), still_blocked_by=[])
        answer.say(one_line(f"On the never-block list: {new.words}."))
        act = Act("allow", new.who, new.reason, new.network)
        job, report = job_now(means)
        pause = paused(directory)
        memory = job.memories.get(network.family)
        if memory is None:
            answer.say("No data set of its family is kept: nothing of ours blocks it.")
            note(means.file, act, now)
            return Exit.IN_STEP
        half_done = job.memory.save_due and pause is None
        due = memory.read(network.family) if half_done else None
        make = {network.family: without(network, job.instance, due)}
        do(job, report, act, make)
    bound = [*others(report, network, job.instance)]
    left = [unbind_line(name, binding) for name, binding in bound]
    seconds = clock.monotonic() - started
    answer.tell(**written(report), still_blocked_by=left, seconds=round(seconds, 1))
    answer.say(*_told(report, network))
    if not left:
        answer.say(
            f"Let through after {seconds:.1f} s; it stays so {_how_long(until)}."
        )
    if pause is not None:
        answer.say(one_line(f"This was done although it is {pause.words}."))
    if left:
        raise StillBlockedError(
            f"{network} is still blocked by what others bound on {report.appliance}:"
            f" {_few([binding.range for _, binding in bound])}",
            "to open all of that, type on the NetScaler:"
            f" {'; '.join(left[:_SHOWN])}{' ...' if len(left) > _SHOWN else ''};"
            " save ns config",
        )
    return Exit.IN_STEP


def _how_long(until: datetime | None) -> str:
    if until is None:
        return "until allow --end"
    return f"until {until:%Y-%m-%d %H:%M} UTC"


def _told(report: Report, network: AddressRange) -> Iterator[str]:
    (change,) = report.changes
    name, applied = change.plan.dataset.name, change.applied
    if not applied.written:
        yield f"Nothing of ours on {name} held it."
    else:
        yield f"Taken off {name}: {_few(applied.undone)}."
        if applied.done:
            yield f"Bound again, what is left of that: {_few(applied.done)}."
        yield "Saved." if report.saved else "Not saved: see the warnings."
    yield f"Read back: nothing of ours on {name} holds {network}."


def _few(entries: list[AddressRange]) -> str:
    more = len(entries) - _SHOWN
    tail = f" and {more:,} more" if more > 0 else ""
    return f"{', '.join(map(str, entries[:_SHOWN]))}{tail}"


def _network(file: File, text: str) -> AddressRange:
    found = read_network(text)
    widest = Widest.of(file.sections.get("never_block", {}))
    fault = "no address, CIDR block or range" if found is None else widest.fault(found)
    if found is None or fault:
        raise ConfigurationError(
            f"{text!r} is {fault}", "write it as 198.51.100.7 or 198.51.100.0/24"
        )
    return found


def _until(text: str, now: datetime) -> datetime | None:
    if not text:
        return None
    length = _LENGTH.fullmatch(text.strip())
    try:
        if length:
            days = int(length[1]) / (24 if length[2] == "h" else 1)
            found = now + timedelta(days=days)
        else:
            found = datetime.fromisoformat(text.strip())
            found = found.replace(tzinfo=found.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        found = now
    if found <= now:
        raise ConfigurationError(
            f"--until {text!r} is no time to come", "write 4h, 2d or 2030-01-31T08:00"
        )
    return found


COMMAND = Command(
    "allow",
    "let an address or a network through at once, and in every run",
    'allow 198.51.100.7 -c /etc/tq_labs --until 2d --reason "partner, ticket 4711"',
    _options,
    _run,
)
