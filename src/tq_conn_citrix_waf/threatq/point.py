"""Questions about few indicators: which are there of just these values.

1. A question never walks a collection: one page answers it. Whether something belongs
   to a data collection is asked with its stored query, whole and unchanged, beside the
   values (``+and``, ``+or`` and ``value`` are in several clients' queries).
2. An answer that holds anything else than what was asked for comes from a server that
   let part of the question fall: it is no answer.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from tq_conn_citrix_waf.core.model import Indicator, utc
from tq_conn_citrix_waf.core.selection import NO_DATES, Dates
from tq_conn_citrix_waf.errors import SourceFaultError, SourceRefusedError
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.collections import FIELDS, QUERY, Threatq
from tq_conn_citrix_waf.threatq.session import Session

_PAGE = {"limit": "1000", "sort": "id", "offset": "0"}
_BORN = "created_at"


@dataclass(frozen=True, slots=True)
class Found:
    """An indicator, and since when ThreatQ has it; None where that is not told."""

    indicator: Indicator
    since: date | None


@dataclass(frozen=True, slots=True)
class Sought:
    """A data collection that is asked.

    Attributes:
        position: what to put into each ``Indicator.collection``.
        dates: which to put into each, besides the date of expiry.
    """

    name: str
    position: int = 0
    dates: Dates = NO_DATES


class _Born(msgspec.Struct):
    id: Any = None
    created_at: Any = None


class _Births(msgspec.Struct):
    data: list[_Born]


class _One(msgspec.Struct):
    data: msgspec.Raw


class Points:
    """Questions to one ThreatQ; every method may raise ``SourceError``."""

    def __init__(self, session: Session, threatq: Threatq) -> None:
        self._session = session
        self._threatq = threatq

    def among(self, sought: Sought, values: Sequence[str]) -> list[Found] | None:
        """Return a data collection's indicators of some values.

        Args:
            sought: the data collection.
            values: as ThreatQ may spell them.

        Returns:
            None where its stored query is not to be had, so that nobody can ask.
        """
        stored = self._threatq.collection(sought.name).query
        if not stored:
            return None
        found = self._ask(dict(stored), _any_of(values), sought)
        _must_be(found, {value.lower() for value in values}.__contains__)
        return found

    def near(self, sought: Sought, text: str) -> list[Found]:
        """Return a data collection's indicators whose value holds a text."""
        stored = self._threatq.collection(sought.name).query
        if not stored:
            return []
        found = self._ask(dict(stored), {"value": {"+contains": text}}, sought)
        _must_be(found, lambda value: text.lower() in value)
        return found

    def all(self, sought: Sought) -> Iterator[Indicator]:
        """Yield every indicator of a data collection; see ``core.ports.Source``."""
        return self._threatq.collect(sought.name, sought.position, sought.dates)

    def known(self, values: Sequence[str], dates: Dates) -> list[Found]:
        """Return all of the library's indicators of some values."""
        found = self._ask({}, _any_of(values), Sought("", 0, dates))
        _must_be(found, {value.lower() for value in values}.__contains__)
        return found

    def by_id(self, id_: int, dates: Dates) -> Found | None:
        """Return one indicator; None where ThreatQ has it no more."""
        path = f"/api/indicators/{id_}"
        try:
            body = self._session.get(path, {"with": "score,status,type"})
        except SourceRefusedError:  # a 404, in whatever words
            return None
        one = answers.decoded(body, _One)
        if one is None:
            return None
        found = self._read(
            b'{"data":[' + bytes(one.data) + b"]}", path, Sought("", 0, dates)
        )
        return next((f for f in found if f.indicator.id == id_), None)

    def empty(self, name: str) -> bool:
        """Whether a data collection holds nothing at all just now."""
        stored = self._threatq.collection(name).query
        body = msgspec.json.encode({**stored, "fields": ["id"]})
        got = self._session.post(QUERY, {**_PAGE, "limit": "1"}, body)
        return not self._threatq.reader().read(got, f"POST {QUERY}").rows

    def _ask(
        self, stored: dict[str, msgspec.Raw], of: dict[str, Any], sought: Sought
    ) -> list[Found]:
        criteria = stored.get("criteria", msgspec.Raw(b"null"))
        asked: Any = of
        if bytes(criteria).strip() not in (b"null", b"{}", b"[]"):
            asked = {"+and": [criteria, of]}
        fields = [*dict.fromkeys((*FIELDS, *sought.dates.names, _BORN))]
        query = {**stored, "criteria": asked, "fields": fields}
        got = self._session.post(QUERY, _PAGE, msgspec.json.encode(query))
        return self._read(got, f"POST {QUERY}", sought)

    def _read(self, body: bytes, asked: str, sought: Sought) -> list[Found]:
        births = answers.decoded(body, _Births) or _Births([])
        since = {b.id: _day(b.created_at) for b in births.data if isinstance(b.id, int)}
        page = self._threatq.reader(sought.dates).read(body, asked)
        rows = page.indicators(sought.position)
        return [Found(one, since.get(one.id)) for one in rows]


def _any_of(values: Iterable[str]) -> dict[str, Any]:
    return {"+or": [{"value": value} for value in values]}


def _must_be(found: Iterable[Found], meant: Callable[[str], bool]) -> None:
    if not all(meant(one.indicator.value.lower()) for one in found):
        raise SourceFaultError(
            f"POST {QUERY}: ThreatQ answered with other indicators than were asked for",
            answers.MAINTENANCE,
        )


def _day(text: object) -> date | None:
    try:
        return utc(str(text)).date()
    except ValueError:
        return None
