"""The MISP warning lists, as the package ``pymispwarninglists`` carries them.

Only its data files are read, and only those named: the package's own code reads them
all, a hundred, of which most hold no addresses.
"""

import difflib
from importlib.util import find_spec
from pathlib import Path

import msgspec

from tq_conn_citrix_waf.core.networks import Widest, read_lines
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.errors import ConfigurationError

PACKAGE = "pymispwarninglists"
_NAMES_CURE = (
    "a list is named as its folder in github.com/MISP/misp-warninglists, such as"
    " public-dns-v4"
)


class _List(msgspec.Struct):
    """A ``list.json``: what it holds, and of which kind."""

    type: str
    list: list[str]


def read_warning_list(name: str, widest: Widest) -> list[AddressRange]:
    """Return the networks of a warning list.

    Args:
        name: of its folder, such as ``public-dns-v4``.
        widest: what an entry may be.

    Raises:
        ConfigurationError: the package or the list is missing, or it is no list of
            networks.
    """
    place = f"the MISP warning list {name}"
    lists = _folder(name)
    there = sorted(path.parent.name for path in lists.glob("*/list.json"))
    if name not in there:
        near = ", ".join(difflib.get_close_matches(name, there)) or "none is like it"
        raise ConfigurationError(f"there is no {place[4:]} ({near})", _NAMES_CURE)
    try:
        found = msgspec.json.decode(
            (lists / name / "list.json").read_bytes(), type=_List
        )
    except (OSError, msgspec.DecodeError) as error:
        raise ConfigurationError(
            f"{place} cannot be read: {error}", f"install {PACKAGE} anew"
        ) from error
    if found.type != "cidr":
        raise ConfigurationError(
            f"{place} holds no networks but values of type {found.type!r}",
            "name a list of networks instead",
        )
    return read_lines("\n".join(found.list), place, widest)


def _folder(name: str) -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            f"[never_block] names the MISP warning list {name}, and the package"
            f" {PACKAGE} is not installed",
            "install it: pip install 'tq-conn-citrix-waf[misp]'",
        )
    home = Path(next(iter(spec.submodule_search_locations)))
    return home / "data" / "misp-warninglists" / "lists"
