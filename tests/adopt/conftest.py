"""A site as the vendor's connector left it: most of what is wanted, without marks."""

from pathlib import Path

import pytest

from adopt.before import Before
from support.outside import Site


@pytest.fixture
def before(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Before:
    """Return the site, before the first run of ours."""
    (tmp_path / "site").mkdir()
    site = Site(tmp_path / "site")
    site.configure(monkeypatch)
    return Before(site, capfd).filled()
