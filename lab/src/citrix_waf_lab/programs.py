"""Where the programs of this tree are, so that what is shown can be typed."""

import shutil
import sys
from pathlib import Path

CONNECTOR = "tq-conn-citrix-waf"
LAB = "citrix-waf-lab"


class NoProgramError(Exception):
    """A program is nowhere to be found; the text says where it was looked for."""


def program(name: str) -> str:
    """Return a program beside this Python, else on the path, short where possible.

    Raises:
        NoProgramError: it is in neither place.
    """
    beside = Path(sys.executable).with_name(name)
    found = str(beside) if beside.exists() else shutil.which(name)
    if found is None:
        raise NoProgramError(f"{name} is neither beside {sys.executable} nor on PATH")
    here = Path.cwd()
    path = Path(found)
    return str(path.relative_to(here)) if path.is_relative_to(here) else found
