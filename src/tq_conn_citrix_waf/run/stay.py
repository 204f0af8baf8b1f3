"""What of ours may stay a while although it is wanted no more, and what may not wait.

1. Let through at once: what must never be blocked; what ThreatQ has as Whitelisted, in
   a data collection or in none, since a collection of what is Active drops it; what a
   person has agreed to remove.
2. Where ThreatQ does not tell what is Whitelisted, nothing stays: in doubt, through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.facts import Claim
from tq_conn_citrix_waf.core.guard import Consent, Held, granted
from tq_conn_citrix_waf.core.model import Reason
from tq_conn_citrix_waf.core.plan import Stay
from tq_conn_citrix_waf.core.ports import Source
from tq_conn_citrix_waf.core.ranges import AddressRange, Family, Ranges
from tq_conn_citrix_waf.run.gather import Part

THROUGH = (Reason.WHITELISTED, Reason.STATUS_UNCLEAR)
"""What has one of these reasons may not wait."""


def let_through(source: Source, parts: Sequence[Part]) -> dict[Family, Ranges]:
    """Return what ThreatQ says is to be let through, by family.

    Raises:
        SourceError: it does not tell.
    """
    values = [indicator.value for indicator in source.whitelisted()]
    values += _rejected(parts)
    ranges = [*_read(values)]
    return {f: _of(f, (r for r in ranges if r.family is f)) for f in Family}


def released(
    through: Mapping[Family, Ranges],
    never_block: Ranges,
    consents: Sequence[Consent],
) -> Ranges:
    """Return what of one family is let through at once, for whatever reason."""
    family = never_block.family
    agreed = granted(consents, Held.REMOVALS, family)
    return through[family].union(never_block).union(agreed)


def staying(
    claims: Iterable[Claim],
    never_block: Ranges,
    consents: Sequence[Consent],
    rule: tuple[date, int],
) -> Stay | None:
    """Return how long what these indicators speak of stays; None: no minimum is set.

    Args:
        claims: all that is known of an address or a network.
        never_block: of its family.
        consents: that count.
        rule: today, UTC, and the minimum stay in days.
    """
    today, days = rule
    if not days:
        return None
    said = [c.range for c in claims if c.reason in THROUGH and c.range is not None]
    through = {f: _of(f, (r for r in said if r.family is f)) for f in Family}
    return Stay(today, days, released(through, never_block, consents))


def _rejected(parts: Sequence[Part]) -> Iterator[str]:
    for part in parts:
        if part.given is not None:
            for _, value, reason in part.given.rejections:
                if reason in THROUGH:
                    yield value


def _read(values: Iterable[str]) -> Iterator[AddressRange]:
    for value in values:
        found = read_any(value)
        if found is not None:
            yield found


def _of(family: Family, ranges: Iterable[AddressRange]) -> Ranges:
    return Ranges.of(family, ((r.first, r.last) for r in ranges))
