"""What is never blocked, for somebody who only asks: as far as it can be told.

A list that cannot be read now is as its last copy was; where there is none, that is
noted, and the answer goes without it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from tq_conn_citrix_waf.core.ports import Source
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.core.safelist import Rule, SafeList, built_in
from tq_conn_citrix_waf.errors import ConnectorError, SourceError, TargetError
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.origins import Around, here, in_threatq, nearby
from tq_conn_citrix_waf.run.protected import Origin, protect
from tq_conn_citrix_waf.store.spared import Remembered


@dataclass(frozen=True, slots=True)
class Sparing:
    """What is asked, and what there is besides.

    Attributes:
        before: what runs kept.
        now: UTC.
        notes: what cannot be told now is added.
    """

    lists: Lists
    before: Remembered
    now: datetime
    notes: list[str]

    def near(self, place: Around) -> list[Rule]:
        """Return what the appliance and this host know."""
        return [*self._told(nearby(self.lists, place))]

    def safelist(
        self, source: Source | SourceError, near: list[Rule] | None
    ) -> SafeList:
        """Return all that is never blocked.

        Args:
            source: ThreatQ, or why it is away.
            near: what the appliance and this host know; None: it is away.
        """
        lists = self.lists
        origins = [*here(lists, self.now)]
        if isinstance(source, SourceError):
            origins += _away("data collection", lists.collections, source)
        else:
            origins += in_threatq(lists, source)
        if near is None:
            gone = TargetError("the NetScaler gave no answer", "ask again when it does")
            origins += _away("data set", lists.data_sets, gone)
        rules = (*self._told(origins), *(near or ()))
        return SafeList((built_in(lists.may_block), *rules))

    def _told(self, origins: Iterable[Origin]) -> Iterator[Rule]:
        for origin in origins:
            try:
                found = protect((origin,), (), self.before, self.now)
            except ConnectorError as error:
                self.notes.append(f"never-block: {error.what}")
                continue
            self.notes.extend(f"never-block: {one.what}" for one in found.troubles)
            yield found.safelist.rules[-1]


def _away(kind: str, names: Iterable[str], why: ConnectorError) -> Iterator[Origin]:
    for name in names:
        yield Origin(f"{kind} {name}", partial(_refuse, why), copied=True)


def _refuse(why: ConnectorError) -> list[AddressRange]:
    raise why
