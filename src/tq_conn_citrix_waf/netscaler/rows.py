"""The objects in an answer: rows of a data set, fast; anything else, tolerantly.

1. A row is never left out: what cannot be read in it becomes '' or its text.
2. An absent key is an empty list (recorded: ANS #287, telegraf#11536); anything but
   objects under the key is an error, never an empty list.
"""

from typing import Annotated, Any

import msgspec

from tq_conn_citrix_waf.netscaler.reply import Reply, whole_number

BINDINGS = "policydataset_value_binding"
_HIGHEST = 4_294_967_290
"""The highest index (documented)."""


class Row(msgspec.Struct, gc=False):
    """One binding as it stands in an answer; numbers often come as texts."""

    value: str
    endrange: str = ""
    comment: str = ""
    index: Annotated[int, msgspec.Meta(ge=0, le=_HIGHEST)] = 0


class _Rows(msgspec.Struct, gc=False):
    policydataset_value_binding: list[Row] = []


_rows = msgspec.json.Decoder(_Rows, strict=False)


def rows(reply: Reply) -> list[Row]:
    """Return the bindings in an answer.

    Raises:
        ValueError: what stands in their place is no list of objects.
    """
    try:
        return _rows.decode(reply.body).policydataset_value_binding
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    except msgspec.ValidationError:
        return [_loose(row) for row in objects(reply, BINDINGS)]


def objects(reply: Reply, key: str) -> list[dict[str, Any]]:
    """Return the objects under a key: some resources are listed, some stand alone.

    Raises:
        ValueError: something else stands there, or the answer is not JSON.
    """
    try:
        body = msgspec.json.decode(reply.body)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    found = body.get(key, [])
    listed = [found] if isinstance(found, dict) else found
    if isinstance(listed, list) and all(isinstance(o, dict) for o in listed):
        return listed
    raise ValueError(f"under {key} stands no list of objects")


def flag(value: object) -> bool | None:
    """Read a yes or no in any of the ways a build may write it; None: it is neither."""
    return _FLAGS.get(str(value).lower())


_FLAGS = {
    "true": True,
    "yes": True,
    "1": True,
    "enabled": True,
    "on": True,
    "false": False,
    "no": False,
    "0": False,
    "disabled": False,
    "off": False,
}


def _loose(row: dict[str, Any]) -> Row:
    number = whole_number(row.get("index"))
    fits = number is not None and 0 <= number <= _HIGHEST
    return Row(
        _text(row.get("value")),
        _text(row.get("endrange")),
        _text(row.get("comment")),
        number if number is not None and fits else 0,
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)
