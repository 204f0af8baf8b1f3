"""What a connector of the small world keeps beside its configuration."""

import json
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

from soak.situation import Held, Memory
from soak.universe import (
    FAMILIES,
    NOTHING,
    Addresses,
    Entries,
    Pair,
    ends,
    family,
    spread,
)
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.store.ledger import ledgers


@dataclass(frozen=True, slots=True)
class Disk:
    """The files of a connector.

    Attributes:
        sets: the data set of each family.
        lists: the names of its data collections.
    """

    directory: Path
    sets: dict[int, str]
    lists: tuple[str, ...]

    def memory(self, known: Memory) -> Memory:
        """Return what lies on the disk; when and what was allowed, as it is known."""
        good = {}
        for ledger in ledgers(self.directory):
            for name, version in product(self.lists, FAMILIES):
                kept = ledger.last_good(name, Family(version))
                if kept is not None:
                    good[name, version] = frozenset(kept.wanted.pairs())
        rows = [row for path in self._files("consents") for row in _json(path)]
        consents = tuple(
            replace(given, met=row["met"])
            for given, row in zip(known.consents, rows, strict=True)
        )
        held = tuple(held for _, held in self.held())
        due = bool(self._files("unsaved"))
        last, begun = self._ranges("accepted"), self._ranges("begun")
        going = {version: spread(pairs) for version, pairs in begun.items()}
        return Memory(last, good, consents, held, due, self._known(), going)

    def _known(self) -> dict[tuple[str, int], Addresses]:
        found: dict[tuple[str, int], Addresses] = {}
        for path in self._files("spared"):
            body = path.read_text("utf-8").partition("\n")[2]
            for name, lines in json.loads(body)["hits"].items():
                for pair in map(_line, lines):
                    which = name, family(pair[0])
                    found[which] = found.get(which, NOTHING) | spread([pair])
        return found

    def _ranges(self, ending: str) -> dict[int, Entries]:
        found = {}
        for path in self._files(ending):
            head, *lines = path.read_text("ascii").splitlines()
            (version,) = (v for v, name in self.sets.items() if f"{name} on" in head)
            found[version] = frozenset(map(_line, lines))
        return found

    def held(self) -> list[tuple[str, Held]]:
        """Return what is held back, each with its id."""
        return [
            (row["id"], Held(row["held"], spread(map(_line, row["entries"]))))
            for path in self._files("held")
            for row in _json(path)
        ]

    def lose(self, *endings: str) -> None:
        """Lose some of the files beside the configuration."""
        for ending in endings:
            for path in self._files(ending):
                path.unlink()

    def _files(self, ending: str) -> list[Path]:
        return sorted(self.directory.glob(f"tq-conn-citrix-waf.*{ending}"))


def _json(path: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def _line(text: str) -> Pair:
    value, _, end = text.partition("-")
    return ends(value, end)
