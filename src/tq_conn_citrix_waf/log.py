"""The log: one rotating file, standard output, or a syslog; UTC; never a secret.

1. A log that cannot be written does not end a run: the block list matters more. It is
   said when the log is closed.
2. What a syslog does not take in goes where it would go without one, and that is said.
3. Whatever a line says, it stays one: of text what follows is indented, JSON and syslog
   spell it.
"""

import json
import logging
import logging.handlers
import os
import socket
import sys
import time
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.ownership import new_file
from tq_conn_citrix_waf.secrets import hide, one_line
from tq_conn_citrix_waf.syslog import SECONDS, Syslog, left

FILE_NAME = "tq-conn-citrix-waf.log"
LEVELS = {1: logging.WARNING, 2: logging.INFO, 3: logging.DEBUG}
_BYTES, _FILES = 5_000_000, 5

log = logging.getLogger("tq_conn_citrix_waf")
log.propagate = False
log.addHandler(logging.NullHandler())  # else Python prints warnings on standard error


def fields(**facts: str | float | bool | None) -> dict[str, dict[str, object]]:
    """Return what a program should read of an event, as ``extra`` of a log line."""
    return {"fields": dict(facts)}


class _Lines(logging.Formatter):
    """One line an event: UTC, level, words; what spans lines is indented."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__(
            "%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%SZ"
        )

    def format(self, record: logging.LogRecord) -> str:
        return hide(super().format(record)).replace("\n", "\n    ")


_MOST = 8000
"""Octets of one line to a syslog: rsyslog cuts what is longer than 8 KiB."""


class _Json(logging.Formatter):
    """One object an event, in ASCII: no encoding and no name can break a line.

    Args:
        most: so long a line may be; of a longer one, the end of its longest texts is
            missing.
    """

    def __init__(self, most: int = sys.maxsize) -> None:
        super().__init__()
        self._most = most

    def format(self, record: logging.LogRecord) -> str:
        at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
        facts = getattr(record, "fields", {})
        told: dict[str, object] = {
            "time": f"{at}.{int(record.msecs):03}Z",
            "level": record.levelname,
            "message": hide(record.getMessage()),
            "process": record.process,
        }
        for name, fact in facts.items():
            told[name] = one_line(fact) if isinstance(fact, str) else fact
        while len(line := json.dumps(told)) > self._most:
            texts = {name: fact for name, fact in told.items() if isinstance(fact, str)}
            longest = max(texts, key=lambda name: len(texts[name]))
            told[longest] = f"{texts[longest][: len(texts[longest]) // 2]}..."
        return line


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


_Local = _File | _Screen
_DAEMON = 3 << 3
"""The facility, RFC 5424 table 1; a priority is this and a severity of table 2."""
_SEVERITIES = {
    logging.DEBUG: 7,
    logging.INFO: 6,
    logging.WARNING: 4,
    logging.ERROR: 3,
    logging.CRITICAL: 2,
}


class _Syslog(logging.Handler):
    """The log in a syslog, in the form of RFC 3164 as programs send it on their host.

    The library's own handler connects without a time limit, and says to nobody that
    there is no syslog.
    """

    def __init__(self, there: socket.socket, place: str, spare: _Local) -> None:
        super().__init__()
        self.spare = spare
        self._there, self._place = there, place
        self._ends = b"\n" if there.type == socket.SOCK_STREAM else b""
        self._waited = 0.0
        self.lost = False

    def emit(self, record: logging.LogRecord) -> None:
        if not self.lost:
            line, began = self._line(record), time.monotonic()
            try:
                # One that is slow with each line holds the run up no longer than this.
                self._there.settimeout(left(began + SECONDS - self._waited))
                self._there.sendall(line)
            except OSError as error:
                self.lost = True
                self._beside(_lost(self._place, error))
            self._waited += time.monotonic() - began
        if self.lost:
            self._beside(record)

    def _line(self, record: logging.LogRecord) -> bytes:
        severity = _SEVERITIES[record.levelno]
        tag = f"tq-conn-citrix-waf[{record.process}]"
        words = self.formatter.format(record) if self.formatter else ""
        if isinstance(self.formatter, _Lines):
            words = one_line(record.getMessage())
            if len(octets := words.encode()) > _MOST:
                words = f"{octets[:_MOST].decode(errors='ignore')}..."
        return f"<{_DAEMON | severity}>{tag}: {words}".encode() + self._ends

    def _beside(self, record: logging.LogRecord) -> None:
        if record.levelno >= self.spare.level:
            self.spare.handle(record)

    def close(self) -> None:
        self._there.close()
        super().close()


def _lost(place: str, error: OSError) -> logging.LogRecord:
    words = "the syslog at %s takes nothing in (%s): the log goes on here"
    why = error.strerror or str(error)
    level, path, args = logging.WARNING, "", (place, why)
    return log.makeRecord(log.name, level, path, 0, words, args, None)


def start(location: str, verbosity: int, screen: TextIO | None = None) -> None:
    """Send the log to a directory, or to standard output where it says ``stdout``.

    Args:
        location: a directory, or ``stdout``.
        verbosity: 1 to 3, a key of ``LEVELS``.
        screen: stands for standard output; None: that itself.

    Raises:
        StateError: there is no such directory, or it cannot be written.
    """
    handler: _Local
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


def shape(form: str, place: str) -> None:
    """Give the log that was started the form, and the place, that people chose.

    Args:
        form: text or json.
        place: of a syslog, as ``Syslog.of`` reads it; '' for where it was started.
    """
    formatter = _Json() if form == "json" else _Lines()
    for handler in [h for h in log.handlers if isinstance(h, _Local)]:
        handler.setFormatter(formatter)
        if not place:
            continue
        try:
            beyond = _Syslog(Syslog.of(place).connect(), place, handler)
        except OSError as error:
            handler.handle(_lost(place, error))
        else:
            beyond.setFormatter(_Json(_MOST) if form == "json" else _Lines())
            log.removeHandler(handler)
            log.addHandler(beyond)


def off_screen() -> bool:
    """Whether the log goes to a file or to a syslog, where nobody sees it now."""
    for handler in log.handlers:
        if isinstance(handler, _Syslog):
            return not handler.lost or isinstance(handler.spare, _File)
        if isinstance(handler, _File):
            return True
    return False


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


def _close() -> list[_Local]:
    closed: list[_Local] = []
    for handler in [*log.handlers]:
        if isinstance(handler, _Syslog):
            handler.close()
        own = handler.spare if isinstance(handler, _Syslog) else handler
        if isinstance(own, _Local):
            log.removeHandler(handler)
            own.close()
            closed.append(own)
    return closed
