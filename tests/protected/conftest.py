"""A configured site for each test."""

from pathlib import Path

import pytest

from support.outside import Site


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Return a lab, and a configured connector."""
    found = Site(tmp_path)
    found.configure(monkeypatch)
    return found
