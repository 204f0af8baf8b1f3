"""The configuration directory from a backup: the appliance is ahead of it."""

import shutil
from pathlib import Path

import pytest

from run.test_policy import set_key
from support.outside import Site

FEW = [f"198.18.0.{n}" for n in range(1, 31)]
MORE = [*FEW, *(f"198.18.1.{n}" for n in range(1, 31))]
WIDE = "45.64.0.0/15"


def restored(site: Site, kept: Path) -> None:
    """Bring back the directory as it was."""
    shutil.rmtree(site.directory)
    shutil.copytree(kept, site.directory)


@pytest.fixture
def ahead(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a backup; since then more was approved and bound, a wide block too."""
    set_key(site, "limits", "add_count = 10")
    site.collection(FEW)
    assert site.run() == 0
    kept = tmp_path_factory.mktemp("backup") / "kept"
    shutil.copytree(site.directory, kept)
    site.collection([*MORE, WIDE])
    approve_all(site)
    assert site.run() == 0
    assert site.ours() == {*MORE, WIDE}
    return kept


def approve_all(site: Site) -> None:
    """Allow what runs hold, until they hold nothing any more."""
    while site.run() == 5:
        for path in site.directory.glob("*.held"):
            for row in path.read_text().split('"id":"')[1:]:
                assert site.run("approve", row[:8], "--reason", "meant") == 0


def test_what_stands_there_already_is_not_held_again(site: Site, ahead: Path) -> None:
    restored(site, ahead)
    mark = site.mark
    assert site.run() == 0
    assert site.writes(mark) == []
    assert site.ours() == {*MORE, WIDE}
    site.collection(MORE)
    assert site.run() == 0
    assert site.ours() == set(MORE)


def test_what_is_new_beside_it_is_held_and_nothing_is_opened(
    site: Site, ahead: Path
) -> None:
    restored(site, ahead)
    new = [f"198.18.2.{n}" for n in range(1, 41)]
    site.collection([*MORE, WIDE, *new])
    assert site.run() == 5
    assert site.ours() == {*MORE, WIDE}
