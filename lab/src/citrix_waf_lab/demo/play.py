"""The play: what happens in each act, and how the lab saw it.

Each act moves one of the two systems, runs the connector once, and tells what the lab
saw. A run that ends otherwise than it should ends the play; the verdict comes anyway.
"""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any
from urllib.parse import urlsplit

from citrix_waf_lab.demo.questions import questions
from citrix_waf_lab.demo.saw import SECRET, saw, told_by_hand, typed
from citrix_waf_lab.demo.screen import Screen
from citrix_waf_lab.demo.stage import Stage
from citrix_waf_lab.demo.verdict import (
    Due,
    Evidence,
    Row,
    Run,
    rows,
    verdict,
)
from citrix_waf_lab.scenarios import edge
from citrix_waf_lab.scenarios.edge import Fate, Member


@dataclass(frozen=True, slots=True)
class _Act:
    """One act: its title, what is played, and how many runs that takes."""

    title: str
    play: Callable[[str], Run | None]
    runs: int = 1


class Play:
    """One performance: the acts in order, then the verdict."""

    def __init__(self, stage: Stage, screen: Screen, seed: int) -> None:
        self._stage = stage
        self._screen = screen
        self._rng = random.Random(f"{seed}/day")  # noqa: S311 -- must repeat
        self._members: list[Member] = stage.members
        view = stage.view()
        self._by_hand: list[Row] = rows(view, edge.DATASETS)
        self._saved = view["datasets"] == view["saved"]
        self._runs: list[Run] = []
        self._narrow: list[Member] = []
        self._ipv6 = False
        self._through: frozenset[int] = frozenset()
        self._heard = ""
        self._questions = questions(self._members)
        self._answers: list[bool] = []
        self._acts = (
            _Act("Before", self._before, 0),
            _Act("First run", self._first_run),
            _Act("First load", self._first_load),
            _Act("Again", self._again),
            _Act("A plan", self._plan),
            _Act("A day of churn", self._churn),
            _Act("Networks and IPv6", self._networks),
            _Act("A filter widens", self._widened),
            _Act("A person allows it", self._approval),
            _Act("The next run", self._allowed),
            _Act("An outage", self._outage),
            _Act("Recovery", self._recovery),
            _Act("Let through at once", self._let_through),
            _Act("Is it blocked?", self._asked, len(self._questions)),
            _Act("Lists that are kept", self._kept),
            _Act("Back to an earlier list", self._back),
            _Act("How it stands", self._standing),
            _Act("A page to look at", self._page),
        )

    def perform(self) -> bool:
        """Play all acts; return whether the verdict is yes throughout."""
        for number, act in enumerate(self._acts, 1):
            self._screen.heading(f"{number} of {len(self._acts) + 1}  {act.title}")
            run = act.play(act.title)
            if run is None:
                continue
            self._runs.append(run)
            if run.code != run.due.code:
                break
        return self._verdict(sum(act.runs for act in self._acts))

    def _before(self, _title: str) -> None:
        fates = Counter(member.fate for member in self._members)
        kinds = len({member.type for member in self._members})
        say, table = self._screen.say, self._screen.table
        say(
            f"ThreatQ has a data collection, {edge.COLLECTION!r}:"
            f" {len(self._members):,} indicators of {kinds} types."
        )
        table([(f"{fates[fate]:,}", fate.value) for fate in Fate], (0,))
        self._screen.blank()
        say(
            f"The NetScaler has a data set, {edge.DATASET!r}:"
            f" {len(self._by_hand):,} entries, made by hand"
            f" and{'' if self._saved else ' not'} saved."
        )
        table([told_by_hand(row) for row in self._by_hand], ())

    def _first_run(self, title: str) -> Run:
        self._screen.say(
            "The connector asks five questions and registers in ThreatQ. Here the"
            " answers are piped; they are shown where a person would type them."
        )
        run = self._run(Due(title, 0, silent=True, wanted=frozenset(), first=True))
        connectors = self._stage.control("GET", "/threatq/connectors")
        if run.code == 0 and connectors:
            self._fill_form(connectors[0]["name"])
        return run

    def _fill_form(self, connector: str) -> None:
        card = self._stage.card["appliances"][0]
        form: dict[str, Any] = {
            "API IP/Hostname": urlsplit(card["url"]).netloc,
            "Username": card["username"],
            "Password": card["password"],
            "Data Collection": edge.COLLECTION,
            "IP Block List": edge.DATASET,
            "Use HTTPS": True,
        }
        self._screen.blank()
        try:
            self._stage.fill_form(connector, {**form, "enabled": True})
        except ValueError as flaw:  # the runs to come will end unlike they should
            self._screen.say(f"The form of {connector!r} cannot be filled in: {flaw}.")
            return
        self._screen.say(
            f"In ThreatQ a person fills in the form of {connector!r} and enables it:"
        )
        shown = {**form, "Password": SECRET, "Use HTTPS": "ticked"}
        self._screen.table(list(shown.items()), ())

    def _first_load(self, title: str) -> Run:
        self._screen.say("All that should be blocked is bound, marked and saved.")
        return self._run(Due(title, 0, silent=False, wanted=self._wanted()))

    def _again(self, title: str) -> Run:
        self._screen.say("Nothing has changed: nothing may be written.")
        return self._run(Due(title, 0, silent=True, wanted=self._wanted()))

    def _plan(self, title: str) -> Run:
        day = edge.day(self._members, self._rng)
        before = self._wanted()
        body = {
            "add": [member.body() for member in (*day.changed, *day.added)],
            "remove": [member.value for member in day.left],
        }
        self._stage.change(edge.COLLECTION, body)
        self._members = day.after(self._members)
        turned = Counter(member.status for member in day.changed)
        words = ", ".join(f"{n:,} became {status}" for status, n in turned.items())
        self._screen.say(
            f"A day later {len(day.added):,} indicators came; {len(day.left):,} left,"
            f" {words}. What would a run do? Nothing is written."
        )
        return self._run(Due(title, 0, silent=True, wanted=before, words=("plan",)))

    def _churn(self, title: str) -> Run:
        self._screen.say("The run does what the plan said.")
        return self._run(Due(title, 0, silent=False, wanted=self._wanted()))

    def _networks(self, title: str) -> Run:
        self._stage.make_set(edge.DATASET6, "ipv6")
        self._stage.set_key("ipv6_block_list", edge.DATASET6)
        new = edge.networks()
        self._add(new)
        self._ipv6 = True
        self._screen.say(
            f"A data set for IPv6 is made, {edge.DATASET6!r}, and named in the"
            " connector's file; the analyst adds networks. One lies inside another;"
            " one is a range whose second half is private: that half is cut out."
        )
        self._screen.table([(member.value,) for member in new], ())
        return self._run(Due(title, 0, silent=False, wanted=self._wanted()))

    def _widened(self, title: str) -> Run:
        before = self._wanted()
        self._narrow = self._members
        new = edge.widened(self._rng, {member.value for member in self._members})
        self._add(new)
        self._screen.say(
            f"Somebody widens the filter of the collection: {len(new):,} more"
            " addresses. That is over the limit; none of them is bound."
        )
        return self._run(Due(title, 5, silent=True, wanted=before))

    def _approval(self, title: str) -> Run:
        self._screen.say(
            "It was meant: a person allows it, with the command that the run printed."
            " It allows these entries, for a day, and no others."
        )
        held = re.findall(r"approve ([0-9a-f]{8}) ", self._heard)
        reason = ("--reason", "the new sensor is meant, CHG0033012")
        words = ("approve", held[-1] if held else "none", *reason)
        before = self._runs[-1].due.wanted
        return self._run(Due(title, 0, silent=True, wanted=before, words=words))

    def _allowed(self, title: str) -> Run:
        self._screen.say("The next run binds what was allowed.")
        return self._run(Due(title, 0, silent=False, wanted=self._wanted()))

    def _add(self, new: Sequence[Member]) -> None:
        body = {"add": [member.body() for member in new], "remove": []}
        self._stage.change(edge.COLLECTION, body)
        self._members = [*self._members, *new]

    def _outage(self, title: str) -> Run:
        self._stage.put(edge.COLLECTION, [])
        self._screen.say(
            "ThreatQ answers with an empty list. Whoever believed it would unblock"
            " everything."
        )
        return self._run(Due(title, 3, silent=True, wanted=self._wanted()))

    def _recovery(self, title: str) -> Run:
        self._stage.put(edge.COLLECTION, [m.body() for m in self._members])
        self._screen.say("The list is back as it was: nothing is left to do.")
        return self._run(Due(title, 0, silent=True, wanted=self._wanted()))

    def _let_through(self, title: str) -> Run:
        one = min(self._wanted())
        self._through = frozenset((one,))
        self._screen.say(
            "A partner is locked out, and the collection goes on naming the address:"
            " a person lets it through, at once and in every run to come."
        )
        reason = ("--reason", "partner locked out, INC0044711")
        words = ("allow", str(IPv4Address(one)), *reason)
        wanted = self._wanted()
        return self._run(Due(title, 0, silent=False, wanted=wanted, words=words))

    def _kept(self, title: str) -> Run:
        self._screen.say(
            "The new sensor is broken after all, and nobody can mend the collection"
            " tonight. Which lists can be gone back to?"
        )
        words = ("history", "--generations")
        return self._run(Due(title, 0, silent=True, wanted=self._wanted(), words=words))

    def _back(self, title: str) -> Run:
        kept = re.findall(r"(?m)^ *(\d+) .*, IPv4$", self._heard)
        self._members = self._narrow
        self._screen.say(
            "A person goes back to the list before the filter was widened. It pauses,"
            " or the next run would load the new one again; what was let through"
            " stays let through."
        )
        number = kept[1] if len(kept) > 1 else "none"
        words = ("rollback", number, "--yes", "--reason", "sensor broken, INC0044712")
        wanted = self._wanted()
        return self._run(Due(title, 0, silent=False, wanted=wanted, words=words))

    def _standing(self, title: str) -> Run:
        self._screen.say(
            "How it stands, as a person or a monitor asks: 1 is a warning."
        )
        words = ("status", "--table")
        wanted = self._wanted()
        return self._run(Due(title, 1, silent=True, wanted=wanted, words=words))

    def _page(self, title: str) -> Run:
        self._screen.say(
            "The same, and all that became of the list, for those who look rather than"
            " read: one file, to be opened in a browser."
        )
        words = ("report", "--html", str(self._stage.folder / "report.html"))
        wanted = self._wanted()
        return self._run(Due(title, 0, silent=True, wanted=wanted, words=words))

    def _asked(self, _title: str) -> Run:
        self._screen.say(
            "An analyst asks about five addresses. Both systems are asked, and nothing"
            " is written."
        )
        runs: list[Run] = []
        for number, question in enumerate(self._questions, 1):
            self._screen.blank()
            self._screen.say(f"{number}. {question.address}: {question.why}.")
            name, words = f"Question {number}", ("explain", question.address)
            due = Due(name, 0, silent=True, wanted=self._wanted(), words=words)
            runs.append(self._heard_run(due))
            found = rows(runs[-1].after, edge.DATASETS)
            self._answers.append(question.answered(self._heard, found))
        self._runs += runs[:-1]
        return runs[-1]

    def _wanted(self) -> frozenset[int]:
        fates = {Fate.BLOCK, Fate.IPV6} if self._ipv6 else {Fate.BLOCK}
        return frozenset(
            number
            for member in self._members
            if member.fate in fates
            for number in member.numbers()
            if not edge.PRIVATE <= number < edge.PRIVATE + edge.PRIVATE_SIZE
            and number not in self._through
        )

    def _run(self, due: Due) -> Run:
        run = self._heard_run(due)
        saw(self._screen, run, self._by_hand)
        return run

    def _heard_run(self, due: Due) -> Run:
        prompts = typed(self._stage.card["prompts"])
        self._heard = ""

        def heard(line: str) -> None:
            self._heard += f"{line}\n"
            asked = line.rstrip(": ") if due.first else ""
            self._screen.heard(line, prompts.get(asked, ""))

        def told() -> str:
            held = len(rows(self._stage.view(), edge.DATASETS))
            return f"{due.name}: the connector runs; the set holds {held:,} entries"

        self._screen.command(self._stage.shown(due))
        with self._screen.busy(told):
            return self._stage.run(due, heard)

    def _verdict(self, due: int) -> bool:
        self._screen.heading(
            f"{len(self._acts) + 1} of {len(self._acts) + 1}  The verdict"
        )
        self._screen.say(
            "By the lab alone: what it put in, held against what it found there."
        )
        findings = verdict(
            Evidence(
                edge.DATASETS,
                self._by_hand,
                self._runs,
                due,
                self._stage.view(),
                self._answers,
                len(self._questions),
            )
        )
        self._screen.verdict(findings)
        holds = all(found.holds for found in findings)
        self._screen.closing(holds=holds)
        return holds
