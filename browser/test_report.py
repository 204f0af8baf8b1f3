"""A rehearsed month's report in Chromium: seen, judged by axe-core, tabbed through.

Without the browser this is red and not skipped. With ``SHOTS=1`` the pictures in docs/
are made anew; they are not compared, since fonts differ.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from browser.environment import NEEDS
from interop.environments import ROOT, prepare
from support.month import Month, SlowSite

pytestmark = pytest.mark.timeout(180)  # the month, and a browser that starts
LOOKS = ("desktop-light", "desktop-dark", "320-light", "320-dark")
_LARGEST = 200_000
"""Bytes of a picture: it is in every copy of this repository."""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a month, four runs a day."""
    where = tmp_path_factory.mktemp("month")
    with pytest.MonkeyPatch.context() as patch:
        month = Month(SlowSite(where), patch, every=6).lived(30)
    assert {0, 3, 4, 5} == set(month.exits)
    path = where / "report.html"
    assert month.site.run("report", "--html", str(path)) == 0
    return path


@pytest.fixture(scope="module")
def seen(page: Path) -> dict[str, Any]:
    """What a browser saw of it, by the way it was looked at."""
    chromium = shutil.which("chromium")
    assert chromium is not None, "there is no chromium: make browser installs it"
    program = prepare(NEEDS).program("python")
    look = Path(__file__).with_name("look.py")
    done = subprocess.run(  # noqa: S603  # our own program
        [program, look, chromium, page, page.parent],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert set(found) == set(LOOKS)
    return found


@pytest.mark.parametrize("look", LOOKS)
def test_axe_core_finds_nothing_wrong(seen: dict[str, Any], look: str) -> None:
    assert seen[look]["violations"] == []
    assert seen[look]["unfolded"]["violations"] == []
    assert seen[look]["passes"] > 30


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_scrolls_sideways(seen: dict[str, Any], look: str) -> None:
    assert seen[look]["too_wide"] == 0
    assert seen[look]["unfolded"]["too_wide"] == 0


@pytest.mark.parametrize("look", LOOKS)
def test_nothing_but_the_file_is_asked_for_and_nothing_is_said(
    seen: dict[str, Any], page: Path, look: str
) -> None:
    assert seen[look]["asked"] == [page.as_uri()]
    assert seen[look]["said"] == []


@pytest.mark.parametrize("look", LOOKS)
def test_it_looks_the_same_without_scripts(seen: dict[str, Any], look: str) -> None:
    assert seen[look]["same_without_scripts"]


@pytest.mark.parametrize("look", LOOKS)
def test_the_tabulator_goes_down_the_page_and_is_seen(
    seen: dict[str, Any], look: str
) -> None:
    tabs = seen[look]["tabs"]
    places = [one["place"] for one in tabs]
    assert tabs[0]["to"] == "#now"
    assert places == sorted(places)
    assert len(places) > 5
    assert all(one["shown"] for one in tabs)


@pytest.mark.parametrize("look", LOOKS)
def test_what_is_folded_is_printed(seen: dict[str, Any], look: str) -> None:
    assert seen[look]["printed"] > 100


def test_every_link_leads_to_a_part_of_the_page(
    seen: dict[str, Any], page: Path
) -> None:
    ids = set(re.findall(r' id="([^"]+)"', page.read_text("utf-8")))
    links = [one["to"] for one in seen["320-dark"]["tabs"] if one["to"]]
    assert {link.removeprefix("#") for link in links} <= ids


@pytest.mark.parametrize("look", LOOKS)
def test_its_picture_is_small_and_stands_in_docs(
    seen: dict[str, Any], page: Path, look: str
) -> None:
    assert look in seen
    picture = page.parent / f"report-{look}.png"
    kept = ROOT / "docs" / picture.name
    if os.environ.get("SHOTS"):
        shutil.copyfile(picture, kept)
    assert kept.stat().st_size < _LARGEST
    assert picture.stat().st_size < _LARGEST
