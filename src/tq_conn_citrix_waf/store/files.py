"""Files that are whole or absent: the one place that writes them."""

import os
import secrets
from pathlib import Path

from tq_conn_citrix_waf.errors import StateError
from tq_conn_citrix_waf.ownership import new_file

_A_DAY = 86400


def write_private(path: Path, data: bytes) -> None:
    """Write a file at once or not at all, readable by its owner alone.

    Raises:
        StateError: it was not written; what was there is as it was.
    """
    _write(path, data, 0o600)


def write_public(path: Path, data: bytes) -> None:
    """Write a file at once or not at all, for others to read, too.

    Raises:
        StateError: it was not written; what was there is as it was.
    """
    _write(path, data, 0o644)


def _write(path: Path, data: bytes, mode: int) -> None:
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = new_file(draft, path if path.exists() else None, mode)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            _forget(draft, path)
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(path.parent)
    except OSError as error:
        raise StateError(
            f"{path} cannot be written: {error.strerror}",
            "free space, or make the directory writable for the user who runs this",
        ) from error


def remove(path: Path) -> None:
    """Remove a file that may be absent.

    Raises:
        StateError: it is still there.
    """
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StateError(
            f"{path} cannot be removed: {error.strerror}",
            "make the directory writable for the user who runs this",
        ) from error


def _forget(draft: Path, path: Path) -> None:
    """Remove what runs that were killed while they wrote left behind."""
    now = draft.stat().st_mtime
    for old in path.parent.glob(f".{path.name}.????????"):
        if old.stat().st_mtime < now - _A_DAY:
            old.unlink(missing_ok=True)


def _sync(directory: Path) -> None:
    """Make the rename itself survive a power cut."""
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
