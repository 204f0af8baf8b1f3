"""Indicators to what should be blocked: ``normalise``.

1. Every indicator ends in exactly one place: it asks for an entry, it repeats one that
   another asked for, or it is rejected with a reason.
2. The outcome does not depend on the order in which indicators come.
"""

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from tq_conn_citrix_waf.core.addresses import read_v4
from tq_conn_citrix_waf.core.model import Desired, Indicator, Reason, Rejections
from tq_conn_citrix_waf.core.ranges import Column, Family, Ranges, column, spell

ADDRESS_TYPE = "IP Address"
"""ThreatQ's name of the type that holds one IPv4 address."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What is taken, and what is left out.

    Attributes:
        now: the instant against which an expiry date is held, in UTC.
        never_block: cut out of everything.
        statuses: the only ones taken, at their word; None: all that a collection
            gives, but for Expired. Whitelisted is never taken.
        expired: whether what has expired is taken, by status or by date.
    """

    now: datetime
    never_block: Ranges
    statuses: frozenset[str] | None = None
    expired: bool = False


def normalise(indicators: Iterable[Indicator], rules: Rules) -> Desired:
    """Return all that should be blocked, and what is left out with its reason."""
    rejections = Rejections()
    statuses: Counter[str] = Counter()
    addresses, ids, collections = column(Family.V4), array("q"), array("H")
    for indicator in indicators:
        statuses[indicator.status] += 1
        found = _judge(indicator, rules)
        if isinstance(found, Reason):
            rejections.add(indicator, found)
        else:
            addresses.append(found)
            ids.append(indicator.id)
            collections.append(indicator.collection)
    asked = _first_to_ask(addresses, collections, ids)
    entries = column(Family.V4, map(addresses.__getitem__, asked))
    all_asked = Ranges(Family.V4, entries, entries[:])
    wanted, rows = all_asked.subtract_with_rows(rules.never_block)
    let_through = chain(rows, [-1])
    passed = next(let_through)
    for row, n in enumerate(asked):
        if row == passed:
            passed = next(let_through)
        else:
            protected = spell(Family.V4, entries[row])
            rejections.add_value(ids[n], protected, Reason.NEVER_BLOCK)
    taken = array("L", map(asked.__getitem__, rows))
    return Desired(
        wanted,
        array("q", map(ids.__getitem__, taken)),
        array("H", map(collections.__getitem__, taken)),
        rejections,
        len(ids) - len(asked),
        dict(statuses),
        all_asked.intersect(rules.never_block),
    )


def _first_to_ask(
    addresses: Column, collections: "array[int]", ids: "array[int]"
) -> "array[int]":
    """Return, in the order of addresses, the first row that asks for each.

    First is the lowest collection, then the lowest id. Only equal addresses are
    compared so: a tuple for each row would cost four times the time.
    """
    asked, before = array("L"), -1
    for n in sorted(range(len(ids)), key=addresses.__getitem__):
        if addresses[n] != before:
            before = addresses[n]
            asked.append(n)
        elif (collections[n], ids[n]) < (collections[asked[-1]], ids[asked[-1]]):
            asked[-1] = n
    return asked


def _judge(indicator: Indicator, rules: Rules) -> int | Reason:
    """Return the address that an indicator asks for, or why it gets nothing."""
    if indicator.type != ADDRESS_TYPE:
        return Reason.OTHER_TYPE
    unfit = _by_status(indicator, rules)
    if unfit is not None:
        return unfit
    expires = indicator.expires_at
    if expires is not None and expires <= rules.now and not rules.expired:
        return Reason.EXPIRED_DATE
    address = read_v4(indicator.value)
    return Reason.MALFORMED if address is None else address


def _by_status(indicator: Indicator, rules: Rules) -> Reason | None:
    if not indicator.status_agrees:
        return Reason.STATUS_UNCLEAR
    if indicator.status == "Whitelisted":
        return Reason.WHITELISTED
    if rules.statuses is not None:
        return None if indicator.status in rules.statuses else Reason.STATUS
    if indicator.status == "Expired" and not rules.expired:
        return Reason.EXPIRED
    return None
