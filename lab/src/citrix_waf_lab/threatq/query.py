"""The query language: ``criteria`` and ``filters`` compiled to one test.

Grammar, as several clients send it::

    query  = {"criteria": node, "filters": node}        both must hold
    node   = {key: ..., ...}                            all keys must hold
    key    = "+and": [node, ...] | "+or": [node, ...] | field: leaf
    leaf   = scalar | {operator: scalar, ...}           all operators must hold

What is not in it is refused, never ignored: a filter that silently falls away widens
the result.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from citrix_waf_lab.threatq.library import Indicator
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.vocabulary import Vocabulary

DATES = (
    "created_at",
    "updated_at",
    "touched_at",
    "published_at",
    "expires_at",
    "expired_at",
    "last_detected_at",
)
TIME_FORM = "%Y-%m-%d %H:%M:%S"
DEEPEST = 40
"""Nesting that no client comes near; inferred."""
LARGEST = 2**53
"""The largest whole number that every JSON reader keeps exactly."""

Test = Callable[[Indicator], bool]
Getter = Callable[[Indicator], object]
_OFFSET = re.compile(r"([+-]?\d{1,6}) (second|minute|hour|day|week)s?( ago)?")
_ABSOLUTE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(?:\.\d+)?Z?)?")


@dataclass(frozen=True, slots=True)
class Ground:
    """What a query is compiled against.

    Attributes:
        members: ids of the indicators that bear a collection's mark.
        stock_statuses: whether statuses go by their stock ids.
        equals: what the operator ``+equals`` meets: ``500``, ``400`` or ``accepted``.
    """

    vocabulary: Vocabulary
    members: Mapping[str, set[int]]
    now: datetime
    stock_statuses: bool
    equals: str


@dataclass(frozen=True, slots=True)
class Compiled:
    """A query as one test; ``timed``: what it finds depends on the instant."""

    test: Test
    timed: bool


def date_of(indicator: Indicator, name: str) -> object:
    """Return a date as it is served: what was given, else the library's own."""
    if name in indicator.given:
        return indicator.given[name]
    if name == "updated_at":
        return indicator.updated_at
    if name in ("created_at", "published_at", "touched_at"):
        return indicator.updated_at if name == "touched_at" else indicator.created_at
    return None


def score_of(indicator: Indicator) -> float | None:
    """Return the score that counts: the manual one wins where it is set."""
    if indicator.manual_score is not None:
        return indicator.manual_score
    return indicator.score


def compile_query(query: Mapping[str, object], ground: Ground) -> Compiled:
    """Compile a stored or sent query to a test on one indicator.

    Raises:
        Refusal: the query is not in the grammar, or names a field or an operator that
            does not exist.
    """
    compiler = _Compiler(ground)
    parts = ("criteria", "filters")
    test = _all([compiler.node(query.get(part, {}), part, 0) for part in parts])
    return Compiled(test, compiler.timed)


class _Compiler:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.timed = False
        vocabulary, stock = ground.vocabulary, ground.stock_statuses
        types, statuses = vocabulary.types.by_name, vocabulary.statuses.by_name

        def status_id(indicator: Indicator) -> object:
            term = statuses[indicator.status]
            own = term.stock_id if stock else term.own_id
            return indicator.given.get("status_id", own)

        self._getters: dict[str, Getter] = {
            "id": lambda i: i.id,
            "type": lambda i: i.type,
            "type_name": lambda i: i.type,
            "type_id": lambda i: i.given.get("type_id", types[i.type].own_id),
            "status": lambda i: i.status,
            "status_name": lambda i: i.status,
            "status_id": status_id,
            "class": lambda i: i.given.get("class", types[i.type].about),
            "value": lambda i: i.value,
            "score": score_of,
        }
        self._getters.update({d: _dated(d) for d in DATES})

    def node(self, node: object, place: str, depth: int) -> Test:
        if node == []:
            return _all([])  # PHP writes an empty object as an empty array
        if not isinstance(node, dict):
            raise Refusal(None, place, "must be an object")
        if depth > DEEPEST:
            raise Refusal(None, place, "is nested too deeply")
        return _all([self._part(k, v, place, depth) for k, v in node.items()])

    def _part(self, key: str, value: object, place: str, depth: int) -> Test:
        if key not in ("+and", "+or"):
            return self._leaf(key, value)
        if not isinstance(value, list):
            raise Refusal(None, place, f"{key} must be a list")
        texts = _texts(value)
        if key == "+or" and texts and depth < DEEPEST:
            return lambda i: i.value in texts
        tests = [self.node(v, place, depth + 1) for v in value]
        return _all(tests) if key == "+and" else _any(tests)

    def _leaf(self, name: str, value: object) -> Test:
        if name == "mentions":
            return self._mentions(value)
        if name == "tag_name":
            return self._tagged(value)
        getter = self._getters.get(name)
        if getter is None:
            raise Refusal(None, name, "is not a field that can be searched")
        if not isinstance(value, dict):
            return _equal(getter, self._scalar(name, value))
        tests = [self._operator(name, getter, op, v) for op, v in value.items()]
        return _all(tests)

    def _operator(
        self, name: str, getter: Getter, operator: str, value: object
    ) -> Test:
        wanted = self._scalar(name, value)
        if operator == "+equals" and self._ground.equals != "accepted":
            status = 500 if self._ground.equals == "500" else None
            raise Refusal(status, name, "+equals is not supported")
        if operator in ("is", "+equals"):
            return _equal(getter, wanted)
        if operator == "+contains":
            return _contains(getter, str(wanted))
        if operator in ("+gt", "+gte", "+lt", "+lte"):
            return _compare(getter, operator, wanted)
        raise Refusal(None, name, f"{operator} is not an operator")

    def _scalar(self, name: str, value: object) -> str | float:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise Refusal(None, name, "must be a text or a number")
        if not isinstance(value, str) and abs(value) > LARGEST:
            raise Refusal(None, name, "is too large a number")
        return self._instant(name, str(value)) if name in DATES else value

    def _instant(self, name: str, text: str) -> str:
        """Read ``NOW``, a date with or without a time, ``-3 days``, ``3 days ago``."""
        absolute = _ABSOLUTE.fullmatch(text)
        if absolute:
            return f"{absolute[1]} {absolute[2] or '00:00:00'}"
        now, self.timed = self._ground.now, True
        if text.lower() == "now":
            return now.strftime(TIME_FORM)
        offset = _OFFSET.fullmatch(text)
        if offset is None:
            raise Refusal(None, name, f"{text!r} is not a date")
        amount = -abs(int(offset[1])) if offset[3] else int(offset[1])
        try:
            instant = now + timedelta(**{f"{offset[2]}s": amount})
        except OverflowError as error:
            raise Refusal(None, name, f"{text!r} is out of range") from error
        return instant.strftime(TIME_FORM)

    def _mentions(self, value: object) -> Test:
        if not isinstance(value, str):
            raise Refusal(None, "mentions", "must be a text")
        return _contains(lambda i: i.value, value)

    def _tagged(self, value: object) -> Test:
        if not isinstance(value, str):
            raise Refusal(None, "tag_name", "must be a text")
        members = self._ground.members.get(value)
        if members is not None:
            return lambda i: i.id in members
        return lambda i: value in tag_names(i)


def tag_names(indicator: Indicator) -> list[str]:
    """Return an indicator's tags: those given with it, then those written to it."""
    names = [t.name for t in indicator.tags]
    given = indicator.given.get("tags")
    return [*map(str, given), *names] if isinstance(given, list) else names


def _dated(name: str) -> Getter:
    return lambda i: date_of(i, name)


def _texts(nodes: list[object]) -> frozenset[str]:
    """Return the texts of ``[{"value": text}, ...]``; none where a node is otherwise.

    A search engine looks many values up at once; a test each would take seconds.
    """
    plain = [n["value"] for n in nodes if isinstance(n, dict) and [*n] == ["value"]]
    texts = [text for text in plain if isinstance(text, str)]
    return frozenset(texts if len(texts) == len(nodes) else ())


def _all(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda i: all(t(i) for t in tests)


def _any(tests: list[Test]) -> Test:
    if len(tests) == 1:
        return tests[0]
    return lambda i: any(t(i) for t in tests)


def _equal(getter: Getter, wanted: str | float) -> Test:
    text = str(wanted)

    def test(indicator: Indicator) -> bool:
        value = getter(indicator)
        return value == wanted or str(value) == text

    return test


def _contains(getter: Getter, part: str) -> Test:
    lower = part.lower()
    return lambda i: lower in str(getter(i)).lower()


def _compare(getter: Getter, operator: str, wanted: str | float) -> Test:
    signs = {"+gt": (1,), "+gte": (1, 0), "+lt": (-1,), "+lte": (-1, 0)}[operator]

    def test(indicator: Indicator) -> bool:
        value = getter(indicator)
        if isinstance(wanted, str) and isinstance(value, str):
            return (value > wanted) - (value < wanted) in signs
        if not isinstance(wanted, str) and isinstance(value, int | float):
            return (value > wanted) - (value < wanted) in signs
        return False

    return test
