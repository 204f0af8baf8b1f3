"""A configured site whose collections hold indicators with scores and dates."""

from pathlib import Path

import pytest

from selection.dated import Dated
from support.outside import Site


@pytest.fixture
def dated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dated:
    site = Site(tmp_path)
    site.configure(monkeypatch)
    return Dated(site)
