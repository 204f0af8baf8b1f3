"""What a data collection says of one range: ThreatQ's word, else the last run's.

ThreatQ is asked for the indicators of just these values, a request a collection: the
address as people spell it, and every block around it. What else may ask for it, a range
or a block with host bits, stands in the last generation of the collection, with its id.
So one of those that came after the last run is not seen before the next one. Where no
generation is kept, or a wider entry that left may have hidden others, the collection is
walked: that takes a while, and misses nothing.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.facts import Claim, Voice
from tq_conn_citrix_waf.core.guard import Consent, Held, granted
from tq_conn_citrix_waf.core.model import Reason, Rejections
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges
from tq_conn_citrix_waf.core.seen import empty, enclosed
from tq_conn_citrix_waf.core.selection import Selections
from tq_conn_citrix_waf.core.spellings import spellings
from tq_conn_citrix_waf.errors import (
    CollectionNotFoundError,
    SourceError,
    SourceFaultError,
    SourceRefusedError,
)
from tq_conn_citrix_waf.store.records import Generation
from tq_conn_citrix_waf.threatq.point import Found, Points, Sought

_NEAR_MOST = 5
_LEFT_OUT_MOST = 20
"""So many of what was left out around an address are asked for, a request each."""
_ONE_COLLECTION = (SourceRefusedError, SourceFaultError, CollectionNotFoundError)
"""Troubles that leave all else that ThreatQ can be asked."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What the last run kept of one collection; ``left_out`` is of both families."""

    generation: Generation | None = None
    left_out: Rejections = field(default_factory=Rejections)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked, and by what the answers are judged."""

    asked: AddressRange
    rules: Rules
    selections: Selections = field(default_factory=Selections)
    consents: Sequence[Consent] = ()

    @property
    def none(self) -> Ranges:
        """Return no addresses, of its family."""
        return empty(self.asked.family)

    @property
    def whole(self) -> Ranges:
        """Return all that is asked about."""
        return Ranges.of(self.asked.family, [(self.asked.first, self.asked.last)])

    def encloses(self, one: AddressRange | None) -> bool:
        """Whether all of what is asked about lies in a range."""
        if one is None or one.family is not self.asked.family:
            return False
        return one.first <= self.asked.first and self.asked.last <= one.last


def remembered(question: Question, name: str, kept: Kept, trouble: str) -> Voice:
    """Return what a collection said at the last run."""
    generation, none = kept.generation, question.none
    claims = [*_around(question, name, kept)]
    left, within = _left_out(question, name, kept.left_out)
    claims += left
    if generation is None:
        return Voice(name, None, none, tuple(claims), none, within, None, trouble)
    taken, at = enclosed(generation.wanted, question.asked), generation.at
    return Voice(name, taken, taken, tuple(claims), none, within, at, trouble)


def heard(
    points: Points, question: Question, name: str, position: int, kept: Kept
) -> Voice:
    """Return what a collection says now.

    Raises:
        SourceError: ThreatQ cannot be asked at all.
    """
    before = remembered(question, name, kept, "")
    sought = Sought(name, position, question.selections.of(name).dates)
    if kept.generation is None:
        return _walked(points, question, before, sought)
    try:
        found = points.among(sought, spellings(question.asked))
        if found is None:
            return replace(before, trouble=f"the query of {name} is not to be had")
        claims = [_claim(name, one, question) for one in found]
        older, risen = _older(points, question, before, sought, claims)
        left = any(claim.left for claim in older)
        if left and points.empty(name):
            return replace(before, trouble=f"{name} is empty, which is an outage")
        if not claims and not any(claim.reason is None for claim in older):
            claims += _near(points, question, sought)
    except _ONE_COLLECTION as error:
        return replace(before, trouble=error.what)
    wanted, wide = _judged([*found, *risen], question, sought, kept)
    stays = {claim.id for claim in older if claim.reason is None and not claim.left}
    took = [claim for claim in before.claims if claim.reason is None]
    gone = [claim.range for claim in took if claim.range and claim.id not in stays]
    if not len(wanted) and any(one != question.asked for one in gone):
        return _walked(points, question, before, sought)
    out = Ranges.of(question.asked.family, ((r.first, r.last) for r in gone))
    wanted = wanted.union(before.taken.subtract(out))
    return replace(
        before,
        wanted=wanted,
        claims=(*claims, *older),
        wide=wide,
        at=question.rules.now,
    )


def _walked(points: Points, question: Question, before: Voice, sought: Sought) -> Voice:
    """Return what a collection says of which nothing is kept."""
    name, text, whole = before.collection, str(question.asked), question.whole
    found, empty_ = [], True
    try:
        for indicator in points.all(sought):
            empty_ = False
            one = read_any(indicator.value)
            if one is None:
                meant = _holds(indicator.value, text)
            else:
                meant = one.family is whole.family and whole.touches(
                    one.first, one.last
                )
            if meant:
                found.append(Found(indicator, None))
    except _ONE_COLLECTION as error:
        return replace(before, trouble=error.what)
    if empty_:
        return replace(before, trouble=f"{name} is empty, which is an outage")
    wanted, wide = _judged(found, question, sought, Kept())
    claims = [_claim(name, one, question) for one in found]
    around = [
        c for c in claims if question.encloses(c.range) or c.reason is Reason.MALFORMED
    ]
    inside = [c.reason for c in claims if c not in around and c.reason is not None]
    return replace(
        before,
        wanted=wanted,
        claims=tuple(around),
        wide=wide,
        within=Counter(inside),
        at=question.rules.now,
    )


def elsewhere(points: Points, question: Question) -> list[Claim]:
    """Return what ThreatQ has of these values, whatever collection holds it."""
    try:
        found = points.known(
            spellings(question.asked), question.selections.general.dates
        )
    except _ONE_COLLECTION:
        return []
    return [_claim("", one, question) for one in found]


def _around(question: Question, name: str, kept: Kept) -> Iterator[Claim]:
    """Yield the last run's entry that holds all of what is asked about, if one does."""
    generation = kept.generation
    if generation is None or generation.wanted.family is not question.asked.family:
        return
    ranges, asked = generation.wanted, question.asked
    row = bisect_right(ranges.firsts, asked.first) - 1
    if row >= 0 and ranges.lasts[row] >= asked.last:
        entry = ranges[row]
        yield Claim(name, generation.ids[row], str(entry), entry, live=False)


def _left_out(
    question: Question, name: str, left_out: Rejections
) -> tuple[list[Claim], Counter[Reason]]:
    """Return what was left out around the range, and how much within it, and why."""
    text, asked = str(question.asked), question.asked
    claims: list[Claim] = []
    within: Counter[Reason] = Counter()
    for id_, value, reason in left_out:
        one = None if reason is Reason.MALFORMED else read_any(value)
        near = reason is Reason.MALFORMED and _holds(value, text)
        if near or question.encloses(one):
            claims.append(Claim(name, id_, value, one, reason=reason, live=False))
        elif one is not None and one.family is asked.family:
            within[reason] += asked.first <= one.first and one.last <= asked.last
    return claims, +within


def _holds(value: str, text: str) -> bool:
    """Whether a value holds the text of an address, and not as part of a longer one."""
    before, found, after = value.partition(text)
    return bool(found) and not (before[-1:].isalnum() or after[:1].isalnum())


def _older(
    points: Points,
    question: Question,
    before: Voice,
    sought: Sought,
    claims: Sequence[Claim],
) -> tuple[list[Claim], list[Found]]:
    """Return the last run's claims that ThreatQ's answer did not hold, as they are now.

    One may be spelled otherwise than was asked for: by its number it is found, and by
    its own spelling it is seen whether its collection holds it still. Beside them,
    those that were left out then and are still held: now they may be wanted.
    """
    name, live = before.collection, {claim.id for claim in claims}
    others = [c for c in before.claims if c.range is not None and c.id not in live]
    old = [c for c in others if c.reason is None]
    old += [c for c in others if c.reason is not None][:_LEFT_OUT_MOST]
    now = {claim.id: points.by_id(claim.id, sought.dates) for claim in old}
    values = [one.indicator.value for one in now.values() if one is not None]
    held = points.among(sought, values) if values else []
    there = {one.indicator.id for one in held or ()}
    found, risen = [], []
    for claim in old:
        one = now[claim.id]
        if one is not None and claim.id in there:
            one_now = _claim(name, one, question)
            found.append(replace(one_now, range=claim.range))
            if claim.reason is not None:
                risen.append(one)
        elif claim.reason is None:
            found.append(replace(claim, left=True, live=True))
    return found, risen


def _near(points: Points, question: Question, sought: Sought) -> list[Claim]:
    """Return indicators that seem to mean the address, and are none."""
    text = str(question.asked)
    try:
        found = points.near(sought, text)
    except SourceError:  # not every server can search for a part of a value
        return []
    claims = [_claim(sought.name, f, question) for f in found]
    meant = [
        c for c in claims if c.reason is Reason.MALFORMED and _holds(c.value, text)
    ]
    return meant[:_NEAR_MOST]


def _claim(name: str, found: Found, question: Question) -> Claim:
    one, chosen = found.indicator, question.selections.of(name)
    reasons = [
        reason
        for desired in normalise([one], question.rules, chosen).values()
        for _, _, reason in desired.rejections
    ]
    return Claim(
        name,
        one.id,
        one.value,
        read_any(one.value),
        one.status,
        one.score,
        found.since,
        reasons[0] if reasons else None,
    )


def _judged(
    found: Sequence[Found], question: Question, sought: Sought, kept: Kept
) -> tuple[Ranges, Ranges]:
    """Return what some indicators want by the rules of a run, and what is too wide."""
    chosen = question.selections.of(sought.name)
    indicators = [one.indicator for one in found]
    by_family = normalise(indicators, question.rules, chosen)
    given = by_family.get(question.asked.family)
    if given is None:
        return question.none, question.none
    agreed = granted(question.consents, Held.WIDE, question.asked.family)
    wanted = enclosed(given.wanted, question.asked)
    wide = enclosed(given.wide, question.asked).intersect(wanted).subtract(agreed)
    if kept.generation is not None:
        wide = wide.subtract(enclosed(kept.generation.wanted, question.asked))
    return wanted, wide
