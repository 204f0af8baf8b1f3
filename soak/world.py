"""The small world: a lab, two connectors on one set, their lists, and people."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pytest

from citrix_waf_lab.lab import Lab
from soak.laws import Bound, hold
from soak.situation import Consent, Content, Memory, Policy
from soak.universe import (
    LET_THROUGH,
    PUBLIC,
    V4,
    Addresses,
    Binding,
    Entry,
    Pair,
    ends,
    family,
    hits,
    spread,
    wanted,
)
from soak.writer import SETS, Writer

HOUR = 3600.0
OTHERS = {"ours": "Citrix WAF Connector", "other's": "Second connector"}
LISTS = {"ours": ("First list", "Shared list"), "other's": ("Shared list",)}
_APART = "/threatq/collections/Nobody's list"
"""A data collection that no connector reads."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person does to one of the sets by hand: first unbind, then bind."""

    add: Sequence[Binding]
    remove: Sequence[Binding]

    @property
    def version(self) -> int:
        """Return the family of the set."""
        rows = (*self.add, *self.remove)
        return family(_ends(rows[0])[0]) if rows else V4

    @property
    def params(self) -> dict[str, object]:
        """Return it as the lab asks for it."""
        add, remove = self._in(self.add), self._in(self.remove)
        return {"set": SETS[self.version], "add": add, "remove": remove}

    def _in(self, bindings: Sequence[Binding]) -> list[Binding]:
        return [b for b in bindings if family(_ends(b)[0]) == self.version]

    def of(self, bound: Bound) -> Bound:
        """Return a set after it, as the appliance takes it."""
        gone = [_ends(binding) for binding in self._in(self.remove)]
        after = {pair: comment for pair, comment in bound.items() if pair not in gone}
        for binding in self._in(self.add):
            if not spread([_ends(binding)]) & spread(after):
                after[_ends(binding)] = binding.get("comment", "")
        return after


@dataclass
class World:
    """All there is; each method is something that happens in it.

    Attributes:
        lists: what each data collection holds.
        white: what ThreatQ has as Whitelisted, in a data collection or in none.
        memories: what each writer keeps.
    """

    directory: Path
    patch: pytest.MonkeyPatch
    lab: Lab = field(default_factory=lambda: Lab(seed=1))
    lists: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    white: set[Entry] = field(default_factory=set)
    memories: dict[str, Memory] = field(default_factory=dict)
    writers: dict[str, Writer] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make an empty set and configure both connectors."""
        for who, name in OTHERS.items():
            home = self.directory / who[:4]
            home.mkdir()
            self.writers[who] = Writer(home, self.lab, name, lists=LISTS[who])
            self.memories[who] = Memory()
        for version, name in SETS.items():
            path = f"/appliances/adc1/datasets/{name}"
            self._someone.control("PUT", path, {"type": f"ipv{version}"})
        self.save()
        for writer in self.writers.values():
            writer.set_up(self.patch)
        for name in LISTS["ours"]:
            self.fill(name, PUBLIC)

    @property
    def _someone(self) -> Writer:
        return next(iter(self.writers.values()))

    def build(self, *, many: bool) -> None:
        """Let the appliance's build take arrays, or one value a request."""
        told = "accepted" if many else "refused"
        self.lab.dialect.set({"array_bulk": told, "bulk_unbind": told})

    def fill(self, name: str, entries: Sequence[Entry]) -> None:
        """Let a data collection hold something else."""
        self.lists[name] = tuple(entries)
        self.white |= {LET_THROUGH} & {*entries}
        self._put(f"/threatq/collections/{name}", entries)

    def _put(self, path: str, entries: Sequence[Entry]) -> None:
        rows = [self._row(entry) for entry in entries]
        self._someone.control("PUT", path, {"indicators": rows})

    def _row(self, entry: Entry) -> dict[str, str]:
        return {
            "type": entry.type,
            "value": entry.value,
            "status": "Whitelisted" if entry in self.white else "Active",
            "expires_at": f"{entry.expires:%Y-%m-%d %H:%M:%S}",
            "updated_at": f"{entry.heard:%Y-%m-%d %H:%M:%S}",
        }

    def whitelist(self, entry: Entry) -> None:
        """Call an indicator Whitelisted in ThreatQ, wherever it is; or no longer."""
        self.white ^= {entry}
        self._put(_APART, [entry])

    def bind(self, binding: Binding) -> None:
        """Bind by hand, where the appliance lets it."""
        self._edit(Edit([binding], []))

    def unbind(self, number: int) -> None:
        """Unbind whatever stands at a place, whoever bound it."""
        rows = self._someone.rows()[number : number + 1]
        self._edit(
            Edit([], [{k: v for k, v in b.items() if k != "index"} for b in rows])
        )

    def _edit(self, edit: Edit) -> None:
        self.lab.appliance_states["adc1"].strike("set_edited", edit.params)

    def save(self) -> None:
        """Save as a person does."""
        self.lab.appliance_states["adc1"].configuration.save()

    def reboot(self) -> None:
        """Restart the appliance."""
        self._someone.control("POST", "/appliances/adc1/reboot")

    def wait(self, hours: int) -> None:
        """Let time pass."""
        self.lab.clock.advance(hours * HOUR)

    def decide(self, who: str, policy: Policy) -> None:
        """Give a writer another policy."""
        self.writers[who].decide(policy)

    def lose(self, who: str, what: str) -> None:
        """Lose local files: the list accepted last, the ledger, or all."""
        memory = self.memories[who]
        if what == "accepted":
            self.memories[who] = replace(memory, last={})
            self.writers[who].disk.lose("accepted")
        elif what == "ledger":
            self.memories[who] = replace(memory, good={})
            self.writers[who].disk.lose("ledger.db")
        else:
            self.memories[who] = Memory()
            self.writers[who].disk.lose(
                *("accepted", "begun", "ledger.db", "held", "consents"),
                *("unsaved", "spared"),
            )

    def approve(self, who: str, number: int) -> None:
        """Allow one of the things that are held, if there is one."""
        writer = self.writers[who]
        for id_, held in writer.disk.held()[number : number + 1]:
            code, said = writer.told("approve", id_, "--reason", "soak")
            hold("what is held can be approved", code == 0, said)
            given = Consent(held, self.lab.clock.now())
            memory = self.memories[who]
            self.memories[who] = replace(memory, consents=(*memory.consents, given))

    def content(self, who: str, name: str, now: datetime | None = None) -> Content:
        """Return what a data collection gives a writer."""
        entries = [e for e in self.lists[name] if e not in self.white]
        past = self.lapsed(who, now or self.lab.clock.now())
        taken = [e for e in entries if e not in past]
        read = sum(bool(entry.addresses) for entry in taken)
        return Content(
            wanted(taken),
            hits(taken),
            lapsed=len(taken) < len(entries),
            message=read < len(taken) - read,
        )

    def lapsed(self, who: str, now: datetime) -> frozenset[Entry]:
        """Return what the lists have and a writer leaves out for its date."""
        limit = self.writers[who].policy.time_limit
        entries = {entry for name in LISTS[who] for entry in self.lists[name]}
        return frozenset(entry for entry in entries if entry.lapsed(now, limit))

    @property
    def through(self) -> Addresses:
        """Return what ThreatQ has as Whitelisted."""
        return spread(ends(entry.value) for entry in self.white)


def _ends(binding: Binding) -> Pair:
    return ends(binding["value"], binding.get("endrange", ""))
