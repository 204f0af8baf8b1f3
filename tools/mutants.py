"""Is the lab watched? Thirty wrong labs, and who notices each.

Usage: python tools/mutants.py [--count N] [--seed N] [--write]; ``make mutants``.

1. Rows of the lab's tables of quirks are drawn by a seed. What is made wrong (status,
   reason phrase, key, shape) follows from the row's exchange: all answers to that
   method and resource with that status and errorcode.
2. Witnesses: exchanges whose mark is not ``inferred``; the foreign clients; the
   contract (of targets, and the whole story of ``matrix``). An exchange that is
   inferred was written by whoever wrote the lab: it is told, and is no witness.
3. All of it happens in a copy of the tree. About half a minute each on two cores.
"""

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from citrix_waf_lab.document import quirks
from citrix_waf_lab.exchanges import Exchange, read
from citrix_waf_lab.quirks import Quirk

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "interop.md"
BEGIN = "<!-- blind spots, generated: make mutants -->\n"
END = "<!-- up to here by make mutants -->\n"
KINDS = ("status", "reason", "key", "shape")
_REPLAY = (
    "-c",
    "import sys; from citrix_waf_lab.cli import main; sys.exit(main(sys.argv[1:]))",
    "replay",
)
LIMIT = 240
"""Seconds for one witness; the slowest needs forty on a machine that does no more."""
CLIENTS = {
    "netscaler": ("ansible", "check_netscaler"),
    "threatq": ("stix_shifter",),
}
PARTS = ("src", "lab", "tests", "interop", "matrix", "contract", "tools", "docs")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One wrong lab: the row that it follows from, and what is wrong."""

    system: str
    quirk: Quirk
    exchange: Exchange
    kind: str

    @property
    def wish(self) -> dict[str, object]:
        """Return it as ``mutation`` takes it."""
        target = str(self.exchange.request["target"]).partition("?")[0]
        return {
            "service": self.system,
            "method": self.exchange.request["method"],
            "path": _pattern(target),
            "status": self.status,
            "code": self.code,
            "kind": self.kind,
        }

    @property
    def status(self) -> int:
        """Return the status that the exchange expects."""
        return int(str(self.exchange.expect["status"]).partition(" ")[0])

    @property
    def code(self) -> int | None:
        """Return the errorcode that the exchange expects."""
        told = self.exchange.expect
        text = told.get("body") or json.dumps(told.get("json", {}))
        found = re.search(r'"errorcode": ?(\d+)', str(text))
        return int(found[1]) if found else None

    @property
    def words(self) -> str:
        """Say what is wrong."""
        target = str(self.exchange.request["target"]).partition("?")[0]
        resource = re.sub(r"<<[^>]*>>", "…", target.rpartition("/v1/")[2])
        code = "" if self.code is None else f" with errorcode {self.code}"
        asked = f"{self.exchange.request['method']} {resource}"
        return f"wrong {self.kind} of {asked} {self.status}{code}"


def _pattern(target: str) -> str:
    """Return a pattern for a path, whatever stands for its names and numbers."""
    nitro = re.fullmatch(r"(/nitro/v1/\w+/\w+)(/.*)?", target)
    if nitro:
        return re.escape(nitro[1]) + ("/[^/]+" if nitro[2] else "")
    parts = [
        "[^/]+" if "<<" in part or part.isdigit() else re.escape(part)
        for part in target.split("/")
    ]
    return "/+".join(parts)


def drawn(count: int, seed: int) -> list[Mutant]:
    """Draw rows, and of each one way to be wrong."""
    rng = random.Random(seed)  # noqa: S311  # it must repeat
    rows = [
        (system, quirk, found)
        for system in CLIENTS
        for quirk in quirks(system)
        if (found := _exchanges(system).get(str(quirk.exchange)))
        and found.service != "control"
        and found.expect["status"] != "no answer"
    ]
    return [
        Mutant(system, quirk, exchange, rng.choice(_ways(exchange)))
        for system, quirk, exchange in rng.sample(rows, count)
    ]


def _ways(exchange: Exchange) -> list[str]:
    """Return how the answer can be wrong: with a body also in key and shape."""
    told = exchange.expect
    body = bool(told.get("json")) or str(told.get("body", "")).startswith("{")
    return [kind for kind in KINDS if body or kind in ("status", "reason")]


def _files(system: str) -> list[Path]:
    return sorted((ROOT / "lab" / "exchanges" / system).glob("*.jsonl"))


def _exchanges(system: str) -> dict[str, Exchange]:
    return {one.name: one for file in _files(system) for one in read(file).exchanges}


@dataclass(frozen=True, slots=True)
class Noticed:
    """Who noticed a mutant; ``guessed`` are exchanges that are only inferred."""

    mutant: Mutant
    exchanges: tuple[str, ...]
    guessed: tuple[str, ...]
    clients: tuple[str, ...]
    contract: bool
    own: bool

    @property
    def seen(self) -> bool:
        """Whether anybody counts."""
        return bool(self.exchanges or self.clients or self.contract)

    @property
    def by(self) -> str:
        """Say who."""
        told = [f"exchange {self.exchanges[0]}"] if self.exchanges else []
        if len(self.exchanges) > 1:
            told[0] += f" and {len(self.exchanges) - 1} more"
        told += self.clients
        told += ["contract"] * self.contract
        return ", ".join(told) or "nobody"


class Copy:
    """A copy of the tree whose lab can be wrong."""

    def __init__(self, place: Path) -> None:
        self.place = place
        skip = shutil.ignore_patterns("__pycache__", "build", "dist")
        for part in PARTS:
            shutil.copytree(ROOT / part, place / part, ignore=skip)
        for file in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / file, place / file)
        (place / "build").symlink_to(ROOT / "build")
        lab = place / "lab" / "src" / "citrix_waf_lab"
        shutil.copy(place / "tools" / "mutation.py", lab / "mutation.py")
        with (lab / "service.py").open("a", encoding="utf-8") as service:
            service.write(
                "\n\nfrom citrix_waf_lab.mutation import mutated\n"
                "Service._answer = mutated(Service._answer)\n"
            )

    def run(self, wish: object, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of ours in the copy, with its lab wrong."""
        paths = ("lab/src", "src", "tests", "tools", "")
        environment = {
            **os.environ,
            "MUTANT": json.dumps(wish),
            "PYTHONPATH": os.pathsep.join(str(self.place / path) for path in paths),
        }
        command = [sys.executable, *words]
        try:
            return subprocess.run(  # noqa: S603  # our own interpreter
                command,
                cwd=self.place,
                env=environment,
                capture_output=True,
                text=True,
                check=False,
                timeout=LIMIT,
            )
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 124, "", "no end")


def noticed(copy: Copy, mutant: Mutant) -> Noticed:
    """Ask every witness."""
    found = _replayed(copy, mutant)
    known = _exchanges(mutant.system)
    firm = tuple(n for n in found if known[n].mark != "inferred")
    guessed = tuple(n for n in found if known[n].mark == "inferred")
    clients = tuple(
        client
        for client in CLIENTS[mutant.system]
        if copy.run(mutant.wish, "-m", "interop.run", client).returncode == 1
    )
    contract = _contract(copy, mutant)
    own = bool(firm or clients or contract) or _own(copy, mutant)
    return Noticed(mutant, firm, guessed, clients, contract, own)


def _replayed(copy: Copy, mutant: Mutant) -> list[str]:
    """Return the exchanges that differ, each once."""
    files = [str(file.relative_to(ROOT)) for file in _files(mutant.system)]
    done = copy.run(mutant.wish, *_REPLAY, *files)
    names = re.findall(r"(?m)^\S+\.jsonl: ([a-z0-9-]+): ", done.stdout)
    known = _exchanges(mutant.system)
    return [name for name in dict.fromkeys(names) if name in known]


def _contract(copy: Copy, mutant: Mutant) -> bool:
    """Whether the contract of targets, or the whole story, is broken."""
    pytest = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header")
    test = "tests/netscaler/test_contract.py"
    if mutant.system == "netscaler":
        done = copy.run(mutant.wish, *pytest, test, "-k", "lab and not socket")
        if done.returncode:
            return True
    return copy.run(mutant.wish, "-m", "matrix.run", "latency_ms=0").returncode != 0


def _own(copy: Copy, mutant: Mutant) -> bool:
    """Whether any other test of the connector notices."""
    words = ("-m", "pytest", "-q", "-x", "-n", "2", "-p", "no:cacheprovider")
    done = copy.run(mutant.wish, *words, f"tests/{mutant.system}", "tests/run")
    return done.returncode != 0


def section(found: Sequence[Noticed], seed: int) -> Iterator[str]:
    """Yield the generated part of the page."""
    blind = [one for one in found if not one.seen]
    yield f"{len(found)} mutations, drawn with seed {seed}: {len(found) - len(blind)}"
    yield f"are noticed, {len(blind)} are not.\n\n"
    yield "| row | mutation | noticed by |\n| --- | --- | --- |\n"
    for one in found:
        yield f"| `{one.mutant.quirk.id}` | {one.mutant.words} | {one.by} |\n"
    if not blind:
        return
    yield "\n| blind spot | who notices it all the same | what would cure it |\n"
    yield "| --- | --- | --- |\n"
    for one in blind:
        yield f"| `{one.mutant.quirk.id}` | {_all_the_same(one)} | {_cure(one)} |\n"


def _all_the_same(one: Noticed) -> str:
    told = [f"exchange {name} (inferred)" for name in one.guessed[:1]]
    told += ["the connector's own tests"] * one.own
    return ", ".join(told) or "nobody"


def _cure(one: Noticed) -> str:
    where = {
        "netscaler": "an appliance: one recorded answer to this request",
        "threatq": "a ThreatQ: one recorded answer to this request",
    }
    return f"{where[one.mutant.system]}, in place of the exchange that is inferred"


def renewed(page: str, found: Sequence[Noticed], seed: int) -> str:
    """Return the page with its section made anew."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    text = "".join(section(found, seed)).replace("\nare noticed", " are noticed")
    return f"{before}{begin}\n{text}\n{end}{after}"


def main(words: Sequence[str]) -> int:
    """Draw, ask, tell; return 0 if all was noticed or is written down, else 1."""
    parser = argparse.ArgumentParser(prog="python tools/mutants.py")
    parser.add_argument("--count", type=int, default=30)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--write", action="store_true", help=f"renew {PAGE.name}")
    told = parser.parse_args(words)
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mutants-") as place:
        copy = Copy(Path(place) / "tree")
        _must_be_right(copy)
        with ThreadPoolExecutor(2) as pool:
            found = []
            mutants = drawn(told.count, told.seed)
            for one in pool.map(lambda mutant: noticed(copy, mutant), mutants):
                found.append(one)
                word = "ok  " if one.seen else "BLIND"
                print(f"{word} {one.mutant.quirk.id}: {one.mutant.words}: {one.by}")
    blind = [one for one in found if not one.seen]
    print(
        f"mutants: {len(found)} wrong labs, {len(found) - len(blind)} noticed,"
        f" {len(blind)} blind spots ({time.monotonic() - start:.0f} s)"
    )
    page = PAGE.read_text("utf-8")
    if told.write:
        PAGE.write_text(renewed(page, found, told.seed), "utf-8")
        return 0
    listed = page.partition(BEGIN)[2].partition(END)[0]
    missing = [
        o.mutant.quirk.id for o in blind if f"| `{o.mutant.quirk.id}`" not in listed
    ]
    return int(bool(missing))


def _must_be_right(copy: Copy) -> None:
    """Make sure that no witness cries without a cause, and that the copy is used."""
    nothing = {
        "service": "",
        "method": "",
        "path": "",
        "status": 0,
        "code": 0,
        "kind": "",
    }
    told = copy.run(nothing, "-c", "import citrix_waf_lab as lab; print(lab.__file__)")
    if str(copy.place) not in told.stdout:
        raise SystemExit(f"mutants: the copy is not used: {told.stdout}{told.stderr}")
    for words in (
        (*_REPLAY, "lab/exchanges/netscaler/bulk.jsonl"),
        ("-m", "matrix.run", "latency_ms=0"),
        ("-m", "interop.run"),
    ):
        done = copy.run(nothing, *words)
        if done.returncode:
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise SystemExit(f"mutants: {' '.join(words)} fails without any: {said}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
