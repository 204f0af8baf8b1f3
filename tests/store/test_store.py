"""What outlives a run is whole or absent, and a lock is gone with its process."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import LockedError, StateError
from tq_conn_citrix_waf.store import files
from tq_conn_citrix_waf.store.accepted import Accepted
from tq_conn_citrix_waf.store.lock import lock

PAIRS = st.lists(st.tuples(st.integers(0, 500), st.integers(0, 20)), max_size=20)


def memory(directory: Path) -> Accepted:
    return Accepted(directory, "https://adc.example", "bl4")


def test_a_written_file_is_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "file"
    files.write_private(path, b"text")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_a_write_that_fails_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    files.write_private(path, b"before")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StateError, match="No space left"):
        files.write_private(path, b"after")
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


def test_what_a_killed_run_left_half_written_goes_after_a_day(tmp_path: Path) -> None:
    path = tmp_path / "file"
    old, young = tmp_path / ".file.00000000", tmp_path / ".file.11111111"
    other = tmp_path / ".other.00000000"
    for one in (old, young, other):
        one.write_bytes(b"half")
    for one in (old, other):
        os.utime(one, (1, 1))
    files.write_private(path, b"text")
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        ".file.11111111",
        ".other.00000000",
        "file",
    ]


def test_a_lock_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    elsewhere = tmp_path / "shadow"
    elsewhere.write_bytes(b"of the system")
    (tmp_path / "tq-conn-citrix-waf.lock").symlink_to(elsewhere)
    with pytest.raises(StateError, match="cannot be opened"), lock(tmp_path):
        pass
    assert elsewhere.read_bytes() == b"of the system"


@given(PAIRS)
def test_an_accepted_list_reads_back(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[tuple[int, int]]
) -> None:
    ranges = Ranges.of(Family.V4, ((f, f + n) for f, n in pairs))
    kept = memory(tmp_path_factory.mktemp("state"))
    kept.write(ranges)
    assert kept.read(Family.V4) == ranges


def test_no_accepted_list_is_not_an_empty_one(tmp_path: Path) -> None:
    assert memory(tmp_path).read(Family.V4) is None


@pytest.mark.parametrize("cut", [0, 1, 40, 120, 133])
def test_a_damaged_accepted_list_is_as_if_it_had_never_been(
    tmp_path: Path, cut: int
) -> None:
    kept = memory(tmp_path)
    kept.write(Ranges.of(Family.V4, [(1, 1), (5, 9), (12, 12)]))
    kept.path.write_bytes(kept.path.read_bytes()[:cut])
    assert kept.read(Family.V4) is None


def test_each_set_of_each_appliance_has_a_list_of_its_own(tmp_path: Path) -> None:
    memory(tmp_path).write(Ranges.of(Family.V4, [(1, 1)]))
    assert Accepted(tmp_path, "https://adc.example", "x").read(Family.V4) is None
    assert Accepted(tmp_path, "https://other", "bl4").read(Family.V4) is None


@pytest.mark.parametrize("cut", [0, 1, 40, 120])
def test_what_was_begun_reads_back_until_it_is_done_and_damaged_it_is_nothing(
    tmp_path: Path, cut: int
) -> None:
    kept, removed = memory(tmp_path), Ranges.of(Family.V4, [(1, 1), (5, 9)])
    assert kept.begun(Family.V4) is None
    kept.begin(removed)
    assert memory(tmp_path).begun(Family.V4) == removed
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:cut])
    assert kept.begun(Family.V4) is None
    kept.begin(removed)
    kept.begin(Ranges.empty(Family.V4))
    assert kept.begun(Family.V4) is None
    kept.begin(removed)
    kept.end()
    assert memory(tmp_path).begun(Family.V4) is None


def test_what_was_begun_is_never_taken_for_the_list(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    kept.begin(Ranges.of(Family.V4, [(1, 1)]))
    (path,) = tmp_path.iterdir()
    path.rename(kept.path)
    assert kept.read(Family.V4) is None


def test_a_due_save_is_remembered_until_it_is_done(tmp_path: Path) -> None:
    kept = memory(tmp_path)
    assert not kept.save_due
    kept.set_save_due(due=True)
    assert memory(tmp_path).save_due
    kept.set_save_due(due=False)
    kept.set_save_due(due=False)
    assert not memory(tmp_path).save_due


def test_two_runs_never_share_a_directory(tmp_path: Path) -> None:
    with (
        lock(tmp_path),
        pytest.raises(LockedError, match=f"process {os.getpid()}"),
        lock(tmp_path),
    ):
        pass
    with lock(tmp_path):
        pass


def test_a_killed_process_leaves_no_lock(tmp_path: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from tq_conn_citrix_waf.store.lock import lock;"
        "lock(Path(sys.argv[1])).__enter__(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code, tmp_path], check=False)  # noqa: S603  # our own program
    assert done.returncode == -9
    with lock(tmp_path):
        pass


def test_a_directory_that_is_not_there_cannot_be_locked(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="cannot be opened"), lock(tmp_path / "no"):
        pass
