"""The verdict: what the lab saw, held against what the lab itself put in.

1. Nothing here comes from the connector but the exit codes of its runs.
2. What may block an address was decided when its indicator was drawn.
3. Each question can be answered with no.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from typing import Any

View = Mapping[str, Any]
"""An appliance as ``GET /appliances/{name}`` shows it."""

Row = Mapping[str, str]
"""A binding as the same call shows it."""

_READS = {"GET", "HEAD", "OPTIONS"}
_SESSION = ("/nitro/v1/config/login", "/nitro/v1/config/logout")

_WIDEST = 65536
"""A binding of more addresses than this is not taken apart: it is unwanted."""


@dataclass(frozen=True, slots=True)
class Due:
    """What a run of the connector should do.

    Attributes:
        name: of the act it belongs to.
        code: the exit code it should have.
        silent: whether it must send nothing to the appliance that writes.
        wanted: what should be blocked after it, as numbers of addresses.
        first: whether it is the first run, which asks five questions.
        words: a command and its options; none for a plain run.
    """

    name: str
    code: int
    silent: bool
    wanted: frozenset[int]
    first: bool = False
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Run:
    """What a run of the connector did.

    Attributes:
        due: what it should do.
        code: the exit code it had; negative where a signal ended it.
        requests: entries of the request history that fall into it.
        before, after: the appliance.
        seconds: from its start to its end.
    """

    due: Due
    code: int
    requests: Sequence[Mapping[str, Any]]
    before: View
    after: View
    seconds: float = 0.0

    def sent(self, service: str) -> int:
        """Count the requests to a service: ``threatq`` or ``netscaler``."""
        return sum(r["service"] == service for r in self.requests)

    def writes(self) -> int:
        """Count the requests to an appliance that are neither read nor log-in."""
        return sum(map(is_write, self.requests))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that the verdict is made from.

    Attributes:
        datasets: the names of the block lists, one a family.
        by_hand: the bindings that were there before the first run.
        runs: in order.
        due: how many runs there should have been.
        end: the appliance at the end.
        answers: of each question that was asked, whether the answer was right.
        questions: how many there should have been.
    """

    datasets: Sequence[str]
    by_hand: Sequence[Row]
    runs: Sequence[Run]
    due: int
    end: View
    answers: Sequence[bool]
    questions: int


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of the verdict, with what it rests on."""

    claim: str
    holds: bool
    figures: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """A data set beside what is wanted; all are counts of addresses but ``by_hand``.

    Attributes:
        ours: bound by the connector.
        covered: wanted, and within what was bound by hand.
        missing: wanted, and neither of both.
        extra: bound by the connector, and not wanted.
        by_hand: entries made by hand that are as they were.
    """

    ours: int
    covered: int
    missing: int
    extra: int
    by_hand: int

    def in_step(self, of: int) -> bool:
        """Whether nothing is to be done; ``of``: entries made by hand."""
        return not self.missing and not self.extra and self.by_hand == of


def is_write(request: Mapping[str, Any]) -> bool:
    """Whether a request of the history changes, or might change, an appliance."""
    return (
        request["service"] == "netscaler"
        and request["method"] not in _READS
        and request["path"].rstrip("/") not in _SESSION
    )


def span(row: Row) -> tuple[int, int]:
    """Return the first and last address of a binding, as numbers."""
    network = ip_network(row["value"], strict=False)
    first, last = int(network[0]), int(network[-1])
    return first, int(ip_address(row["endrange"])) if "endrange" in row else last


def rows(view: View, datasets: Sequence[str], part: str = "datasets") -> list[Row]:
    """Return the bindings of data sets, running (``datasets``) or ``saved``."""
    return [
        row
        for name in datasets
        for row in view[part].get(name, {"bindings": []})["bindings"]
    ]


def compare(
    bindings: Iterable[Row], by_hand: Sequence[Row], wanted: frozenset[int]
) -> Comparison:
    """Hold a data set against what is wanted and what was bound by hand."""
    intact = 0
    ours: set[int] = set()
    extra = 0
    for row in bindings:
        if row in by_hand:
            intact += 1
            continue
        first, last = span(row)
        if last - first >= _WIDEST:
            extra += last - first + 1
        else:
            ours.update(range(first, last + 1))
    spans = [span(row) for row in by_hand]
    covered = {
        address
        for address in wanted
        if any(first <= address <= last for first, last in spans)
    }
    return Comparison(
        ours=len(ours),
        covered=len(covered),
        missing=len(wanted - ours - covered),
        extra=extra + len(ours - wanted),
        by_hand=intact,
    )


def verdict(evidence: Evidence) -> list[Finding]:
    """Answer every question that the demo is about; all must hold."""
    return [*_of_the_set(evidence), *_of_the_runs(evidence)]


def _of_the_set(evidence: Evidence) -> list[Finding]:
    end, name, hand = evidence.end, evidence.datasets, evidence.by_hand
    wanted = evidence.runs[-1].due.wanted if evidence.runs else frozenset[int]()
    found = compare(rows(end, name), hand, wanted)
    saved = compare(rows(end, name, "saved"), hand, wanted)
    return [
        Finding(
            "all that is wanted is blocked",
            bool(wanted) and not found.missing,
            f"{len(wanted):,} wanted, {found.covered:,} of them by entries made by"
            f" hand; {found.missing:,} missing",
        ),
        Finding(
            "nothing else is blocked",
            not found.extra,
            f"{found.ours:,} bound by the connector; {found.extra:,} not wanted",
        ),
        Finding(
            "entries made by hand are as they were",
            found.by_hand == saved.by_hand == len(hand),
            f"{found.by_hand:,} of {len(hand):,}",
        ),
        Finding(
            "what runs is saved",
            end["datasets"] == end["saved"],
            f"{len(rows(end, name)):,} entries run,"
            f" {len(rows(end, name, 'saved')):,} are saved",
        ),
        Finding(
            "no session is left open", not end["sessions"], f"{end['sessions']:,} open"
        ),
    ]


def _of_the_runs(evidence: Evidence) -> list[Finding]:
    runs, hand = evidence.runs, evidence.by_hand
    stepped = [
        run
        for run in runs
        if compare(rows(run.after, evidence.datasets), hand, run.due.wanted).in_step(
            len(hand)
        )
    ]
    silent = [run for run in runs if run.due.silent]
    written = sum(run.writes() for run in silent)
    changed = sum(_changed(run) for run in silent)
    ended = [run for run in runs if run.code == run.due.code]
    codes = ", ".join(str(run.code) for run in runs)
    return [
        Finding(
            "the set was right after every run",
            len(stepped) == evidence.due,
            f"{len(stepped):,} of {evidence.due:,} runs",
        ),
        Finding(
            "the outage, plans, and runs with nothing to do wrote nothing",
            bool(silent) and not written and not changed,
            f"{len(silent):,} such runs; {written:,} writes, {changed:,} changes",
        ),
        Finding(
            "every run ended as it should",
            len(ended) == len(runs) == evidence.due,
            f"{len(ended):,} of {evidence.due:,}; exit codes {codes or 'none'}",
        ),
        Finding(
            "what was said of addresses is so",
            sum(evidence.answers) == len(evidence.answers) == evidence.questions,
            f"{sum(evidence.answers):,} of {evidence.questions:,} questions",
        ),
    ]


def _changed(run: Run) -> bool:
    parts = ("datasets", "saved")
    return any(run.before[part] != run.after[part] for part in parts)
