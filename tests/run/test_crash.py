"""Killed at every request, before it leaves and after it arrived: the next run ends it.

The process is gone, the appliance is not: what arrived has been done. Nothing of the
state machine is mocked; the configuration directory is the one that the dead run left.
"""

from pathlib import Path

import pytest

from support.outside import BY_HAND, Killed, Site

FIRST = [f"198.18.0.{n}" for n in range(1, 250)] + [f"198.18.1.{n}" for n in range(250)]
THEN = [*FIRST[40:], *(f"203.0.114.{n}" for n in range(1, 200))]
FOREIGN = [(b["value"], b.get("endrange", ""), b.get("comment", "")) for b in BY_HAND]


def prepared(directory: Path, monkeypatch: pytest.MonkeyPatch, *, loaded: bool) -> Site:
    """Return a site before its first load, or loaded and with a day of churn due."""
    directory.mkdir()
    site = Site(directory)
    site.configure(monkeypatch)
    site.collection(FIRST)
    if loaded:
        assert site.run() == 0
        site.collection(THEN)
    site.sent = 0
    return site


@pytest.mark.parametrize("loaded", [False, True], ids=["first load", "churn"])
@pytest.mark.parametrize("arrives", [False, True], ids=["before", "after"])
def test_killed_at_each_request_the_next_run_ends_in_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, loaded: bool, arrives: bool
) -> None:
    whole = prepared(tmp_path / "whole", monkeypatch, loaded=loaded)
    assert whole.run() == 0
    assert whole.sent > 8
    for number in range(1, whole.sent + 1):
        site = prepared(tmp_path / str(number), monkeypatch, loaded=loaded)
        site.kill_at = number if arrives else -number
        with pytest.raises(Killed):
            site.run()
        site.kill_at = None
        assert site.run() == 0, number
        assert site.ours() == set(THEN if loaded else FIRST), number
        assert site.ours(saved=True) == site.ours(), number
        assert site.foreign() == FOREIGN, number
        mark = site.mark
        assert site.run() == 0, number
        assert site.writes(mark) == [], number
