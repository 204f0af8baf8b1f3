"""A configured site for each test of a whole run."""

from pathlib import Path

import pytest

from support.outside import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a lab with three entries made by hand, and a configured connector."""
    found = Site(tmp_path)
    found.configure(monkeypatch)
    return found
