"""Rehearse on the real history of a list: what did the connector make of each revision?

Usage: rehearse.py FOLDER/NAME [--write DOCUMENT]
       rehearse.py FOLDER/NAME.txt.gz [--write DOCUMENT]

The first is a history, the second a scored list with never-block networks beside it.
The table is printed, and with ``--write`` put between its markers in a document.
"""

import argparse
import sys
import textwrap
import time
from collections.abc import Sequence
from pathlib import Path

import scored
from document import table, write
from history import V4, V6, History
from memory import DOCUMENTED, world
from replay import Outcome, replay

RAISED = 50_000
FAMILIES = {V4: "IPv4", V6: "IPv6"}


def main(words: list[str]) -> int:
    """Rehearse; 1 where a revision ended otherwise than it must."""
    parser = argparse.ArgumentParser(prog="make rehearse", description=__doc__)
    parser.add_argument("data", type=Path, help="FOLDER/NAME of NAME-base.txt")
    parser.add_argument("--write", type=Path, help="the document to renew")
    options = parser.parse_args(words)
    if options.data.suffix == ".gz":
        name = f"selection of {options.data.name.removesuffix('.txt.gz')}"
        return _told(*_by_score(options.data), name, options.write)
    history = History(options.data)
    if not history.there:
        parser.error(f"there is no {history.name}-base.txt with its -churn.jsonl")
    name = f"rehearsal of {history.name.name}"
    return _told(*rehearse(history), name, options.write)


def _by_score(data: Path) -> tuple[list[str], int]:
    steps = list(scored.rehearse(data))
    return scored.shown(steps), sum(not step.equal for step in steps)


def _told(lines: list[str], wrong: int, name: str, document: Path | None) -> int:
    print("\n".join(lines))
    if document is not None:
        write(document, name, lines)
    return int(wrong > 0)


def rehearse(history: History) -> tuple[list[str], int]:
    """Return what to print, and how many revisions ended otherwise than they must."""
    base = history.base()
    sixth = any(":" in value for value in base)
    lines, wrong = [], 0
    for versions in ((V4,), (V4, V6)) if sixth else ((V4,),):
        started = time.monotonic()
        outcomes = _play(history, len(base), versions)
        wrong += sum(not one.right for one in outcomes)
        print(f"({time.monotonic() - started:.0f} s)", file=sys.stderr)
        lines += [*shown(outcomes, versions, _limit(len(base))), ""]
    return lines[:-1], wrong


def _play(history: History, size: int, versions: tuple[int, ...]) -> list[Outcome]:
    start = next(history.revisions()).at
    outcomes = []
    with world(start, _limit(size), both=V6 in versions) as place:
        for one in replay(place, history, *versions):
            outcomes.append(one)
            if not one.right:
                print(f"revision {one.revision.number}:\n{one.said}", file=sys.stderr)
    return outcomes


def _limit(size: int) -> int:
    return DOCUMENTED if size <= DOCUMENTED else RAISED


def shown(
    outcomes: Sequence[Outcome], versions: Sequence[int], limit: int
) -> list[str]:
    """Return the table of a rehearsal: what was not just in step, and the rest."""
    first = outcomes[0]
    rows: list[Sequence[object]] = []
    start = 0
    for n, one in enumerate(outcomes):
        if one.plain and n:
            continue
        rows += _stretch(outcomes[start:n])
        rows.append(_row(one))
        start = n + 1
    rows += _stretch(outcomes[start:])
    churn = [one.came + one.went for one in outcomes[1:] if one.plain]
    held = [one for outcome in outcomes for one in outcome.held]
    wrong = sum(not one.right for one in outcomes)
    capacity = f"`dataset_limit` {limit:,}" + (
        " (raised)" if limit > DOCUMENTED else " (the documented figure)"
    )
    said = (
        f"{' and '.join(FAMILIES[v] for v in versions)}, {first.wanted:,} addresses at"
        f" first, {capacity}. Consents asked: {len(held)}; source faults:"
        f" {sum(bool(one.revision.fault) for one in outcomes)}; wrong: {wrong}."
        f" Ordinary churn: {sum(churn) / max(1, len(churn)):.1f} entries a revision,"
        f" {max(churn, default=0):,} at most."
    )
    return [
        *textwrap.wrap(said, 100),
        "",
        *table(["revision", "at (UTC)", "listed", "wanted", "+", "-", ""], rows),
    ]


def _stretch(plain: Sequence[Outcome]) -> list[Sequence[object]]:
    """Return one row for many revisions that were just in step."""
    if not plain:
        return []
    first, last = plain[0], plain[-1]
    if first is last:
        return [_row(first)]
    came, went = sum(one.came for one in plain), sum(one.went for one in plain)
    number = f"{first.revision.number}-{last.revision.number}"
    at = f"to {last.revision.at:%Y-%m-%d %H:%M}"
    listed = len(last.revision.listed)
    return [(number, at, listed, last.wanted, came, went, "each in step")]


def _row(one: Outcome) -> Sequence[object]:
    revision = one.revision
    words = one.words
    if revision.fault:
        words = f"{revision.fault}: {words}"
    if not revision.number:
        words = f"first load, {words}"
    at = f"{revision.at:%Y-%m-%d %H:%M}"
    listed = len(revision.listed)
    number = str(revision.number)
    return (number, at, listed, one.wanted, one.came, one.went, words)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
