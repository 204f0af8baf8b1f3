"""Administrative sessions: tokens, idle time, and the few there are.

1. A session ends by log-out, by being idle for its timeout, by a kill or a reboot.
2. A stateless call needs a free session for its own length and leaves none.
"""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect
from citrix_waf_lab.netscaler.vocabulary import Refusal

# NREF basic operations: 1800 s; with restrictedtimeout 900 s, and 300 to 86400 only.
IDLE = 1800
RESTRICTED_IDLE = 900
RESTRICTED = range(300, 86401)

TOKEN_DIGITS = 252
"""Length of the hexadecimal part of a token, telegraf#11478."""


@dataclass(slots=True)
class Session:
    """One open log-in."""

    token: str
    timeout: int
    used: datetime


class Sessions:
    """All open log-ins of one appliance."""

    def __init__(self, clock: Clock, dialect: Dialect, rng: random.Random) -> None:
        self._clock = clock
        self._dialect = dialect
        self._rng = rng
        self._open: dict[str, Session] = {}

    def __len__(self) -> int:
        self._expire()
        return len(self._open)

    def _expire(self) -> None:
        now = self._clock.now()
        for token, session in list(self._open.items()):
            if now - session.used >= timedelta(seconds=session.timeout):
                del self._open[token]

    def need_room(self) -> None:
        """Make sure that one more session may be opened.

        Raises:
            Refusal: 445, 446 or 447.
        """
        if len(self) >= self._dialect.number("session_limit"):
            raise Refusal(int(self._dialect.number("session_limit_code")))

    def open(self, timeout: int | None) -> Session:
        """Open a session.

        Args:
            timeout: seconds that it may be idle; None is the default.

        Raises:
            Refusal: no session is free, or the timeout is out of range (1219).
        """
        restricted = self._dialect["restricted_timeout"] == "on"
        if timeout is None:
            timeout = RESTRICTED_IDLE if restricted else IDLE
        if timeout < 1 or (restricted and timeout not in RESTRICTED):
            raise Refusal(1219)
        self.need_room()
        token = f"##{self._rng.getrandbits(4 * TOKEN_DIGITS):0{TOKEN_DIGITS}X}"
        session = Session(token, timeout, self._clock.now())
        self._open[token] = session
        return session

    def use(self, token: str) -> Session:
        """Return the session of a token and count it as used now.

        Raises:
            Refusal: 444 or 1027; there is no such session, or no longer.
        """
        self._expire()
        session = self._open.get(token)
        if session is None:
            raise Refusal(int(self._dialect.number("expired_session_code")))
        session.used = self._clock.now()
        return session

    def close(self, session: Session) -> None:
        """End one session."""
        self._open.pop(session.token, None)

    def close_all(self) -> None:
        """End all sessions."""
        self._open.clear()

    def fill(self) -> None:
        """Open sessions of other people until none is free."""
        missing = int(self._dialect.number("session_limit")) - len(self)
        for _ in range(missing):
            self.open(None)
