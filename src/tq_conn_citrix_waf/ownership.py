"""New files: whose they are, and that their owner can read them.

1. What root makes (``sudo`` in a hurry) belongs to the owner of the directory, or of
   the file that it replaces: else the user of the cron job could not read it.
2. Only a file that was made here is given away. What was there already may be a link
   that leads to somebody else's file.
"""

import os
from contextlib import suppress
from pathlib import Path

_ROOT = 0
_OWNER = 0o600


def new_file(path: Path, like: Path | None = None, mode: int = _OWNER) -> int:
    """Make a file that is not there yet; return its descriptor, for writing.

    Args:
        path: of the file.
        like: whose owner root gives it to; None: its directory's.
        mode: less the umask, but its owner may always read and write it.

    Raises:
        OSError: it is there, or cannot be made.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, mode)
    try:
        os.fchmod(handle, os.fstat(handle).st_mode & 0o777 | _OWNER)
        if os.geteuid() == _ROOT:
            owner = (like or path.parent).stat()
            with suppress(PermissionError):  # a container's root, who may not
                os.fchown(handle, owner.st_uid, owner.st_gid)
    except BaseException:
        os.close(handle)
        path.unlink(missing_ok=True)
        raise
    return handle
