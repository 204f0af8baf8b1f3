"""Break the program on purpose, once for each law, and see that the law notices.

In a copy of the tree the patch of ``mutations`` is made, and the search runs with that
one law. Ends with 1 where a law notices nothing, or is broken by no mutation.

Usage: python -m soak.break_laws [WORDS OF A LAW]
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from soak.mutations import MUTATIONS, Mutation

ROOT = Path(__file__).parents[1]
COPIED = ("src", "lab/src", "tests", "soak")


def main(words: Sequence[str]) -> int:
    """Break each law, print the table; return the exit code."""
    chosen = [m for m in MUTATIONS if " ".join(words) in m.law]
    started = time.monotonic()
    print(f"{'law':<45}{'search':<9}{'noticed after':>22}  the broken program")
    with ThreadPoolExecutor(2) as pool:
        missed = 0
        for mutation, told in zip(chosen, pool.map(_noticed, chosen), strict=True):
            missed += not told
            row = f"{mutation.law:<45}{mutation.search:<9}{told or 'NOT NOTICED':>22}"
            print(f"{row}  {mutation.words}", flush=True)
    unbroken = sorted(laws() - {m.law for m in MUTATIONS})
    for law in unbroken:
        print(f"{law:<45}NO MUTATION BREAKS IT")
    seconds = time.monotonic() - started
    print(f"break-laws: {len(chosen) - missed} of {len(chosen)} in {seconds:.0f} s")
    return int(bool(missed or unbroken))


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
            _patch(copy / "src/tq_conn_citrix_waf" / path, old, new)
        return _searched(copy, mutation)


_CACHES = shutil.ignore_patterns("__pycache__")


def _patch(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    if text.count(old) != 1:
        raise SystemExit(f"{file.name} has {text.count(old)} times: {old!r}")
    file.write_text(text.replace(old, new), "utf-8")


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
