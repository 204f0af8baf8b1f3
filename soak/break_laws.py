"""Break the program on purpose, once for each law, and see that the law notices.

In a copy of the tree the patch of ``mutations`` is made, and the search runs with that
one law. Ends with 1 where a law notices nothing, or is broken by no mutation.

Usage: python -m soak.break_laws [--write DOCUMENT] [WORDS OF A LAW]
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from document import table, write
from soak.mutation import Mutation
from soak.mutations import MUTATIONS

ROOT = Path(__file__).parents[1]
PROGRAM = "src/tq_conn_citrix_waf"
COPIED = ("src", "lab/src", "tests", "soak")
TABLE = "breaking of the laws"
"""The name of the table in the document."""


def main(words: Sequence[str]) -> int:
    """Break each law, print the table; return the exit code."""
    parser = argparse.ArgumentParser(prog="make break-laws", description=__doc__)
    parser.add_argument("law", nargs="*", help="words of the laws to break; none: all")
    parser.add_argument("--write", type=Path, help="the document to renew")
    options = parser.parse_args(words)
    for fault in faults():
        print(fault)
        return 1
    chosen = [m for m in MUTATIONS if " ".join(options.law) in m.law]
    started = time.monotonic()
    told = []
    with ThreadPoolExecutor(2) as pool:
        for mutation, after in zip(chosen, pool.map(_noticed, chosen), strict=True):
            told.append(after)
            print(f"{mutation.law}: {after or 'NOT NOTICED'}", flush=True)
    if options.write:
        write(options.write, TABLE, [*shown(chosen, told)])
    seen, seconds = sum(map(bool, told)), time.monotonic() - started
    print(f"break-laws: {seen} of {len(chosen)} noticed in {seconds:.0f} s")
    return int(seen < len(chosen))


def shown(mutations: Sequence[Mutation], told: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table."""
    rows = [
        [m.law, m.words, after or "not noticed"]
        for m, after in zip(mutations, told, strict=True)
    ]
    yield from table(["law", "the broken program", "noticed after"], rows)


def faults() -> Iterator[str]:
    """Yield what is wrong with the mutations themselves."""
    for law in sorted(laws() - {m.law for m in MUTATIONS}):
        yield f"no mutation breaks the law: {law}"
    for mutation in MUTATIONS:
        for path, old, _ in mutation.patches:
            stands = (ROOT / PROGRAM / path).read_text("utf-8").count(old)
            if stands != 1:
                yield f"{mutation.law}: {path} has {stands} times {old!r}"


def laws() -> set[str]:
    """Return the names of all laws that the searches hold."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "soak").glob("*.py"))]
    return {law for text in texts for law in re.findall(r'\bhold\(\s*"([^"]+)"', text)}


def _noticed(mutation: Mutation) -> str:
    """Return after what a law noticed its mutation; '' where it did not."""
    with TemporaryDirectory() as place:
        copy = Path(place)
        for folder in COPIED:
            shutil.copytree(ROOT / folder, copy / folder, ignore=_CACHES)
        for path, old, new in mutation.patches:
            file = copy / PROGRAM / path
            file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")
        return _searched(copy, mutation)


_CACHES = shutil.ignore_patterns("__pycache__")


def _searched(copy: Path, mutation: Mutation) -> str:
    paths = [str(copy / folder) for folder in ("src", "lab/src", "tests")]
    done = subprocess.run(  # noqa: S603  # a module of the copy
        [sys.executable, "-m", "soak.notice", mutation.search, mutation.law],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    *_, last = done.stdout.splitlines() or [""]
    if done.returncode:
        raise SystemExit(f"{mutation.law}: {done.stdout}")
    return last


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
