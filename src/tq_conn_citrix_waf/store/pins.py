"""The certificates that a person trusted, in a file of the configuration directory.

A line each: host:port, SHA-256, who, when; ``#`` begins a comment. People may edit it.
A line that cannot be read is an error: taken for no line, it would end a trust, or turn
a changed certificate into one that was never known.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tq_conn_citrix_waf.certificates import Endpoint, digits
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.reading import cure, read_file
from tq_conn_citrix_waf.store.files import write_private

FILE_NAME = "tq-conn-citrix-waf.trust"
_HEAD = (
    "# Certificates trusted by their SHA-256, written by the command trust:",
    "# host:port, SHA-256, who, when. To end a trust, remove its line.",
)


@dataclass(frozen=True, slots=True)
class Pin:
    """One certificate, trusted at one endpoint; ``who`` is a login name."""

    endpoint: Endpoint
    sha256: str
    who: str
    when: datetime

    def __str__(self) -> str:
        who = "".join(c for c in self.who if c.isprintable() and c not in " #") or "?"
        when = self.when.strftime("%Y-%m-%dT%H:%M:%SZ")
        return f"{self.endpoint} {self.sha256} {who} {when}"


class Pins:
    """The file of one configuration directory."""

    def __init__(self, directory: Path) -> None:
        self.path = directory / FILE_NAME

    def read(self) -> Mapping[str, str]:
        """Return "host:port" -> SHA-256; nothing where there is no file.

        Raises:
            ConfigurationError: it cannot be read; the line is named.
        """
        found: dict[str, str] = {}
        for number, line in enumerate(self._lines(), 1):
            words = line.partition("#")[0].split()
            if not words:
                continue
            try:
                place, sha256 = _read(words)
            except ValueError as error:
                raise self._damaged(number, str(error)) from error
            if place in found:
                raise self._damaged(number, f"{place} stands there twice")
            found[place] = sha256
        return found

    def keep(self, pin: Pin) -> None:
        """Keep a pin in place of an older one of its endpoint.

        Raises:
            ConfigurationError: the file cannot be read; it stays as it is.
            StateError: it cannot be written; it stays as it is.
        """
        self.read()
        place = str(pin.endpoint)
        others = [x for x in self._lines() if x.lower().split()[:1] != [place]]
        lines = [*(others or _HEAD), str(pin)]
        write_private(self.path, ("\n".join(lines) + "\n").encode())

    def _lines(self) -> list[str]:
        try:
            return read_file(self.path).decode().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise ConfigurationError(
                f"{self.path} cannot be read: {error.strerror}", cure(error)
            ) from error
        except ValueError as error:
            raise ConfigurationError(
                f"{self.path} is damaged: {error}",
                "mend it, or remove it and trust the certificates again",
            ) from error

    def _damaged(self, number: int, why: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self.path}: line {number}: {why}",
            "correct the line, or remove it and trust that certificate again",
        )


def _read(words: list[str]) -> tuple[str, str]:
    """Read an endpoint and a SHA-256; who and when are for people.

    Raises:
        ValueError: it is neither.
    """
    if len(words) not in (2, 4):
        raise ValueError("host:port, SHA-256, who and when are expected")
    try:
        endpoint = Endpoint.of(f"https://{words[0]}")
    except ValueError:  # a port that is none
        endpoint = Endpoint("", 0)
    if not endpoint.host or str(endpoint) != words[0].lower():
        raise ValueError(f"{words[0]!r} is no host:port")
    return str(endpoint), digits(words[1])
