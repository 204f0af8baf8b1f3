"""What must never be blocked, whatever any collection says.

Built in are the networks that reach nobody else's host, or our own inside: to block
them is never protection and often an outage. Documentation and benchmark networks are
not among them: they reach nobody, and examples use them.
"""

from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.ranges import Family, Ranges

BUILT_IN: dict[Family, tuple[str, ...]] = {
    Family.V4: (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ),
    Family.V6: ("::/128", "::1/128", "fc00::/7", "fe80::/10", "ff00::/8"),
}


def never_block(family: Family) -> Ranges:
    """Return the built-in never-block networks of a family."""
    found = (read_range(family, text) for text in BUILT_IN[family])
    return Ranges.of(family, ((r.first, r.last) for r in found if r is not None))
