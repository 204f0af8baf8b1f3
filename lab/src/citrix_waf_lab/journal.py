"""The journal: every request that reached an emulator, in order.

An entry stands in it before its answer is sent. Numbers go on over a reset.
"""

import threading
from typing import NamedTuple

import msgspec

from citrix_waf_lab.wire import Request


class Entry(NamedTuple):
    """One request as GET /requests shows it.

    ``appliance`` is None for ThreatQ; ``status`` is what the client is sent, None if it
    is sent nothing; ``items`` counts the objects in the body; ``bytes`` is its size.
    """

    n: int
    service: str
    appliance: str | None
    method: str
    path: str
    query: str
    status: int | None
    items: int
    bytes: int


_members = msgspec.json.Decoder(dict[str, msgspec.Raw])
_elements = msgspec.json.Decoder(list[msgspec.Raw])


def items(body: bytes) -> int:
    """Count the objects in a body: 0 without one, 1 if it is no array.

    A NITRO bulk is an array below the name of its resource, so an array that is the
    only member of the body counts as one too.
    """
    if not body:
        return 0
    try:
        if body.lstrip()[:1] == b"[":
            return len(_elements.decode(body))
        members = _members.decode(body)
        if len(members) == 1:
            (only,) = map(bytes, members.values())
            if only.lstrip()[:1] == b"[":
                return len(_elements.decode(only))
    except msgspec.MsgspecError:
        return 1
    return 1


class Journal:
    """Entries from 1 on; safe to use from several threads."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def note(
        self, service: str, appliance: str | None, request: Request, status: int | None
    ) -> None:
        """Enter one request."""
        count = items(request.body)
        with self._lock:
            self._entries.append(
                Entry(
                    len(self._entries) + 1,
                    service,
                    appliance,
                    request.method,
                    request.path,
                    request.query,
                    status,
                    count,
                    len(request.body),
                )
            )

    def since(self, mark: int) -> tuple[int, list[Entry]]:
        """Return the mark to pass next, and the entries after the given one."""
        with self._lock:
            return len(self._entries), self._entries[mark:]
