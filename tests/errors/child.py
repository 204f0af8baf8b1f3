"""A run in a process of its own, of which a test takes something away first.

``child.py DIRECTORY LOSS STATE WORD ...``: LOSS is ``rights`` (it becomes nobody),
``room=BYTES`` (no file may be larger) or ``nothing``; STATE is ``loaded`` or ``fresh``.
What became of the appliance is told as JSON on standard output, unless LOSS is
``nothing``.
"""

import json
import os
import resource
import sys
from pathlib import Path

import pytest

from support.scenarios import Stage

NOBODY = 65534


def lose(loss: str, stage: Stage) -> None:
    """Take rights or room away from this process."""
    what, _, size = loss.partition("=")
    if what == "room":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size), int(size)))
    elif what == "rights":
        for path in stage.directory.iterdir():
            path.chmod(0o444)
        stage.directory.chmod(0o555)
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)


def main() -> int:
    """Run; return the exit code."""
    directory, loss, state, *words = sys.argv[1:]
    with pytest.MonkeyPatch.context() as patch:
        stage = Stage(Path(directory), patch=patch)
        if state == "loaded":
            stage.load()
        else:
            stage.answer(patch)
        lose(loss, stage)
        code = stage.run(*words)
        told = {"ours": sorted(stage.ours()), "sessions": stage.view()["sessions"]}
    if loss == "nothing":
        return code
    os.write(1, json.dumps(told).encode())
    sys.stderr.flush()
    os._exit(code)  # whatever else ends with a process (coverage) would want to write


if __name__ == "__main__":
    sys.exit(main())
