"""The lab must never be the bottleneck of a measurement."""

import json
import os
import subprocess
import sys
from pathlib import Path


def test_bulks_and_a_large_set_cost_the_lab_little() -> None:
    # Apart from this process, so that a coverage tracer is not measured too.
    plain = {k: v for k, v in os.environ.items() if not k.startswith("COV")}
    program = Path(__file__).parent / "measure.py"
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, str(program)],
        env=plain,
        capture_output=True,
        text=True,
        check=True,
        timeout=50,
    )
    figures = json.loads(done.stdout)
    assert figures["bindings"] == 100_000
    assert figures["bulks"] <= 0.5
    assert figures["read"] <= 1.0
