"""Killed at every request of ``adopt``: little stands open, and a run mends it."""

from pathlib import Path

import pytest

from adopt.before import HAND, NEW, OLD, STALE, WHY, Before
from support.outside import Killed, Site
from tq_conn_citrix_waf.run.adopt import BATCH


def prepared(
    directory: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Site:
    directory.mkdir()
    site = Site(directory)
    site.configure(monkeypatch)
    Before(site, capfd).filled()
    site.sent = 0
    return site


@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
def test_killed_at_each_request_the_next_run_binds_what_stands_open(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    *,
    arrives: bool,
) -> None:
    words = ("adopt", "--yes", *WHY)
    whole = prepared(tmp_path / "whole", monkeypatch, capfd)
    assert whole.run(*words) == 0
    assert whole.sent > 10
    most = 0
    for number in range(1, whole.sent + 1):
        site = prepared(tmp_path / str(number), monkeypatch, capfd)
        site.kill_at = number if arrives else -number
        with pytest.raises(Killed):
            site.run(*words)
        site.kill_at = None
        open_ = set(OLD) - {b["value"] for b in site.bindings()}
        most = max(most, len(open_))
        assert site.run() == 0, number
        blocked = {b["value"] for b in site.bindings()}
        assert {*OLD, *NEW} <= blocked, number
        assert site.run(*words) == 0, number
        assert site.ours() == site.ours(saved=True) == {*OLD, *NEW}, number
        rest = [*HAND, *((value, "", "") for value in STALE)]
        assert sorted(site.foreign()) == sorted(rest), number
    assert most == BATCH
