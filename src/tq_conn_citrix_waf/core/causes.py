"""Why something is not both wanted and blocked, in words for a person.

One function a kind of cause: what happened, and what to do where there is something.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from tq_conn_citrix_waf.core.commands import unbind_line
from tq_conn_citrix_waf.core.facts import Claim, Facts, Hold, LastRun
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.core.model import Reason
from tq_conn_citrix_waf.core.plan import Ownership
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.core.safelist import ALLOWED_NAME
from tq_conn_citrix_waf.core.seen import Entry, Whose

_SHOWN = 3
"""So many names are given where there are more; the count is always whole."""


class Why(StrEnum):
    """The kinds of causes."""

    NEVER_BLOCK = "never-block"
    NO_SET = "no data set"
    COVERED = "covered"
    HELD = "held"
    FULL = "set full"
    REFUSED = "refused"
    FAILED = "last run"
    LOST = "lost"
    NEXT_RUN = "next run"
    IDLE = "switched off"
    STAYS = "minimum stay"
    UNWANTED = "not wanted"
    INSTANCE = "instance"
    FOREIGN = "foreign"
    LEFT = "left"
    LEFT_OUT = "left out"
    NOWHERE = "not found"


@dataclass(frozen=True, slots=True)
class Cause:
    """One cause.

    Attributes:
        words: what it is; one line.
        cure: what a person does about it; '' where there is nothing to do.
        part: what of that which was asked about it concerns; None: all of it.
        command: the command line that the cure speaks of; '' where it is none.
    """

    kind: Why
    words: str
    cure: str = ""
    part: Ranges | None = None
    command: str = ""


def never_block(facts: Facts) -> Cause:
    """Say that a rule has it let through."""
    words = f"no data collection can have it blocked: {some(facts.rules)}"
    by_hand = any(rule.startswith(f"{ALLOWED_NAME}: ") for rule in facts.rules)
    cure = "if it should be blocked again: allow --end" if by_hand else ""
    return Cause(Why.NEVER_BLOCK, words, cure, facts.never)


def no_set(facts: Facts) -> Cause:
    """Say that nothing of its family can be blocked."""
    words = f"there is no data set for IPv{facts.asked.family.value}"
    return Cause(Why.NO_SET, words, _CURES[Reason.NO_SET])


def covered(part: Ranges) -> Cause:
    """Say that an entry of others does our work."""
    words = "it is wanted, and an entry of others blocks it already"
    return Cause(Why.COVERED, words, part=part)


def held(hold: Hold, part: Ranges) -> Cause:
    """Say what holds it back, and how a person lets it go ahead."""
    if not hold.id:
        words = "a block this wide needs a person's consent"
        return Cause(Why.HELD, words, "let it run: it names what to approve", part)
    what = hold.held.removesuffix("s") if hold.counted == 1 else hold.held
    words = f"{hold.id} holds back {hold.counted:,} {what}"
    if hold.held is Held.PROTECTED:
        words += f", and all that is new in {hold.collection or 'that collection'}"
    if hold.approved:
        words += "; a person has agreed"
        return Cause(Why.HELD, words, "nothing: the next run does it", part)
    cure = "look whether it is meant; if so:"
    return Cause(Why.HELD, words, cure, part, hold.command)


def full(facts: Facts, part: Ranges) -> Cause:
    """Say that there was no room for it."""
    return Cause(
        Why.FULL,
        f"the data set {facts.set_name} was full at the last run",
        "narrow the data collection, or use a release that holds more values in a set",
        part,
    )


def refused(entry: AddressRange, words: str, part: Ranges) -> Cause:
    """Say that the appliance did not take it."""
    return Cause(
        Why.REFUSED,
        f"the appliance refused {entry}: {words}",
        "look at this entry on the appliance; each run tries it again",
        part,
    )


def idle(facts: Facts, part: Ranges) -> Cause:
    """Say that no run does anything."""
    cure = "let runs go on, if they should" + (":" if facts.wakes else "")
    return Cause(Why.IDLE, facts.idle, cure, part, facts.wakes)


def next_run(facts: Facts, part: Ranges) -> Cause:
    """Say that it came after the last run."""
    words = "no run is on record here"
    if facts.last is not None and not facts.last.planned:
        return _failed(facts.last, part)
    if facts.last is not None:
        words = f"the last run, {_when(facts.last)}, did not know of it"
    return Cause(Why.NEXT_RUN, words, _BINDS, part, facts.program)


def lost(facts: Facts, part: Ranges) -> Cause:
    """Say that it was there and is no more, or never came."""
    last = facts.last
    if last is not None and not (last.planned and last.exit in _WENT_ON):
        return _failed(last, part)
    words = "the last run wanted it, and it is gone: somebody unbound it, or the"
    words += " appliance restarted without saving"
    if not facts.netscaler.live:
        words = "the last run wanted it, and had not bound it when it read the set last"
    return Cause(Why.LOST, words, _BINDS, part, facts.program)


def stays(facts: Facts, entry: Entry, part: Ranges) -> Cause:
    """Say how long it stays although nothing asks for it."""
    if facts.stay is None or entry.day is None:
        raise ValueError(entry)
    until = entry.day + timedelta(days=facts.stay.days)
    words = f"nothing asks for it any more; it stays until the end of {until}"
    cure = "nothing; to let it through at once, make it Whitelisted in ThreatQ"
    return Cause(Why.STAYS, words, cure, part)


def unwanted(facts: Facts, part: Ranges) -> Cause:
    """Say that it is ours and will go."""
    return _unbinding(facts, "we bound it, and nothing asks for it any more", part)


def foreign(facts: Facts, entry: Entry) -> Cause:
    """Say whose entry it is, and who can take it out."""
    binding = entry.binding
    part = Ranges.of(facts.asked.family, [facts.inside(entry)])
    if entry.whose is Whose.INSTANCE:
        words = f"the connector with the id {entry.instance} bound {binding.range}"
        cure = "ask that one: explain -c with its configuration directory"
        return Cause(Why.INSTANCE, words, cure, part)
    if facts.ownership is Ownership.EXCLUSIVE:
        words = f"{binding.range} has no mark, and the set is ours alone (exclusive)"
        return _unbinding(facts, words, part)
    words = f"{binding.range} has no mark of ours: no run takes it out"
    cure = "if it should be open, on the NetScaler:"
    command = unbind_line(facts.set_name, binding)
    return Cause(Why.FOREIGN, words, cure, part, command)


def foreigners(facts: Facts, entries: Sequence[Entry]) -> Cause:
    """Say which entries of a network are not ours."""
    shown = some([str(entry.binding.range) for entry in entries])
    pairs = [facts.inside(entry) for entry in entries]
    return Cause(
        Why.FOREIGN,
        f"{len(entries):,} entries of others, which no run takes out: {shown}",
        "ask about one of them to see whose it is",
        Ranges.of(facts.asked.family, pairs),
    )


def left_out(claim: Claim, reason: Reason) -> Cause:
    """Say why an indicator gets nothing."""
    return Cause(Why.LEFT_OUT, f"{reason}: {named(claim)}", _CURES.get(reason, _CHANGE))


def within(facts: Facts, reason: Reason, count: int) -> Cause:
    """Say how many indicators of a network get nothing."""
    words = f"{reason}: {count:,} indicators in {facts.asked}"
    return Cause(Why.LEFT_OUT, words)


def left(claim: Claim) -> Cause:
    """Say that its collection holds it no more."""
    return Cause(Why.LEFT, f"it left {claim.collection} after the last run")


def nowhere(facts: Facts, *, blocked: bool) -> Cause:
    """Say that no collection asks for it."""
    names = [voice.collection for voice in facts.voices]
    words = f"it is in none of the data collections: {some(names)}"
    cure = "if it should be blocked, add it in ThreatQ so that a collection holds it"
    if facts.elsewhere:
        words += f"; ThreatQ has it as {named(facts.elsewhere[0])}"
        cure = "if it should be blocked, widen what the data collection asks for"
    return Cause(Why.NOWHERE, words, "" if blocked else cure)


def named(claim: Claim) -> str:
    """Return an indicator in words: where it is, its number, and what it says."""
    said = [f"indicator {claim.id}"] if claim.id else ["an indicator without a number"]
    said += [claim.value, claim.status] if claim.status else [claim.value]
    if claim.score is not None:
        said.append(f"score {claim.score:g}")
    if claim.since is not None:
        said.append(f"in ThreatQ since {claim.since}")
    where = f"{claim.collection}: " if claim.collection else ""
    return where + ", ".join(said)


def some(texts: Sequence[str]) -> str:
    """Return the first few of many names, and that there are more."""
    more = f" and {len(texts) - _SHOWN:,} more" if len(texts) > _SHOWN else ""
    return ", ".join(texts[:_SHOWN]) + more


_WENT_ON = (0, 3, 5)
"""The exit codes of runs that did all that they might: in step, with a stand-in for a
collection, or with part of the plan held."""


def _failed(last: LastRun, part: Ranges) -> Cause:
    words = f"the last run, {_when(last)}, ended with {last.exit}: {last.what}"
    return Cause(Why.FAILED, words, last.cure, part)


def _when(last: LastRun) -> str:
    return f"{last.at:%Y-%m-%d %H:%M} UTC"


_BINDS = "nothing: the next run binds it; or now:"


def _unbinding(facts: Facts, words: str, part: Ranges) -> Cause:
    cure, command = "nothing: the next run unbinds it; or now:", facts.program
    if facts.idle:
        cure, command = f"nothing unbinds it: {facts.idle}", facts.wakes
    elif facts.ownership is Ownership.ADD_ONLY:
        command = ""
        cure = "unbind it on the NetScaler: runs only add (ownership = add-only)"
    return Cause(Why.UNWANTED, words, cure, part, command)


_CHANGE = "change it in ThreatQ, or what [selection] in the configuration file asks for"
_CURES = {
    Reason.OTHER_TYPE: "give it the type IP Address, IPv6 Address or CIDR Block",
    Reason.MALFORMED: "correct its value in ThreatQ",
    Reason.NO_SET: "name a data set of type ipv6 as ipv6_block_list in [netscaler]",
    Reason.WHITELISTED: "nothing if that is meant: Whitelisted means let through",
    Reason.EXPIRED: "make it Active in ThreatQ, or set expired = true in [selection]",
    Reason.EXPIRED_DATE: "give it a later date, or set expired = true in [selection]",
    Reason.STATUS: "change its status, or add that to statuses in [selection]",
    Reason.STATUS_UNCLEAR: "set its status in ThreatQ once more",
    Reason.NEVER_BLOCK: "",
    Reason.SCORE: "raise its score in ThreatQ, or lower minimum_score",
    Reason.NO_SCORE: "give it a score in ThreatQ, or set no minimum_score",
    Reason.AGE: "nothing if that is meant; else raise maximum_age",
    Reason.TIME_LIMIT: "nothing if that is meant; else raise time_limit",
    Reason.NO_DATE: "choose a date that its feed tells: age_date or last_date",
}
