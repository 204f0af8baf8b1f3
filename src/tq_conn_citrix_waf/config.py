"""The configuration file: reading, checking, and the text of a new one.

1. The file is written once, by the first run; afterwards it belongs to people.
2. All that is wrong is said at once, each with its place.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from tq_conn_citrix_waf import secrets
from tq_conn_citrix_waf.core.networks import Widest, read_network
from tq_conn_citrix_waf.errors import ConfigurationError, NotConfiguredError
from tq_conn_citrix_waf.keys import KEYS, NETWORKS, SELECTION, Key
from tq_conn_citrix_waf.reading import cure, read_file
from tq_conn_citrix_waf.together import idle_dates, mute, nowhere

FILE_NAME = "tq-conn-citrix-waf.toml"
_DAMAGED = "mend it, or move it away and run the connector once at a terminal"
_MOST = 2**20
"""Bytes; with every key and its comment the file has 5,000."""
CONNECTOR_NAME = "Citrix WAF Connector"


@dataclass(frozen=True, slots=True)
class File:
    """The configuration file, checked.

    Attributes:
        sections: section -> key -> value; '' holds the keys at the top.
        collections: what holds for one data collection alone: name -> key -> value.
    """

    path: Path
    sections: Mapping[str, Mapping[str, Any]] = field(repr=False)
    collections: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def get(self, section: str, name: str, default: str = "") -> str:
        """Return a text of the file."""
        return str(self.sections.get(section, {}).get(name, default))

    def flag(self, section: str, name: str, *, default: bool) -> bool:
        """Return a yes or no of the file."""
        return bool(self.sections.get(section, {}).get(name, default))

    @property
    def instance(self) -> str:
        """The 8 hexadecimal digits that mark what this connector binds."""
        return self.get("", "instance")

    @property
    def connector(self) -> str:
        """The name of the entry in ThreatQ."""
        return self.get("threatq", "connector", CONNECTOR_NAME)

    def secret(self, section: str, name: str = "password") -> str:
        """Return a secret of a section, fetched from where it is kept."""
        place = f"{self.path}: [{section}] {name}"
        return secrets.fetch(self.get(section, name), place)


def load(directory: Path) -> File:
    """Read and check the configuration file of a directory.

    Raises:
        NotConfiguredError: there is none.
        ConfigurationError: it cannot be read, or some of it is wrong: all is named.
    """
    path = directory / FILE_NAME
    try:
        table = tomllib.loads(read_file(path, _MOST).decode())
    except FileNotFoundError:
        if path.is_symlink():
            raise ConfigurationError(
                f"{path} is a link that leads nowhere: {path.readlink()}", _DAMAGED
            ) from None
        raise NotConfiguredError(
            f"there is no {FILE_NAME} in {directory}",
            "name its directory with -c, or run the connector once at a terminal: it"
            " asks for what it needs",
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}", cure(error)
        ) from error
    except (ValueError, RecursionError) as error:  # not UTF-8, or not TOML
        raise ConfigurationError(f"{path} is damaged: {error}", _DAMAGED) from error
    if not table:
        raise ConfigurationError(f"{path} is damaged: it holds no key", _DAMAGED)
    return check(path, *_sections(table))


def check(
    path: Path,
    sections: Mapping[str, Mapping[str, Any]],
    collections: Mapping[str, Mapping[str, Any]] | None = None,
) -> File:
    """Return a file whose keys are all right.

    Args:
        path: where it is, or will be.
        sections: as in ``File``.
        collections: as in ``File``.

    Raises:
        ConfigurationError: some of it is wrong: all is named.
    """
    own = collections or {}
    wrong = _wrong(sections, own)
    if wrong:
        raise ConfigurationError(
            f"{path}: " + "; ".join(wrong), "correct these keys in the file"
        )
    return File(path, sections, own)


_Tables = dict[str, dict[str, Any]]


def _sections(table: Mapping[str, Any]) -> tuple[_Tables, _Tables]:
    """Return the sections of a file, and the tables of single data collections."""
    sections: _Tables = {"": {}}
    collections: _Tables = {}
    for name, value in table.items():
        if not isinstance(value, dict):
            sections[""][name] = value
        elif name == "collection":
            tables = {n: v for n, v in value.items() if isinstance(v, dict)}
            collections |= tables
            sections[name] = {n: v for n, v in value.items() if n not in tables}
        else:
            sections[name] = value
    return sections, collections


def _wrong(
    sections: Mapping[str, Mapping[str, Any]],
    collections: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """Say all that is wrong with a file, each with its place."""
    known = {(k.section, k.name): k for k in KEYS}
    own = {k.name: k for k in KEYS if k.own}
    found = [
        (f"[{section}] {name}" if section else name, known.get((section, name)), value)
        for section, values in sections.items()
        for name, value in values.items()
    ]
    found += [
        (f"{collection_table(collection)} {name}", own.get(name), value)
        for collection, values in collections.items()
        for name, value in values.items()
        if name != "minimum_stay"
    ]
    wrong = [
        f"{place} {fault}"
        for place, key, value in found
        if (fault := _fault(key, value))
    ]
    wrong += [
        f"{key.place} is missing"
        for key in KEYS
        if key.required
        and not sections.get(key.section, {}).get(key.name)
        and not sections.get(key.section, {}).get(key.unless)
    ]
    wrong += [
        f"{collection_table(collection)} minimum_stay must stand in [selection]: an"
        " entry on the appliance does not tell its data collection"
        for collection, values in collections.items()
        if "minimum_stay" in values
    ]
    wrong += idle_dates([sections.get("selection", {}), *collections.values()])
    wrong += mute(sections.get("messages", {}))
    wrong += nowhere(sections.get("log", {}))
    if not wrong:  # what a network may be is itself a setting
        wrong += _wrong_networks(sections.get("never_block", {}))
    instance = sections.get("", {}).get("instance")
    if isinstance(instance, str) and not re.fullmatch(r"[0-9a-f]{8}", instance):
        wrong.append("instance must be 8 hexadecimal digits")
    return wrong


def _fault(key: Key | None, value: object) -> str:
    """Say what is wrong with a value; '' where nothing is."""
    if key is None:
        return "is no key"
    kinds = (int, float) if key.kind is float else (key.kind,)
    texts = value if isinstance(value, list) else []
    real = not isinstance(value, float) or isfinite(value)
    right = type(value) in kinds and real
    if not right or not all(isinstance(t, str) and t for t in texts):
        return f"must be {_KINDS[key.kind]}"
    words = texts if key.kind is list else [value]
    if key.choices and not set(words) <= set(key.choices):
        return f"must be one of {', '.join(key.choices)}"
    if isinstance(value, int | float) and value < key.least:
        return f"must be {key.least:g} at least" if key.least else _NEGATIVE
    if isinstance(value, int | float) and key.most is not None and value > key.most:
        return f"must be {key.most:g} at most"
    return ""


def _wrong_networks(never_block: Mapping[str, Any]) -> Iterator[str]:
    widest = Widest.of(never_block)
    for name in NETWORKS:
        for text in never_block.get(name, ()):
            found = read_network(text)
            if found is None:
                yield f"[never_block] {name}: {text!r} is no address and no network"
            elif name != "may_block" and widest.fault(found):
                yield f"[never_block] {name}: {text!r} is {widest.fault(found)}"


def collection_table(name: str) -> str:
    """Return the head of what holds for one data collection alone."""
    return f"[collection.{_toml(name)}]"


_NEGATIVE = "must not be negative"
_KINDS = {
    str: "a text",
    bool: "true or false",
    list: "a list of names",
    int: "a whole number",
    float: "a number",
}


def render(values: Mapping[str, Mapping[str, object]]) -> str:
    """Return the text of a configuration file with these values, commented."""
    lines = [
        "# tq-conn-citrix-waf. Written by the first run; yours from then on.",
        "# A key in [netscaler] beats the form in ThreatQ, field by field.",
    ]
    section = None
    for key in KEYS:
        if key.section != section and key.section:
            lines += ["", f"[{key.section}]"]
        section = key.section
        value = values.get(key.section, {}).get(key.name)
        if value is None:
            example = key.example or _EXAMPLES[key.kind]
            lines.append(f"# {key.name} = {example:<8} # {key.about}")
        else:
            lines += [f"# {key.about}", f"{key.name} = {_toml(value)}"]
        if key is SELECTION[-1]:
            lines += _COLLECTION
    return "\n".join(lines) + "\n"


_COLLECTION = (
    "# Other values, but of minimum_stay, for one data collection alone:",
    '# [collection."Block at edge"]',
    "# minimum_score = 8",
)
_EXAMPLES = {str: '""', bool: "true", list: '["", ""]', int: "10", float: "0.1"}


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    text = "".join(_ESCAPES.get(c, c) if c >= " " else _escape(c) for c in str(value))
    return f'"{text}"'


_ESCAPES = {'"': '\\"', "\\": "\\\\", "\x7f": "\\u007F"}


def _escape(character: str) -> str:
    return f"\\u{ord(character):04X}"
