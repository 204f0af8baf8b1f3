"""One run of the ledger in words and as JSON: what it changed, and why."""

from collections.abc import Iterator
from typing import Any

import msgspec

from tq_conn_citrix_waf.cli.screen import hung, screen
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.run.history import Entry, Reasons, why_bound, why_unbound
from tq_conn_citrix_waf.store.ledger import ReadLedger
from tq_conn_citrix_waf.store.records import RunRecord


class OneRun:
    """One run, by its reasons."""

    def __init__(self, ledger: ReadLedger, run: RunRecord) -> None:
        self._run = run
        self._where = f"{ledger.block_list} on {ledger.appliance}"
        self._bound = [(f, why_bound(ledger, run, f)) for f in Family]
        self._unbound = [(f, why_unbound(ledger, run, f)) for f in Family]
        self._kept = {g.number: g for g in ledger.generations(1 << 30)}

    def told(self) -> dict[str, Any]:
        """Return it for JSON; every entry with its reason."""
        told: dict[str, Any] = msgspec.to_builtins(self._run, enc_hook=_texts)
        return told | {
            "data_set": self._where,
            "bound": _told_reasons(self._bound),
            "unbound": _told_reasons(self._unbound),
        }

    def rows(self, shown: int) -> Iterator[str]:
        """Yield it for a person."""
        run = self._run
        _, columns = screen()
        took = (run.ended - run.started).total_seconds()
        yield f"run {run.number} for {self._where}"
        for name, words in (
            ("began", f"{run.started:%Y-%m-%d %H:%M:%S} UTC, {took:.1f} s"),
            ("ended", f"exit {run.exit}: {run.what or 'in step'}"),
            ("to do", run.cure),
            ("act", run.act.words if run.act else ""),
            ("appliance", ", ".join(filter(None, (run.build, run.role)))),
            ("plan", self._plan()),
            ("left out", self._left_out()),
        ):
            if words:
                yield from hung(f"  {name:<12}", words, columns)
        yield from _reason_rows("bound", self._bound, shown, columns)
        yield from _reason_rows("unbound", self._unbound, shown, columns)
        for name, words in self._further(shown):
            yield from hung(f"  {name:<12}", words, columns)

    def _plan(self) -> str:
        counts = self._run.counts
        if counts is None:
            return ""
        return (
            f"{self._run.plan}: {counts.collected:,} collected, {counts.wanted:,}"
            f" wanted, {counts.covered:,} covered, {counts.kept:,} kept,"
            f" {counts.added:,} to add, {counts.removed:,} to remove,"
            f" {sum(counts.foreign.values()):,} foreign"
        )

    def _left_out(self) -> str:
        counts = self._run.counts
        if counts is None:
            return ""
        return ", ".join(f"{n:,} {why}" for why, n in counts.left_out.items())

    def _further(self, shown: int) -> Iterator[tuple[str, str]]:
        run = self._run
        for held in run.held:
            of = f" of {held.collection}" if held.collection else ""
            words = f"{held.id}: {held.counted:,} {held.kind}{of}, over the limit of"
            words += f" {held.limit:,}: {_few(held.entries, shown)}"
            yield "held", words
        for given in run.consents:
            words = f"{given.id}: {given.entries:,} {given.kind}, by {given.who},"
            words += f" {given.at:%Y-%m-%d %H:%M} UTC: {given.reason}"
            yield "consent", words
        for name, pair in (
            ("vanished", (run.vanished, run.vanished6)),
            ("come", (run.came, run.came6)),
            ("no room", (run.full, run.full6)),
        ):
            for entries in pair:
                if len(entries):
                    yield name, f"{len(entries):,}: {_few(entries, shown)}"
        for entry, words in list(run.refused.items())[:shown]:
            yield "refused", f"{entry}: {words}"
        for number in run.generations:
            kept = self._kept.get(number)
            words = f"{kept.entries:,} of {kept.collection}" if kept else "not kept"
            yield "generation", f"{number}: {words}"
        if run.seconds:
            steps = (f"{verb} {took:.1f}" for verb, took in run.seconds.items())
            yield "seconds", ", ".join(steps)
        for words in run.warnings:
            yield "warning", words


def _reason_rows(
    name: str, found: list[tuple[Family, Reasons]], shown: int, columns: int
) -> Iterator[str]:
    for _, reasons in found:
        for words, entries in reasons.items():
            text = f"{len(entries):,} {words}: {_named(entries, shown)}"
            yield from hung(f"  {name:<12}", text, columns)


def _named(entries: list[Entry], shown: int) -> str:
    told = [f"{e.entry} (indicator {e.id})" if e.id else str(e.entry) for e in entries]
    more = len(told) - shown
    return ", ".join(told[:shown]) + (f" and {more:,} more" if more > 0 else "")


def _few(entries: Ranges, shown: int) -> str:
    named = ", ".join(str(entries[row]) for row in range(min(shown, len(entries))))
    more = len(entries) - shown
    return named + (f" and {more:,} more" if more > 0 else "")


def _texts(value: object) -> list[str]:
    if not isinstance(value, Ranges):
        raise NotImplementedError(type(value).__name__)
    return [*map(str, value)]


def _told_reasons(found: list[tuple[Family, Reasons]]) -> list[dict[str, Any]]:
    return [
        {"entry": str(one.entry), "why": words, "indicator": one.id or None}
        for _, reasons in found
        for words, entries in reasons.items()
        for one in entries
    ]
