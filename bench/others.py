"""Other ways to keep a list in step, as small simulations: one function a way.

Each takes what is blocked, what the source gave in this hour and what struck, and
returns what is blocked then. None of them is the code of a product: each is a rule
that tools of the field follow or followed.

    way                  | an error     | an empty list | a part       | breaking off
    ---------------------+--------------+---------------+--------------+--------------
    add-only             | nothing      | nothing       | adds it      | adds a part
    full replacement     | empties      | empties       | replaces     | loads a part
      that keeps the set | nothing      | empties       | replaces     | loads a part
    30 % rule            | nothing      | nothing       | if over 70 % | does a part
"""

from collections.abc import Callable, Mapping

from history import Address
from hits import Effect, Hit

Blocked = frozenset[Address]
Way = Callable[[Blocked, Blocked, Hit | None], Blocked]

KEPT = 0.7
"""The 30 % rule: a list with fewer entries than this share of the set is not taken."""


def add_only(blocked: Blocked, listed: Blocked, hit: Hit | None) -> Blocked:
    """Bind what is there; take nothing out."""
    given = _given(listed, hit)
    return _written(blocked, blocked | (given or frozenset()), hit)


def replace_all(blocked: Blocked, listed: Blocked, hit: Hit | None) -> Blocked:
    """Empty the set and load what came, also where that is an error."""
    given = _given(listed, hit) or frozenset()
    return _loaded(blocked, given, hit)


def replace_good(blocked: Blocked, listed: Blocked, hit: Hit | None) -> Blocked:
    """Empty the set and load what came, except after an error."""
    given = _given(listed, hit)
    return blocked if given is None else _loaded(blocked, given, hit)


def thirty_percent(blocked: Blocked, listed: Blocked, hit: Hit | None) -> Blocked:
    """Apply the difference, unless the list is smaller than 70 % of the set."""
    given = _given(listed, hit)
    if given is None or len(given) < KEPT * len(blocked):
        return blocked
    return _written(blocked, given, hit)


WAYS: Mapping[str, Way] = {
    "add-only, hourly": add_only,
    "full replacement, an error is an empty list": replace_all,
    "full replacement, an error keeps the set": replace_good,
    "difference with a 30 % rule": thirty_percent,
}


def _given(listed: Blocked, hit: Hit | None) -> Blocked | None:
    """Return what the source gives; None where that is an error."""
    effect = None if hit is None else hit.effect
    if effect is Effect.ERROR:
        return None
    if effect is Effect.EMPTY:
        return frozenset()
    if hit is not None and effect is Effect.SHORT:
        return frozenset(part(listed, hit.depth))
    return listed


def _written(blocked: Blocked, wanted: Blocked, hit: Hit | None) -> Blocked:
    """Return what is blocked after a difference was written, or a part of it."""
    if hit is None or hit.effect not in (Effect.BROKEN_OFF, Effect.LOST):
        return wanted
    if hit.effect is Effect.LOST:
        return blocked
    add, remove = wanted - blocked, blocked - wanted
    done = int(hit.written * (len(add) + len(remove)))
    came = part(add, 1.0, done)
    return (blocked | {*came}) - {*part(remove, 1.0, done - len(came))}


def _loaded(blocked: Blocked, wanted: Blocked, hit: Hit | None) -> Blocked:
    """Return what is blocked after the set was emptied and loaded, or a part of it."""
    if hit is None or hit.effect not in (Effect.BROKEN_OFF, Effect.LOST):
        return wanted
    if hit.effect is Effect.LOST or not hit.written:
        return blocked
    return frozenset(part(wanted, hit.written))


def part(of: Blocked, share: float, most: int | None = None) -> list[Address]:
    """Return the first of some addresses: a share, and no more than a number."""
    ordered = sorted(of, key=lambda one: (one.version, int(one)))
    return ordered[: int(share * len(ordered))][:most]
