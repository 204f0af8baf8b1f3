"""A configured site whose file asks for metrics."""

from pathlib import Path

import pytest

from support.outside import Site
from tq_conn_citrix_waf import config


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site(tmp_path)
    found.configure(monkeypatch)
    path = tmp_path / config.FILE_NAME
    text = path.read_text()
    path.write_text(f'metrics = "{tmp_path / "waf.prom"}"\n{text}')
    return found
