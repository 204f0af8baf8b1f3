"""A directory as it is, byte for byte, so that nothing can change unseen."""

from pathlib import Path

Snapshot = dict[str, tuple[int, int, bytes]]
"""Name -> mode, time of the last change in nanoseconds, content."""


def snapshot(directory: Path) -> Snapshot:
    """Return all that is in a directory, hidden files too."""
    return {
        str(path.relative_to(directory)): (
            path.stat().st_mode,
            path.stat().st_mtime_ns,
            path.read_bytes() if path.is_file() else b"",
        )
        for path in directory.rglob("*")
    }
