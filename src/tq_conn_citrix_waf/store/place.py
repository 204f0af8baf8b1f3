"""Where the files of one data set of one appliance lie in a configuration directory."""

import hashlib
from pathlib import Path


def place(directory: Path, appliance: str, block_list: str, ending: str) -> Path:
    """Return the path of a state file: each set of each appliance has its own."""
    whose = f"{block_list} on {appliance}"
    name = hashlib.sha256(whose.encode()).hexdigest()[:8]
    return directory / f"tq-conn-citrix-waf.{name}.{ending}"
