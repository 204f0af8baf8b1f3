"""What the demo shows: calm, 80 columns, colour and progress on a terminal only.

rich honours NO_COLOR, and leaves out all colour and movement where nobody looks.
"""

import textwrap
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.live import Live
from rich.rule import Rule
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from citrix_waf_lab.demo.verdict import Finding

WIDTH = 80

_LOOKS_A_SECOND = 5


class Screen:
    """Prints acts, commands, what programs say, and tables."""

    def __init__(self) -> None:
        self._console = Console(highlight=False, markup=False, soft_wrap=False)
        self._console.width = min(self._console.width, WIDTH)

    def heading(self, text: str) -> None:
        """Begin an act."""
        self.blank()
        self._console.print(Rule(Text(text, "bold"), align="left", style="dim"))

    def say(self, text: str) -> None:
        """Print a paragraph of the demo itself."""
        self._console.print(Text(textwrap.fill(text, WIDTH)))

    def blank(self) -> None:
        """Print an empty line."""
        self._console.print()

    def command(self, words: Iterable[str]) -> None:
        """Print a command so that it can be copied, whatever its length."""
        lines = ["$"]
        for word in words:
            if len(lines[-1]) + len(word) > WIDTH - 5:
                lines[-1] += " \\"
                lines.append("   ")
            lines[-1] += f" {word}"
        self.blank()
        for line in lines:
            self._console.print(Text(line, "bold cyan"), overflow="ignore")

    def heard(self, text: str, typed: str = "") -> None:
        """Print a line of the connector, and what was typed at its end."""
        indent = " " * (len(text) - len(text.lstrip()) + 2)
        lines = textwrap.wrap(
            text.lstrip() + typed,
            WIDTH,
            initial_indent=indent,
            subsequent_indent=f"{indent}    ",
            break_on_hyphens=False,
        )
        for line in lines or [""]:  # before a word that is too long a blank may stay
            self._console.print(Text(line.rstrip()))

    def table(self, lines: Iterable[tuple[str, ...]], right: tuple[int, ...]) -> None:
        """Print lines of cells; the columns named in ``right`` end in one line."""
        whole = [("", *line) for line in lines]
        table = Table.grid(padding=(0, 2))
        for column in range(max(map(len, whole))):
            table.add_column(justify="right" if column - 1 in right else "left")
        for line in whole:
            table.add_row(*map(Text, line))
        self._show(table)

    def verdict(self, findings: Iterable[Finding]) -> None:
        """Print the answers of the verdict: yes or no, the claim, its figures."""
        table = Table.grid(padding=(0, 2))
        for found in findings:
            words = Text.assemble(found.claim, "\n", (found.figures, "dim"))
            table.add_row("", _answer(found.holds), words)
        self._show(table)

    def closing(self, *, holds: bool) -> None:
        """Print the one answer that all answers of the verdict come to."""
        end = " throughout" if holds else ", as the answers above say"
        self.blank()
        self._console.print(Text.assemble("The verdict is ", _answer(holds), end))

    def _show(self, table: Table) -> None:
        """Print a table; where nobody looks, without blanks at the ends of lines."""
        if self._console.is_terminal:
            self._console.print(table)
            return
        with self._console.capture() as captured:
            self._console.print(table)
        for line in captured.get().splitlines():
            self._console.print(Text(line.rstrip()))

    @contextmanager
    def busy(self, told: Callable[[], str]) -> Iterator[None]:
        """Show that something works, and how far it is; on a terminal only."""
        if not self._console.is_terminal:
            yield
            return
        with Live(
            _Busy(told),
            console=self._console,
            transient=True,
            refresh_per_second=_LOOKS_A_SECOND,
        ):
            yield


def _answer(holds: bool) -> Text:  # noqa: FBT001 -- the answer itself
    return Text("yes", "bold green") if holds else Text("NO", "bold red")


class _Busy:
    """A spinner beside a text that is asked for anew a few times a second."""

    def __init__(self, told: Callable[[], str]) -> None:
        self._told = told
        self._spinner = Spinner("dots")
        self._due = 0.0

    def __rich__(self) -> Spinner:
        now = time.monotonic()
        if now >= self._due:  # each line that is printed draws it again as well
            self._due = now + 1 / _LOOKS_A_SECOND
            self._spinner.update(text=Text(self._told(), "dim"))
        return self._spinner
