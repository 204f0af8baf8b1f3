"""Tables that a script measured, in the document that shows them.

What stands between ``<!-- measured NAME: COMMAND -->`` and ``<!-- /measured NAME -->``
is the script's; all around it is a person's. The data are not part of this tree, so
that no test can renew it: a person does, by the command that the marker names.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table in Markdown; whole numbers stand to the right."""
    cells = [list(map(_cell, row)) for row in rows]
    right = [
        all(re.fullmatch(r"[\d,.+-]+|", row[n]) for row in cells)
        for n in range(len(heads))
    ]
    return [
        f"| {' | '.join(heads)} |",
        f"| {' | '.join('--:' if r else '---' for r in right)} |",
        *(f"| {' | '.join(row)} |" for row in cells),
    ]


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def put(text: str, name: str, lines: Iterable[str]) -> str:
    """Return a text with other lines between the markers of a name.

    Raises:
        ValueError: it has no such markers.
    """
    pattern = (
        rf"(?ms)^(<!-- measured {name}: .*? -->\n).*?^(<!-- /measured {name} -->)$"
    )
    body = "\n".join(["", *lines, "", ""])
    new, found = re.subn(pattern, lambda m: f"{m[1]}{body}{m[2]}", text)
    if found != 1:
        raise ValueError(f"<!-- measured {name}: COMMAND --> is not there once")
    return new


def write(path: Path, name: str, lines: Iterable[str]) -> None:
    """Renew what stands between the markers of a name in a file."""
    path.write_text(put(path.read_text("utf-8"), name, lines), "utf-8")
