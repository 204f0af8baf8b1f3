"""The lab's own time. Nothing in the lab reads any other clock.

Every time-out, expiry, ``Date`` and change time comes from here, so that a program
can set it. In process it moves only when moved; over sockets it runs on.
"""

import time
from datetime import UTC, datetime, timedelta

SEEDED_START = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
"""Where the clock of a seeded lab starts; any fixed instant would do."""


class Clock:
    """Time that can be read, set and advanced.

    Args:
        start: the first instant, in UTC.
        running: whether it runs on by itself (sockets) or stands (in process).
    """

    def __init__(
        self, start: datetime = SEEDED_START, *, running: bool = False
    ) -> None:
        self._base = start
        self._running = running
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        if not self._running:
            return self._base
        return self._base + timedelta(seconds=time.monotonic() - self._since)

    def set(self, instant: datetime) -> None:
        """Jump to an instant; backwards is allowed (a clock step is a fault too)."""
        self._base = instant
        self._since = time.monotonic()

    def advance(self, seconds: float) -> None:
        """Move by so many seconds, which may be negative."""
        self.set(self.now() + timedelta(seconds=seconds))
