"""One run at a time for each configuration directory.

The kernel holds the lock, not the file: however a process ends, its lock is gone.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from tq_conn_citrix_waf.core.ports import Clock
from tq_conn_citrix_waf.errors import LockedError, StateError
from tq_conn_citrix_waf.log import log
from tq_conn_citrix_waf.ownership import new_file

FILE_NAME = "tq-conn-citrix-waf.lock"
SECONDS = 60.0
"""So long a person's command waits for another run."""


@contextmanager
def lock(directory: Path, name: str = FILE_NAME) -> Iterator[None]:
    """Hold the lock of a configuration directory.

    Args:
        directory: of the configuration.
        name: another file's, for what may go on beside a run, but not twice.

    Raises:
        LockedError: another run holds it; its process is named.
        StateError: the lock file cannot be made.
    """
    path = directory / name
    try:
        with suppress(FileExistsError):
            os.close(new_file(path))
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW)
    except OSError as error:
        raise StateError(
            f"{path} cannot be opened: {error.strerror}",
            "make the directory writable for the user who runs the connector",
        ) from error
    try:
        if not _free(handle):
            holder = os.read(handle, 20).decode("ascii", "replace").strip() or "unknown"
            raise LockedError(
                f"another run works with {directory.resolve()} (process {holder})",
                "wait for it, or where it waits for a person's answer, end it (kill and"
                " that number); if cron's runs overlap, start them less often",
            )
        with suppress(OSError):  # whose lock it is helps a person; it holds without
            os.truncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(handle)


@contextmanager
def waited(directory: Path, clock: Clock) -> Iterator[None]:
    """Hold the lock of a directory; another run is waited for, ``SECONDS`` at most.

    Raises:
        LockedError: it takes too long.
        StateError: as for ``lock``.
    """
    until, told = clock.monotonic() + SECONDS, False
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(lock(directory))
                break
            except LockedError as error:
                if clock.monotonic() >= until:
                    raise
                if not told:
                    log.warning("%s: waiting for it", error.what)
                told = True
                clock.sleep(2.0)
        yield


@contextmanager
def lock_bare(directory: Path) -> Iterator[None]:
    """Hold a directory that is not configured yet, and leave no file in it.

    Two first runs at once would make two entries in ThreatQ.

    Raises:
        LockedError: another first run holds it.
        OSError: it cannot be opened.
    """
    handle = os.open(directory, os.O_RDONLY)
    try:
        if not _free(handle):
            raise LockedError(
                f"another first run works with {directory}",
                "end it, or answer what it asks",
            )
        yield
    finally:
        os.close(handle)


def _free(handle: int) -> bool:
    """Take the lock of an open file or directory; return whether it was free."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
