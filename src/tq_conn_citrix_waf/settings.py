"""The settings of one run: the form in ThreatQ and the file, merged.

1. A key in the file beats the form, field by field, and the origin is kept.
2. Scheme and checkbox never disagree silently.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from typing import Any

from tq_conn_citrix_waf.config import File, collection_table
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.selection import Selection, Selections
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.keys import SELECTION

FORM = "the form in ThreatQ"


@dataclass(frozen=True, slots=True)
class Settings:
    """What one run works with, and where each of the form's fields came from.

    ``url`` is the appliance's, without a path; ``origins`` is keyed by the attribute.
    """

    enabled: bool
    url: str
    username: str
    password: str = field(repr=False)
    collections: tuple[str, ...]
    block_list: str
    ipv6_block_list: str
    origins: Mapping[str, str]

    @property
    def sets(self) -> dict[Family, str]:
        """Return the name of each data set, by its family; IPv4 first."""
        names = {Family.V4: self.block_list, Family.V6: self.ipv6_block_list}
        return {family: name for family, name in names.items() if name}


LABELS: Mapping[str, str] = {
    "host": "API IP/Hostname",
    "username": "Username",
    "password": "Password",
    "data_collections": "Data Collection",
    "block_list": "IP Block List",
    "https": "Use HTTPS",
}
"""The key in ``[netscaler]`` and the label in the form."""


def settle(
    file: File,
    fields: Mapping[str, str | bool | None] | None,
    split_names: Callable[[str], list[str]],
    *,
    enabled: bool,
) -> Settings:
    """Merge the form and the file into the settings of one run.

    Args:
        file: whose keys in ``[netscaler]`` beat the form.
        fields: the form's values by label, None where ThreatQ does not tell one; or
            None where no form is read and the file says all.
        split_names: reads the form's comma list of data collections.
        enabled: the switch of the form.

    Raises:
        ConfigurationError: something is missing or contradicts; all is named.
    """
    own = file.sections.get("netscaler", {})
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    elsewhere = str(file.path) if fields is None else FORM
    for name, label in LABELS.items():
        values[name] = own.get(name, (fields or {}).get(label))
        origins[name] = str(file.path) if name in own else elsewhere
    origins["enabled"] = str(file.path) if "enabled" in own else elsewhere
    if own.get("password"):
        values["password"] = file.secret("netscaler")
    if isinstance(values["data_collections"], str):
        values["data_collections"] = split_names(values["data_collections"])
    enabled = bool(own.get("enabled", enabled))
    used = values["data_collections"] or ()
    wrong = [
        f"{LABELS[name]!r} is empty in {origins[name]}"
        + (", or hidden there" if values[name] is None else "")
        if origins[name] == FORM
        else f"[netscaler] {name} ({LABELS[name]}) is missing in {file.path}"
        for name in ("host", "username", "password", "data_collections", "block_list")
        if not values[name]
    ]
    url = ""
    if values["host"]:
        try:
            url = base_url(str(values["host"]), https=values["https"])
        except ValueError as error:
            wrong.append(f"{LABELS['host']!r} in {origins['host']}: {error}")
    if enabled:
        cure = _where(file, form=fields is not None) if wrong else _ASTRAY
        wrong += _astray(file, used)
        if wrong:
            raise ConfigurationError("; ".join(wrong), cure)
    return Settings(
        enabled=enabled,
        url=url,
        username=str(values["username"] or ""),
        password=str(values["password"] or ""),
        collections=tuple(used),
        block_list=str(values["block_list"] or ""),
        ipv6_block_list=file.get("netscaler", "ipv6_block_list"),
        origins=origins,
    )


_ASTRAY = "correct the name of the table, or take it out of the file"


def _astray(file: File, used: Sequence[str]) -> Iterator[str]:
    """Say which tables are of no data collection in use: a slip must not widen."""
    for name in file.collections:
        if used and name not in used:
            yield (
                f"{collection_table(name)} in {file.path} is of no data collection in"
                f" use; in use: {', '.join(map(repr, used))}"
            )


def _where(file: File, *, form: bool) -> str:
    if not form:
        return f"fill it in under [netscaler] in {file.path}"
    return (
        f"fill it in under {file.connector!r} in ThreatQ, or as a key in"
        f" [netscaler] of {file.path}"
    )


def selections(file: File) -> Selections:
    """Return what is taken of each data collection; its own keys beat the general."""
    general = file.sections.get("selection", {})
    return Selections(
        _selection(general),
        {
            name: _selection({**general, **own})
            for name, own in file.collections.items()
        },
    )


def _selection(keys: Mapping[str, Any]) -> Selection:
    statuses = keys.get("statuses")
    chosen = {
        key.name: keys[key.name] for key in SELECTION if key.own and key.name in keys
    }
    if statuses is not None:
        chosen["statuses"] = frozenset(statuses)
    return Selection(**chosen)


_LONGEST_NAME = 253
"""Characters of a host's name (RFC 1035: 255 octets on the wire)."""
_HOST = re.compile(
    r"(?:(?P<scheme>https?)://)?"
    r"(?P<host>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)"
    r"(?::(?P<port>\d{1,5}))?(?P<path>/.*)?",
    re.ASCII,
)


def base_url(text: str, *, https: bool | None = None) -> str:
    """Return the URL, without a path, that a host, host:port or URL stands for.

    Args:
        text: what a person entered.
        https: what the checkbox says; None where there is none: HTTPS is meant.

    Raises:
        ValueError: it is none of these, or scheme and checkbox disagree.
    """
    found = _HOST.fullmatch(text.strip())
    port_good = found is not None and int(found["port"] or 1) in range(1, 65536)
    if found is None or not port_good or not _possible(found["host"]):
        raise ValueError(f"{text!r} is no host, host:port or URL")
    scheme = found["scheme"]
    if scheme and https is not None and https != (scheme == "https"):
        box = "ticked" if https else "not ticked"
        raise ValueError(f"it says {scheme}://, but 'Use HTTPS' is {box}")
    if not scheme:
        scheme = "http" if https is False else "https"
    port = f":{found['port']}" if found["port"] else ""
    return f"{scheme}://{found['host']}{port}"


def _possible(host: str) -> bool:
    """Whether a host in brackets is an IPv6 address; others may only be too long."""
    if not host.startswith("["):
        return len(host) <= _LONGEST_NAME
    try:
        IPv6Address(host[1:-1])
    except ValueError:
        return False
    return True
