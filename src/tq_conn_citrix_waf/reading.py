"""Files are read in bounded time and memory, whatever a name leads to.

A regular file of a size that makes sense, and nothing else: a pipe that nobody writes
to would hold a run for ever, and a device or a file of gigabytes fill the memory.
"""

import errno
import os
import stat
from pathlib import Path

MOST = 64 * 2**20
"""Bytes of a file that a run reads; what is kept of 100,000 entries takes ten times
less. What a person writes by hand has a limit of its own."""

_PIECE = 2**16


class UnfitFileError(OSError):
    """What stands there is no regular file, or larger than what belongs there."""

    def __init__(self, words: str) -> None:
        super().__init__(errno.EINVAL, words)

    def __str__(self) -> str:
        return str(self.strerror)


def read_file(path: Path, most: int = MOST) -> bytes:
    """Return what a regular file holds.

    Raises:
        OSError: it cannot be read; ``UnfitFileError``: it is none, or too large.
    """
    handle = _opened(path, most)
    found = bytearray()
    with os.fdopen(handle, "rb") as file:
        while piece := file.read(_PIECE):
            found += piece
            if len(found) > most:  # it has grown, or its file system tells no size
                raise _too_large(most)
    return bytes(found)


def check_file(path: Path, most: int = MOST) -> None:
    """Raise as ``read_file`` does, for a library that reads the file itself."""
    os.close(_opened(path, most))


def cure(error: OSError) -> str:
    """Return what a person does about a file that cannot be read."""
    if isinstance(error, UnfitFileError):
        return "put a regular file there that holds what belongs there and no more"
    return "make it readable for the user who runs the connector"


def _opened(path: Path, most: int) -> int:
    """Open a file without waiting for a pipe's other end."""
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    wrong = _wrong(os.fstat(handle), most)
    if wrong:
        os.close(handle)
        raise wrong
    return handle


def _wrong(found: os.stat_result, most: int) -> OSError | None:
    if stat.S_ISDIR(found.st_mode):
        return IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(found.st_mode):
        return UnfitFileError("it is no regular file")
    return _too_large(most) if found.st_size > most else None


def _too_large(most: int) -> UnfitFileError:
    return UnfitFileError(f"it is larger than {most:,} bytes")
