"""A configured site with two data sets, one of each family."""

from pathlib import Path

import pytest

from kinds.both import Both
from support.outside import Site


@pytest.fixture
def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Both:
    site = Site(tmp_path)
    site.configure(monkeypatch)
    return Both.of(site)
