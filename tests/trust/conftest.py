"""A site over TLS whose certificates nobody trusts yet."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from trust.sockets import TlsSite


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TlsSite]:
    for name in ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE"):
        monkeypatch.delenv(name, raising=False)
    found = TlsSite(tmp_path)
    try:
        found.start(monkeypatch)
        yield found
    finally:
        found.stop()
