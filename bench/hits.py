"""What strikes a run: faults of the lab and killed processes, drawn from a seed.

Each kind has two sides: what is done to the lab, for the real program, and what it
comes to for a simulated tool (``Effect``), so that all meet the same bad luck.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from memory import World

SHARE = 0.05
"""So many runs are struck."""
_PAGES = "indicators/query"
_REQUESTS = {"threatq": 10, "netscaler": 8}
"""About so many requests a run sends to each; where a fault begins is drawn of them."""
_WRITES = 4
"""About so many of them, the last, write."""


class Effect(StrEnum):
    """What a fault comes to, for a tool of which no more is known."""

    ERROR = "the source gives an error"
    SHORT = "the source gives a part of its list as if it were all"
    EMPTY = "the source gives an empty list"
    BROKEN_OFF = "the writing breaks off"
    LOST = "a restart takes what was written since the last save"


@dataclass(frozen=True, slots=True)
class Hit:
    """What strikes one run.

    Attributes:
        kind: the name of the fault.
        depth: 0 to 1: how far the run gets, or how much of the list comes.
    """

    kind: str
    depth: float

    @property
    def effect(self) -> Effect:
        """Return what it comes to."""
        return KINDS[self.kind][0]

    @property
    def written(self) -> float:
        """Return the share of the writing that is done where it breaks off.

        Before it a tool reads: a fault that comes then lets nothing be written.
        """
        requests = _REQUESTS["netscaler"]
        if self.kind == "killed":
            requests = sum(_REQUESTS.values())
        passed = self.depth * requests
        return max(0.0, (passed - (requests - _WRITES)) / _WRITES)

    @contextmanager
    def on(self, world: World) -> Iterator[None]:
        """Let it strike while this lasts."""
        KINDS[self.kind][1](world, self.depth)
        try:
            yield
        finally:
            world.site.kill_at = None
            world.site.control("DELETE", "/faults")
            world.dialect(page_limit=None, empty_page_after=None)
            world.show(1.0)


def luck(seed: int) -> random.Random:
    """Return where a seed's bad luck comes from."""
    return random.Random(seed)  # noqa: S311  # to be repeated, and no secret


def draw(rng: random.Random) -> Hit | None:
    """Draw what strikes the next run; None: nothing."""
    struck, kind, depth = rng.random() < SHARE, rng.choice([*KINDS]), rng.random()
    return Hit(kind, depth) if struck else None


def _fault(name: str, service: str, **more: object) -> Callable[[World, float], None]:
    """Return a fault that begins somewhere in the run and stays until its end."""

    def strike(world: World, depth: float) -> None:
        after = int(depth * _REQUESTS[service])
        wish = {"name": name, "service": service, "after": after, **more}
        world.site.control("POST", "/faults", wish)

    return strike


def _short(world: World, depth: float) -> None:
    """Let a walk of some pages end early, while its total tells of more."""
    page = max(1, len(world.listed) // 5)
    stop = 1 + int(depth * 3 * page)
    world.dialect(page_limit=page, empty_page_after=stop)


def _missing(world: World, depth: float) -> None:
    """Let only a part of the list come, with a total that agrees."""
    world.show(depth)


def _empty(world: World, _depth: float) -> None:
    world.show(0.0)


def _killed(world: World, depth: float) -> None:
    """Kill the process before or after one of its requests."""
    number = world.site.sent + 1 + int(depth * sum(_REQUESTS.values()))
    world.site.kill_at = number if int(depth * 1000) % 2 else -number


_PAGE = {"match": {"path": _PAGES}}
KINDS: dict[str, tuple[Effect, Callable[[World, float], None]]] = {
    "ThreatQ refuses": (Effect.ERROR, _fault("refuse", "threatq")),
    "ThreatQ never answers": (Effect.ERROR, _fault("never_answer", "threatq")),
    "ThreatQ: a web page": (Effect.ERROR, _fault("html_page", "threatq", **_PAGE)),
    "ThreatQ: cut JSON": (Effect.ERROR, _fault("truncate_json", "threatq", **_PAGE)),
    "ThreatQ: a walk ends early": (Effect.SHORT, _short),
    "ThreatQ: a part is missing": (Effect.SHORT, _missing),
    "ThreatQ: an empty list": (Effect.EMPTY, _empty),
    "NetScaler refuses": (Effect.BROKEN_OFF, _fault("refuse", "netscaler")),
    "NetScaler never answers": (
        Effect.BROKEN_OFF,
        _fault("never_answer", "netscaler"),
    ),
    "NetScaler: a web page": (Effect.BROKEN_OFF, _fault("html_page", "netscaler")),
    "NetScaler: half a batch": (Effect.BROKEN_OFF, _fault("half_apply", "netscaler")),
    "NetScaler restarts": (Effect.LOST, _fault("reboot", "netscaler", times=1)),
    "killed": (Effect.BROKEN_OFF, _killed),
}
