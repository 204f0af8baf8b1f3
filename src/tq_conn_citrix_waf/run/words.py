"""Entries and counts in words, as the report and the errors have them."""

from collections.abc import Iterator, Sequence
from operator import eq

from tq_conn_citrix_waf.core.drift import Drift
from tq_conn_citrix_waf.core.ranges import AddressRange, Ranges

SHOWN = 5
"""So many entries are named where there are more; the count is always whole."""


def row(name: str, count: int, words: str, indent: int = 0) -> str:
    """Return one row of a table of counts."""
    return f"  {name:<10}{count:>9,}  {'':<{indent}}{words}".rstrip()


def sample(ranges: Ranges) -> str:
    """Return the first few of many ranges, and that there are more."""
    shown = [str(ranges[row]) for row in range(min(SHOWN, len(ranges)))]
    more = f" and {len(ranges) - SHOWN:,} more" if len(ranges) > SHOWN else ""
    return ", ".join(shown) + more


def kinds(ranges: Ranges) -> dict[str, int]:
    """Count entries by kind; only kinds that occur."""
    single = sum(map(eq, ranges.firsts, ranges.lasts))
    if single == len(ranges):
        return {"addresses": single} if single else {}
    blocks = sum(r.prefix() is not None for r in ranges) - single
    spans = len(ranges) - single - blocks
    counted = {"addresses": single, "blocks": blocks, "ranges": spans}
    return {kind: count for kind, count in counted.items() if count}


def drift_lines(drift: Drift | None) -> Iterator[str]:
    """Yield what others did to one data set."""
    if drift is None:
        return
    since = f"since {drift.since:%Y-%m-%d %H:%M} UTC"
    for name, entries in (("come", drift.come), ("vanished", drift.vanished)):
        if len(entries):
            yield row(name, len(entries), f"{since}: {sample(entries)}")


def vanished(name: str, drift: Drift, done: Sequence[AddressRange]) -> str:
    """Say what of ours had vanished from a data set, and how much is bound again."""
    bound = Ranges.of(drift.vanished.family, ((r.first, r.last) for r in done))
    back = len(drift.vanished) - len(drift.vanished.subtract(bound))
    return (
        f"{len(drift.vanished):,} entries of ours were gone from {name}, unbound by"
        f" somebody or lost in a restart since {drift.since:%Y-%m-%d %H:%M} UTC"
        f" ({sample(drift.vanished)}); {back:,} are bound again"
    )
