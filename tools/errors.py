"""Writes the tables of docs/errors.md: every situation is played, its words are kept.

``python tools/errors.py`` renews what stands between the two marks; ``--check`` changes
nothing and ends with 1 if that is stale.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/errors.md"
BEGIN = "<!-- from here on generated: python tools/errors.py -->\n"
END = "<!-- up to here generated -->\n"

sys.path.insert(0, str(ROOT / "tests"))
from support.scenarios import SCENARIOS, Scenario, play  # noqa: E402  # needs the path
from tq_conn_citrix_waf.exits import Exit  # noqa: E402  # as above


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


def main() -> int:
    """Renew or check the page; 0 if it is up to date now."""
    page = PAGE.read_text("utf-8")
    before, _, rest = page.partition(BEGIN)
    fresh = before + BEGIN + "".join(generated()) + END + rest.partition(END)[2]
    if "--check" in sys.argv[1:]:
        if fresh != page:
            print(f"{PAGE} is stale; renew it with: make docs", file=sys.stderr)
        return int(fresh != page)
    PAGE.write_text(fresh, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
