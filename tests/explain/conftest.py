"""A configured site with two data sets, one of each family."""

from pathlib import Path

import pytest

from explain.asking import Asking
from kinds.both import Both
from support.outside import Site


@pytest.fixture
def ask(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Asking:
    site = Site(tmp_path)
    site.configure(monkeypatch)
    return Asking(Both.of(site), capfd)
