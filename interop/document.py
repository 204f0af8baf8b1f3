"""The tables of docs/interop.md, from the steps themselves."""

import sys
from collections.abc import Iterator

from interop.commands import Client
from interop.run import CLIENTS
from tools.pages import Page

PAGE = Page("interop.md", "interop.document")


def generated() -> Iterator[str]:
    """Yield a table for each client."""
    return map(_table, CLIENTS)


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
    sys.exit(PAGE.main(generated(), sys.argv[1:]))
