"""Is the lab watched? Thirty wrong labs, and who notices each.

Usage: python -m interop.watched [--count N] [--seed N] [--write]; ``make mutants``.
Ends with 1 where nobody notices one that docs/interop.md does not list.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from document import put, table
from interop.environments import ROOT
from interop.mutants import drawn
from interop.witnesses import Copy, Noticed, must_be_right, noticed

PAGE = ROOT / "docs" / "interop.md"
_CURE = {
    "netscaler": "an appliance: one recorded answer to this request",
    "threatq": "a ThreatQ: one recorded answer to this request",
}


def section(found: Sequence[Noticed], seed: int) -> Iterator[str]:
    """Yield the lines of the page."""
    blind = [one for one in found if not one.seen]
    yield (
        f"{len(found)} mutations, drawn with seed {seed}: {len(found) - len(blind)}"
        f" are noticed, {len(blind)} not."
    )
    yield ""
    yield from table(
        ("row", "mutation", "noticed by"),
        [(f"`{o.mutant.quirk.id}`", o.mutant.words, o.by) for o in found],
    )
    if blind:
        yield ""
        yield from table(
            ("blind spot", "who notices it all the same", "what would cure it"),
            [
                (f"`{o.mutant.quirk.id}`", _all_the_same(o), _CURE[o.mutant.system])
                for o in blind
            ],
        )


def _all_the_same(one: Noticed) -> str:
    told = [f"exchange {name} (inferred)" for name in one.guessed[:1]]
    told += ["the connector's own tests"] * one.own
    return ", ".join(told) or "nobody"


def main(words: Sequence[str]) -> int:
    """Draw, ask, tell; return 0 if all was noticed or is written down, else 1."""
    parser = argparse.ArgumentParser(prog="python -m interop.watched")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--write", action="store_true", help=f"renew {PAGE.name}")
    told = parser.parse_args(words)
    start = time.monotonic()
    found = _asked(told.count, told.seed)
    blind = [one for one in found if not one.seen]
    print(
        f"mutants: {len(found)} wrong labs, {len(found) - len(blind)} noticed,"
        f" {len(blind)} blind spots ({time.monotonic() - start:.0f} s)"
    )
    page = PAGE.read_text("utf-8")
    if told.write:
        PAGE.write_text(put(page, "mutants", section(found, told.seed)), "utf-8")
        return 0
    missing = [one for one in blind if f"| `{one.mutant.quirk.id}` |" not in page]
    return int(bool(missing))


def _asked(count: int, seed: int) -> list[Noticed]:
    """Ask the witnesses about each wrong lab, and say so line by line."""
    found = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        copy = Copy(Path(place) / "tree")
        must_be_right(copy)
        with ThreadPoolExecutor(2) as pool:
            for one in pool.map(
                lambda mutant: noticed(copy, mutant), drawn(count, seed)
            ):
                found.append(one)
                word = "ok   " if one.seen else "BLIND"
                print(f"{word} {one.mutant.quirk.id}: {one.mutant.words}: {one.by}")
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
