"""What makes a part of a page says when it is stale, and touches nothing around it."""

from pathlib import Path

import pytest

from tools import pages
from tools.pages import END, NoMarksError, Page

PAGE = Page("some.md", "some.module")
STALE = f"A person's.\n{PAGE.begin}old\n{END}A person's, too.\n"
FRESH = STALE.replace("old", "new")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pages, "DOCS", tmp_path)
    path = tmp_path / "some.md"
    path.write_text(STALE)
    return path


def test_only_what_stands_between_the_marks_is_renewed(file: Path) -> None:
    assert PAGE.main(["new\n"], []) == 0
    assert file.read_text() == FRESH


def test_a_look_tells_of_a_stale_page_and_leaves_it(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert PAGE.main(["new\n"], ["--check"]) == 1
    assert file.read_text() == STALE
    assert "make docs" in capsys.readouterr().err


def test_a_look_is_content_with_a_page_that_is_as_it_should_be(file: Path) -> None:
    file.write_text(FRESH)
    assert PAGE.main(["new\n"], ["--check"]) == 0


@pytest.mark.parametrize("mark", [PAGE.begin, END])
def test_a_page_that_lost_a_mark_is_not_written_over(file: Path, mark: str) -> None:
    file.write_text(STALE.replace(mark, ""))
    with pytest.raises(NoMarksError, match="needs the lines"):
        PAGE.main(["new\n"], [])
