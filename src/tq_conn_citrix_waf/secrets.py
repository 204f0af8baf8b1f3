"""Where secrets are kept, and that they stay there.

A password in the file may be the text itself, ``file:PATH`` or ``env:NAME``. What was
fetched here is known to ``hide``, which the log applies to every line.
"""

import os
from pathlib import Path

from tq_conn_citrix_waf.errors import ConfigurationError

_known: set[str] = set()
_SHORTEST = 4
"""A shorter secret is not hidden: it would blot out common words all over the log."""


def fetch(text: str, place: str) -> str:
    """Return a secret from where the text says it is.

    Raises:
        ConfigurationError: it is not there; ``place`` says whose it is.
    """
    kind, _, where = text.partition(":")
    found: str | None = text
    if kind == "file":
        try:
            found = Path(where).read_text("utf-8").rstrip("\r\n")
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
        _known.add(secret)


def hide(text: str) -> str:
    """Return a text with every known secret blotted out."""
    for secret in sorted(_known, key=len, reverse=True):
        text = text.replace(secret, "***")
    return text
