"""The tables of docs/interop.md, from the steps themselves.

Usage: python -m interop.document [--check]
"""

import sys
from collections.abc import Sequence

from interop.commands import Client
from interop.environments import ROOT
from interop.run import CLIENTS

PAGE = ROOT / "docs" / "interop.md"
START = "<!-- from here on generated: python -m interop.document -->\n"


def main(words: Sequence[str]) -> int:
    """Renew the page, or only say whether it is up to date; return the exit code."""
    text = PAGE.read_text("utf-8")
    wanted = renewed(text)
    if "--check" in words:
        return int(text != wanted)
    PAGE.write_text(wanted, "utf-8")
    return 0


def renewed(text: str) -> str:
    """Return the page with its tables as the steps are now."""
    written = text.partition(START)[0]
    return written + START + "".join(_table(client) for client in CLIENTS)


def _table(client: Client) -> str:
    rows = [f"\n## {client.about}\n", "| step | requests | afterwards |", "| --- " * 3]
    rows[-1] += "|"
    for number, step in enumerate(client.steps, 1):
        changes = [f"holds {_code(line)}" for line in step.holds or ()]
        changes += [f"saved {_code(line)}" for line in step.saved or ()]
        asked = "<br>".join(_code(line) for line in step.asks)
        after = "<br>".join(changes) or "as before"
        rows.append(f"| {number} {step.title} | {asked} | {after} |")
    return "\n".join(rows) + "\n"


def _code(text: str) -> str:
    return f"`{text}`"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
