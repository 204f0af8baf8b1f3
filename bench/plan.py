"""What planning costs in process: time and peak memory, beside the standard library.

One list wanted, one list bound, 5 % of each not in the other, one in a hundred bound by
a person. Each contender runs in a process of its own, since a peak never falls. The
peers do less: they know no ranges, no spellings to give back, no never-block networks,
no rejections. The text that all start from comes row by row; it is a row by itself and
part of every other.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from ipaddress import IPv4Address
from itertools import islice

from tq_conn_citrix_waf.core.dataset import Dataset, Mark
from tq_conn_citrix_waf.core.guard import Limits, check
from tq_conn_citrix_waf.core.model import Desired, Indicator
from tq_conn_citrix_waf.core.networks import built_in_networks
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.plan import Plan, plan
from tq_conn_citrix_waf.core.ranges import Family, spell

OURS = "0a0a0a0a"
MARKS = [str(Mark(OURS, date(2026, 3, day))) for day in range(1, 31)]
NOW = datetime(2026, 3, 31, tzinfo=UTC)
NEVER = built_in_networks(Family.V4)


@dataclass(slots=True)
class Lists:
    """The same two lists for all, made as they are read."""

    size: int
    seed: int

    def wanted(self) -> Iterator[str]:
        """Yield the addresses that should be blocked."""
        return islice(self._addresses(), self.size)

    def bound(self) -> Iterator[tuple[str, str]]:
        """Yield the addresses on the appliance, each with its comment."""
        shift = self.size // 20
        there = islice(self._addresses(), shift, shift + self.size)
        for n, text in enumerate(there):
            yield text, MARKS[n % 30] if n % 100 else ""

    def _addresses(self) -> Iterator[str]:
        """Yield public addresses, no two alike, in no order, and keep none."""
        chance = random.Random(self.seed)  # noqa: S311  # the same lists each time
        number = chance.getrandbits(32)
        # An odd step visits each of 2**32 numbers once before any comes again.
        step = chance.getrandbits(32) | 1
        while True:
            number = (number + step) % (1 << 32)
            if not NEVER.touches(number, number):
                yield spell(Family.V4, number)


@dataclass(slots=True)
class Cost:
    """What one contender used: seconds by step, processor seconds, peak in MB."""

    add: int = 0
    remove: int = 0
    steps: dict[str, float] = field(default_factory=dict)
    cpu: float = 0.0
    peak: float = 0.0

    @property
    def wall(self) -> float:
        """Sum the steps."""
        return sum(self.steps.values())


class Watch:
    """Times the steps of one contender in this process."""

    def __init__(self) -> None:
        self.cost = Cost()
        self._since = time.perf_counter()

    def step(self, name: str) -> None:
        """Say that a step is done."""
        now = time.perf_counter()
        self.cost.steps[name] = now - self._since
        self._since = time.perf_counter()


def text_alone(lists: Lists, watch: Watch) -> None:
    """Read the text and keep nothing."""
    sum(1 for _ in lists.wanted())
    sum(1 for _ in lists.bound())
    watch.step("read")


def columns(lists: Lists, watch: Watch) -> None:
    """Plan as a run does."""
    decided(*_columns(lists, watch), watch)


def columns_checked(lists: Lists, watch: Watch) -> None:
    """Plan as a run does, and check against the list accepted last."""
    desired, dataset = _columns(lists, watch)
    made = decided(desired, dataset, watch)
    bound = desired.wanted.subtract(made.add).union(made.removed())
    watch.step("last list")
    check(made, Limits(), bound, OURS)
    watch.step("check")


def _columns(lists: Lists, watch: Watch) -> tuple[Desired, Dataset]:
    wanted = enumerate(lists.wanted())
    indicators = (Indicator(n, "IP Address", text, "Active") for n, text in wanted)
    desired = normalise(indicators, Rules(NOW, {Family.V4: NEVER}))[Family.V4]
    watch.step("normalise")
    dataset = Dataset("bl4", Family.V4)
    for text, comment in lists.bound():
        dataset.add(text, "", comment, 0)
    dataset.sort()
    watch.step("data set")
    return desired, dataset


def decided(desired: Desired, dataset: Dataset, watch: Watch) -> Plan:
    """Plan, and keep the counts."""
    made = plan(desired, dataset, OURS)
    watch.step("plan")
    watch.cost.add, watch.cost.remove = len(made.add), len(made.remove)
    return made


def strings(lists: Lists, watch: Watch) -> None:
    """Do it with sets of text."""
    plain(lists, watch, str)


def objects(lists: Lists, watch: Watch) -> None:
    """Do it with sets of the standard library's addresses."""
    plain(lists, watch, IPv4Address)


def plain(lists: Lists, watch: Watch, make: Callable[[str], Hashable]) -> None:
    """Do it with sets: what is wanted, ours, foreign."""
    wanted = {make(text) for text in lists.wanted()}
    watch.step("normalise")
    mine = f"tq-waf:{OURS}:"
    ours: set[Hashable] = set()
    foreign: set[Hashable] = set()
    for text, comment in lists.bound():
        (ours if comment.startswith(mine) else foreign).add(make(text))
    watch.step("data set")
    add, remove = wanted - ours - foreign, ours - wanted
    watch.step("plan")
    watch.cost.add, watch.cost.remove = len(add), len(remove)


CONTENDERS: dict[str, Callable[[Lists, Watch], None]] = {
    "the text alone": text_alone,
    "columns (this connector)": columns,
    "columns, and check": columns_checked,
    "sets of strings": strings,
    "sets of ipaddress objects": objects,
}


def measure(name: str, lists: Lists) -> Cost:
    """Run one contender here, and return what it used."""
    start = time.process_time()
    watch = Watch()
    CONTENDERS[name](lists, watch)
    watch.cost.cpu = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Linux counts in units of 1024 bytes, macOS in bytes.
    watch.cost.peak = peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)
    return watch.cost


def in_a_child(name: str, lists: Lists) -> Cost:
    """Run one contender in a process of its own."""
    command = [sys.executable, __file__, "--one", name]
    command += ["--size", str(lists.size), "--seed", str(lists.seed)]
    done = subprocess.run(command, check=True, capture_output=True)  # noqa: S603  # this very file
    return Cost(**json.loads(done.stdout))


def main() -> int:
    """Measure all, print a table; 1 where two disagree on the plan."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=1_000_000, help="of each list")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", choices=CONTENDERS, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    lists = Lists(asked.size, asked.seed)
    if asked.one:
        print(json.dumps(asdict(measure(asked.one, lists))))
        return 0
    print(f"{asked.size:,} wanted, {asked.size:,} bound, 5 % different; seconds, MB")
    print(f"{'':<26}{'wall':>7}{'cpu':>7}{'peak':>7}{'x cpu':>7}{'x peak':>8}  steps")
    costs = {}
    for name in CONTENDERS:
        cost = costs[name] = in_a_child(name, lists)
        base = costs.get("columns (this connector)", cost)
        ratios = f"{cost.cpu / base.cpu:7.2f}{cost.peak / base.peak:8.2f}"
        if name == "the text alone":
            ratios = f"{'':15}"
        used = f"{cost.wall:7.2f}{cost.cpu:7.2f}{cost.peak:7.0f}"
        steps = " ".join(f"{step} {took:.2f}" for step, took in cost.steps.items())
        print(f"{name:<26}{used}{ratios}  {steps}")
    plans = {(c.add, c.remove) for c in costs.values() if c.add}
    for add, remove in plans:
        print(f"the plan: add {add:,}, remove {remove:,}")
    return len(plans) != 1


if __name__ == "__main__":
    sys.exit(main())
