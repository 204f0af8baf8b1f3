"""A good set-up, which each test breaks in its own way."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from check.looking import WANTED, CheckedSite


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[CheckedSite]:
    """Return a site that has run once; in a directory whose name is short."""
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    with tempfile.TemporaryDirectory(prefix="check-") as directory:
        found = CheckedSite(Path(directory))
        try:
            found.start(monkeypatch)
            found.trusts("threatq", "netscaler")
            found.collection(WANTED)
            assert found.run() == 0
            yield found
        finally:
            found.stop()
