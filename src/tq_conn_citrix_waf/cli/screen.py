"""What a person reads, on standard output."""

import os
import sys

from tq_conn_citrix_waf.errors import StateError


def say(*lines: str) -> None:
    """Print lines, and bring them to the screen.

    Raises:
        StateError: the screen takes no more.
    """
    try:
        for line in lines:
            print(line)
        sys.stdout.flush()
    except OSError as error:
        # What waits would be tried again when Python ends, with an error of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise StateError(
            f"standard output cannot be written: {error.strerror}",
            "free space where it goes; all else went as it should",
        ) from error
