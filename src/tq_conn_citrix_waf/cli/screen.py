"""What a person reads, on standard output.

Colours at a terminal only, and 80 columns where nobody looks.
"""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from textwrap import wrap

from tq_conn_citrix_waf.errors import StateError

COLUMNS, _MOST_COLUMNS = 78, 120
"""Where nobody looks: two less than a screen has, so that it can be quoted."""
_NARROWEST = 20
KEPT = "\u00a0"
"""A blank at which no line is broken."""

Show = Callable[[str, str], None]
"""Prints one line, its label in a colour ('' for none)."""


def say(*lines: str) -> None:
    """Print lines, and bring them to the screen.

    Raises:
        StateError: the screen takes no more.
    """
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except OSError as error:
        # What waits would be tried again when Python ends, with an error of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StateError(
            f"standard output cannot be written: {error.strerror}",
            "free space where it goes; all else went as it should",
        ) from error


def screen() -> tuple[Show, int]:
    """Return how a line is printed here, and how wide it may be."""
    if not sys.stdout.isatty():
        return _plain, COLUMNS
    columns = min(shutil.get_terminal_size().columns, _MOST_COLUMNS)
    if os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return _plain, columns
    # Imported here alone: it costs a tenth of a second, and only a person sees colours.
    from rich.console import Console  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console()

    def coloured(line: str, colour: str) -> None:
        text = Text(line)
        text.stylize(colour or "bold", 0, 8 if colour else None)
        console.print(text, soft_wrap=True)

    return coloured, columns


def _plain(line: str, _colour: str) -> None:
    say(line)


def hung(first: str, words: str, columns: int) -> Iterator[str]:
    """Yield a row: a head, and words that hang beside it.

    What a person copies, such as a path, is never broken.
    """
    indent = " " * len(first)
    width = max(columns - len(first), _NARROWEST)
    lines = wrap(words, width, break_long_words=False, break_on_hyphens=False)
    for line in lines or [""]:
        yield f"{first}{line.replace(KEPT, ' ')}"
        first = indent
