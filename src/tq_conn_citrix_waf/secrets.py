"""Where secrets are kept, that they stay there, and what a screen or a log may show.

1. A password in the file may be the text itself, ``file:PATH`` or ``env:NAME``.
2. Whatever is shown passes through ``hide`` or ``one_line``: what was fetched here is
   blotted out, and what would steer a terminal, or hide in it, is spelled.
"""

import os
from collections import defaultdict, deque
from pathlib import Path
from urllib.parse import quote

from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.reading import UnfitFileError, read_file

_known: set[str] = set()
_tokens: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=3 * 50))
"""Of what a system gives out as often as it likes, the last: each line is searched for
all of them, and where a token lives a second a run sees thousands."""
_SHORTEST = 4
"""A shorter secret is not hidden: it would blot out common words all over the log."""
_LONGEST = 4000
"""Characters of one line; all that can be wrong with a file takes fewer."""

_MOST = 65_536
"""Bytes that a file of a secret may hold."""


def fetch(text: str, place: str) -> str:
    """Return a secret from where the text says it is.

    Raises:
        ConfigurationError: it is not there; ``place`` says whose it is.
    """
    kind, _, where = text.partition(":")
    found: str | None = text
    if kind == "file":
        try:
            found = read_file(Path(where), _MOST).decode().rstrip("\r\n")
        except UnfitFileError as error:
            raise ConfigurationError(
                f"{place}: {where} cannot be read: {error}",
                "name a file that holds this secret and nothing else",
            ) from error
        except (OSError, ValueError) as error:
            raise ConfigurationError(
                f"{place}: {where} cannot be read ({type(error).__name__})",
                "make the file readable for the user who runs the connector",
            ) from error
    elif kind == "env":
        found = os.environ.get(where)
        if found is None:
            raise ConfigurationError(
                f"{place}: the variable {where} is not set",
                "set it where the connector is run, such as in the crontab",
            )
    if not found:
        raise ConfigurationError(f"{place} is empty", "enter the password there")
    keep(found)
    return found


def keep(secret: str) -> None:
    """Make a secret known, so that it is hidden."""
    if len(secret) >= _SHORTEST:
        _known.update(_spellings(secret))


def keep_token(system: str, token: str) -> None:
    """Make a token known: it is hidden until its system has given out fifty others."""
    if len(token) >= _SHORTEST:
        _tokens[system].extend(_spellings(token))


def _spellings(secret: str) -> tuple[str, str, str]:
    """Return it as it is, as Python prints it in a traceback, and as in a URL."""
    return secret, repr(secret)[1:-1], quote(secret, safe="")


def hide(text: str) -> str:
    """Return a text that may be shown; its line ends stay."""
    return "\n".join(map(_fit, text.split("\n")))


def one_line(text: str, most: int = _LONGEST) -> str:
    """Return a text that may be shown, on one line and of so many characters."""
    line = _fit(text)  # first: half of a secret would not be found
    return line if len(line) <= most else f"{line[:most]}..."


def _fit(text: str) -> str:
    for secret in sorted(_known.union(*_tokens.values()), key=len, reverse=True):
        text = text.replace(secret, "***")
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _spelled(c) for c in text)


def _spelled(character: str) -> str:
    """Return a character as an escape sequence that any encoding can carry."""
    return character.encode("unicode_escape").decode("ascii")
