"""A site that has run once, and people who listen."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from messages.people import ADDRESSES, Post, ToldSite, Webhook, serving
from tq_conn_citrix_waf import log

Shown = tuple[ssl.SSLContext, trustme.CA]
ENVIRONMENT = ("HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy", "SSL_CERT_FILE")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ToldSite]:
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    directory = tmp_path / "etc"
    directory.mkdir()
    found = ToldSite(directory)
    found.configure(monkeypatch)
    found.collection(ADDRESSES)
    assert found.run() == 0
    yield found
    log.stop()


@pytest.fixture(scope="session")
def shown() -> Shown:
    return serving("127.0.0.1")


@pytest.fixture
def ca_file(shown: Shown, tmp_path: Path) -> str:
    path = tmp_path / "ca.pem"
    shown[1].cert_pem.write_to_path(str(path))
    return str(path)


@pytest.fixture
def hook(shown: Shown) -> Iterator[Webhook]:
    found = Webhook(shown[0])
    yield found
    found.stop()


@pytest.fixture
def post(shown: Shown) -> Iterator[Post]:
    found = Post(shown[0])
    yield found
    found.stop()
