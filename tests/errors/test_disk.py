"""Full disks and missing rights, as a process meets them."""

import errno
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from support.scenarios import RAM, Stage
from support.scenarios.stage import FIRST, THEN
from tq_conn_citrix_waf.log import FILE_NAME

CHILD = Path(__file__).with_name("child.py")
TESTS = CHILD.parents[1]


@dataclass(frozen=True, slots=True)
class Places:
    """The configuration directory and the log's, which everybody may enter."""

    home: Path
    logs: Path

    def run(
        self, loss: str, state: str, *words: str, out: str = ""
    ) -> tuple[int, str, str]:
        """Run in a process of its own; return exit code and both streams."""
        command = [sys.executable, str(CHILD), str(self.home), loss, state]
        with Path(out or os.devnull).open("wb") as file:
            done = subprocess.run(  # noqa: S603  # our own program
                [*command, "-c", str(self.home), *words],
                env={**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), *PATH])},
                stdin=subprocess.DEVNULL,
                stdout=file if out else subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        return done.returncode, done.stdout or "", done.stderr

    def files(self) -> dict[str, bytes]:
        """Return what lies in the configuration directory, but the empty lock."""
        found = {p.name: p.read_bytes() for p in self.home.iterdir()}
        return {k: v for k, v in found.items() if not k.endswith(".lock")}


PATH = [p for p in sys.path if p]


@pytest.fixture
def places() -> Iterator[Places]:
    with TemporaryDirectory(dir=RAM) as directory:
        home, logs = Path(directory) / "etc", Path(directory) / "etc.log"
        home.mkdir()
        Path(directory).chmod(0o755)
        yield Places(home, logs)


def kept(directory: Path) -> dict[str, bytes]:
    """Return all files but the ledger, which records the run that failed as well."""
    return {p.name: p.read_bytes() for p in directory.iterdir() if p.suffix != ".db"}


def two(err: str) -> str:
    what, cure = err.splitlines()
    assert cure.startswith("What to do: ")
    return what


def test_a_directory_that_cannot_be_written_ends_with_7_and_nothing_is_done(
    places: Places,
) -> None:
    code, out, err = places.run("rights", "loaded")
    assert code == 7
    assert "cannot be opened: Permission denied" in two(err)
    assert set(json.loads(out[out.index("{") :])["ours"]) == {*FIRST}


def test_a_log_directory_that_cannot_be_written_ends_with_7(places: Places) -> None:
    code, _, err = places.run("rights", "loaded", "-ll", str(places.logs))
    assert code == 7
    assert "the log cannot be written" in two(err)


def test_a_first_run_where_nothing_can_be_written_asks_nothing(places: Places) -> None:
    code, out, err = places.run("rights", "fresh")
    assert code == 7
    assert "no directory that can be written" in two(err)
    assert "ThreatQ Host" not in out
    assert places.files() == {}


def test_a_disk_that_is_full_ends_a_first_run_with_7_and_leaves_nothing(
    places: Places,
) -> None:
    code, _, err = places.run("room=10", "fresh")
    assert code == 7
    assert "cannot be written: File too large" in two(err)
    assert places.files() == {}


def test_a_disk_that_is_full_ends_a_run_with_7_before_anything_is_done(
    places: Places,
) -> None:
    code, out, err = places.run("room=10", "loaded", "-ll", str(places.logs), "-v3")
    told = json.loads(out[out.index("{") :])
    assert code == 7
    assert "cannot be written: File too large" in two(err)
    assert set(told["ours"]) == {*FIRST}
    assert told["sessions"] == 0
    assert not [name for name in places.files() if name.startswith(".")]


def test_a_log_that_gets_no_more_room_stops_no_run_and_is_told_with_7(
    places: Places,
) -> None:
    words = ("-ll", str(places.logs), "-v3")
    code, out, err = places.run("room=1500", "loaded", *words)
    assert code == 7
    assert "the log is not whole" in two(err)
    assert set(json.loads(out[out.index("{") :])["ours"]) == {*THEN}
    assert (places.logs / FILE_NAME).stat().st_size <= 1500


def test_a_screen_that_takes_nothing_stops_no_run_and_is_told_with_7(
    places: Places,
) -> None:
    code, _, err = places.run("nothing", "loaded", "-v2", out="/dev/full")
    assert code == 7
    assert "No space left on device" in two(err)


@pytest.mark.parametrize("call", ["open", "fsync", "replace"])
def test_whatever_step_of_writing_a_file_fails_the_old_file_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, call: str
) -> None:
    stage = Stage.loaded(tmp_path / "etc", monkeypatch)
    before = kept(stage.directory)
    mark = stage.mark
    where = Path if call == "replace" else os
    real = getattr(where, call)

    def failing(path: object, *rest: object) -> object:
        named = isinstance(path, int) or ".accepted" in str(path)
        if named:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(where, call, failing)
        told = stage.tell()
    assert told.code == 7
    assert "cannot be written: No space left on device" in two(told.err)
    # What is begun is kept first; it allows no more than this run was allowed.
    left = kept(stage.directory).items()
    assert {n: data for n, data in left if not n.endswith(".begun")} == before
    assert stage.writes(mark) == []
    assert stage.tell().code == 0
    assert stage.ours() == {*THEN}


def test_a_configuration_cut_anywhere_is_never_half_believed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stage = Stage.loaded(tmp_path / "etc", monkeypatch)
    whole = stage.file.read_bytes()
    needed = whole.index(b"\npassword = ")
    for size in range(0, needed, 97):
        stage.file.write_bytes(whole[:size])
        mark = stage.mark
        assert stage.tell().code == 2, whole[:size]
        assert stage.requests(mark) == []
