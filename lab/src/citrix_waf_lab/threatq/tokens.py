"""Tokens: who may ask, and until when. Time is the lab's clock only.

1. An access token is good until it expires, is struck, or (as a switch) is refreshed.
2. A refresh token is good once or again, as a switch; it never expires by itself,
   since no source says when it would.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from citrix_waf_lab.clock import Clock

Holder = Literal["user", "private"]
"""Whose token it is: a person's (password) or a client's (private credentials)."""


@dataclass(frozen=True, slots=True)
class Grant:
    """What a successful request for a token gives."""

    access_token: str
    refresh_token: str
    holder: Holder


@dataclass(frozen=True, slots=True)
class _Access:
    holder: Holder
    ends: datetime


@dataclass(frozen=True, slots=True)
class _Refresh:
    holder: Holder
    access_token: str


class Tokens:
    """All tokens ever given that are still good."""

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._rng = rng
        self._access: dict[str, _Access] = {}
        self._refresh: dict[str, _Refresh] = {}

    def grant(self, holder: Holder, seconds: float) -> Grant:
        """Give a new pair; the access token lives for so many seconds."""
        access, refresh = (f"{self._rng.getrandbits(256):064x}" for _ in range(2))
        ends = self._clock.now() + timedelta(seconds=seconds)
        self._access[access] = _Access(holder, ends)
        self._refresh[refresh] = _Refresh(holder, access)
        return Grant(access, refresh, holder)

    def holder_of_refresh(self, token: str) -> Holder | None:
        """Return whose refresh token this is, or None if it is not good."""
        known = self._refresh.get(token)
        return None if known is None else known.holder

    def access_of_refresh(self, token: str) -> str:
        """Return the access token that came with a good refresh token."""
        return self._refresh[token].access_token

    def spend_refresh(self, token: str) -> None:
        """Make a refresh token good no more."""
        del self._refresh[token]

    def revoke_access(self, token: str) -> None:
        """Make an access token good no more, if it still is."""
        self._access.pop(token, None)

    def holder_of(self, token: str) -> Holder | None:
        """Return whose access token this is, or None if it is not good (any more)."""
        known = self._access.get(token)
        if known is None or known.ends <= self._clock.now():
            return None
        return known.holder

    def expire_all(self) -> None:
        """Make all access tokens good no more; refresh tokens stay."""
        self._access.clear()

    def revoke_refreshes(self) -> None:
        """Make all refresh tokens good no more; access tokens stay."""
        self._refresh.clear()
