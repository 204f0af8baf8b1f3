"""Whatever a name leads to, it is read in bounded time and memory, or told."""

import os
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from support.scenarios import Stage
from support.scenarios.stage import FIRST, THEN
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.reading import UnfitFileError, read_file

ROOM = 16 * 2**20


def device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def pipe(path: Path) -> None:
    os.mkfifo(path)


def huge(path: Path) -> None:
    path.touch()
    os.truncate(path, 3 * 2**30)


UNFIT = pytest.mark.parametrize("made", [device, pipe, huge])


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage.loaded(tmp_path / "etc", monkeypatch)


def settings(stage: Stage) -> tuple[Path, list[str]]:
    return stage.file, []


def never_block(stage: Stage) -> tuple[Path, list[str]]:
    stage.key("never_block", 'files = ["never.txt"]')
    return stage.directory / "never.txt", []


def authority(stage: Stage) -> tuple[Path, list[str]]:
    stage.serve(None)
    return stage.directory / "ca.pem", ["--ca-file", str(stage.directory / "ca.pem")]


def saved_plan(stage: Stage) -> tuple[Path, list[str]]:
    path = stage.directory / "plan.json"
    return path, ["apply", "--plan", str(path)]


def password(stage: Stage) -> tuple[Path, list[str]]:
    path = stage.directory / "password"
    stage.key("threatq", f'password = "file:{path}"')
    return path, []


def pins(stage: Stage) -> tuple[Path, list[str]]:
    return stage.directory / "tq-conn-citrix-waf.trust", []


FILES = (settings, never_block, authority, saved_plan, password, pins)


@UNFIT
@pytest.mark.parametrize("file", FILES)
def test_a_file_that_is_none_or_far_too_large_is_a_fault_of_the_configuration(
    stage: Stage,
    file: Callable[[Stage], tuple[Path, list[str]]],
    made: Callable[[Path], None],
) -> None:
    path, words = file(stage)
    path.unlink(missing_ok=True)
    made(path)
    before = stage.bindings()
    tracemalloc.start()
    told = stage.tell(*words)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert told.code == 2
    what, _ = told.err.splitlines()
    assert str(path) in what
    assert "it is no regular file" in what or "it is larger than" in what
    assert peak < ROOM
    assert stage.bindings() == before


@UNFIT
@pytest.mark.parametrize(
    ("name", "code", "holds"),
    [
        ("paused", 0, FIRST),
        ("allowed", 2, FIRST),
        ("settings", 0, THEN),
        ("messages", 0, THEN),
    ],
)
def test_what_runs_leave_for_one_another_is_read_no_other_way(
    stage: Stage, name: str, code: int, holds: list[str], made: Callable[[Path], None]
) -> None:
    path = stage.directory / f"tq-conn-citrix-waf.{name}"
    path.unlink(missing_ok=True)
    made(path)
    assert stage.tell().code == code
    assert stage.ours() == {*holds}


def test_a_file_of_just_the_most_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 10)
    assert read_file(path, 10) == b"x" * 10
    with pytest.raises(UnfitFileError, match="larger than 9 bytes"):
        read_file(path, 9)


def test_a_file_that_tells_no_size_is_read_up_to_the_most() -> None:
    with pytest.raises(UnfitFileError, match="larger than 10 bytes"):
        read_file(Path("/proc/self/status"), 10)


def test_the_largest_file_that_a_person_may_write_is_taken(stage: Stage) -> None:
    text = stage.file.read_text("utf-8")
    stage.file.write_text(text + "#" * (2**20 - len(text.encode())), "utf-8")
    assert config.load(stage.directory).sections
    stage.file.write_text(stage.file.read_text("utf-8") + "#", "utf-8")
    assert stage.tell().code == 2
