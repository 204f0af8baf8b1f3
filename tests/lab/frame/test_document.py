"""The generated part of docs/lab.md, and what it is made from."""

from pathlib import Path

import pytest

from citrix_waf_lab import document
from citrix_waf_lab.control import CALLS
from citrix_waf_lab.exchanges import read
from citrix_waf_lab.lab import SWITCHES
from citrix_waf_lab.quirks import FRAME

ROOT = Path(__file__).parents[3]
PAGE = f"Before.\n\n{document.BEGIN}stale\n{document.END}After.\n"


def test_only_the_part_between_the_marks_is_renewed() -> None:
    fresh = document.renewed(PAGE)
    assert fresh.startswith(f"Before.\n\n{document.BEGIN}")
    assert fresh.endswith(f"{document.END}After.\n")
    assert "stale" not in fresh
    assert document.renewed(fresh) == fresh


def test_every_fault_switch_and_quirk_has_a_row() -> None:
    fresh = document.renewed(PAGE)
    names = [one.name for part in SWITCHES.values() for one in part]
    names += [one.id for part in document.EMULATORS for one in document.quirks(part)]
    names += [one.id for one in FRAME]
    assert [name for name in names if f"| `{name}` |" not in fresh] == []


def test_a_check_changes_nothing_and_tells_a_stale_page(tmp_path: Path) -> None:
    page = tmp_path / "lab.md"
    page.write_text(PAGE)
    assert document.main([str(page), "--check"]) == 1
    assert page.read_text() == PAGE
    assert document.main([str(page)]) == 0
    assert document.main([str(page), "--check"]) == 0


def test_a_page_without_marks_is_refused() -> None:
    with pytest.raises(document.NoMarksError, match="needs the lines"):
        document.renewed("Before.\n")


def test_the_page_of_the_lab_tells_of_every_control_call() -> None:
    page = (ROOT / "docs" / "lab.md").read_text()
    assert [call for call in CALLS if f"`{call}" not in page] == []


def test_the_page_of_the_lab_is_up_to_date() -> None:
    assert document.main([str(ROOT / "docs" / "lab.md"), "--check"]) == 0


@pytest.mark.parametrize("part", document.EMULATORS)
def test_each_exchange_that_a_quirk_names_exists(part: str) -> None:
    files = (ROOT / "lab" / "exchanges" / part).glob("*.jsonl")
    there = {one.name for file in files for one in read(file).exchanges}
    named = {one.exchange for one in document.quirks(part)} - {None}
    assert named - there == set()


@pytest.mark.parametrize("part", document.EMULATORS)
def test_no_two_quirks_have_one_id(part: str) -> None:
    ids = [one.id for one in document.quirks(part)]
    assert len(ids) == len(set(ids))


def test_no_row_goes_without_a_source() -> None:
    rows = [one for part in document.EMULATORS for one in document.quirks(part)]
    assert [one.id for one in (*rows, *FRAME) if not (one.source and one.says)] == []
