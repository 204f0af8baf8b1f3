"""What must not be blocked in this run: every source of it, read before anything else.

1. A list that a person named and that cannot be read whole is stood in for by its last
   good copy; the run says so and ends with the list's code: a file or a MISP list with
   2, a data collection with 3, a data set with 4. Without a copy, nothing is written.
2. Before the first write it is seen that nothing is bound that must not be.
3. A hit that was let through once, below the limit or by consent, or that a person
   allowed, is known: it does not count again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce

from tq_conn_citrix_waf.core.addresses import read_any, read_ranges
from tq_conn_citrix_waf.core.guard import Held
from tq_conn_citrix_waf.core.lockout import Cover, lockout
from tq_conn_citrix_waf.core.plan import Plan
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.core.safelist import (
    ALLOWED_NAME,
    Rule,
    SafeList,
    Strength,
    built_in,
)
from tq_conn_citrix_waf.errors import ConnectorError, LockoutError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.run.gather import Part
from tq_conn_citrix_waf.store.spared import Copy, Remembered

_SHOWN = 5
"""So many entries are named where there are more; the count is always whole."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One source of never-block networks.

    Attributes:
        name: as a person knows it.
        read: returns its networks, or raises a ConnectorError.
        strength, lock_out: as in ``Rule``.
        copied: whether a copy is kept, which stands in when it cannot be read.
        needed: whether every site has such addresses.
    """

    name: str
    read: Callable[[], Iterable[AddressRange]]
    strength: Strength = Strength.REFUSE
    lock_out: bool = False
    copied: bool = False
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Protection:
    """What must not be blocked, and how that is known.

    Attributes:
        troubles: the lists that could not be read, and for which a copy stands in.
        remembered: with the lists as they are now, and the hits as they were.
    """

    safelist: SafeList = field(default_factory=lambda: SafeList(()))
    troubles: tuple[ConnectorError, ...] = ()
    remembered: Remembered = field(default_factory=Remembered)

    def hits(self, collection: str, family: Family) -> Ranges:
        """Return what of a data collection is known to be let through."""
        known = read_ranges(family, self.remembered.hits.get(collection, ()))
        rules = (r for r in self.safelist.rules if r.name == ALLOWED_NAME)
        return reduce(Ranges.union, (rule.ranges(family) for rule in rules), known)


def protect(
    origins: Iterable[Origin],
    may_block: Sequence[AddressRange],
    before: Remembered,
    now: datetime,
) -> Protection:
    """Return all that must not be blocked in this run.

    Args:
        origins: read one by one.
        may_block: what of the built-in list may be blocked.
        before: what an earlier run kept.
        now: UTC.

    Raises:
        ConnectorError: one cannot be read, and no copy of it is kept.
    """
    rules, troubles, lists = [built_in(may_block)], [], {}
    for origin in origins:
        copy = before.lists.get(origin.name)
        try:
            networks = [*origin.read()]
        except ConnectorError as error:
            if copy is None or not origin.copied:
                raise
            troubles.append(_stands_in(error, copy))
            networks = [r for text in copy.networks if (r := read_any(text))]
        else:
            copy = Copy(now, [str(network) for network in networks])
        if origin.copied:
            lists[origin.name] = copy
        rules.append(
            Rule.of(origin.name, networks, origin.strength, lock_out=origin.lock_out)
        )
    remembered = Remembered(lists, before.hits)
    return Protection(SafeList(tuple(rules)), tuple(troubles), remembered)


def _stands_in(error: ConnectorError, copy: Copy) -> ConnectorError:
    when = f"{copy.at:%Y-%m-%d %H:%M} UTC"
    log.warning("%s: its last good copy, of %s, stands in", error.what, when)
    words = f"{error.what}; its last good copy, of {when}, stands in"
    return type(error)(words, error.cure)


def with_hits(before: Remembered, parts: Sequence[Part]) -> Remembered:
    """Return what is remembered, with the hits of what was taken in this run."""
    hits: dict[str, list[str]] = {}
    for part in parts:
        held = any(refusal.held is Held.PROTECTED for refusal in part.refusals)
        now = [] if held else [str(r) for r in part.taken.protected]
        if held or part.given is None:
            old = read_ranges(part.family, before.hits.get(part.name, ()))
            now += [str(r) for r in old if str(r) not in now]
        if now:
            hits.setdefault(part.name, []).extend(now)
    return Remembered(before.lists, hits)


def keep_open(plan: Plan, safelist: SafeList) -> None:
    """See, before the first write, that nobody is locked out.

    What stands already is only warned of, with the line that removes it.

    Args:
        plan: what is about to be applied, what is held back already taken out.
        safelist: of this run.

    Raises:
        LockoutError: something would be bound that must never be: a fault of this
            program.
    """
    found = lockout(plan, safelist)
    for cover in found.standing[:_SHOWN]:
        log.warning("%s; to open it: %s", _covers(cover), cover.command)
    if len(found.standing) > _SHOWN:
        log.warning("and %d more entries like these", len(found.standing) - _SHOWN)
    if found.bound:
        more = len(found.bound) - 1
        raise LockoutError(
            f"the plan would bind what must never be blocked: {_covers(found.bound[0])}"
            f"{f' and {more:,} more' if more else ''}; nothing is written",
            "this is a fault of the connector: report it with the log of this run",
        )


def _covers(cover: Cover) -> str:
    return f"{cover.entry} covers {', '.join(cover.rules)}"
