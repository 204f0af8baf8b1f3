"""The tables of docs/matrix.md, from the rows themselves.

Usage: python -m matrix.document [--check]
"""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from citrix_waf_lab.dialects import Value
from citrix_waf_lab.lab import SWITCHES
from matrix.answers import ANSWERS, TOGETHER
from matrix.rows import Answers, Row

PAGE = Path(__file__).parents[1] / "docs" / "matrix.md"
START = "<!-- from here on generated: python -m matrix.document -->\n"
TITLES = {
    "frame": "the lab itself",
    "netscaler": "NetScaler",
    "threatq": "ThreatQ",
}


def main(words: Sequence[str]) -> int:
    """Renew the page, or only say whether it is up to date; return the exit code."""
    text = PAGE.read_text("utf-8")
    wanted = renewed(text)
    if "--check" in words:
        if text != wanted:
            sys.stderr.write(f"{PAGE} is stale; renew it with: make docs\n")
        return int(text != wanted)
    PAGE.write_text(wanted, "utf-8")
    return 0


def renewed(text: str) -> str:
    """Return the page with its tables as the rows are now."""
    written = text.partition(START)[0]
    return written + START + "".join(f"{line}\n" for line in _tables())


def _tables() -> Iterator[str]:
    for part, title in TITLES.items():
        yield from ("", f"## Switches of {title}", "")
        yield from (
            "| switch | answers | what the connector does |",
            "| --- " * 3 + "|",
        )
        for switch in SWITCHES[part]:
            yield from _rows(switch.name, ANSWERS[switch.name])
    yield from ("", "## Answers together", "")
    yield from ("| answers | what the connector does |", "| --- " * 2 + "|")
    for one in TOGETHER:
        shown = " and ".join(
            f"`{name}` {_answers(some)}" for name, some in one.answers.items()
        )
        yield f"| {shown} | {one.row.words} |"


def _rows(name: str, answers: Answers) -> Iterator[str]:
    """Yield a line for each row of a switch; answers that share one stand together."""
    by_row: dict[Row, list[Value]] = {}
    for answer, row in answers.items():
        by_row.setdefault(row, []).append(answer)
    for row, some in by_row.items():
        yield f"| `{name}` | {_answers(some)} | {row.words} |"


def _answers(some: Sequence[Value]) -> str:
    return ", ".join(f"`{json.dumps(answer)}`" for answer in some)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
