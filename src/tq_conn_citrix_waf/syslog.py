"""Where a syslog listens, and a socket that leads there.

RFC 3164 is what every syslog reads of a program on its host. Of plain TCP no standard
tells where a message ends; a line end is what they all take (RFC 6587, 3.4.2).
"""

import socket
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Thread
from time import monotonic
from typing import Literal, Self
from urllib.parse import urlsplit

DEFAULT = "/dev/log"
"""Where a host's own syslog, or its journal, listens."""
_PORT = 514
"""Of syslog over UDP (RFC 5426) and, by custom, over plain TCP."""
SECONDS = 5.0
"""So long a run waits until it is reached, and again for all that it takes in."""
_KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}

_Ways = list[tuple[int, int, tuple[object, ...] | str]]
"""Families, kinds and addresses."""


@dataclass(frozen=True, slots=True)
class Syslog:
    """Where a syslog listens: a socket's path with port 0, or a host and a port."""

    kind: Literal["path", "udp", "tcp"]
    where: str
    port: int = 0

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the one that a person names.

        Raises:
            ValueError: it is none.
        """
        if text.startswith("/"):
            return cls("path", text)
        parts = urlsplit(text)
        whole = f"{parts.scheme}://{parts.netloc}" == text
        if parts.scheme not in _KINDS or not parts.hostname or not whole:
            raise ValueError(text)
        kind: Literal["udp", "tcp"] = "udp" if parts.scheme == "udp" else "tcp"
        return cls(kind, parts.hostname, parts.port or _PORT)

    def connect(self) -> socket.socket:
        """Return a socket that leads there, as far as that can be told.

        Raises:
            OSError: nobody listens there.
        """
        end = monotonic() + SECONDS
        trouble = OSError("it leads nowhere")
        for family, kind, address in self._ways():
            made = socket.socket(family, kind)
            made.settimeout(left(end))
            try:
                made.connect(address)
            except OSError as error:
                made.close()
                trouble = error
            else:
                return made
        raise trouble

    def _ways(self) -> _Ways:
        if self.kind == "path":
            return [(socket.AF_UNIX, kind, self.where) for kind in _KINDS.values()]
        # No library ends a resolver that is silent: nobody waits for its thread.
        found: list[_Ways | OSError] = [TimeoutError("its name is not found in time")]
        thread = Thread(target=lambda: found.append(self._resolved()), daemon=True)
        thread.start()
        thread.join(SECONDS)
        if isinstance(found[-1], OSError):
            raise found[-1]
        return found[-1]

    def _resolved(self) -> _Ways | OSError:
        kind = _KINDS[self.kind]
        try:
            found = socket.getaddrinfo(self.where, self.port, type=kind)
        except OSError as error:
            return error
        except UnicodeError as error:  # a label that IDNA refuses
            return OSError(str(error))
        return [(family, kind, address) for family, _, _, _, address in found]


def left(end: float) -> float:
    """Return the seconds until then; of a socket, none would be another way to wait."""
    return max(end - monotonic(), 0.001)


def wanted(log: Mapping[str, object]) -> str:
    """Return where a file's [log] sends the log; '' where that is no syslog."""
    return str(log.get("syslog", DEFAULT)) if log.get("target") == "syslog" else ""
