"""docs/operations.md: each event of the log is told as it is logged."""

import json
import re
from pathlib import Path

import pytest

from support.outside import Site
from tq_conn_citrix_waf import config, log

PAGE = (Path(__file__).parents[2] / "docs/operations.md").read_text("utf-8")
ALWAYS = {"time", "level", "message", "process", "event"}
WANTED = [f"198.18.0.{n}" for n in range(100)]


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    found = Site(tmp_path)
    found.configure(monkeypatch)
    path = tmp_path / config.FILE_NAME
    path.write_text(path.read_text().replace("[log]\n", '[log]\nformat = "json"\n'))
    return found


def test_each_event_has_the_keys_of_the_table(site: Site) -> None:
    for values, code in ((WANTED, 0), (WANTED[:40], 5), ([], 3)):
        site.collection(values)
        assert site.run("-ll", str(site.directory), "-v2") == code
    log.stop()
    lines = map(json.loads, (site.directory / log.FILE_NAME).read_text().splitlines())
    seen = {line["event"]: {*line} - ALWAYS for line in lines if "event" in line}
    rows = re.findall(r"(?m)^\| `(\w+)` \| (.*) \|$", PAGE.partition("| `event` |")[2])
    table = {name: {*re.findall(r"`(\w+)`", words)} for name, words in rows}
    table.pop("told")  # tests/messages
    assert table == seen


def test_the_line_that_is_shown_is_one(site: Site) -> None:
    (shown,) = re.findall(r"(?m)^\{.*\}$", PAGE)
    site.collection(WANTED[:1])
    assert site.run("-ll", str(site.directory), "-v2") == 0
    log.stop()
    lines = map(json.loads, (site.directory / log.FILE_NAME).read_text().splitlines())
    (line,) = [line for line in lines if line.get("event") == "result"]
    same = {"time": "", "process": 0}
    assert json.loads(shown) | same == line | same
