"""The tables of docs/matrix.md, from the rows themselves."""

import json
import sys
from collections.abc import Iterator, Sequence

from citrix_waf_lab.dialects import Value
from citrix_waf_lab.lab import SWITCHES
from matrix.answers import ANSWERS, TOGETHER
from matrix.rows import Answers, Row
from tools.pages import Page

PAGE = Page("matrix.md", "matrix.document")
TITLES = {
    "frame": "the lab itself",
    "netscaler": "NetScaler",
    "threatq": "ThreatQ",
}


def generated() -> Iterator[str]:
    """Yield the tables as the rows are now."""
    return (f"{line}\n" for line in _tables())


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
    sys.exit(PAGE.main(generated(), sys.argv[1:]))
