"""What the sections of a page are made of: sections, tables, instants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tq_conn_citrix_waf.core.ranges import Ranges
from tq_conn_citrix_waf.run.page.markup import Element, Node, h


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table; the first cell is its head.

    Attributes:
        cells: what stands in it; a number is put right.
        note: a sentence under it; '' for none.
        look: how it looks; '' for as the others.
    """

    cells: "Sequence[Node | int | None]"
    note: str = ""
    look: str = ""


def section(name: str, title: str, *parts: Node | None) -> Element:
    """Return a part of the page that a reader can go to by its title."""
    heading = h("h2", title, id=f"{name}-title")
    return h("section", heading, *parts, id=name, aria_labelledby=f"{name}-title")


def table(about: str, heads: Sequence[str], rows: Iterable[Row]) -> Element:
    """Return a table with its caption; without rows, the caption and "none".

    Args:
        about: its caption.
        heads: of its columns; those whose cells are numbers begin with ``#``.
        rows: as many cells each as there are heads.
    """
    body = [each for row in rows for each in _row(row, heads)]
    if not body:
        return h("p", f"{about}: none.", class_="none")
    names = [h("th", head.lstrip("#"), scope="col", **_side(head)) for head in heads]
    return h(
        "table",
        h("caption", about),
        h("thead", h("tr", *names)),
        h("tbody", *body),
    )


def _row(row: Row, heads: Sequence[str]) -> Iterable[Element]:
    look = {"class_": row.look} if row.look else {}
    cells = [
        h("td" if n else "th", _shown(cell), **_side(head), **({} if n else _ROW))
        for n, (cell, head) in enumerate(zip(row.cells, heads, strict=True))
    ]
    yield h("tr", *cells, **look)
    if row.note:
        yield h("tr", h("td", row.note, colspan=len(heads)), class_="note")


_ROW = {"scope": "row"}


def _side(head: str) -> dict[str, str]:
    return {"class_": "number"} if head.startswith("#") else {}


def _shown(cell: "Node | int | None") -> Node:
    if cell is None:
        return "–"  # noqa: RUF001  # a dash: not known
    return f"{cell:,}" if isinstance(cell, int) else cell


def folded(title: str, *parts: Node) -> Element:
    """Return what is shown when a reader asks for it."""
    return h("details", h("summary", title), *parts)


def instant(at: datetime) -> Element:
    """Return an instant in UTC, to the minute."""
    return h("time", f"{at:%Y-%m-%d %H:%M}", datetime=f"{at:%Y-%m-%dT%H:%MZ}")


def few(entries: Ranges, most: int) -> str:
    """Return the first of some entries, and how many there are more."""
    named = ", ".join(str(entries[row]) for row in range(min(most, len(entries))))
    more = len(entries) - most
    return named + (f" and {more:,} more" if more > 0 else "")
