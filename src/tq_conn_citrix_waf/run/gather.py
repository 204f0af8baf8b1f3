"""Every data collection, read, normalised and judged: one ``Desired`` for all.

1. A collection that fails, is empty, or gives nothing that can be blocked is an outage:
   the last good generation of it stands in, and the run says so and ends with 3.
2. Where there is no last good generation, nothing is written at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from tq_conn_citrix_waf.core.guard import Consent, Limits, Refusal
from tq_conn_citrix_waf.core.merge import merge, stand_in
from tq_conn_citrix_waf.core.model import Desired, Indicator
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ports import Source
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.trust import trust
from tq_conn_citrix_waf.errors import SourceEmptyError, SourceError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.store.ledger import Ledger


@dataclass(frozen=True, slots=True)
class Part:
    """One data collection in a run.

    Attributes:
        given: as it was read; None where it could not be.
        taken: what of it is taken.
        refusals: what of it is held back.
        failure: why the last good generation stands in.
        since: of when that generation is.
        unknown: whether all of it is held back and nothing of it is known from before:
            then nothing may be removed, since it may be what this collection wants.
    """

    name: str
    given: Desired | None
    taken: Desired
    refusals: tuple[Refusal, ...] = ()
    failure: SourceError | None = None
    since: datetime | None = None
    unknown: bool = False


@dataclass(frozen=True, slots=True)
class Judge:
    """What collections are judged by."""

    rules: Rules
    limits: Limits
    consents: Sequence[Consent]
    ledger: Ledger


def gather(source: Source, names: Sequence[str], judge: Judge) -> list[Part]:
    """Return every data collection as far as it is believed.

    Raises:
        SourceError: one failed, and no generation of it is kept.
        CollectionAmbiguousError: two carry one name.
    """
    return [_part(source, name, n, judge) for n, name in enumerate(names)]


def whole(parts: Sequence[Part]) -> Desired:
    """Return what all collections together ask for."""
    return merge([part.taken for part in parts])


def keep(parts: Sequence[Part], ledger: Ledger, now: datetime) -> tuple[int, ...]:
    """Keep what was taken of each as its last good generation; return their numbers."""
    return tuple(
        ledger.keep(part.name, part.taken.wanted, part.taken.ids, now)
        for part in parts
        if part.given is not None and not part.unknown
    )


def _part(source: Source, name: str, position: int, judge: Judge) -> Part:
    kept = judge.ledger.last_good(name, Family.V4)
    last = None if kept is None else stand_in(kept.wanted, kept.ids, position)
    try:
        given = normalise(_collect(source, name, position), judge.rules)
        _refuse_nothing(given, name)
    except SourceError as error:
        if last is None or kept is None:
            raise
        log.warning(
            "%s: the generation of %s stands in",
            error.what,
            f"{kept.at:%Y-%m-%d %H:%M} UTC",
        )
        return Part(name, None, last, (), error, kept.at)
    trusted = trust(given, last, judge.limits, judge.consents)
    unknown = last is None and bool(trusted.refusals)
    return Part(name, given, trusted.desired, trusted.refusals, unknown=unknown)


def _collect(source: Source, name: str, position: int) -> Iterator[Indicator]:
    empty = True
    for indicator in source.collect(name, position):
        empty = False
        yield indicator
    if empty:
        raise SourceEmptyError(
            f"the data collection {name!r} is empty: taken for an outage",
            "look at it in ThreatQ; what is on the appliance stays until the collection"
            " holds something again",
        )


def _refuse_nothing(given: Desired, name: str) -> None:
    """Take a list of nothing for an outage, whatever made it so."""
    if not len(given.wanted):
        raise SourceEmptyError(
            f"none of the {given.seen:,} indicators of {name!r} can be blocked: taken"
            " for an outage",
            "look at the types and statuses in the data collection",
        )
