"""What the README shows is what the programs print."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tq_conn_citrix_waf.exits import Exit

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")


def test_what_the_readme_shows_is_the_demos(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603  # our own program
        [Path(sys.executable).parent / "citrix-waf-lab", "demo"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    log = (tmp_path / "build/demo/first-load.log").read_text("utf-8")
    printed = re.search(r"(?ms)^ +collected .*?(?=^\d{4}-)", log)
    shown = re.search(r"(?s)<!-- plan: .*?-->\n```\n(.*?)```", README)
    assert printed is not None
    assert shown is not None
    assert [line.strip() for line in shown[1].splitlines()] == [
        line.strip() for line in printed[0].splitlines()
    ]
    told = (tmp_path / "build/demo/question-4.log").read_text("utf-8")
    answer = re.search(r"(?s)<!-- explain: .*?-->\n```\n(.*?)```", README)
    assert answer is not None
    assert undated(answer[1]) == undated(told)


def undated(text: str) -> str:
    """Return a text without its dates, which are of the day."""
    return re.sub(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?", "DATE", text)


def test_the_table_of_exit_codes_is_the_programs() -> None:
    rows = re.findall(r"(?m)^\| (\d+) \| (.*) \|$", README)
    assert rows == [(str(int(code)), code.meaning) for code in Exit]


@pytest.mark.parametrize("target", re.findall(r"\]\(((?!http)[^)#]+)\)", README))
def test_every_link_of_the_readme_leads_somewhere(target: str) -> None:
    assert (ROOT / target).exists()
