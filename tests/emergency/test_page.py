"""docs/emergency.md, typed line by line: what it shows is what is said."""

import re
import shlex
from pathlib import Path

import pytest

from emergency.conftest import WANTED
from support.outside import Site

PAGE = Path(__file__).parents[2] / "docs" / "emergency.md"
PROMPT = "$ tq-conn-citrix-waf "


def typed() -> list[tuple[str, str]]:
    """Return each command of the page with what it is shown to print."""
    text = PAGE.read_text("utf-8")
    blocks = re.findall(r"```console\n(.*?)```", text, re.DOTALL)
    parts = [part for block in blocks for part in block.split(PROMPT)[1:]]
    return [(line, told) for line, _, told in (p.partition("\n") for p in parts)]


def plain(text: str, directory: Path) -> str:
    """Leave out what differs from time to time, and log lines."""
    text = re.sub(r"\S+ resume -c \S+", "tq-conn-citrix-waf resume -c DIR", text)
    text = text.replace(str(directory), "DIR")
    text = re.sub(r"(?m)^\d{4}-\d\d-\d\d \S+Z .*\n", "", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "TIME", text)
    text = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d", "SINCE", text)
    return re.sub(r"\d+\.\d s", "SECONDS s", text)


def test_every_command_of_the_page_says_what_the_page_shows(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    commands = typed()
    assert len(commands) == 8
    for line, told in commands:
        words = shlex.split(line)
        if words[0] == "history":
            site.collection([*WANTED, "198.18.1.1", "198.18.1.2"])
            assert site.run() == 0
        capfd.readouterr()
        site.run(*words)
        shown = capfd.readouterr()
        assert plain(shown.out + shown.err, site.directory) == told, line


def test_the_page_is_one_page() -> None:
    lines = PAGE.read_text("utf-8").splitlines()
    assert len(lines) <= 110
    assert max(map(len, lines)) <= 160
