"""The real history of a list, and by itself what of each revision should be blocked.

1. FOLDER/NAME-base.txt holds a value a line, FOLDER/NAME-churn.jsonl a revision a line:
   ``at``, ``add``, ``remove``. The base has no date: it is taken to be an hour older
   than the first revision.
2. What should be blocked is told by the standard library alone, from rules that are
   written down here again: no line is shared with the connector.
3. A revision of which no value is an address says nothing: the last one that does is
   still what should be blocked.
"""

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

V4, V6 = 4, 6
"""IP versions."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# What the connector says it never blocks, written down again on purpose.
PROTECTED = tuple(
    ipaddress.ip_network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    ]
)


@cache
def address(value: str) -> Address | None:
    """Read one value of a list; None where it is no address."""
    try:
        return ipaddress.ip_address(value)
    except ValueError:
        return None


@cache
def protected(one: Address) -> bool:
    """Whether an address must never be blocked."""
    return any(one in network for network in PROTECTED)


@dataclass(frozen=True, slots=True)
class Revision:
    """A list as it was published at one time.

    Attributes:
        number: 0 for the base.
        at: UTC.
        listed: all its values, whatever they are.
        add, remove: what became different, value by value.
    """

    number: int
    at: datetime
    listed: frozenset[str]
    add: tuple[str, ...]
    remove: tuple[str, ...]

    @property
    def fault(self) -> str:
        """Why this is no list, in a word; '' where it is one."""
        if not self.listed:
            return "empty"
        return "" if any(map(address, self.listed)) else "a message"

    def wanted(self, *versions: int) -> frozenset[Address]:
        """Return the addresses that should be blocked, of some IP versions."""
        return frozenset(
            one
            for one in map(address, self.listed)
            if one is not None and one.version in versions and not protected(one)
        )


@dataclass(frozen=True, slots=True)
class History:
    """Where the history of a list lies: FOLDER/NAME."""

    name: Path

    @property
    def there(self) -> bool:
        """Whether it is there to be read."""
        return self._file("-base.txt").exists() and self._file("-churn.jsonl").exists()

    def base(self) -> list[str]:
        """Return the values of the first list."""
        return self._file("-base.txt").read_text("utf-8").split()

    def revisions(self) -> Iterator[Revision]:
        """Yield the base, and each revision after it."""
        lines = self._file("-churn.jsonl").read_bytes().splitlines()
        rows = list(map(json.loads, lines))
        times = [datetime.fromisoformat(row["at"]).astimezone(UTC) for row in rows]
        if times != sorted(times):
            raise SystemExit(f"{self.name}: the revisions are not in order of time")
        listed = frozenset(self.base())
        yield Revision(0, times[0] - timedelta(hours=1), listed, (), ())
        for number, (row, at) in enumerate(zip(rows, times, strict=True), 1):
            listed = (listed - set(row["remove"])) | set(row["add"])
            add, remove = tuple(row["add"]), tuple(row["remove"])
            yield Revision(number, at, listed, add, remove)

    def _file(self, tail: str) -> Path:
        return self.name.with_name(self.name.name + tail)
