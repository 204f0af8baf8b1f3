"""A site that nobody has configured yet."""

from pathlib import Path

import pytest

from support.outside import Site


@pytest.fixture
def fresh(tmp_path: Path) -> Site:
    """Return a lab beside an empty directory."""
    directory = tmp_path / "etc"
    directory.mkdir()
    return Site(directory)
