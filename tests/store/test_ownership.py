"""What root writes belongs to the directory's owner; everybody can read his own."""

import os
from pathlib import Path

import pytest

from support.scenarios import Stage
from support.scenarios.stage import FIRST
from tq_conn_citrix_waf.ownership import new_file
from tq_conn_citrix_waf.store import files

THEIRS = 4242, 4243
OLD = 5252, 5253

Given = dict[int, tuple[int, int]]
"""Inode -> owner and group that it was given to."""


def owned(monkeypatch: pytest.MonkeyPatch, owners: dict[Path, tuple[int, int]]) -> None:
    """Let some paths belong to others, as far as anybody asks."""
    real = Path.stat

    def stat(path: Path, **how: bool) -> os.stat_result:
        found = [*real(path, **how)]
        found[4:6] = owners.get(path, found[4:6])
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", stat)


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch) -> Given:
    """Let this process be root as far as it knows; note whom it gives files to."""
    found: Given = {}

    def fchown(handle: int, owner: int, group: int) -> None:
        found[os.fstat(handle).st_ino] = owner, group

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", fchown)
    return found


def test_whatever_root_runs_each_file_goes_to_the_owner_of_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given
) -> None:
    stage = Stage(tmp_path / "etc", patch=monkeypatch)
    stage.directory.mkdir()
    owned(monkeypatch, {stage.directory: THEIRS, stage.logs: THEIRS})
    stage.load()
    stage.collection(FIRST[11:])
    assert stage.tell().code == 5
    (held,) = stage.directory.glob("*.held")
    words = held.read_text("utf-8")
    id_ = next(w for w in words.split('"') if len(w) == 8 and w.isalnum())
    assert stage.tell("approve", id_, "--reason", "tried").code == 0
    assert stage.tell("check").code == 0
    made = [*stage.directory.iterdir(), *stage.logs.iterdir()]
    assert len(made) >= 7
    assert {p.name: given.get(p.lstat().st_ino) for p in made} == {
        p.name: THEIRS for p in made
    }


def test_what_root_replaces_keeps_its_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"before")
    owned(monkeypatch, {tmp_path: THEIRS, path: OLD})
    files.write_private(path, b"after")
    assert given == {path.lstat().st_ino: OLD}


def test_what_was_there_is_never_given_away(tmp_path: Path, given: Given) -> None:
    (tmp_path / "shadow").write_bytes(b"of the system")
    (tmp_path / "link").symlink_to("shadow")
    with pytest.raises(FileExistsError):
        new_file(tmp_path / "link")
    assert given == {}


def test_where_root_may_not_give_files_away_they_stay_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: int) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(os, "fchown", refused)
    files.write_private(tmp_path / "file", b"text")
    assert (tmp_path / "file").read_bytes() == b"text"


def test_who_is_not_root_gives_nothing_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: Given
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    files.write_private(tmp_path / "file", b"text")
    assert given == {}


@pytest.mark.parametrize("umask", [0o777, 0o077, 0o022, 0])
def test_under_any_umask_the_owner_can_read_and_write_and_others_get_no_more(
    tmp_path: Path, umask: int
) -> None:
    before = os.umask(umask)
    try:
        os.close(new_file(tmp_path / "private"))
        os.close(new_file(tmp_path / "log", mode=0o666))
    finally:
        os.umask(before)
    modes = [(tmp_path / n).lstat().st_mode & 0o777 for n in ("private", "log")]
    assert modes == [0o600, 0o600 | 0o666 & ~umask]
