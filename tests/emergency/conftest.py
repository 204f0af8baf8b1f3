"""A loaded site: the appliance holds what the data collection wants."""

from pathlib import Path

import pytest

from support.outside import Site

WANTED = [f"198.18.0.{n}" for n in range(1, 41)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("SUDO_USER", "alice")
    found = Site(tmp_path)
    found.configure(monkeypatch)
    path = tmp_path / "tq-conn-citrix-waf.toml"
    text = path.read_text("utf-8")
    path.write_text(f'metrics = "{tmp_path / "waf.prom"}"\n{text}', "utf-8")
    found.collection(WANTED)
    assert found.run() == 0
    return found
