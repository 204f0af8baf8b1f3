"""What a GET may ask of its rows: filter, attrs, count, pages (NREF common notes)."""

from collections.abc import Mapping, Sequence

from citrix_waf_lab.netscaler.calls import Call
from citrix_waf_lab.netscaler.shapes import Json, Reply, listed
from citrix_waf_lab.netscaler.vocabulary import Refusal

Row = Mapping[str, Json]


def selected(call: Call, rows: Sequence[Row], attributes: Sequence[str]) -> Reply:
    """Reply with the rows that a query asks for.

    Args:
        call: whose query it is.
        rows: all there are, in order.
        attributes: names that filter and attrs may have.

    Raises:
        Refusal: 1090 for another name, 1097 for a page before the first.
    """
    query = call.query
    for key in (*(key for key, _ in query.filters), *sorted(query.attrs)):
        if key not in attributes:
            raise Refusal(1090, key)
    for key, matches in query.filters:
        rows = [row for row in rows if key in row and matches(str(row[key]))]
    if query.count:
        return listed(call.resource, [{"__count": _count(call, len(rows))}])
    rows = _page(call, rows)
    if query.attrs:
        rows = [{k: v for k, v in row.items() if k in query.attrs} for row in rows]
    return listed(call.resource, rows)


def _count(call: Call, number: int) -> Json:
    return str(number) if call.appliance.dialect["count_form"] == "text" else number


def _page(call: Call, rows: Sequence[Row]) -> Sequence[Row]:
    if call.query.page is None:
        return rows
    first = int(call.appliance.dialect.number("first_page"))
    size, number = call.query.page
    at = 0 if number is None else number - first
    if at < 0:
        raise Refusal(1097, f"pageno, {number}")
    return rows[at * size : (at + 1) * size]
