"""Run the machine: python -m soak.run RUNS STEPS [WORKERS [SEED]].

Each worker is a process with a seed of its own, so that the sequences differ; the seeds
are printed, and the same seed draws the same sequences. Ends with 1 where a law is
broken: hypothesis prints the shortest sequence that it found.
"""

import json
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from soak.machine import SmallWorld
from soak.runs import Runs

ROOT = Path(__file__).parents[1]
FATES = {
    "met": "met",
    "dies before": "before",
    "dies after": "after",
    "faulty": "faulty",
}
"""What became of requests, and the heads of their columns."""
TOLD_AFTER = 100
"""So many sequences of a worker, about a minute, without a word are enough."""


def main(words: Sequence[str]) -> int:
    """Run, and print what was reached; return the exit code."""
    runs, steps, workers, first = (int(w) for w in (*words, "2", "0")[:4])
    first = first or random.SystemRandom().randrange(1, 1 << 30)
    started = time.monotonic()
    share = [runs // workers + (n < runs % workers) for n in range(workers)]
    jobs = [(str(many), str(steps), str(first + n)) for n, many in enumerate(share)]
    with ThreadPoolExecutor(workers) as pool:
        done = list(pool.map(_worker, jobs))
    reached: Counter[str] = Counter()
    for code, told in done:
        if code:
            print(told)
        else:
            reached.update(json.loads(told.splitlines()[-1]))
    seconds = time.monotonic() - started
    seeds = ", ".join(job[2] for job in jobs)
    print(
        f"soak: {runs:,} runs of up to {steps} steps in {seconds:.0f} s, seeds {seeds}"
    )
    _show(reached)
    failed = any(code for code, _ in done)
    print("soak: A LAW IS BROKEN" if failed else "soak: every law held")
    return int(failed)


def _worker(job: tuple[str, str, str]) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603  # this module
        [sys.executable, "-m", "soak.run", "--worker", *job],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


class _Watched(SmallWorld):
    """The small world, which says how many have come to their end."""

    ended: ClassVar[int] = 0

    def teardown(self) -> None:
        super().teardown()
        _Watched.ended += 1
        if _Watched.ended % TOLD_AFTER == 0:
            told = f"{_Watched.ended:,} sequences, {Runs.runs:,} runs of a connector"
            print(f"soak: {told}", file=sys.stderr, flush=True)


def _work(runs: int, steps: int, number: int) -> int:
    search(runs, steps, number, (Phase.generate, Phase.shrink), _Watched)
    print(json.dumps(SmallWorld.reached))
    return 0


def search(
    runs: int,
    steps: int,
    number: int,
    phases: Sequence[Phase],
    machine: type[SmallWorld] = SmallWorld,
) -> None:
    """Let the machine run.

    Args:
        runs: how many sequences.
        steps: how long each is at most.
        number: the seed.
        phases: whether the shortest sequence is looked for where a law is broken.
        machine: which world is run.

    Raises:
        BrokenLawError: a law is broken.
    """
    run_state_machine_as_test(
        seed(number)(machine),
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=phases,
            suppress_health_check=list(HealthCheck),
        ),
    )


def _show(reached: Counter[str]) -> None:
    """Print how often each kind of request was met, and how it ended."""
    kinds = sorted({key.rpartition(" /")[0] for key in reached})
    print("requests: killed before one left, or after it arrived; met by a fault")
    print(f"{'':<48}" + "".join(f"{head:>8}" for head in FATES.values()))
    for kind in kinds:
        row = [reached[f"{kind} /{fate}"] for fate in FATES]
        words = kind.replace("/nitro/v1/config/", "").replace("policydataset_", "")
        print(f"{words[:47]:<48}" + "".join(f"{count:>8,}" for count in row))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        sys.exit(_work(*(int(word) for word in sys.argv[2:5])))
    sys.exit(main(sys.argv[1:]))
