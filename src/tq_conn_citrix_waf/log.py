"""The log: one rotating file, or standard output; UTC; never a secret.

A log that cannot be written does not end a run: the block list matters more. It is said
when the log is closed.
"""

import logging
import logging.handlers
import os
import sys
import time
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.ownership import new_file
from tq_conn_citrix_waf.secrets import hide

FILE_NAME = "tq-conn-citrix-waf.log"
LEVELS = {1: logging.WARNING, 2: logging.INFO, 3: logging.DEBUG}
_BYTES, _FILES = 5_000_000, 5

log = logging.getLogger("tq_conn_citrix_waf")
log.propagate = False
log.addHandler(logging.NullHandler())  # else Python prints warnings on standard error


class _Lines(logging.Formatter):
    """One line an event: UTC, level, words; what spans lines is indented."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%SZ"
        )

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record)).replace("\n", "\n    ")


class _Noting(logging.Handler):
    """A handler that notes what kept it from writing."""

    failed: OSError | None = None

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  # logging's
        error = sys.exception()
        if not isinstance(error, OSError):
            super().handleError(record)
        self._note(error)

    def close(self) -> None:
        try:
            super().close()
        except OSError as error:
            self._note(error)

    def _note(self, error: BaseException | None) -> None:
        if isinstance(error, OSError):
            self.failed = self.failed or error


class _File(_Noting, logging.handlers.RotatingFileHandler):
    """The log in a directory."""

    def _open(self) -> TextIOWrapper:
        with suppress(FileExistsError):
            os.close(new_file(Path(self.baseFilename), mode=0o666))
        return super()._open()


class _Screen(_Noting, logging.StreamHandler[TextIO]):
    """The log on standard output."""


def start(location: str, verbosity: int, screen: TextIO | None = None) -> None:
    """Send the log to a directory, or to standard output where it says ``stdout``.

    Args:
        location: a directory, or ``stdout``.
        verbosity: 1 to 3, a key of ``LEVELS``.
        screen: stands for standard output; None: that itself.

    Raises:
        StateError: there is no such directory, or it cannot be written.
    """
    handler: _File | _Screen
    if location == "stdout":
        handler = _Screen(screen or sys.stdout)
    else:
        try:
            handler = _File(
                Path(location) / FILE_NAME,
                maxBytes=_BYTES,
                backupCount=_FILES,
                encoding="utf-8",
            )
        except OSError as error:
            raise StateError(
                f"the log cannot be written in {location}: {error.strerror}",
                "make the directory (mkdir -p), writable for the user who runs this",
            ) from error
    handler.setFormatter(_Lines())
    _close()
    log.addHandler(handler)
    log.setLevel(LEVELS[verbosity])


def in_file() -> bool:
    """Whether the log goes to a file."""
    return any(isinstance(handler, _File) for handler in log.handlers)


def hush() -> None:
    """Show no warnings on the screen unless more was asked for: the answer has them.

    Only this log's screen is hushed, and for as long as it lasts.
    """
    for handler in log.handlers:
        if isinstance(handler, _Screen) and log.level == logging.WARNING:
            handler.setLevel(logging.ERROR)


def stop() -> None:
    """Close the log.

    Raises:
        StateError: some of it was not written.
    """
    for handler in _close():
        if handler.failed is not None:
            place = handler.baseFilename if isinstance(handler, _File) else "stdout"
            raise StateError(
                f"the log is not whole ({place}): {handler.failed.strerror}",
                "free space where it is written; all else went as it should",
            )


def _close() -> list[_File | _Screen]:
    closed = [h for h in log.handlers if isinstance(h, _File | _Screen)]
    for handler in closed:
        log.removeHandler(handler)
        handler.close()
    return closed
