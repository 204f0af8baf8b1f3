"""Hold a story against what the connector is declared to do.

1. Whatever the answers: entries of people stay, no session stays open, no secret is
   shown, a good run prints nothing on standard error and a bad one two lines.
2. What the lab holds decides; what the connector says is only looked for.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from matrix.rows import Does, Row
from matrix.story import Chapter, Story

WITHOUT: Final = {
    "no session": 4,
    "no password": 4,
    "no set": 4,
    "no user": 3,
    "outage": 3,
}
"""Chapters in which something is missing, and what a run then ends with."""

_QUIET = ("again", "restart", *WITHOUT)
"""Chapters in which nothing may be written."""


def differences(story: Story, row: Row, helps: Sequence[str]) -> list[str]:
    """Return each difference; none is as declared.

    Args:
        story: that was told.
        row: what is declared.
        helps: what a person has to do besides.
    """
    found = [
        f"{chapter.name}: {what}"
        for chapter in story.chapters
        for what in _always(chapter)
    ]
    found += _outcome(story, row)
    done = [h for h in story.helped if not any(re.search(p, h) for p in helps)]
    due = [p for p in helps if not any(re.search(p, h) for h in story.helped)]
    found += [f"a person had to see to: {what}" for what in done]
    found += [f"it did not ask for: {what}" for what in due]
    return [*found, *_said(story, row)]


def _always(chapter: Chapter) -> Iterator[str]:
    told = chapter.told
    if chapter.lost:
        yield f"entries of people are gone: {sorted(chapter.lost)}"
    if chapter.sessions:
        yield f"{chapter.sessions} sessions are open"
    if chapter.shown:
        yield "a secret was shown"
    if told.err.count("\n") != (2 if told.code else 0):
        yield f"it ended with {told.code} and said {told.err!r}"
    if told.code == 1 or "Traceback" in chapter.words:
        yield f"a bug: {chapter.words[-400:]}"


def _said(story: Story, row: Row) -> Iterator[str]:
    if not row.says:
        return
    said = {
        c.name: Counter(_lines(row.says, c.told.log + c.told.err))
        for c in story.chapters
    }
    if not any(said.values()):
        yield f"it never said: {row.says}"
    for name, lines in said.items():
        yield from (f"{name}: {n} times: {line}" for line, n in lines.items() if n > 1)


def _lines(pattern: str, log: str) -> Iterator[str]:
    """Yield the log's lines that a pattern is found in, without their time."""
    for line in log.splitlines():
        if re.search(pattern, line) and "WARNING" in line:
            yield line.partition("WARNING")[2]
        elif re.search(pattern, line):
            yield line.rpartition("INFO")[2]


def _outcome(story: Story, row: Row) -> Iterator[str]:
    before: frozenset[str] = frozenset()
    ended = False
    for chapter in story.chapters:
        ended = ended or (row.does is Does.ENDS and chapter.name == row.since)
        for what in _chapter(chapter, row, before, ended=ended):
            yield f"{chapter.name}: {what}"
        before = chapter.bound


def _chapter(
    chapter: Chapter, row: Row, before: frozenset[str], *, ended: bool
) -> Iterator[str]:
    code = chapter.told.code
    if ended:
        if code == 0:
            yield "it ended with 0"
        elif chapter.name == row.since and code != row.code:
            yield f"it ended with {code}, not with {row.code}"
        if chapter.bound:
            yield f"{len(chapter.bound)} were bound"
        return
    due = WITHOUT.get(chapter.name, 0)
    if chapter.name == "first run":
        before = due_bound = frozenset[str]()
    else:
        due_bound = chapter.wanted
    if row.does is Does.FILLS and chapter.name not in (*WITHOUT, "first run"):
        due = row.code
    if code != due:
        yield f"it ended with {code}, not with {due}: {chapter.told.err.strip()}"
    if chapter.writes and chapter.name in _QUIET and row.does is not Does.FILLS:
        yield f"{chapter.writes} requests that write"
    yield from _held(chapter, row, before, due_bound)


def _held(
    chapter: Chapter, row: Row, before: frozenset[str], wanted: frozenset[str]
) -> Iterator[str]:
    bound = chapter.bound
    if chapter.name in WITHOUT:
        wanted = before
    if row.does is Does.ADDS:
        wanted = (wanted | before) - chapter.taken
    if row.does is Does.FILLS:
        if not bound <= wanted | before:
            yield f"bound what nobody wants: {sorted(bound - wanted - before)[:3]}"
    elif bound != wanted:
        yield f"missing {_some(wanted - bound)}, too many {_some(bound - wanted)}"
    if chapter.saved != bound:
        yield f"saved are {len(chapter.saved)} of {len(bound)}"


def _some(values: frozenset[str]) -> str:
    return f"{len(values)} {sorted(values)[:3]}" if values else "none"
