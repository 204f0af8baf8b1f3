"""A configured site with three entries made by hand, and a hundred addresses loaded."""

from pathlib import Path

import pytest

from support.outside import Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(100)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site(tmp_path)
    found.configure(monkeypatch)
    found.collection(ADDRESSES)
    assert found.run() == 0
    return found


@pytest.fixture
def loaded() -> set[str]:
    """What is bound then."""
    return {*ADDRESSES}
