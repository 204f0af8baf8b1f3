"""The tables of docs/errors.md: every situation is played, its words are kept."""

import sys
from collections.abc import Iterator

from support.scenarios import SCENARIOS, Scenario, play
from tools.pages import Page
from tq_conn_citrix_waf.exits import Exit

PAGE = Page("errors.md", "tools.errors")


def generated() -> Iterator[str]:
    """Yield a section for each exit code."""
    for code in Exit:
        rows = [s for s in SCENARIOS if s.exit is code]
        if rows:
            yield f"\n## {int(code)}: {code.meaning}\n\n"
            yield _row("when", "what is printed", "what to do", "error")
            yield _row("---", "---", "---", "---")
            yield from map(_told, rows)
    yield "\n"


def _told(scenario: Scenario) -> str:
    what, cure = play(scenario).lines()
    return _row(scenario.when, what, cure, f"`{scenario.error.__name__}`")


def _row(*cells: str) -> str:
    safe = (cell.replace("|", "\\|").replace("<", "\\<") for cell in cells)
    return f"| {' | '.join(safe)} |\n"


if __name__ == "__main__":
    sys.exit(PAGE.main(generated(), sys.argv[1:]))
