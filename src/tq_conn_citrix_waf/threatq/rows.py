"""One page of indicators: from JSON to columns.

1. Nothing is lost: a row that cannot be used still counts, and its value says why.
2. Both forms of a row are read: ``type`` and ``status`` as text (a query with
   ``fields``) or as objects with a name (without); ``score`` as number, text or object.
3. A page is decoded by its shape; only where a row does not fit are its rows judged
   one by one. At 10**6 indicators the first way takes a third of the time.

Columns, because a walk is kept until it has been shown to be whole: an object for each
indicator would take twice the memory.
"""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from math import isfinite
from operator import attrgetter
from typing import Annotated, Any

import msgspec

from tq_conn_citrix_waf.core.model import Indicator, utc
from tq_conn_citrix_waf.core.selection import DATES, NO_DATES, TOP_SCORE, Dates
from tq_conn_citrix_waf.errors import SourceFaultError
from tq_conn_citrix_waf.threatq import answers
from tq_conn_citrix_waf.threatq.statuses import Agreement

_BIGGEST = 2**63 - 1
_UNDATED = -(2**63)
"""Stands in a column of dates where there is none."""

_Id = Annotated[int, msgspec.Meta(ge=0, le=_BIGGEST)]


class _Named(msgspec.Struct):
    name: str
    id: _Id | None = None


class _Scores(msgspec.Struct):
    manual_score: float | str | None = None
    generated_score: float | str | None = None


class _Row(msgspec.Struct):
    id: _Id
    value: str
    type: str | _Named
    status: str | _Named | None = None
    status_id: _Id | None = None
    score: float | str | _Scores | None = None
    expires_at: str | None = None
    expired_at: str | None = None
    created_at: str | None = None
    published_at: str | None = None
    updated_at: str | None = None
    touched_at: str | None = None
    last_detected_at: str | None = None


class _Ends(msgspec.Struct):
    total: Any = None
    nextCursorMark: Any = None  # noqa: N815  # the API's own spelling


class _Page(_Ends, kw_only=True):
    data: list[_Row]


class _LoosePage(_Ends, kw_only=True):
    data: Any


@dataclass(slots=True)
class Page:
    """What one answer held, one row an indicator.

    Attributes:
        ids: 0 where the row gave none that can be used.
        aged_from, last_at: seconds since 1970; empty where not asked for.
        rows: how many the answer held, also after ``keep``.
        total: what the answer says the whole walk gives, or None.
        cursor: where the next page starts, or '' where none is named.
    """

    ids: "array[int]" = field(default_factory=lambda: array("q"))
    values: list[str] = field(default_factory=list)
    types: list[str] = field(default_factory=list)
    statuses: list[str] = field(default_factory=list)
    agreed: bytearray = field(default_factory=bytearray)
    scores: list[float | None] = field(default_factory=list)
    expiries: list[datetime | None] = field(default_factory=list)
    aged_from: "array[int]" = field(default_factory=lambda: array("q"))
    last_at: "array[int]" = field(default_factory=lambda: array("q"))
    rows: int = 0
    total: int | None = None
    cursor: str = ""

    def keep(self, picked: list[int]) -> None:
        """Keep the picked rows only."""
        for name in ("values", "types", "statuses", "scores", "expiries"):
            column = getattr(self, name)
            setattr(self, name, [column[row] for row in picked])
        for name in ("ids", "aged_from", "last_at"):
            numbers: array[int] = getattr(self, name)
            if numbers:
                setattr(self, name, array("q", (numbers[row] for row in picked)))
        self.agreed = bytearray(self.agreed[row] for row in picked)

    def indicators(self, collection: int) -> Iterator[Indicator]:
        """Yield one indicator a row."""
        columns = zip(
            self.ids,
            self.types,
            self.values,
            self.statuses,
            self.agreed,
            self.scores,
            self.expiries,
            _dates(self.aged_from),
            _dates(self.last_at),
            strict=False,  # the dates never end where there are none
        )
        for id_, type_, value, status, agreed, score, expiry, aged, last in columns:
            yield Indicator(
                id_,
                type_,
                value,
                status,
                agreed == 1,
                score,
                expiry,
                collection,
                aged,
                last,
            )


def _dates(column: "array[int]") -> Iterator[int | None]:
    if not column:
        return repeat(None)
    return (None if at == _UNDATED else at for at in column)


class Reader:
    """Reads pages; texts that repeat by the million are kept once.

    Args:
        agreement: of status ids and names.
        dates: which are read, besides the date of expiry.
    """

    def __init__(self, agreement: Agreement, dates: Dates = NO_DATES) -> None:
        self._agreement = agreement
        self._dates = dates
        self._texts: dict[str, str] = {}

    def read(self, body: bytes, asked: str) -> Page:
        """Read one page of a walk; ``body`` is JSON with ``data``.

        Raises:
            SourceFaultError: it is no list of indicators.
        """
        found = answers.decoded(body, _Page)
        if found is not None:
            rows = found.data
            ends: _Ends = found
        else:
            loose = answers.decoded(body, _LoosePage)
            if loose is None:
                raise _no_list(asked)
            rows, ends = [_judged(r) for r in _listed(loose.data, asked)], loose
        page = Page(
            rows=len(rows),
            total=_total(ends.total, asked),
            cursor=ends.nextCursorMark if isinstance(ends.nextCursorMark, str) else "",
        )
        self._fill(page, rows)
        return page

    def _fill(self, page: Page, rows: list[_Row]) -> None:
        once = self._texts.setdefault
        holds = self._agreement.holds
        page.ids.extend([row.id for row in rows])
        page.values = [row.value for row in rows]
        for row in rows:
            type_, status, status_id = row.type, row.status, row.status_id
            if isinstance(type_, _Named):
                type_ = type_.name
            agreed = True
            if isinstance(status, _Named):
                agreed = status_id is None or holds(status.id, status.name)
                if status_id is None:
                    status_id = status.id
                status = status.name
            if not status:
                status = self._agreement.name(status_id)
            page.types.append(once(type_, type_))
            page.statuses.append(once(status, status))
            # A row without any status cannot be shown not to be Whitelisted.
            page.agreed.append(status != "" and agreed and holds(status_id, status))
        page.scores = [None if r.score is None else _score(r.score) for r in rows]
        page.expiries = [
            _expiry(r.expires_at, r.expired_at)
            if r.expires_at or r.expired_at
            else None
            for r in rows
        ]
        page.aged_from = _column(rows, self._dates.aged_from)
        page.last_at = _column(rows, self._dates.last_at)


def _column(rows: list[_Row], date: str) -> "array[int]":
    """Return one date of each row; nothing where it is not asked for."""
    if not date:
        return array("q")
    return array("q", map(_seconds, map(attrgetter(date), rows)))


def _seconds(text: str | None) -> int:
    try:
        return int(utc(text).timestamp()) if text else _UNDATED
    except ValueError:  # 0000-00-00 stands for none
        return _UNDATED


def _listed(data: Any, asked: str) -> list[Any]:  # noqa: ANN401  # any JSON
    if isinstance(data, list):
        return data
    if data == {}:  # Elastic's sample ends a walk with an object instead of a list
        return []
    raise _no_list(asked)


def _no_list(asked: str) -> SourceFaultError:
    return SourceFaultError(
        f"{asked}: ThreatQ answered no list of indicators", answers.MAINTENANCE
    )


def _judged(row: Any) -> _Row:  # noqa: ANN401  # any JSON
    """Read one row that does not fit, part by part: what is unusable is left empty."""
    if not isinstance(row, dict):
        return _Row(0, _text(row), "")
    texts = {name: row.get(name) for name in ("expires_at", "expired_at", *DATES)}
    return _Row(
        _number(row.get("id")) or 0,
        _text(row.get("value")),
        _name(row.get("type")),
        _name(row.get("status")),
        _number(row.get("status_id")),
        _score_of(row.get("score")),
        **{name: t for name, t in texts.items() if isinstance(t, str)},
    )


def _text(value: Any) -> str:  # noqa: ANN401  # any JSON
    if isinstance(value, str):
        return value
    return "" if value is None else str(value)


def _name(value: Any) -> str | _Named:  # noqa: ANN401  # any JSON
    if isinstance(value, dict):
        name = value.get("name")
        return _Named(name if isinstance(name, str) else "", _number(value.get("id")))
    return value if isinstance(value, str) else ""


def _number(value: Any) -> int | None:  # noqa: ANN401  # any JSON
    try:
        return msgspec.convert(value, _Id, strict=False)
    except msgspec.ValidationError:
        return None


def _score_of(value: Any) -> float | str | _Scores | None:  # noqa: ANN401  # any JSON
    try:
        return msgspec.convert(value, float | str | _Scores | None)
    except msgspec.ValidationError:
        return None


def _score(given: float | str | _Scores) -> float | None:
    """Return the score, 0 to 10; one set by hand wins (Cortex XSOAR's integration)."""
    if isinstance(given, _Scores):
        manual, generated = given.manual_score, given.generated_score
        chosen = manual if manual is not None else generated
        return None if chosen is None else _clamped(chosen)
    return _clamped(given)


@lru_cache(maxsize=4096)  # few differ; each is one object instead of a million
def _clamped(given: float | str) -> float | None:
    try:
        score = float(given)
    except ValueError:
        return None
    return min(max(score, 0.0), TOP_SCORE) if isfinite(score) else None


def _expiry(*given: str | None) -> datetime | None:
    """Return the first date that can be read; ``0000-00-00`` stands for none."""
    for text in given:
        try:
            if text:
                return utc(text)
        except ValueError:
            continue
    return None


def _total(said: Any, asked: str) -> int | None:  # noqa: ANN401  # any JSON
    if said is None:
        return None
    total = _number(said)
    if total is None:
        raise SourceFaultError(
            f"{asked}: ThreatQ states no number as the total", answers.MAINTENANCE
        )
    return total
