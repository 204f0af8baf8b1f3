"""Who notices that a lab is wrong: it runs in a copy of the tree, and each is asked.

1. Witnesses are exchanges whose mark is not ``inferred``, the foreign clients, and the
   contract (of targets, and the whole story of ``matrix``). An inferred exchange was
   written by whoever wrote the lab: it is told, and is no witness.
2. Before any of them counts, each must be content with the copy as it is.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from interop.environments import ROOT
from interop.mutants import Mutant, exchanges, files

LIMIT = 240
"""Seconds for one witness; the slowest needs forty on a machine that does no more."""
CLIENTS = {
    "netscaler": ("ansible", "check_netscaler"),
    "threatq": ("stix_shifter",),
}
PARTS = ("src", "lab", "tests", "interop", "matrix", "contract", "docs")
_REPLAY = (
    "-c",
    "import sys; from citrix_waf_lab.cli import main; sys.exit(main(sys.argv[1:]))",
    "replay",
)
_STORY = ("-m", "matrix.run", "latency_ms=0")
_NOTHING = dict.fromkeys(("service", "method", "path", "kind"), "") | {"status": 0}


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
        shutil.copy(place / "interop" / "wrong.py", lab / "wrong.py")
        with (lab / "service.py").open("a", encoding="utf-8") as service:
            service.write(
                "\n\nfrom citrix_waf_lab.wrong import mutated\n"
                "Service._answer = mutated(Service._answer)\n"
            )

    def run(self, wish: object, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a program of ours in the copy, with its lab wrong."""
        paths = ("lab/src", "src", "tests", "")
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
    known = exchanges(mutant.system)
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
    paths = [str(file.relative_to(ROOT)) for file in files(mutant.system)]
    done = copy.run(mutant.wish, *_REPLAY, *paths)
    names = re.findall(r"(?m)^\S+\.jsonl: ([a-z0-9-]+): ", done.stdout)
    known = exchanges(mutant.system)
    return [name for name in dict.fromkeys(names) if name in known]


def _contract(copy: Copy, mutant: Mutant) -> bool:
    """Whether the contract of targets, or the whole story, is broken."""
    pytest = ("-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "--no-header")
    test = "tests/netscaler/test_contract.py"
    if mutant.system == "netscaler":
        done = copy.run(mutant.wish, *pytest, test, "-k", "lab and not socket")
        if done.returncode:
            return True
    return copy.run(mutant.wish, *_STORY).returncode != 0


def _own(copy: Copy, mutant: Mutant) -> bool:
    """Whether any other test of the connector notices."""
    words = ("-m", "pytest", "-q", "-x", "-n", "2", "-p", "no:cacheprovider")
    done = copy.run(mutant.wish, *words, f"tests/{mutant.system}", "tests/run")
    return done.returncode != 0


def must_be_right(copy: Copy) -> None:
    """Make sure that no witness cries without a cause, and that the copy is used.

    Raises:
        SystemExit: one does, or it is not.
    """
    told = copy.run(_NOTHING, "-c", "import citrix_waf_lab as lab; print(lab.__file__)")
    if str(copy.place) not in told.stdout:
        raise SystemExit(f"mutants: the copy is not used: {told.stdout}{told.stderr}")
    for words in (
        (*_REPLAY, "lab/exchanges/netscaler/bulk.jsonl"),
        _STORY,
        ("-m", "interop.run"),
    ):
        done = copy.run(_NOTHING, *words)
        if done.returncode:
            said = f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
            raise SystemExit(f"mutants: {' '.join(words)} fails without any: {said}")
