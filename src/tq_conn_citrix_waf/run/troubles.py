"""What is not as it should be in a run or after it, in words for people."""

from collections.abc import Sequence
from datetime import datetime

from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.guard import Held, Refusal
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.errors import (
    DatasetFullError,
    DatasetTypeError,
    EntriesRefusedError,
    PlanChangedError,
    PlanHeldError,
    SecondaryNodeError,
    SourceError,
)
from tq_conn_citrix_waf.run.gather import Part
from tq_conn_citrix_waf.run.words import sample
from tq_conn_citrix_waf.store.said import Said


def full(name: str, out: Sequence[AddressRange]) -> DatasetFullError:
    """Return that a data set has no room for some entries."""
    named = Ranges.of(out[0].family, ((r.first, r.last) for r in out))
    return DatasetFullError(
        f"the data set {name} is full: {len(out):,} wanted entries are not blocked"
        f" ({sample(named)})",
        "narrow the data collection, or use a release that holds more values in a set",
    )


def refused(entries: Sequence[tuple[AddressRange, str]]) -> EntriesRefusedError:
    """Return that the appliance took some entries for none."""
    wanted, words = entries[0]
    return EntriesRefusedError(
        f"the appliance refused {len(entries):,} entries, the first {wanted}: {words}",
        "look at these entries on the appliance; all others went ahead",
    )


WORRIES = {
    Held.ADDITIONS: "a filter that widened by mistake",
    Held.REMOVALS: "a source that lost part of its list",
    Held.WIDE: "a slip in a prefix length",
    Held.PROTECTED: (
        "a list that does not belong on an edge, or a never-block list that opens too"
        " much: nothing new is taken"
    ),
}


def held(refusal: Refusal, approve: str, said: Said, now: datetime) -> PlanHeldError:
    """Return what a refusal means for whoever reads the exit code."""
    what = (
        f"{refusal.counted:,} {refusal.held} are over the limit of {refusal.limit:,}"
        f" for a list of {refusal.size:,} and are held ({refusal.id})"
    )
    command = approve.replace("approve ID", f"approve {refusal.id}", 1)
    no = said.refused(refusal.id)
    if no is not None:
        return PlanHeldError(
            f"{what}, {no.words}",
            f"mend the source; if it is meant after all, run: {command}",
        )
    yes = said.approvers(refusal.held, refusal.entries, now)
    if yes:
        what += f"; approved by {', '.join(yes)}, {len(yes)} of {said.needed}"
    return PlanHeldError(
        what,
        f"look whether this is {WORRIES[refusal.held]}; if it is meant, run: {command}",
    )


def failed(part: Part) -> SourceError:
    """Return the failure of a collection, and what stands in for it."""
    if part.failure is None or part.since is None:
        raise ValueError(part)
    return type(part.failure)(
        f"{part.failure.what}; its last good list, of {part.since:%Y-%m-%d %H:%M} UTC,"
        " stands in",
        part.failure.cure,
    )


def changed(now: str, exact: str) -> PlanChangedError:
    """Return the error that a plan is not the one that a person has seen."""
    return PlanChangedError(
        f"the plan is now {now}, and not {exact} any more: nothing is written",
        "look at the new plan (plan --json) and have that one allowed",
    )


def secondary(appliance: str) -> SecondaryNodeError:
    """Return the error that an appliance is the secondary of a pair."""
    return SecondaryNodeError(
        f"{appliance} is the secondary node of a pair: nothing written, since it would"
        " be lost",
        "enter an address that always reaches the primary, such as a SNIP with"
        " management access",
    )


def wrong_type(dataset: Dataset, needed: Family, appliance: str) -> DatasetTypeError:
    """Return the error that a data set is of the other family."""
    kinds = {Family.V4: "ipv4", Family.V6: "ipv6"}
    field = {Family.V4: "IP Block List", Family.V6: "ipv6_block_list"}[needed]
    return DatasetTypeError(
        f"the data set {dataset.name} on {appliance} has the type"
        f" {kinds[dataset.family]}, and {kinds[needed]} is needed",
        f"enter the name of a data set of type {kinds[needed]} as {field}",
    )
