"""Order and place in a walk: sort orders and cursor marks.

A mark holds the sort values of the last row served, so a walk goes on behind that row
whatever came or went in between. It looks like Solr's (base64 of a binary head).
"""

import base64
import json
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import total_ordering

from citrix_waf_lab.threatq.library import Indicator, Library
from citrix_waf_lab.threatq.query import DATES, LARGEST, date_of, score_of
from citrix_waf_lab.threatq.refusal import Refusal

START = "*"
HEAD = b"\x02\x82}"
"""Makes marks begin with ``AoJ9``, as those of the Kibana connector's tests do."""

SORTS = ("id", "value", "type_name", "status_name", "score", *DATES)
ALIASES = {"created": "created_at", "type": "type_name", "status": "status_name"}

Raw = str | float | None


@total_ordering
@dataclass(frozen=True, slots=True)
class _Down:
    """A key that sorts the other way round."""

    key: tuple[bool, float, str]

    def __lt__(self, other: "_Down") -> bool:
        return other.key < self.key


Key = tuple["_Down | tuple[bool, float, str]", ...]


@dataclass(frozen=True, slots=True)
class Order:
    """A sort order: names with whether they descend; it always ends with the id."""

    parts: tuple[tuple[str, bool], ...]

    @property
    def by_id(self) -> bool:
        """Whether it is the plain ascending order of ids."""
        return self.parts == (("id", False),)

    def raw(self, indicator: Indicator) -> list[Raw]:
        """Return the values that an indicator is sorted by."""
        return [_raw(indicator, name) for name, _ in self.parts]

    def key(self, values: Sequence[Raw]) -> Key:
        """Return the sort key of such values."""
        return tuple(
            _Down(_key(v)) if down else _key(v)
            for v, (_, down) in zip(values, self.parts, strict=True)
        )


def order_of(text: str) -> Order:
    """Read ``sort``: names by comma, a minus before those that descend.

    Raises:
        Refusal: a name is not one that can be sorted by.
    """
    parts: list[tuple[str, bool]] = []
    for word in filter(None, text.split(",")):
        bare = word.removeprefix("-")
        name = ALIASES.get(bare, bare)
        if name not in SORTS:
            raise Refusal(
                None, "sort", f"{word!r} is not a field that can be sorted by"
            )
        parts.append((name, word.startswith("-")))
    if all(name != "id" for name, _ in parts):
        parts.append(("id", False))
    return Order(tuple(parts))


def sorted_ids(ids: list[int], order: Order, library: Library) -> list[int]:
    """Return ids, given ascending, in an order."""
    if order.by_id:
        return ids
    rows = library.by_id
    return sorted(ids, key=lambda n: order.key(order.raw(rows[n])))


def mark_of(indicator: Indicator, order: Order) -> str:
    """Return the mark that goes on behind an indicator."""
    values = json.dumps(order.raw(indicator), separators=(",", ":")).encode()
    return base64.b64encode(HEAD + values).decode()


def another_mark(mark: str, order: Order) -> str:
    """Return a different mark for the same place, for walks that never end."""
    if mark == START:
        values = json.dumps([None] * len(order.parts)).encode()
        return base64.b64encode(HEAD + values).decode()
    return base64.b64encode(base64.b64decode(mark) + b" ").decode()


def place_of(mark: str, ids: list[int], order: Order, library: Library) -> int:
    """Return how many of the ordered ids a mark has behind it.

    Raises:
        Refusal: the mark is none, or one of another sort order.
    """
    if mark == START:
        return 0
    values = _values_of(mark)
    if len(values) != len(order.parts):
        raise Refusal(None, "cursorMark", "belongs to another sort order")
    wanted = order.key(values)
    rows = library.by_id
    return bisect_right(ids, wanted, key=lambda n: order.key(order.raw(rows[n])))


def _values_of(mark: str) -> list[Raw]:
    try:
        raw = base64.b64decode(mark, validate=True)
        values = json.loads(raw.removeprefix(HEAD))
    except (ValueError, RecursionError) as error:
        raise Refusal(None, "cursorMark", "cannot be read") from error
    fine = isinstance(values, list) and all(
        v is None or isinstance(v, str) or _fits(v) for v in values
    )
    if not raw.startswith(HEAD) or not fine:
        raise Refusal(None, "cursorMark", "cannot be read")
    return [v if v is None or isinstance(v, str) else float(v) for v in values]


def _fits(value: object) -> bool:
    return isinstance(value, int | float) and abs(value) < LARGEST


def _raw(indicator: Indicator, name: str) -> Raw:
    if name == "id":
        return indicator.id
    if name == "value":
        return indicator.value
    if name == "type_name":
        return indicator.type
    if name == "status_name":
        return indicator.status
    if name == "score":
        return score_of(indicator)
    date = date_of(indicator, name)
    return None if date is None else str(date)


def _key(value: Raw) -> tuple[bool, float, str]:
    if value is None:
        return (False, 0.0, "")
    if isinstance(value, str):
        return (True, 0.0, value)
    return (True, float(value), "")
