"""What can be done to the data sets, whoever does it: NITRO, a person, a fault.

Objects come as NITRO sends them, attribute by name; each is applied whole or refused.
"""

from collections.abc import Mapping

from citrix_waf_lab.netscaler.configuration import Settings
from citrix_waf_lab.netscaler.datasets import INDEX_MOST, Binding, Dataset
from citrix_waf_lab.netscaler.rules import Rules
from citrix_waf_lab.netscaler.values import KINDS
from citrix_waf_lab.netscaler.vocabulary import Refusal

Object = Mapping[str, object]
"""One object of a request."""

NAME_MOST = 127
"""Longest name of a data set, CUR policydataset."""

_VALUE_ATTRIBUTES = frozenset({"name", "value", "endrange", "index", "comment"})
_UNBIND_ATTRIBUTES = frozenset({"name", "value", "endrange"})
_SET_ATTRIBUTES = frozenset({"name", "type", "comment", "dynamic", "patsetfile"})


def text(item: Object, attribute: str) -> str:
    """Return a required text.

    Raises:
        Refusal: 1095 if it is missing or empty, 1234 if it is no text.
    """
    found = optional(item, attribute)
    if not found:
        raise Refusal(1095, attribute)
    return found


def optional(item: Object, attribute: str) -> str | None:
    """Return a text or None.

    Raises:
        Refusal: 1234 if it is no text.
    """
    found = item.get(attribute)
    if found is None or isinstance(found, str):
        return found
    raise Refusal(1234, attribute)


def whole(item: Object, attribute: str) -> int | None:
    """Return a whole number, given as a number or as text, or None.

    Raises:
        Refusal: 1234 if it is no whole number.
    """
    found = item.get(attribute)
    if found is None:
        return None
    if isinstance(found, int) and not isinstance(found, bool):
        return found
    if isinstance(found, str) and found.isascii() and found.isdigit():
        # Longer digits are beyond every limit, and int() refuses absurd ones.
        return int(found[:20])
    raise Refusal(1234, attribute)


def known(item: Object, attributes: frozenset[str]) -> None:
    """Make sure that an object has no other attributes.

    Raises:
        Refusal: 278 with the first unknown one.
    """
    if not item.keys() <= attributes:
        raise Refusal(278, next(name for name in item if name not in attributes))


def _comment(item: Object, rules: Rules) -> str | None:
    comment = optional(item, "comment")
    if comment is not None and len(comment) > rules.comment_limit:
        raise Refusal(1106, "comment")
    return comment or None


def bind(settings: Settings, item: Object, rules: Rules) -> None:
    """Bind one value to a data set.

    Raises:
        Refusal: any of the codes of a bind; nothing is changed then.
    """
    known(item, _VALUE_ATTRIBUTES)
    comment = item.get("comment")
    if comment is not None:
        if not rules.comment_known:
            raise Refusal(278, "comment")
        comment = _comment(item, rules)
    endrange = optional(item, "endrange")
    if endrange is not None and not rules.endrange:
        raise Refusal(278, "endrange")
    value = text(item, "value")
    dataset = settings.dataset(text(item, "name"))
    first, last = dataset.span(value, endrange, rules)
    index = whole(item, "index")
    if index is None:
        new = Binding(first, last, dataset.next_index, value, endrange, comment)
        dataset.bind(new, rules)
        return
    if not 1 <= index <= INDEX_MOST:
        raise Refusal(1109 if index < 1 else 1108, "index")
    new = Binding(first, last, index, value, endrange, comment)
    dataset.bind(new, rules, index_given=True)


def unbind(settings: Settings, item: Object, rules: Rules) -> None:
    """Unbind one value from a data set.

    Raises:
        Refusal: any of the codes of an unbind; nothing is changed then.
    """
    known(item, _UNBIND_ATTRIBUTES)
    value = text(item, "value")
    dataset = settings.dataset(text(item, "name"))
    dataset.unbind(value, optional(item, "endrange"), rules)


def add_dataset(settings: Settings, item: Object, rules: Rules) -> None:
    """Add a data set.

    Raises:
        Refusal: any of the codes of an add; nothing is changed then.
    """
    known(item, _SET_ATTRIBUTES)
    name = text(item, "name")
    check_name(name)
    kind = text(item, "type")
    if kind not in KINDS:
        raise Refusal(1097, f"type, {kind}")
    comment = _comment(item, rules)
    dynamic = _dynamic(item, rules)
    if item.get("patsetfile") is not None:
        # No pattern-set file can be imported into the lab.
        raise Refusal(258, "patsetfile")
    if name in settings.datasets:
        raise Refusal(273, f"name, {name}", switch="existing_set_status")
    dataset = Dataset(kind, comment)
    dataset.dynamic = dynamic or "NO"
    settings.datasets[name] = dataset


def check_name(name: str) -> None:
    """Make sure that a data set may be called so.

    Raises:
        Refusal: 1106 or 1075.
    """
    if len(name) > NAME_MOST:
        raise Refusal(1106, "name")
    begins = name[0].isalnum() or name[0] == "_"
    # Which characters may follow stands in the text of 1075.
    if not begins or not all(c.isalnum() or c in "_#. :@=-" for c in name):
        raise Refusal(1075)


def _dynamic(item: Object, rules: Rules) -> str | None:
    dynamic = optional(item, "dynamic")
    if dynamic is None:
        return None
    if not rules.dynamic:
        raise Refusal(278, "dynamic")
    if dynamic not in ("YES", "NO"):
        raise Refusal(1097, f"dynamic, {dynamic}")
    return dynamic


def update_dataset(settings: Settings, item: Object, rules: Rules) -> None:
    """Change a data set; ``dynamic`` is all that can be changed (CUR).

    Raises:
        Refusal: any of the codes of an update; nothing is changed then.
    """
    known(item, frozenset({"name", "dynamic"}))
    dataset = settings.dataset(text(item, "name"))
    dynamic = _dynamic(item, rules)
    if dynamic is None:
        raise Refusal(1095, "dynamic")
    dataset.dynamic = dynamic


def delete_dataset(settings: Settings, name: str) -> None:
    """Delete a data set with all its bindings.

    Raises:
        Refusal: 2823.
    """
    settings.dataset(name)
    del settings.datasets[name]


def rows(dataset: Dataset, rules: Rules) -> list[dict[str, str | int]]:
    """Return the bindings of a set as a GET shows them, without the set's name."""
    return [_row(dataset, binding, rules) for binding in dataset.bindings()]


def _row(dataset: Dataset, binding: Binding, rules: Rules) -> dict[str, str | int]:
    value, endrange = dataset.shown(binding, rules)
    row: dict[str, str | int] = {"value": value}
    if endrange is not None:
        row["endrange"] = endrange
    if binding.comment is not None and rules.comment_shown:
        row["comment"] = binding.comment
    row["index"] = str(binding.index) if rules.numbers_as_text else binding.index
    return row
