"""How many calls a client may make a minute."""

from collections import deque
from datetime import datetime, timedelta

from citrix_waf_lab.clock import Clock

WINDOW = timedelta(seconds=60)


class Rate:
    """Counts the calls of the last minute, by the lab's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._calls: deque[datetime] = deque()

    def free_at(self, most: int) -> datetime | None:
        """Count one call; return None if it may be made, else when one may be."""
        now = self._clock.now()
        while self._calls and not timedelta(0) <= now - self._calls[0] < WINDOW:
            self._calls.popleft()
        if len(self._calls) >= most:
            return self._calls[len(self._calls) - most] + WINDOW
        self._calls.append(now)
        return None
