"""What the vendor's connector left, and what a person sees and does there."""

from dataclasses import dataclass
from typing import Any

import pytest

from support.outside import BLOCK_LIST, BY_HAND, Site

OLD = [f"198.18.0.{n}" for n in range(1, 121)]
STALE = ["203.0.114.1", "203.0.114.2"]
NEW = ["203.0.114.9"]
HAND = [(b["value"], b.get("endrange", ""), b.get("comment", "")) for b in BY_HAND]
OTHER = "0b0b0b0b"
WHY = ("--reason", "new connector, change 4711")


def plain(values: list[str], comment: str = "") -> list[dict[str, Any]]:
    """Return values as the control interface takes them."""
    return [{"value": v} | ({"comment": comment} if comment else {}) for v in values]


@dataclass
class Before:
    """The site, and what is printed."""

    site: Site
    capfd: pytest.CaptureFixture[str]

    def filled(self) -> "Before":
        """Bind what the vendor's connector has bound, and want most of it."""
        self.bind([*BY_HAND, *plain(OLD), *plain(STALE)])
        self.site.collection([*OLD, *NEW])
        return self

    def bind(self, bindings: list[dict[str, Any]]) -> None:
        """Let a person make the set anew, and save it."""
        body = {"type": "ipv4", "bindings": bindings}
        self.site.control("PUT", f"/appliances/adc1/datasets/{BLOCK_LIST}", body)

    def adopt(self, *words: str, code: int = 0) -> str:
        """Return what ``adopt`` prints."""
        self.capfd.readouterr()
        assert self.site.run("adopt", *WHY, *words) == code
        out, err = self.capfd.readouterr()
        assert all(len(line) <= 80 for line in out.splitlines() if "WARN" not in line)
        return out + err

    @property
    def unmarked(self) -> set[str]:
        """Return the values that carry no mark."""
        return {value for value, _, _ in self.site.foreign()}
