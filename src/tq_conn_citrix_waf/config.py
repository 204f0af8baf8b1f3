"""The configuration file: reading, checking, and the text of a new one.

1. The file is written once, by the first run; afterwards it belongs to people.
2. All that is wrong is said at once, each with its place.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tq_conn_citrix_waf import secrets
from tq_conn_citrix_waf.errors import ConfigurationError, NotConfiguredError
from tq_conn_citrix_waf.keys import CHOICES, KEYS

FILE_NAME = "tq-conn-citrix-waf.toml"
CONNECTOR_NAME = "Citrix WAF Connector"


@dataclass(frozen=True, slots=True)
class File:
    """The configuration file, checked: section -> key -> value."""

    path: Path
    sections: Mapping[str, Mapping[str, Any]] = field(repr=False)

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
        table = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        raise NotConfiguredError(
            f"there is no {FILE_NAME} in {directory}",
            "run the connector once at a terminal: it asks for what it needs",
        ) from None
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read: {error.strerror}",
            "make it readable for the user who runs the connector",
        ) from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise ConfigurationError(
            f"{path} is damaged: {error}",
            "mend it, or move it away and run the connector once at a terminal",
        ) from error
    return check(path, _sections(table))


def check(path: Path, sections: Mapping[str, Mapping[str, Any]]) -> File:
    """Return a file whose keys are all right.

    Args:
        path: where it is, or will be.
        sections: section -> key -> value; the section '' holds the keys at the top.

    Raises:
        ConfigurationError: some of it is wrong: all is named.
    """
    wrong = _wrong(sections)
    if wrong:
        raise ConfigurationError(
            f"{path}: " + "; ".join(wrong), "correct these keys in the file"
        )
    return File(path, sections)


def _sections(table: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    sections: dict[str, dict[str, Any]] = {"": {}}
    for name, value in table.items():
        if isinstance(value, dict):
            sections[name] = value
        else:
            sections[""][name] = value
    return sections


def _wrong(sections: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Say all that is wrong with a file, each with its place."""
    known = {(k.section, k.name): k for k in KEYS}
    wrong = []
    for section, values in sections.items():
        for name, value in values.items():
            key = known.get((section, name))
            place = f"[{section}] {name}" if section else name
            if key is None:
                wrong.append(f"{place} is no key")
            elif type(value) is not key.kind:
                wrong.append(f"{place} must be {_KINDS[key.kind]}")
            elif isinstance(value, list) and not all(
                isinstance(v, str) and v for v in value
            ):
                wrong.append(f"{place} must be {_KINDS[list]}")
    wrong += [
        f"{key.place} is missing"
        for key in KEYS
        if key.required
        and not sections.get(key.section, {}).get(key.name)
        and not sections.get(key.section, {}).get(key.unless)
    ]
    wrong += [
        f"[{section}] {name} must not be negative"
        for section, values in sections.items()
        for name, value in values.items()
        if isinstance(value, int | float) and value < 0
    ]
    for name, words in CHOICES.items():
        if sections.get("netscaler", {}).get(name, words[0]) not in words:
            wrong.append(f"[netscaler] {name} must be one of {', '.join(words)}")
    instance = sections.get("", {}).get("instance")
    if isinstance(instance, str) and not re.fullmatch(r"[0-9a-f]{8}", instance):
        wrong.append("instance must be 8 hexadecimal digits")
    return wrong


_KINDS = {
    str: "a text",
    bool: "true or false",
    list: "a list of names",
    int: "a whole number",
    float: "a number with a decimal point",
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
            lines.append(f"# {key.name} = {_EXAMPLES[key.kind]:<8} # {key.about}")
        else:
            lines += [f"# {key.about}", f"{key.name} = {_toml(value)}"]
    return "\n".join(lines) + "\n"


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
