"""How far one data collection is believed: ``trust``.

Against the generation of it that was accepted last:

    what it gives                      | what is taken
    -----------------------------------+---------------------------------------------
    ordinary change                    | all of it
    more than a limit is new           | the last generation's, and what left goes
    more than a limit is gone          | the last generation's, and what is new comes
    too many never-block addresses     | the last generation, whole; without one: none
    a block wider than is free         | all but that, unless it was taken before

1. What is held back is a refusal with an id; a consent to its entries lets it pass.
2. Without a last generation only never-block hits and wide blocks are judged: the
   guard of the whole plan still stands behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tq_conn_citrix_waf.core.guard import (
    Consent,
    Held,
    Limits,
    Refusal,
    granted,
    let_through,
    weigh,
)
from tq_conn_citrix_waf.core.merge import merge, nothing, restrict
from tq_conn_citrix_waf.core.model import Desired
from tq_conn_citrix_waf.core.ranges import Ranges


@dataclass(frozen=True, slots=True)
class Trusted:
    """What of a collection is taken, and what is held back."""

    desired: Desired
    refusals: tuple[Refusal, ...] = ()


def trust(
    given: Desired,
    last: Desired | None,
    limits: Limits,
    consents: Sequence[Consent] = (),
) -> Trusted:
    """Return what of a collection is taken.

    Args:
        given: what it gives now.
        last: what was taken of it last; None where that is not known.
        limits: what one step may be.
        consents: those that have not lapsed.
    """
    family = given.wanted.family
    hits = given.protected.subtract(granted(consents, Held.PROTECTED, family))
    size = len(given.wanted) + len(given.protected)
    limit = limits.protected(size)
    if len(hits) > limit:
        refusal = Refusal(Held.PROTECTED, hits, len(hits), limit, size)
        return Trusted(last if last is not None else nothing(family), (refusal,))
    given, refusals = _without_wide(given, last, consents)
    if last is None:
        return Trusted(given, refusals)
    free = [*consents, let_through(given)]
    weighed = weigh(given.wanted, last.wanted, limits, free)
    if not weighed.refusals:
        return Trusted(given, refusals)
    now = restrict(given, weighed.accepted)
    before = restrict(last, weighed.accepted.subtract(given.wanted))
    return Trusted(merge([now, before]), (*refusals, *weighed.refusals))


def _without_wide(
    given: Desired, last: Desired | None, consents: Sequence[Consent]
) -> tuple[Desired, tuple[Refusal, ...]]:
    """Return a list without the wide blocks that nobody has agreed to yet."""
    family = given.wanted.family
    agreed = granted(consents, Held.WIDE, family)
    if last is not None:
        agreed = agreed.union(last.wanted).merged()
    new = given.wanted.subtract(agreed).intersect(given.wide)
    if not len(new):
        return given, ()
    blocks = ((r.first, r.last) for r in given.wide if new.touches(r.first, r.last))
    held = Ranges.of(family, blocks)
    refusal = Refusal(Held.WIDE, held, len(held), 0, len(given.wanted))
    return restrict(given, given.wanted.subtract(new)), (refusal,)
