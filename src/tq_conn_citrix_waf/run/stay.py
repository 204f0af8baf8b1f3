"""What of ours may stay a while although it is wanted no more, and what may not wait.

1. Let through at once: what must never be blocked; what ThreatQ has as Whitelisted, in
   a data collection or in none, since a collection of what is Active drops it; what a
   person has agreed to remove.
2. Where ThreatQ does not tell what is Whitelisted, nothing stays: in doubt, through.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tq_conn_citrix_waf.core.addresses import read_any
from tq_conn_citrix_waf.core.guard import Consent, Held, granted
from tq_conn_citrix_waf.core.model import Reason
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
