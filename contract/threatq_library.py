"""Probes of a ThreatQ: data collections, pages, rows, the connector's entry."""

import json
import re
from typing import Any

from contract.desk import PAGE, QUERY, Desk
from contract.sheet import OddError, Sight, Unseen, seen, without

_MOST_ROWS = 100_000


def see_search_row_json(desk: Desk) -> Sight:
    return seen("string" if isinstance(desk.saved["json"], str) else "object")


def see_search_row_hash(desk: Desk) -> Sight:
    return seen("present" if desk.saved["hash"] else "absent")


def see_collections_page(desk: Desk) -> Sight:
    heard = desk.get("/api/search/query")
    rows, total = len(desk.rows(heard)), int(heard.json.get("total") or 0)
    return seen(rows if rows < total else 0)


def see_collections_doubled(desk: Desk) -> Sight:
    return seen("yes" if len(desk.saved["rows"]) > 1 else "no")


def see_hash_route(desk: Desk) -> Sight:
    if not desk.saved["hash"]:
        return Unseen("a hash")
    return seen("present" if _by_hash(desk).good else "absent")


def _by_hash(desk: Desk, **query: str | int) -> Any:  # noqa: ANN401  # an answer
    return desk.get(f"{QUERY}/hash/{desk.saved['hash']}", limit=1, **query)


def see_query_cursor(desk: Desk) -> Sight:
    heard = desk.query(["id"], limit=1, sort="id", cursorMark="*")
    if not heard.good:
        return seen("refused")
    return seen("yes" if heard.json.get("nextCursorMark") else "ignored")


def see_hash_cursor(desk: Desk) -> Sight:
    if not desk.saved["hash"] or not _by_hash(desk).good:
        return Unseen("reading by hash")
    heard = _by_hash(desk, sort="id", cursorMark="*")
    if not heard.good:
        return seen("refused")
    return seen("yes" if heard.json.get("nextCursorMark") else "ignored")


def _walk(desk: Desk) -> list[dict[str, Any]]:
    """Return the pages of a walk of several.

    Raises:
        OddError: there is no such walk.
    """
    pages = desk.walk()
    if not pages[0].get("nextCursorMark"):
        raise OddError("there is no cursor")
    return pages


def see_cursor_end(desk: Desk) -> Sight:
    pages = _walk(desk)
    last = pages[-1]
    if last["data"] not in ([], {}):
        if len(pages) == 1 and len(last["data"]) == PAGE:
            return seen("never changes")
        return Unseen("an end of the walk")
    after, marks = last.get("nextCursorMark"), [page["mark"] for page in pages]
    if after == last["mark"]:
        return seen("unchanged")
    return seen("turns back" if after in marks else "never ends")


def see_page_default(desk: Desk) -> Sight:
    heard = desk.query(["id"], sort="id")
    rows, total = len(desk.rows(heard)), int(heard.json.get("total") or 0)
    said = heard.json.get("limit")
    if isinstance(said, int):
        return seen(said)
    return seen(rows) if rows < total else Unseen("a collection of more than a page")


def see_page_limit(desk: Desk) -> Sight:
    heard = desk.query(["id"], sort="id", limit=_MOST_ROWS)
    if not heard.good:
        found = re.search(rb"than (\d+)", heard.body)
        return seen(int(found[1])) if found else Unseen("a number in its words")
    said = heard.json.get("limit")
    if not isinstance(said, int):
        return Unseen("a stated limit")
    return seen(0 if said == _MOST_ROWS else said)


def see_page_over_limit(desk: Desk) -> Sight:
    heard = desk.query(["id"], sort="id", limit=_MOST_ROWS)
    if not heard.good:
        return seen("refused")
    if heard.json.get("limit") == _MOST_ROWS:
        return Unseen("a limit to pages")
    return seen("capped")


def see_offset_cap(desk: Desk) -> Sight:
    heard = desk.query(["id"], sort="id", limit=1, offset=_MOST_ROWS)
    if heard.good:
        return seen(0)
    found = re.search(rb"than (\d+)", heard.body)
    return seen(int(found[1])) if found else Unseen("a number in its words")


def see_empty_page(desk: Desk) -> Sight:
    heard = desk.query(["id"], sort="id", limit=1, offset=_MOST_ROWS)
    if not heard.good:
        return Unseen("an offset that far")
    return seen("object" if heard.json.get("data") == {} else "list")


def see_empty_page_after(desk: Desk) -> Sight:
    pages = _walk(desk)
    totals = {_total(page) for page in pages}
    if None in totals or len(totals) > 1 or pages[-1]["data"] not in ([], {}):
        return Unseen("a total that stays, and an end of the walk")
    came = _ids(pages)
    if came >= (_total(pages[0]) or 0) - 1:
        return seen(0)
    return seen(*range(max(1, came - PAGE + 1), came + 1))


def _ids(pages: list[dict[str, Any]]) -> int:
    return len({row["id"] for page in pages for row in page["data"]})


def see_page_overlap(desk: Desk) -> Sight:
    pages = [p for p in _walk(desk) if p["data"]]
    if len(pages) < 2:  # noqa: PLR2004  # pages that could overlap
        return Unseen("a walk of several pages")
    first, second = ({row["id"] for row in page["data"]} for page in pages[:2])
    common = len(first & second)
    return Unseen("larger pages") if common == PAGE - 1 else seen(common)


def _total(page: dict[str, Any]) -> int | None:
    said = page.get("total")
    return None if said is None else int(said)


def see_total_form(desk: Desk) -> Sight:
    said = desk.query(["id"], sort="id", limit=1).json.get("total")
    if said is None:
        return seen("absent")
    return seen("string" if isinstance(said, str) else "number")


def see_total_truth(desk: Desk) -> Sight:
    pages = _walk(desk)
    totals = [_total(page) for page in pages]
    if None in totals or len(pages) < 3 or pages[-1]["data"] not in ([], {}):  # noqa: PLR2004  # to see it move
        return Unseen("totals and a walk of several pages")
    first, last, truth = totals[0] or 0, totals[-1] or 0, _ids(pages)
    if first != last:
        return seen("grows" if last > first else "shrinks")
    return seen({0: "true", 1: "one more", -1: "one less"}.get(first - truth, "true"))


see_operator_equals = without("a query of our own")


def _row(desk: Desk, fields: list[str] | None) -> dict[str, Any]:
    rows = desk.rows(desk.query(fields, sort="id", limit=1))
    if not rows:
        raise OddError("the collection is empty")
    return rows[0]


def see_type_status_form(desk: Desk) -> Sight:
    named, plain = _row(desk, ["id", "type"]), _row(desk, None)
    nested = [isinstance(row.get("type"), dict) for row in (named, plain)]
    if nested == [False, True]:
        return seen("by fields")
    return seen("nested" if all(nested) else "flat")


def see_score_form(desk: Desk) -> Sight:
    score = _row(desk, ["id", "score"]).get("score")
    if score is None:
        return Unseen("an indicator with a score")
    if isinstance(score, dict):
        return seen("object")
    return seen("string" if isinstance(score, str) else "number")


def see_absent_keys(desk: Desk) -> Sight:
    row = _row(desk, ["id", "expired_at"])
    if row.get("expired_at") is not None:
        return Unseen("an indicator that has not expired")
    return seen("null" if "expired_at" in row else "left out")


def see_fields_lists(desk: Desk) -> Sight:
    found = _row(desk, ["id", "sources"]).get("sources")
    if not isinstance(found, list) or not found:
        return Unseen("an indicator with a source")
    return seen("objects" if isinstance(found[0], dict) else "names")


see_expiry_job = without("an indicator that is just past its expiry date")

_IS_ACTIVE = (
    ("true/false", True, False),
    ("1/0", 1, 0),
    ('"1"/"0"', "1", "0"),
    ('"1"/""', "1", ""),
    ('"True"/"False"', "True", "False"),
    ('"Y"/"N"', "Y", "N"),
    ("true/null", True, None),
)
_CHECKBOX = (
    ("true/false", True, False),
    ("1/0", 1, 0),
    ('"1"/"0"', "1", "0"),
    ('"on"/""', "on", ""),
    ('"true"/"false"', "true", "false"),
    ('"Y"/"N"', "Y", "N"),
)


def _entry(desk: Desk) -> dict[str, Any]:
    rows = desk.rows(desk.get("/api/connectors", name=desk.connector))
    named = [row for row in rows if row.get("name") == desk.connector]
    if not named:
        raise OddError(f"there is no entry {desk.connector!r}")
    return named[0]


def see_custom_fields_shape(desk: Desk) -> Sight:
    form = _entry(desk).get("custom_fields")
    if isinstance(form, str):
        return seen("text")
    if isinstance(form, list):
        return seen("list")
    if not isinstance(form, dict):
        raise OddError(f"custom_fields is {type(form).__name__}")
    return seen("by label" if any(" " in name for name in form) else "by key")


def _one_of(pairs: tuple[tuple[str, Any, Any], ...], value: object) -> Sight:
    """Return the forms that one half of a pair fits."""
    found = [
        name
        for name, *both in pairs
        if any(type(one) is type(value) and one == value for one in both)
    ]
    if not found:
        raise OddError(f"a switch is {value!r}")
    return seen(*found)


def see_is_active_form(desk: Desk) -> Sight:
    return _one_of(_IS_ACTIVE, _entry(desk).get("is_active"))


def see_checkbox_form(desk: Desk) -> Sight:
    value = _field(desk, "Use HTTPS")
    return (
        Unseen("the form's fields") if value is _MISSING else _one_of(_CHECKBOX, value)
    )


def see_secret_fields(desk: Desk) -> Sight:
    value = _field(desk, "Password")
    if value is _MISSING or value is None:
        return seen("absent")
    return seen("masked" if str(value) and {*str(value)} <= {*"*•●"} else "plain")


_MISSING = object()


def _field(desk: Desk, label: str) -> Any:  # noqa: ANN401  # JSON
    """Return the value of a field of the form, in whatever shape it comes."""
    form = _entry(desk).get("custom_fields")
    if isinstance(form, str):
        form = json.loads(form)
    if isinstance(form, list):
        form = {str(one.get("label")): one.get("value", _MISSING) for one in form}
    if not isinstance(form, dict):
        raise OddError("the form has no fields")
    key = label.lower().replace(" ", "_")
    value = form.get(label, form.get(key, _MISSING))
    return value.get("value", _MISSING) if isinstance(value, dict) else value
