"""The query of a request: which parameters there are, and how they are encoded.

1. Separators stand literally, values are encoded once (NREF; ANS client.py).
2. A parameter that an operation does not know is refused (1090, recorded for a path
   that ends with a slash: ANS #353).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from citrix_waf_lab.netscaler.vocabulary import Refusal

READING = frozenset(
    {"args", "filter", "attrs", "view", "pagesize", "pageno", "count", "bulkbindings"}
)
CREATING = frozenset({"action", "idempotent", "warning", "skipinvalidarg"})
CHANGING = frozenset({"warning", "skipinvalidarg"})
DELETING = frozenset({"args", "warning"})

Matcher = Callable[[str], bool]
"""Whether a text is what a filter asks for."""

_PARAMETERS = {
    "GET": READING,
    "POST": CREATING,
    "PUT": CHANGING,
    "DELETE": DELETING,
}
_FLAGS = {"yes": True, "no": False, "true": True, "false": False}
_TERM = re.compile(r"([A-Za-z0-9_]+):(/(?:[^/\\]|\\.)+/|[^,]*)(?:,|$)")
_DIGITS = re.compile(r"[0-9]{1,9}")


@dataclass(frozen=True, slots=True)
class Query:
    """A query, understood.

    ``page`` is (size, number) or None; ``pageno`` counts as the switch says.
    """

    args: Mapping[str, str] = field(default_factory=dict)
    filters: tuple[tuple[str, Matcher], ...] = ()
    attrs: frozenset[str] = frozenset()
    page: tuple[int, int | None] | None = None
    count: bool = False
    bulkbindings: bool = False
    action: str | None = None
    idempotent: bool = False
    warning: bool = False
    skipinvalidarg: bool = False


def parse(text: str, method: str, *, unencoded: bool) -> Query:
    """Understand the query of a request.

    Args:
        text: as sent, without ``?``.
        method: of the request; it decides which parameters there are.
        unencoded: whether ``:`` and ``/`` may stand in a value as they are.

    Raises:
        Refusal: 1090, 1097, 1238, 1074 or 278.
    """
    given: dict[str, str] = {}
    # The reference prints ``;`` between pagesize and pageno, clients send ``&``.
    for part in filter(None, re.split("[&;]", text)):
        key, equals, value = part.partition("=")
        if key not in _PARAMETERS.get(method, frozenset()):
            raise Refusal(1090, unquote(key))
        if not equals:
            raise Refusal(1238)
        given[key] = value
    if unquote(given.get("view", "detail")) not in ("summary", "detail"):
        raise Refusal(1097, f"view, {unquote(given['view'])}")
    return Query(
        args=_args(given.get("args", ""), unencoded=unencoded),
        filters=_filters(given.get("filter", ""), unencoded=unencoded),
        attrs=frozenset(filter(None, unquote(given.get("attrs", "")).split(","))),
        page=_page(given),
        count=_flag(given, "count"),
        bulkbindings=_flag(given, "bulkbindings"),
        action=unquote(given["action"]) if "action" in given else None,
        idempotent=_flag(given, "idempotent"),
        warning=_flag(given, "warning"),
        skipinvalidarg=_flag(given, "skipinvalidarg"),
    )


def _flag(given: Mapping[str, str], key: str) -> bool:
    if key not in given:
        return False
    flag = _FLAGS.get(unquote(given[key]).lower())
    if flag is None:
        raise Refusal(1097, f"{key}, {unquote(given[key])}")
    return flag


def _page(given: Mapping[str, str]) -> tuple[int, int | None] | None:
    if "pagesize" not in given:
        if "pageno" in given:
            raise Refusal(1095, "pagesize")
        return None
    size, number = given["pagesize"], given.get("pageno")
    if not _DIGITS.fullmatch(size) or int(size) < 1:
        raise Refusal(1097, f"pagesize, {unquote(size)}")
    if number is None:
        return int(size), None
    if not _DIGITS.fullmatch(number):
        raise Refusal(1097, f"pageno, {unquote(number)}")
    return int(size), int(number)


def _decoded(name: str, raw: str, *, unencoded: bool) -> str:
    value = unquote(raw)
    # What is still encoded after one decoding was encoded twice: TF
    # channel_interface_binding, ``Invalid value [interface, LA%2F1]``.
    twice = unquote(value) != value
    if twice or (not unencoded and (":" in raw or "/" in raw)):
        raise Refusal(1074, f"{name}, {value}")
    return value


def _args(text: str, *, unencoded: bool) -> dict[str, str]:
    args: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        key, colon, raw = part.partition(":")
        if not colon:
            raise Refusal(1090, unquote(key))
        args[key] = _decoded(key, raw, unencoded=unencoded)
    return args


def _filters(text: str, *, unencoded: bool) -> tuple[tuple[str, Matcher], ...]:
    filters: list[tuple[str, Matcher]] = []
    at = 0
    while at < len(text):
        term = _TERM.match(text, at)
        if term is None:
            raise Refusal(1238)
        key, raw = term[1], term[2]
        filters.append((key, _matcher(key, raw, unencoded=unencoded)))
        at = term.end()
    return tuple(filters)


def _matcher(key: str, raw: str, *, unencoded: bool) -> Matcher:
    if len(raw) > 1 and raw.startswith("/") and raw.endswith("/"):
        try:
            pattern = re.compile(unquote(raw[1:-1]))
        except re.error as error:
            raise Refusal(278, "filter") from error
        return lambda text: pattern.search(text) is not None
    return _decoded(key, raw, unencoded=unencoded).__eq__
