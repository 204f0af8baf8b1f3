"""Every data collection, read, normalised and judged: one ``Desired`` for all.

1. A collection that fails, is empty, or gives nothing that can be blocked is an outage
   (unless that is how time passes: of what it gives, some is past a date of its own):
   the last good generation of it stands in, and the run says so and ends with 3.
   So is one of which more cannot be read as addresses than can: a web page or a message
   may have an address in it, and is no short list for that.
2. Where there is no last good generation, nothing is written at all.
3. A generation that stands in is cut by the never-block lists of today, and judged as
   what a collection gives. What must stay open is cut out of every one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tq_conn_citrix_waf.core.guard import Consent, Held, Limits, Refusal
from tq_conn_citrix_waf.core.merge import merge, nothing, spare, stand_in
from tq_conn_citrix_waf.core.model import BY_TIME, Desired, Indicator, Reason
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ports import Source
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.core.selection import Dates, Selections
from tq_conn_citrix_waf.core.trust import Trusted, trust
from tq_conn_citrix_waf.errors import SourceEmptyError, SourceError, SourceFaultError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.store.ledger import Generation, Ledger


@dataclass(frozen=True, slots=True)
class Part:
    """What one data collection has of one family in a run.

    Attributes:
        given: as it was read; None where it could not be.
        taken: what of it is taken.
        refusals: what of it is held back.
        failure: why the last good generation stands in.
        since: of when that generation is.
        unknown: whether part of it is held back, or all of it could not be read, and
            nothing of it is known from before: then nothing may be removed, since it
            may be what this collection wants.
    """

    name: str
    given: Desired | None
    taken: Desired
    refusals: tuple[Refusal, ...] = ()
    failure: SourceError | None = None
    since: datetime | None = None
    unknown: bool = False

    @property
    def family(self) -> Family:
        """Return the family of its entries."""
        return self.taken.wanted.family


@dataclass(frozen=True, slots=True)
class Judge:
    """What collections are judged by.

    Attributes:
        consents: by family.
        known: returns the never-block hits of a collection that count no more.
        open: by family, what is not blocked whatever is held back.
    """

    rules: Rules
    selections: Selections
    limits: Limits
    consents: Mapping[Family, Sequence[Consent]]
    ledger: Ledger
    known: Callable[[str, Family], Ranges]
    open: Mapping[Family, Ranges]


def gather(source: Source, names: Sequence[str], judge: Judge) -> list[Part]:
    """Return every data collection as far as it is believed, by family.

    Raises:
        SourceError: one failed, and no generation of it is kept.
        CollectionAmbiguousError: two carry one name.
    """
    return [
        part for n, name in enumerate(names) for part in _parts(source, name, n, judge)
    ]


def again(
    parts: Sequence[Part], once: Callable[[Family], Ranges], judge: Judge
) -> tuple[Part, ...]:
    """Judge anew what was held as new, now that it is known what stands there.

    What was accepted once, an entry of ours or the list accepted last, is nothing new:
    where the ledger is older than the appliance, as after a restored backup; and where
    a run died while an entry made way for the part of it that is wanted.
    """
    return tuple(_again(part, once, judge) for part in parts)


def _again(part: Part, once: Callable[[Family], Ranges], judge: Judge) -> Part:
    if part.given is None or not any(r.held in _NEW for r in part.refusals):
        return part
    family, accepted = part.family, once(part.family)
    known = (Consent(held, accepted) for held in _NEW)
    consents = {**judge.consents, family: [*judge.consents[family], *known]}
    position = part.given.collections[0]
    last = _last(_kept(part.name, judge), position, judge).get(family)
    return _judged(part.name, part.given, last, replace(judge, consents=consents))


_NEW = (Held.ADDITIONS, Held.WIDE)


def whole(parts: Sequence[Part], family: Family) -> Desired:
    """Return what all collections together ask for of a family."""
    return merge([part.taken for part in parts if part.family is family])


def held_back(parts: Sequence[Part], family: Family) -> Ranges:
    """Return what collections of which a part is held ask for of a family."""
    found = Ranges.empty(family)
    for part in parts:
        if part.family is family and part.refusals and part.given is not None:
            found = found.union(part.given.wanted)
    return found.merged()


def any_unknown(parts: Sequence[Part], family: Family) -> bool:
    """Whether what a collection wants of a family is not known."""
    return any(part.unknown for part in parts if part.family is family)


def keep(parts: Sequence[Part], ledger: Ledger, now: datetime) -> tuple[int, ...]:
    """Keep what was taken of each as its last good generation; return their numbers."""
    return tuple(
        ledger.keep(
            part.name,
            part.taken.wanted,
            part.taken.ids,
            now,
            part.given.rejections.of_addresses(),
        )
        for part in parts
        if part.given is not None and not part.unknown
    )


def _parts(source: Source, name: str, position: int, judge: Judge) -> list[Part]:
    kept = _kept(name, judge)
    last = _last(kept, position, judge)
    try:
        chosen = judge.selections.of(name)
        seen = _collect(source, name, position, chosen.dates)
        given = normalise(seen, judge.rules, chosen)
        _refuse_message(given.values(), name)
        _refuse_nothing(given.values(), name)
    except SourceError as error:
        if not last:
            raise
        return [
            Part(name, None, nothing(f), (), error, unknown=True)
            if one is None
            else _stood_in(name, last[f], one.at, error, judge)
            for f, one in kept.items()
        ]
    return [_judged(name, one, last.get(f), judge) for f, one in given.items()]


Kept = Mapping[Family, Generation | None]


def _kept(name: str, judge: Judge) -> Kept:
    return {f: judge.ledger.last_good(name, f) for f in judge.rules.never_block}


def _last(kept: Kept, position: int, judge: Judge) -> dict[Family, Desired]:
    """Return what was taken last, as far as it may be blocked now."""
    return {
        f: spare(stand_in(one.wanted, one.ids, position), judge.open[f])
        for f, one in kept.items()
        if one is not None
    }


def _stood_in(
    name: str, last: Desired, since: datetime, error: SourceError, judge: Judge
) -> Part:
    when = f"{since:%Y-%m-%d %H:%M} UTC"
    log.warning("%s: the generation of %s stands in", error.what, when)
    left = spare(last, judge.rules.never_block[last.wanted.family])
    trusted = _trusted(name, left, last, judge)
    return Part(name, None, trusted.desired, trusted.refusals, error, since)


def _judged(name: str, given: Desired, last: Desired | None, judge: Judge) -> Part:
    trusted = _trusted(name, given, last, judge)
    unknown = last is None and bool(trusted.refusals)
    return Part(name, given, trusted.desired, trusted.refusals, unknown=unknown)


def _trusted(name: str, given: Desired, last: Desired | None, judge: Judge) -> Trusted:
    family = given.wanted.family
    known = Consent(Held.PROTECTED, judge.known(name, family))
    return trust(given, last, judge.limits, [*judge.consents[family], known])


def _collect(
    source: Source, name: str, position: int, dates: Dates
) -> Iterator[Indicator]:
    empty = True
    for indicator in source.collect(name, position, dates):
        empty = False
        yield indicator
    if empty:
        raise SourceEmptyError(
            f"the data collection {name!r} is empty: taken for an outage",
            "look at it in ThreatQ; what is on the appliance stays until the collection"
            " holds something again",
        )


def _refuse_message(given: Collection[Desired], name: str) -> None:
    """Take a list of mostly no addresses for a message in the place of data.

    What is left out by type, status or date is not judged: nobody reads its value.
    """
    counts: Counter[Reason] = Counter()
    for one in given:
        counts.update(one.rejections.counts())
    wrong = counts[Reason.MALFORMED]
    taken = sum(one.seen for one in given) - counts.total()
    read = taken + counts[Reason.NEVER_BLOCK] + counts[Reason.NO_SET]
    if wrong <= read:
        return
    first = next(
        value
        for one in given
        for _, value, reason in one.rejections
        if reason is Reason.MALFORMED
    )
    raise SourceFaultError(
        f"{wrong:,} of the {wrong + read:,} addresses of {name!r} are none, such as"
        f" {first[:_SHOWN]!r}: taken for a message in the place of data",
        "look at the data collection in ThreatQ and at the feed that fills it",
    )


_SHOWN = 40
"""So much of a value is shown: a message may be long."""


def _refuse_nothing(given: Collection[Desired], name: str) -> None:
    """Take a list of nothing for an outage, unless time alone may have made it so."""
    counts: Counter[Reason] = Counter()
    for one in given:
        counts.update(one.rejections.counts())
    if any(counts[reason] for reason in BY_TIME):
        return
    if not any(len(one.wanted) for one in given):
        seen = sum(one.seen for one in given)
        raise SourceEmptyError(
            f"none of the {seen:,} indicators of {name!r} can be blocked: taken for an"
            " outage",
            "look at the types and statuses in the data collection",
        )
