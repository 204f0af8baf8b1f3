"""One emulator as the world meets it: listed, slowed, troubled, and sometimes down.

1. A request is listed before its answer leaves; a refused one was never read.
2. All of the lab's state changes under one lock, so requests have one order.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect, Switch
from citrix_waf_lab.effects import REFUSED, Shot, reason
from citrix_waf_lab.faults import Active, Faults
from citrix_waf_lab.journal import Journal
from citrix_waf_lab.wire import Answer, Answering, Request

SWITCHES = (
    Switch(
        "latency_ms",
        0,
        None,
        "inferred",
        "the lab's own",
        "How many milliseconds each answer takes longer.",
    ),
    Switch(
        "reboot_seconds",
        1.0,
        None,
        "inferred",
        "TF PR #1400 (an appliance that still boots)",
        "How long an appliance is away after a reboot; 0 in process.",
        most=5,
    ),
    Switch(
        "reboot_answers",
        "refused",
        ("refused", "503"),
        "client code",
        "TF PR #1400; CPX reports",
        "What a client meets meanwhile: a refused connection, or 503.",
    ),
)
"""The switches that the frame itself obeys."""


class State(Protocol):
    """What the frame needs of an emulator's state."""

    def strike(self, fault: str, params: dict[str, object]) -> None:
        """Let something happen inside."""

    def reset(self) -> None:
        """Go back to the start."""


class Restarting(State, Protocol):
    """A state that can restart and can stop within a bulk."""

    half_apply: int | None

    def reboot(self) -> None:
        """Lose what a restart loses."""


class Carrying(Protocol):
    """Whoever holds the connections to a service."""

    def attend(self) -> None:
        """Listen, or stop listening, as the service says."""

    def drop(self) -> None:
        """End all connections."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What all services of a lab share."""

    clock: Clock
    dialect: Dialect
    journal: Journal
    faults: Faults
    lock: threading.RLock


class Service:
    """An emulator behind everything that can happen to it; itself an ``Answering``.

    Args:
        kind: ``threatq`` or ``netscaler``.
        appliance: the appliance's name; None for ThreatQ.
        emulator: the bare emulator.
        frame: what all services share.
        strike: lets an event happen inside the emulator.
        box: the state that can restart; None for ThreatQ.
    """

    def __init__(
        self,
        kind: str,
        appliance: str | None,
        emulator: Answering,
        frame: Frame,
        *,
        strike: Callable[[str, dict[str, object]], None],
        box: Restarting | None,
    ) -> None:
        self.kind = kind
        self.appliance = appliance
        self.clock = frame.clock
        self.carriers: list[Carrying] = []
        self._emulator = emulator
        self._frame = frame
        self._strike = strike
        self._box = box
        self._down: tuple[datetime, str] | None = None

    def __call__(self, request: Request) -> Answer:
        """Answer one request."""
        frame = self._frame
        with frame.lock:
            away = self._away()
            if away == "refused":
                return REFUSED
            if away is not None:
                answer = Answer(503, reason(503), (("Content-Type", "text/html"),))
            else:
                answer = self._answer(request)
            if answer.delivery.refuse:
                return answer
            sent = not answer.delivery.never and answer.delivery.cut_after != 0
            status = answer.status if sent else None
            frame.journal.note(self.kind, self.appliance, request, status)
        latency = frame.dialect.number("latency_ms") / 1000
        if not latency:
            return answer
        later = replace(answer.delivery, delay=answer.delivery.delay + latency)
        return replace(answer, delivery=later)

    def closed(self) -> bool:
        """Whether nobody listens; takes no lock, so that carriers may ask."""
        return self._away() == "refused" or self._frame.faults.closed(
            self.kind, self.appliance
        )

    def strike(self, fault: str, params: Mapping[str, object]) -> None:
        """Let something happen inside the emulator."""
        self._strike(fault, dict(params))

    def go_down(self, seconds: float) -> None:
        """Let nobody listen for so long; connections that are open end."""
        self._leave(seconds, "refused")

    def reboot(self) -> None:
        """Restart the appliance; connections that are open end."""
        if self._box is None:
            raise ValueError("only an appliance restarts")
        with self._frame.lock:
            self._box.reboot()
            dialect = self._frame.dialect
            seconds = dialect.number("reboot_seconds")
            self._leave(seconds, str(dialect["reboot_answers"]))

    def half_apply(self, objects: int | None) -> None:
        """Let a bulk stop after so many objects; None: let it not."""
        if self._box is not None:
            self._box.half_apply = objects

    def attend(self) -> None:
        """Let the carriers look whether anybody listens."""
        for carrier in self.carriers:
            carrier.attend()

    def come_back(self) -> None:
        """Be up again."""
        self._down = None

    def _leave(self, seconds: float, how: str) -> None:
        if seconds:
            self._down = (self.clock.now() + timedelta(seconds=seconds), how)
        for carrier in self.carriers:
            carrier.attend()
            carrier.drop()

    def _away(self) -> str | None:
        if self._down is None or self.clock.now() >= self._down[0]:
            return None
        return self._down[1]

    def _answer(self, request: Request) -> Answer:
        hitting = self._frame.faults.hitting(self.kind, self.appliance, request)
        answering = self._emulator
        for active in hitting:
            answering = self._around(active, answering)
        return answering(request)

    def _around(self, active: Active, onward: Answering) -> Answering:
        def fail(words: str) -> None:
            active.error = words

        shot = Shot(active.params, self._frame.faults.rng, self, fail)
        return lambda request: active.fault.effect(shot, request, onward)
