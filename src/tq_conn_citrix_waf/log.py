"""The log: one rotating file, or standard output; UTC; never a secret."""

import logging
import logging.handlers
import sys
import time
from pathlib import Path

from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.secrets import hide

FILE_NAME = "tq-conn-citrix-waf.log"
LEVELS = {1: logging.WARNING, 2: logging.INFO, 3: logging.DEBUG}
_BYTES, _FILES = 5_000_000, 5

log = logging.getLogger("tq_conn_citrix_waf")


class _Lines(logging.Formatter):
    """One line an event: UTC, level, words; what spans lines is indented."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%SZ"
        )

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record)).replace("\n", "\n    ")


def start(location: str, verbosity: int) -> None:
    """Send the log to a directory, or to standard output where it says ``stdout``.

    Raises:
        StateError: there is no such directory, or it cannot be written.
    """
    handler: logging.Handler
    if location == "stdout":
        handler = logging.StreamHandler(sys.stdout)
    else:
        try:
            handler = logging.handlers.RotatingFileHandler(
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
    stop()
    log.addHandler(handler)
    log.setLevel(LEVELS[verbosity])
    log.propagate = False


def stop() -> None:
    """Close the log."""
    for handler in [*log.handlers]:
        log.removeHandler(handler)
        handler.close()
