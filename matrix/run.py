"""Tell the story under each answer alone, and under all pairs of answers.

Usage: python -m matrix.run [SWITCH=ANSWER ...]; with answers, the one story that they
make together, chapter by chapter. Ends with 0 if all came as declared, 1 if not.
"""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import msgspec

from citrix_waf_lab.dialects import Value
from citrix_waf_lab.lab import Lab
from matrix.answers import ANSWERS, TOGETHER
from matrix.judge import differences
from matrix.pairs import pairs, rows
from matrix.rows import Does, Row, worst
from matrix.sheets import SYSTEMS, flaws, switches
from matrix.story import SETTINGS, Dialect, told

SEED = 6
_SHARES = 4
LIMIT = 5.0
"""Seconds of a processor that a story of one answer may take. Those of many may take
longer: where a token lives a second and three requests a minute are let through, a
story is mostly waiting for the next one."""

Judged = tuple[Dialect, list[str], float]


def main(words: Sequence[str]) -> int:
    """Tell all stories, or one; return the exit code."""
    if words:
        return _one(dict(map(_answer, words)))
    start = time.monotonic()
    single = [*singles()]
    together = rows(live(), apart, SEED)
    covered = sum(1 for _ in pairs(live()))
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        alone = [*pool.map(judged, single, chunksize=4)]
        paired = [*pool.map(judged, together, chunksize=4)]
        sheets = [flaw for found in pool.map(_sheets, _shares()) for flaw in found]
    slowest = max(seconds for _, _, seconds in alone)
    longest = max(seconds for _, _, seconds in paired)
    flawed = _told(alone) + _told(paired)
    print(
        f"matrix: {len(ANSWERS)} switches; {len(alone)} stories of one answer each,"
        f" {len(paired)} that cover {covered:,} pairs of answers\n"
        f"matrix: {flawed} not as declared"
        f" ({time.monotonic() - start:.0f} s, the slowest {slowest:.1f} s,"
        f" of many answers {longest:.1f} s)"
    )
    print("".join(f"NOT as set: {flaw}\n" for flaw in sheets), end="")
    answers = sum(len(ANSWERS[name]) for _, names in _shares() for name in names)
    print(
        f"matrix: {answers} dialect sheets over a socket, {len(sheets)} not as set"
        f" ({time.monotonic() - start:.0f} s in all)"
    )
    return int(flawed > 0 or slowest > LIMIT or bool(sheets))


def _shares() -> list[tuple[str, list[str]]]:
    """Return the switches of both systems in shares of about equal length."""
    return [
        (system, switches(system)[part::_SHARES])
        for system in SYSTEMS
        for part in range(_SHARES)
    ]


def _sheets(share: tuple[str, list[str]]) -> list[str]:
    return flaws(*share)


def singles() -> Iterator[Dialect]:
    """Yield a dialect for the defaults, and one for each other answer."""
    defaults = Lab(seed=1).dialect
    yield {}
    for name, answers in ANSWERS.items():
        yield from ({name: a} for a in answers if a != defaults[name])


def live() -> dict[str, list[Value]]:
    """Return the answers under which a story goes on; the others hide all else."""
    return {
        name: [a for a, row in answers.items() if row.does <= Does.ADDS]
        for name, answers in ANSWERS.items()
    }


def apart(dialect: Dialect) -> bool:
    """Whether some of these answers together leave no way on."""
    return any(one.holds(dialect) for one in TOGETHER)


def declared(dialect: Dialect) -> tuple[Row, list[str]]:
    """Return what the connector does under some answers, and what it asks for."""
    found = [ANSWERS[name][answer] for name, answer in dialect.items()]
    helps = [row.helps for row in dict.fromkeys(found) if row.helps]
    if SETTINGS in helps:  # they hold the password too
        helps = [SETTINGS]
    more = [one.row for one in TOGETHER if one.holds(dialect)]
    if len(dialect) == 1:
        return found[0], helps
    return worst([*found, *more]), helps


def judged(dialect: Dialect) -> Judged:
    """Tell a story and judge it; return the differences and how long it took."""
    start = time.process_time()  # whatever else this machine does
    row, helps = declared(dialect)
    found = differences(told(dialect), row, helps)
    return dialect, found, time.process_time() - start


def _told(stories: Sequence[Judged]) -> int:
    """Print the stories that came otherwise; return how many there are."""
    flawed = [(dialect, found) for dialect, found, _ in stories if found]
    for dialect, found in flawed:
        changed = [f"{name}={answer}" for name, answer in _changed(dialect).items()]
        print(f"NOT as declared: {' '.join(changed) or 'the defaults'}")
        print("".join(f"    {what}\n" for what in found), end="", flush=True)
    return len(flawed)


def _changed(dialect: Dialect) -> Dialect:
    defaults = Lab(seed=1).dialect
    return {name: a for name, a in dialect.items() if a != defaults[name]}


def _answer(word: str) -> tuple[str, Value]:
    """Read SWITCH=ANSWER; a number stands for a number where one is an answer."""
    name, _, text = word.partition("=")
    known = {str(answer): answer for answer in ANSWERS[name]}
    if text in known:
        return name, known[text]
    number: Value = msgspec.json.decode(text, type=int | float)
    return name, number


def _one(dialect: Dialect) -> int:
    story = told(dialect)
    for chapter in story.chapters:
        print(
            f"{chapter.name:13} ended with {chapter.told.code}, {chapter.writes} wrote,"
            f" {len(chapter.bound)} bound of {len(chapter.wanted)} wanted"
        )
        print(chapter.told.err, end="")
    row, helps = declared(dialect)
    found = differences(story, row, helps)
    print(f"declared: {row.words}; {len(found)} differences")
    print("".join(f"    {what}\n" for what in found), end="")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
