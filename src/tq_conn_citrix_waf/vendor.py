"""What the vendor's connector left in a directory: found by its content, only read.

1. Name, format and keys of its file are public nowhere. So any file that reads as JSON
   or INI, and names a host beside a client id, may be it (inferred).
2. Nothing is written, moved or guessed: where two files disagree, none is taken.

The vendor's guide says that the file may hold "private oauth": the id and the secret of
a client of its own. Such a pair beats a user's name and password.
"""

import configparser
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tq_conn_citrix_waf.reading import read_file

_ENDINGS = frozenset({".conf", ".cfg", ".ini", ".json"})
_LARGEST = 1_000_000
"""Bytes; whatever is larger was not written at a prompt."""

_NAMES: Mapping[str, frozenset[str]] = {
    "host": frozenset({"host", "hostname", "url", "baseurl", "server"}),
    "client_id": frozenset({"clientid", "oauthclientid", "oauthid"}),
    "username": frozenset({"username", "user", "email", "emailaddress"}),
    "password": frozenset({"password", "passwd", "pass"}),
    "status": frozenset({"status", "defaultstatus", "indicatorstatus"}),
    "private_id": frozenset({"privateclientid", "privateid"}),
    "client_secret": frozenset(
        {"clientsecret", "oauthsecret", "privateclientsecret", "privatesecret"}
    ),
}
"""Our key, and what the same is likely called; letters and digits only."""

_PRIVATE: Mapping[str, frozenset[str]] = {
    "private_id": frozenset({"clientid", "id"}),
    "client_secret": frozenset({"clientsecret", "secret"}),
}
"""As above, in a section whose name says that it is about private OAuth."""

_SECRET = frozenset({"password", "client_secret"})
"""Here a space at an end may be meant."""

_FOREIGN = frozenset({"proxy", "proxies", "netscaler", "citrix", "vpx", "adc"})
"""Sections that name the host of something else."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that may be the vendor's, and what it says by our keys.

    ``values`` has ``host`` and ``client_id``; with ``client_secret`` these two are the
    pair of a client of its own, and no user is in it.
    """

    path: Path
    values: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a directory.

    Attributes:
        taken: the one that counts; None where there is none, or none agrees.
        disagreeing: the files between which a person must choose.
        damaged: files that cannot be read, each with the reason.
    """

    taken: Candidate | None = None
    disagreeing: tuple[Path, ...] = ()
    damaged: tuple[tuple[Path, str], ...] = ()


def find(directory: Path) -> Found:
    """Look for the vendor's file.

    The guide puts the files of all connectors into one directory: where some are named
    after Citrix, only these count.
    """
    candidates, damaged = [], []
    for path in sorted(directory.iterdir()):
        if path.suffix.lower() in _ENDINGS and path.is_file():
            try:
                values = _values(_read(path))
            except ValueError as error:
                damaged.append((path, str(error)))
                continue
            if {"host", "client_id"} <= values.keys():
                candidates.append(Candidate(path, values))
    named = [c for c in candidates if "citrix" in c.path.name.lower()]
    candidates = named or candidates
    if not _agree(candidates):
        paths = tuple(c.path for c in candidates)
        return Found(disagreeing=paths, damaged=tuple(damaged))
    taken = max(candidates, key=lambda c: len(c.values), default=None)
    return Found(taken, damaged=tuple(damaged))


def _agree(candidates: Sequence[Candidate]) -> bool:
    """Whether no two say different things of one key."""
    said: dict[str, str] = {}
    return all(
        said.setdefault(key, value) == value
        for candidate in candidates
        for key, value in candidate.values.items()
    )


def _read(path: Path) -> Any:  # noqa: ANN401  # any JSON
    """Return what a file holds, as JSON would.

    Raises:
        ValueError: it cannot be read; the words quote nothing of it.
    """
    try:
        text = read_file(path, _LARGEST).decode("utf-8-sig")
    except OSError as error:
        raise ValueError(error.strerror) from error
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        if text.lstrip().startswith("{"):
            raise ValueError("damaged JSON") from None
    # No interpolation: a percent sign in a password means itself.
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(f"[top]\n{text}")
    except configparser.Error:
        raise ValueError("neither JSON nor INI") from None
    return {name: dict(section) for name, section in parser.items()}


def _values(tree: Any) -> dict[str, str]:  # noqa: ANN401  # any JSON
    """Return what a file says, by our keys; said in two ways, it is not said."""
    said: dict[str, set[str]] = {}
    for path, text in _leaves(tree):
        key = _key(path)
        kept = text if key in _SECRET else text.strip()
        if key and kept:
            said.setdefault(key, set()).add(kept)
    values = {key: texts.pop() for key, texts in said.items() if len(texts) == 1}
    private_id = values.pop("private_id", values.get("client_id"))
    if private_id and "client_secret" in values:
        values["client_id"] = private_id
        values.pop("username", None)
        values.pop("password", None)
    else:
        values.pop("client_secret", None)
    return values


def _key(path: tuple[str, ...]) -> str:
    """Return our key of a place in a file, or ''."""
    *sections, name = path
    if _FOREIGN.intersection(sections):
        return ""
    private = any("private" in s or "oauth" in s for s in sections)
    tables = (_PRIVATE, _NAMES) if private else (_NAMES,)
    bare = re.sub(r"^(threatq|tq|auth)", "", name)
    for table in tables:
        for key, names in table.items():
            if name in names or bare in names:
                return key
    return ""


def _leaves(tree: Any) -> Iterator[tuple[tuple[str, ...], str]]:  # noqa: ANN401  # any JSON
    """Yield each text of a file with its place: names folded to letters and digits."""
    open_: list[tuple[tuple[str, ...], Any]] = [((), tree)]
    while open_:
        path, node = open_.pop()
        if isinstance(node, dict):
            open_ += [((*path, *_folded(name)), child) for name, child in node.items()]
        elif _is_pair(path, node):
            open_ += [((*path, "id"), node[0]), ((*path, "secret"), node[1])]
        elif isinstance(node, list):
            open_ += [(path, child) for child in node]
        elif isinstance(node, str) and path:
            yield path, node


def _is_pair(path: tuple[str, ...], node: Any) -> bool:  # noqa: ANN401  # any JSON
    """Whether a list is an id and a secret: threatqsdk 1.8 passes a pair as a list."""
    about = path[-1] if path else ""
    return (
        isinstance(node, list)
        and len(node) == 2  # noqa: PLR2004  # a pair
        and all(isinstance(one, str) for one in node)
        and ("private" in about or "oauth" in about)
    )


def _folded(name: str) -> list[str]:
    parts = (re.sub(r"[^a-z0-9]", "", part) for part in name.lower().split("."))
    return [part for part in parts if part]
