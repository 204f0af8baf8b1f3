"""What people are told of a site: what there is, and in which words.

    event     | it is there while
    ----------+-------------------------------------------------------------
    refused   | the last run that came to a plan held something back
    stale     | no run has ended in step for ``stale_after`` hours
    filling   | a data set holds more than ``fill_above`` of what it may
    failed    | two runs in a row, or more, failed (what is held is no failure)

1. It comes from the ledger alone, so it is told also while both systems are away.
2. Where nothing is known of an event, it has neither come nor gone.
3. Every text is one that may be shown: no secret, and each line is one line.
"""

import socket
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.keys import EVENTS
from tq_conn_citrix_waf.run.reach import PROGRAM, approve, command_line
from tq_conn_citrix_waf.run.status import (
    FILL_WARNING,
    Ages,
    Standing,
    filled,
    told,
)
from tq_conn_citrix_waf.run.troubles import WORRIES
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.records import HeldRecord
from tq_conn_citrix_waf.store.sent import Told

_TWICE = 2
_SUBJECT = 150
"""Characters; a telephone shows about forty, so the first ones count."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people want to be told.

    Attributes:
        events: of which.
        stale_after: no run in step for so long.
        fill_above: share of what a data set may hold.
        repeat_after: what stays is told again.
    """

    events: tuple[str, ...] = EVENTS
    stale_after: timedelta = Ages().warning
    fill_above: float = FILL_WARNING
    repeat_after: timedelta = timedelta(hours=24)

    @classmethod
    def of(cls, messages: Mapping[str, Any]) -> Self:
        """Return what a file's [messages] say."""
        known: dict[str, Any] = {
            name: timedelta(hours=messages[name])
            for name in ("stale_after", "repeat_after")
            if name in messages
        }
        if "fill_above" in messages:
            known["fill_above"] = messages["fill_above"]
        if "events" in messages:
            known["events"] = tuple(messages["events"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that people should know; ``name`` is one of ``EVENTS``.

    ``about`` tells apart several of one name: what is held, or the data set.
    """

    name: str
    what: str
    cure: str
    about: str = ""

    @property
    def key(self) -> str:
        """Return what it is remembered by."""
        return f"{self.name} {self.about}".strip()


@dataclass(frozen=True, slots=True)
class Seen:
    """All that is there, and the names of the events of which nothing is known."""

    there: Mapping[str, Event]
    unknown: frozenset[str]


def look(found: Standing, wishes: Wishes, file: File) -> Seen:
    """Return what people want to be told of how a site stands."""
    # A run that came to no plan judged nothing, and a paused one waits for nobody.
    silent = found.pause is not None or found.last.counts is None
    events = [] if silent else [_refused(held, file) for held in found.last.held]
    events += [*_failed(found), *_stale(found, wishes, file), *_filling(found, wishes)]
    return Seen(
        {event.key: event for event in events if event.name in wishes.events},
        frozenset({"refused"} if silent else ()),
    )


def _refused(held: HeldRecord, file: File) -> Event:
    of = f" of {held.collection}" if held.collection else ""
    command = approve(file.path.parent).replace("approve ID", f"approve {held.id}", 1)
    return Event(
        "refused",
        f"{held.counted:,} {held.kind}{of} are held, over the limit of {held.limit:,}"
        f" ({held.id})",
        f"look whether this is {WORRIES[Held(held.kind)]}; if it is meant, run:"
        f" {command}",
        f"{held.kind}{of}",
    )


def _stale(found: Standing, wishes: Wishes, file: File) -> Iterator[Event]:
    last = found.last
    if found.astray > wishes.stale_after:
        what = f"no run has ended in step for {told(found.astray)}"
        if last.exit:
            yield Event("stale", f"{what}: {last.what}", last.cure)
        else:  # the connector is switched off in ThreatQ, such as by mistake
            cure = f"run: {command_line('check', file.path.parent)}"
            yield Event("stale", what, cure)


def _filling(found: Standing, wishes: Wishes) -> Iterator[Event]:
    for one in found.sets:
        if one.limit and one.values > wishes.fill_above * one.limit:
            yield Event("filling", *filled(one), one.name)


def _failed(found: Standing) -> Iterator[Event]:
    last = found.last
    if found.failures >= _TWICE:
        words = f"{found.failures:,} runs in a row failed: {last.what}"
        yield Event("failed", words, last.cure)


@dataclass(frozen=True, slots=True)
class Message:
    """What goes out: an event that is there or, with ``over``, is there no more.

    Attributes:
        over: how it was told last.
        file: whose site it is; ``found``: how that stands, None before its first run.
        at: UTC.
    """

    event: Event
    file: File = field(repr=False)
    found: Standing | None
    at: datetime
    over: Told | None = None

    @property
    def headline(self) -> str:
        """Say it in one line."""
        if self.over is None:
            return one_line(self.event.what)
        return one_line(f"it is over: {self.over.what}")

    @property
    def appliance(self) -> str:
        """Return where, in short; '' before the first run."""
        return self.found.appliance.partition("://")[2] if self.found else ""

    @property
    def subject(self) -> str:
        """Return the subject of a mail."""
        head = f"{self.appliance or PROGRAM}: {self.headline}"
        return head if len(head) <= _SUBJECT else f"{head[: _SUBJECT - 3]}..."

    @property
    def text(self) -> str:
        """Say all of it, in some short lines."""
        return "\n".join(map(one_line, self._lines()))

    def _lines(self) -> Iterator[str]:
        yield f"{self.appliance or PROGRAM}: {self.headline}"
        if self.over is None:
            yield f"What to do: {self.event.cure}"
        else:
            yield f"You were told at {self.over.at:%Y-%m-%d %H:%M} UTC."
        if self.found is not None:
            last = self.found.last
            ended = f"{last.ended:%Y-%m-%d %H:%M} UTC with exit {last.exit}"
            yield f"Run {last.number} ended {ended}."
        directory = self.file.path.parent.resolve()
        yield f"{PROGRAM} {self.file.instance} on {socket.gethostname()}, {directory}"

    def as_json(self) -> dict[str, Any]:
        """Return it for the webhook; ``text`` is what chat services show."""
        last = None if self.found is None else self.found.last
        cure = "" if self.over else self.event.cure
        return {
            "text": self.text,
            "event": self.event.name,
            "about": one_line(self.event.about),
            "over": self.over is not None,
            "what": self.headline,
            "cure": one_line(cure),
            "appliance": one_line(self.found.appliance) if self.found else None,
            "run": last.number if last else None,
            "exit": last.exit if last else None,
            "instance": self.file.instance,
            "host": socket.gethostname(),
            "directory": one_line(str(self.file.path.parent.resolve())),
            "at": self.at.isoformat(timespec="seconds"),
        }
