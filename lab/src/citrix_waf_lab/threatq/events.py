"""Events that clients have reported, such as sightings."""

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """One event; ``indicators`` are ids, times are UTC without a zone."""

    id: int
    title: str
    type: str
    happened_at: str
    description: str
    created_at: str
    indicators: tuple[int, ...] = ()
    sources: tuple[str, ...] = ()
    attributes: tuple[tuple[str, str], ...] = ()


class Events:
    """All events, in order of creation."""

    def __init__(self, rng: random.Random) -> None:
        self.last_id = rng.randrange(100, 5_000)
        self.rows: dict[int, Event] = {}

    def next_id(self) -> int:
        """Return an id that no event has yet."""
        self.last_id += 1
        return self.last_id

    def of(self, indicator: int) -> list[Event]:
        """Return the events that an indicator was named in."""
        return [e for e in self.rows.values() if indicator in e.indicators]
