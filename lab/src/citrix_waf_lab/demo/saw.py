"""What the lab saw of a run, and what a person types, as the demo shows it."""

from collections.abc import Sequence

from citrix_waf_lab.demo.screen import Screen
from citrix_waf_lab.demo.verdict import Row, Run, compare, rows
from citrix_waf_lab.scenarios import edge

_PROMPTS = (
    "ThreatQ Host",
    "ThreatQ Client ID",
    "ThreatQ Username",
    "ThreatQ Password",
    "Status",
)
"""The five questions of the vendor's guide, in its order."""

SECRET = "********"  # noqa: S105 -- what stands where a secret is not shown


def typed(answers: Sequence[str]) -> dict[str, str]:
    """Return what a person types, by the question; the password is not shown."""
    return {**dict(zip(_PROMPTS, answers, strict=True)), "ThreatQ Password": SECRET}


def saw(screen: Screen, run: Run, by_hand: Sequence[Row]) -> None:
    """Show how a run ended, what it sent, and what it made of the data sets."""
    before, after = (len(rows(view, edge.DATASETS)) for view in (run.before, run.after))
    found = compare(rows(run.after, edge.DATASETS), by_hand, run.due.wanted)
    right = run.code == run.due.code
    ended = "as it should be" if right else f"but it should be {run.due.code}"
    step = "as it" if found.in_step(len(by_hand)) else "NOT as it"
    sent = (
        f"{run.sent('threatq'):,} to ThreatQ, {run.sent('netscaler'):,} to the"
        f" NetScaler ({run.writes():,} that write)"
    )
    entries = f"{before:,} entries before, {after:,} after, {step} should be"
    screen.blank()
    screen.say("The lab saw:")
    screen.table(
        [
            ("exit code", f"{run.code}, {ended}"),
            ("requests", sent),
            ("data set", entries),
            ("time", f"{run.seconds:.1f} s"),
        ],
        (),
    )


def told_by_hand(row: Row) -> tuple[str, str]:
    """Return an entry made by hand, and its comment."""
    end = row.get("endrange")
    value = f"{row['value']}-{end}" if end else row["value"]
    return value, row.get("comment", "(no comment)")
