"""Renews the part of a page that a program makes; a person's words stand around it."""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
END = "<!-- up to here generated -->\n"


class NoMarksError(ValueError):
    """A page has no place for what is generated."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page, and which module makes a part of it.

    Attributes:
        name: of the file in docs/.
        module: ``python -m MODULE`` renews it, with ``--check`` it only looks.
    """

    name: str
    module: str

    @property
    def path(self) -> Path:
        """Return where it lies."""
        return DOCS / self.name

    @property
    def begin(self) -> str:
        """Return the line after which the generated part stands."""
        return f"<!-- from here on generated: python -m {self.module} -->\n"

    def renewed(self, made: Iterable[str]) -> str:
        """Return its text with the generated part made anew.

        Raises:
            NoMarksError: it has not both marks.
        """
        before, begin, rest = self.path.read_text("utf-8").partition(self.begin)
        _, end, after = rest.partition(END)
        if not begin or not end:
            raise NoMarksError(
                f"{self.path} needs the lines {self.begin!r} and {END!r}"
            )
        return f"{before}{begin}{''.join(made)}{end}{after}"

    def main(self, made: Iterable[str], words: Sequence[str]) -> int:
        """Renew it, or only say whether it is stale; return the exit code."""
        return settle({self.path: self.renewed(made)}, words)


def settle(files: dict[Path, str], words: Sequence[str]) -> int:
    """Write files, or where ``--check`` is among the words say which are stale.

    Returns:
        0, or 1 where one is stale and stays so.
    """
    stale = [
        path
        for path, fresh in files.items()
        if not path.exists() or path.read_text("utf-8") != fresh
    ]
    for path in stale:
        if "--check" in words:
            print(f"{path} is stale; renew it with: make docs", file=sys.stderr)
        else:
            path.write_text(files[path], "utf-8")
    return int("--check" in words and bool(stale))
