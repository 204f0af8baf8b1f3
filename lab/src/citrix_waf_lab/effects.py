"""What each fault does: a function around the emulator.

1. An effect gets the request and ``onward``, which carries it out; it may call that
   once, change its answer, or never call it.
2. What the effect draws at random comes from the lab's seeded generator.
"""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Protocol

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.journal import items
from citrix_waf_lab.wire import Answer, Answering, Delivery, Request

NOTHING = Answer(0, "", delivery=Delivery(cut_after=0))
"""No answer at all; status 0 never reaches a wire."""

REFUSED = Answer(0, "", delivery=Delivery(refuse=True))
"""The connection is refused."""

SHORTEST_HEAD = 60
"""No head that the carrier writes is shorter: status line, Date, Content-Length."""

_REASONS = {207: "Multi Status", 599: "Netscaler specific error"}


class Target(Protocol):
    """What an effect can do to the service it stands around."""

    clock: Clock

    def strike(self, fault: str, params: Mapping[str, object]) -> None:
        """Let something happen inside the emulator."""

    def go_down(self, seconds: float) -> None:
        """Let nobody listen for so long."""

    def reboot(self) -> None:
        """Restart the appliance."""

    def half_apply(self, objects: int | None) -> None:
        """Let a bulk stop after so many objects; None: let it not."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One firing of a fault.

    Attributes:
        params: its complete parameters.
        rng: chance.
        target: the service that it hits.
        fail: called with words when an event cannot happen (no such data set).
    """

    params: Mapping[str, object]
    rng: random.Random
    target: Target
    fail: Callable[[str], None]

    def flag(self, name: str) -> bool:
        """Return a boolean parameter."""
        return self.params[name] is True

    def number(self, name: str) -> float:
        """Return a parameter that is a number."""
        value = self.params[name]
        if not isinstance(value, int | float):
            raise TypeError(f"{name} is {value!r}, no number")
        return float(value)

    def integer(self, name: str, instead: int = 0) -> int:
        """Return a whole number, or what stands for null."""
        value = self.params[name]
        return value if isinstance(value, int) else instead

    def text(self, name: str, instead: str = "") -> str:
        """Return a text, or what stands for null."""
        value = self.params[name]
        return value if isinstance(value, str) else instead


Effect = Callable[[Shot, Request, Answering], Answer]


def reason(status: int) -> str:
    """Return the reason phrase of a status, NetScaler's own ones included."""
    if status in _REASONS:
        return _REASONS[status]
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"


def refuse(shot: Shot, _request: Request, _onward: Answering) -> Answer:
    """Refuse this connection, and further ones for a while."""
    seconds = shot.number("seconds")
    if seconds:
        shot.target.go_down(seconds)
    return REFUSED


def delay(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Send the answer late."""
    answer = onward(request)
    later = answer.delivery.delay + shot.number("seconds")
    return replace(answer, delivery=replace(answer.delivery, delay=later))


def never_answer(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Send nothing and hold the connection."""
    if shot.flag("apply"):
        onward(request)
    return replace(NOTHING, delivery=Delivery(never=True))


def cut(shot: Shot, request: Request, onward: Answering) -> Answer:
    """End the connection within the answer."""
    return _cut(shot, onward(request), reset=False)


def reset(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Reset the connection within the answer."""
    return _cut(shot, onward(request), reset=True)


def _cut(shot: Shot, answer: Answer, *, reset: bool) -> Answer:
    anywhere = shot.rng.randrange(1, SHORTEST_HEAD + len(answer.body))
    after = shot.integer("bytes", anywhere)
    delivery = replace(answer.delivery, cut_after=after, reset=reset)
    return replace(answer, delivery=delivery)


def half_close(_shot: Shot, request: Request, onward: Answering) -> Answer:
    """Shut only the sending side after the answer."""
    answer = onward(request)
    return replace(answer, delivery=replace(answer.delivery, half_close=True))


def drip(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Send the body byte by byte."""
    answer = onward(request)
    slow = replace(answer.delivery, drip=shot.number("seconds"))
    return replace(answer, delivery=slow)


def endless(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Never end the body."""
    answer = onward(request)
    way = replace(answer.delivery, endless=True, packed=shot.flag("packed"))
    return replace(answer, delivery=way)


def lose_answer(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Carry the request out and end the connection."""
    onward(request)
    return replace(NOTHING, delivery=Delivery(cut_after=0, reset=shot.flag("reset")))


def truncate_json(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Keep only the beginning of the body."""
    answer = onward(request)
    somewhere = shot.rng.randrange(max(1, len(answer.body)))
    return replace(answer, body=answer.body[: shot.integer("bytes", somewhere)])


def html_page(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Answer with a page for people."""
    if shot.flag("apply"):
        onward(request)
    text = shot.text("text")
    page = (
        f"<html><head><title>{text}</title></head><body><h4>{text}</h4></body></html>"
    )
    status = shot.integer("status")
    kind = (("Content-Type", "text/html; charset=UTF-8"),)
    return Answer(status, reason(status), kind, page.encode())


def wrong_length(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Lie about the length."""
    answer = onward(request)
    claim = max(0, len(answer.body) + shot.integer("by"))
    return replace(answer, headers=(*answer.headers, ("Content-Length", str(claim))))


def status(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Answer with any status."""
    if shot.flag("apply"):
        onward(request)
    code = shot.integer("status")
    body = shot.text("body").encode()
    headers = [("Content-Type", shot.text("content_type"))] if body else []
    if shot.params["retry_after"] is not None:
        headers.append(("Retry-After", str(shot.integer("retry_after"))))
    if shot.params["location"] is not None:
        headers.append(("Location", shot.text("location")))
    return Answer(code, shot.text("reason", reason(code)), tuple(headers), body)


def half_apply(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Carry out the first objects of a bulk and lose the answer."""
    some = shot.rng.randrange(max(1, items(request.body)))
    shot.target.half_apply(shot.integer("objects", some))
    try:
        onward(request)
    finally:
        shot.target.half_apply(None)
    if shot.params["status"] is None:
        return replace(NOTHING, delivery=Delivery(cut_after=0, reset=True))
    code = shot.integer("status")
    return Answer(code, reason(code))


def reboot(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Restart the appliance in the middle of the request."""
    if shot.flag("apply"):
        onward(request)
    shot.target.reboot()
    return replace(NOTHING, delivery=Delivery(cut_after=0, reset=True))


def clock_step(shot: Shot, request: Request, onward: Answering) -> Answer:
    """Let the clock jump."""
    return _around(
        shot, request, onward, lambda: shot.target.clock.advance(shot.number("seconds"))
    )


def strike(event: str) -> Effect:
    """Return the effect that lets an event of this name happen in the emulator."""

    def effect(shot: Shot, request: Request, onward: Answering) -> Answer:
        told = {k: v for k, v in shot.params.items() if k != "when" and v is not None}
        return _around(shot, request, onward, lambda: shot.target.strike(event, told))

    return effect


def _around(
    shot: Shot, request: Request, onward: Answering, happen: Callable[[], None]
) -> Answer:
    answer = None if shot.text("when") == "before" else onward(request)
    try:
        happen()
    except (KeyError, ValueError) as flaw:
        shot.fail(str(flaw))
    return onward(request) if answer is None else answer
