"""A site with a past: a load, churn by reason, drift, a refusal and its approval."""

from pathlib import Path

import pytest

from past.world import Past
from support.outside import Site


@pytest.fixture
def past(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Past:
    """Return the site, its runs done; all around it is gone."""
    site = Site(tmp_path)
    site.configure(monkeypatch)
    return Past(site, capfd).lived()
