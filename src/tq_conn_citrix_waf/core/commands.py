"""The NetScaler's own commands, for people: what a plan comes to, typed by hand.

The end of a range is named as NITRO's bind and unbind name it (inferred: the command
reference at hand is older than ranges).
"""

from tq_conn_citrix_waf.core.dataset import Binding, spelling
from tq_conn_citrix_waf.core.ranges import AddressRange


def bind_line(name: str, wanted: AddressRange, mark: str) -> str:
    """Return the command that binds a range to a data set, with a mark."""
    value, last = spelling(wanted)
    return f'bind policy dataset {_entry(name, value, last)} -comment "{mark}"'


def unbind_line(name: str, binding: Binding) -> str:
    """Return the command that takes one binding off a data set."""
    return f"unbind policy dataset {_entry(name, binding.value, binding.endrange)}"


def _entry(name: str, value: str, end: str) -> str:
    set_ = name
    if not name.replace("_", "").isalnum():
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        set_ = f'"{escaped}"'
    return f"{set_} {value} -endRange {end}" if end else f"{set_} {value}"
