"""What a run needs of the never-block lists: that each can be read."""

from collections.abc import Iterable

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.core.safelist import Rule, SafeList, built_in
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.origins import BY_HAND
from tq_conn_citrix_waf.run.protected import Origin, protect
from tq_conn_citrix_waf.run.site import remembered
from tq_conn_citrix_waf.settings import Settings

NAME = "never-block"


def never_block(
    area: Area,
    lists: Lists,
    origins: Iterable[Origin],
    around: tuple[File, Settings, Clock],
) -> tuple[Finding, SafeList]:
    """Return what was found of some lists, and what is known of them."""
    file, settings, clock = around
    before = remembered(file, settings).read()
    asked = [*origins]
    try:
        found = protect(asked, lists.may_block, before, clock.now())
    except ConnectorError as error:
        return area.fail(NAME, error), SafeList((built_in(lists.may_block),))
    if found.troubles:
        return area.fail(NAME, found.troubles[0]), found.safelist
    sizes = {rule.name: _size(rule) for rule in found.safelist.rules}
    words = "entries: " + ", ".join(
        f"{n} {size:,}" for n, size in sizes.items() if size
    )
    missing = [
        origin.name for origin in asked if origin.needed and not sizes[origin.name]
    ]
    if missing:
        words += f"; not known: {', '.join(missing)}"
        return area.warn(NAME, words, BY_HAND), found.safelist
    return area.ok(NAME, words), found.safelist


def _size(rule: Rule) -> int:
    return len(rule.v4) + len(rule.v6)
