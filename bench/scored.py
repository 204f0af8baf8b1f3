"""Rehearse a large scored list against never-block networks, beside ``iprange``.

1. What the connector has bound in the end must be, address by address, what Debian's
   ``iprange`` computes of the same files. No line is shared with it, nor a language.
2. A list of which a share lies in never-block networks is held until a person allows
   it, and is then taken with these cut out.
"""

import gzip
import json
import shutil
import subprocess
import tempfile
import textwrap
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

from document import table
from history import PROTECTED, V4
from memory import Held, World, world
from support.outside import COLLECTION

LIMIT = 200_000
MINIMUM = 3
DENSE = 16
"""So many listed addresses make a /24 network a dense one."""
DENSE_NAME = "Dense networks"
_START = datetime(2026, 8, 22, 6, tzinfo=UTC)
_CONSENTS = 3
"""So often a person is asked at most for one step; a step asks once or twice."""


def read(data: Path) -> dict[str, int]:
    """Return the score of each address of a list; lines with ``#`` say no address."""
    with gzip.open(data, "rt", encoding="utf-8") as lines:
        rows = [line.split() for line in lines if not line.startswith("#")]
    return {value: int(score) for value, score in rows}


def dense(values: Iterable[str]) -> list[str]:
    """Return the /24 networks in which many of some addresses lie."""
    counted: dict[str, int] = {}
    for value in values:
        network = f"{value.rpartition('.')[0]}.0/24"
        counted[network] = counted.get(network, 0) + 1
    return sorted(network for network, count in counted.items() if count >= DENSE)


@dataclass(frozen=True, slots=True)
class Iprange:
    """Debian's ``iprange``, and a desk for its files."""

    desk: Path

    def lay(self, name: str, lines: Iterable[str]) -> Path:
        """Write a file for it."""
        path = self.desk / name
        path.write_text("\n".join([*lines, ""]))
        return path

    def save(self, name: str, *words: str | Path) -> Path:
        """Keep what it computes in a file."""
        return self.lay(name, self.tell(*words).splitlines())

    def size(self, *words: str | Path) -> int:
        """Count the addresses of what it computes."""
        networks = map(ip_network, self.tell(*words).split())
        return sum(network.num_addresses for network in networks)

    def tell(self, *words: str | Path) -> str:
        """Return what it prints: CIDR blocks, an address without its length."""
        done = subprocess.run(  # noqa: S603  # what was looked for by name
            [self._program(), *words], stdout=subprocess.PIPE, text=True, check=True
        )
        return done.stdout

    @staticmethod
    def _program() -> str:
        found = shutil.which("iprange")
        if found is None:
            raise SystemExit("iprange is missing: apt install iprange")
        return found


@dataclass(frozen=True, slots=True)
class Step:
    """What became of one step: the connector's side, and iprange's.

    Attributes:
        listed: how many values ThreatQ holds in the collections.
        held: what a person had to allow.
        entries: how many value bindings the connector has on the appliance.
        blocked, cut: how many addresses are blocked, and must not be, by iprange.
        left_out: indicators that got nothing, by reason, as the connector says.
        equal: whether the connector blocks exactly what iprange computes.
    """

    name: str
    listed: int
    held: tuple[Held, ...]
    entries: int
    blocked: int
    cut: int
    left_out: Mapping[str, int]
    equal: bool


@contextmanager
def prepared(data: Path) -> Iterator[tuple[World, Iprange, Path]]:
    """Set up a connector with never-block files; the last value holds all of them."""
    clouds = [data.with_name(f"cloud-ranges-ipv{version}.txt") for version in (4, 6)]
    with tempfile.TemporaryDirectory() as desk, world(_START, LIMIT) as place:
        iprange = Iprange(Path(desk))
        built_in = [str(n) for n in PROTECTED if n.version == V4]
        lines = [*built_in, *clouds[0].read_text("utf-8").split()]
        place.key("never_block", f"files = {json.dumps([*map(str, clouds)])}")
        yield place, iprange, iprange.lay("protected", lines)


def rehearse(data: Path) -> Iterator[Step]:
    """Load the list whole, then by its score, then with networks beside it."""
    scores = read(data)
    with prepared(data) as (place, iprange, protected):
        place.scored(scores)
        yield _step("all of it", place, iprange, protected, [*scores])

        place.key("selection", f"minimum_score = {MINIMUM}.0")
        high = [value for value, score in scores.items() if score >= MINIMUM]
        yield _step(f"score {MINIMUM} or more", place, iprange, protected, high)

        networks = dense(scores)
        place.scored(dict.fromkeys(networks, 10), DENSE_NAME)
        place.site.form(**{"Data Collection": f"{COLLECTION}, {DENSE_NAME}"})
        both = [*high, *networks]
        yield _step("and dense networks", place, iprange, protected, both)


def _step(
    name: str, place: World, iprange: Iprange, protected: Path, listed: list[str]
) -> Step:
    """Run, allow what is held, run again, and compare."""
    told, held = place.run(), list[Held]()
    while told.held and len(held) < _CONSENTS:
        held += told.held
        place.approve(told.held)
        told = place.run()
    plan = json.loads(place.run("plan", "--json").out)
    asked = iprange.lay("asked", listed)
    wanted = iprange.save("wanted", asked, "--except", protected)
    entries = place.entries()
    ours = iprange.lay("ours", entries)
    differs = iprange.size(ours, "--except", wanted)
    differs += iprange.size(wanted, "--except", ours)
    return Step(
        name,
        sum(part["collected"] for part in plan["collections"]),
        tuple(held),
        len(entries),
        iprange.size(wanted),
        iprange.size(asked, "--common", protected),
        plan["left_out"],
        told.code == 0 and not differs,
    )


def shown(steps: list[Step]) -> list[str]:
    """Return the tables: what was blocked and cut out, and the counts by reason."""
    heads = ["", "listed", "consents", "entries", "blocked", "cut out", "equal"]
    rows = [
        (
            step.name,
            step.listed,
            "; ".join(f"{one.count:,} {one.what}" for one in step.held) or "none",
            step.entries,
            step.blocked,
            step.cut,
            "yes" if step.equal else "NO",
        )
        for step in steps
    ]
    reasons = dict.fromkeys(reason for step in steps for reason in step.left_out)
    counts = [
        (reason, *(step.left_out.get(reason, 0) for step in steps))
        for reason in reasons
    ]
    said = (
        f"`dataset_limit` {LIMIT:,} (raised; 5,000 is documented). *Blocked* and"
        " *cut out* are addresses, computed by `iprange`; *equal*: the connector"
        " blocks exactly these."
    )
    return [
        *textwrap.wrap(said, 100),
        "",
        *table(heads, rows),
        "",
        *table(["left out", *(step.name for step in steps)], counts),
    ]
