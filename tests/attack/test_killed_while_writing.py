"""Killed at any step of writing any file, and a clock that goes back: the next run ends
in step, and no file was half.

What kill -9 leaves is what stands in the directory at that instant: it is copied aside
there, and put back once the run has unwound.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from support.outside import Killed
from support.scenarios import Stage
from support.scenarios.stage import FIRST, THEN
from tq_conn_citrix_waf import config

STEPS = ((os, "open"), (os, "fchmod"), (os, "fsync"), (Path, "replace"))
"""Each is a call that a file is written by."""


class Scene:
    """Counts the steps, and at one of them stops everything."""

    def __init__(self, stage: Stage, kill_at: int) -> None:
        self.steps = 0
        self._stage, self._kill_at = stage, kill_at
        self._aside = stage.directory.with_name("aside")

    def put_on(self, patch: pytest.MonkeyPatch) -> None:
        for where, name in STEPS:
            patch.setattr(where, name, self._step(getattr(where, name)))

    def _step(self, real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:  # noqa: ANN401  # any call
            self.steps += 1
            if self.steps == self._kill_at:
                self._copy(self._stage.directory, self._aside)
                raise Killed
            if self.steps > self._kill_at > 0:
                raise Killed
            return real(*given, **named)

        return step

    def put_back(self) -> None:
        self._copy(self._aside, self._stage.directory)

    def _copy(self, one: Path, other: Path) -> None:
        kept, self._kill_at = self._kill_at, 0
        shutil.rmtree(other, ignore_errors=True)
        shutil.copytree(one, other, symlinks=True)
        self._kill_at = kept


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage.loaded(tmp_path / "etc", monkeypatch)


def killed(stage: Stage, kill_at: int, *words: str) -> bool:
    """Run, killed at a step of writing; return whether there was such a step."""
    scene = Scene(stage, kill_at)
    with pytest.MonkeyPatch.context() as patch:
        scene.put_on(patch)
        try:
            assert stage.tell(*words).code == 0
        except Killed:
            scene.put_back()
            return True
    return False


def test_a_run_killed_at_any_step_of_writing_is_finished_by_the_next(
    stage: Stage,
) -> None:
    foreign = stage.foreign()
    step = 1
    while killed(stage, step):
        wanted = [THEN, FIRST][step % 2]
        assert config.load(stage.directory).instance
        stage.collection(wanted)
        told = stage.tell()
        assert (told.code, step) == (0, step), told.err
        assert stage.ours() == {*wanted} == stage.ours(saved=True)
        assert stage.foreign() == foreign
        step += 1
        stage.collection([THEN, FIRST][step % 2])
    assert step > 10


def test_an_approval_killed_at_any_step_of_writing_is_given_whole_or_not(
    stage: Stage,
) -> None:
    stage.collection(FIRST[11:])
    assert stage.tell().code == 5
    (held,) = stage.directory.glob("*.held")
    id_ = next(w for w in held.read_text("utf-8").split('"') if len(w) == 8)
    step = 1
    while killed(stage, step, "approve", id_, "--reason", "tried"):
        assert stage.ours() == {*FIRST}
        assert stage.tell("approve").code == 0
        step += 1
    assert step > 3
    assert stage.tell().code == 0
    assert stage.ours() == {*FIRST[11:]}


def test_a_clock_that_goes_back_holds_nothing_up(stage: Stage) -> None:
    now = stage.control("GET", "/clock")["now"]
    stage.lab.clock.advance(86400 * 40)
    assert stage.tell().code == 0
    stage.control("PUT", "/clock", {"now": now})
    stage.collection(FIRST)
    told = stage.tell()
    assert told.code == 0, told.err
    assert stage.ours() == {*FIRST}
