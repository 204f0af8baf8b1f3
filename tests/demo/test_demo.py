"""The demo as a person sees it: a program, from its first line to its last."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from citrix_waf_lab.demo import main

CONNECTOR = "tq-conn-citrix-waf"
MAIN = "import sys; from citrix_waf_lab.cli import main; sys.exit(main())"


def play(folder: Path, **environment: str) -> tuple[int, str]:
    done = subprocess.run(  # noqa: S603 -- our own program
        [sys.executable, "-c", MAIN, "demo"],
        cwd=folder,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=55,
    )
    return done.returncode, done.stdout


RUNS = [
    ("0", True, False),  # the first run
    ("0", True, True),  # the first load
    ("0", True, False),  # again
    ("0", False, False),  # a plan
    ("0", True, True),  # a day of churn
    ("0", True, True),  # networks and IPv6
    ("5", True, False),  # a filter widens
    ("0", False, False),  # a person allows it
    ("0", True, True),  # the next run
    ("3", True, False),  # an outage
    ("0", True, False),  # recovery
    ("0", False, True),  # a person lets an address through
    ("0", False, False),  # lists that are kept
    ("0", False, True),  # back to an earlier list
    ("1", False, False),  # how it stands
    ("0", False, False),  # a page to look at
]
"""Of each act: the exit code, whether it is a plain run, whether it writes."""


ANSWERS = [
    " is blocked, and wanted",
    "an entry of others blocks it already",
    "built-in list: 10.0.0.0/8",
    "whitelisted: Block at edge",
    "it is in none of the data collections",
]
"""What the connector says of five addresses."""


def acts_of(told: str) -> list[int]:
    return [int(n) for n in re.findall(r"^(\d+) of \d+  ", told, re.MULTILINE)]


def test_the_demo_tells_the_main_job_and_its_verdict_is_yes(tmp_path: Path) -> None:
    # A proxy of the machine's own must not come between the three.
    code, told = play(tmp_path, HTTPS_PROXY="http://127.0.0.1:9")
    assert code == 0, told
    lines = told.splitlines()
    opening = " ".join(lines[:3])
    assert ("emulators" in opening, "docs/lab.md" in opening) == (True, True)
    acts = acts_of(told)
    assert acts == [*range(1, acts[-1] + 1)]
    unfolded = told.replace("\\\n    ", "").splitlines()
    commands = [line for line in unfolded if line.startswith("$ ")]
    asked = [line for line in commands if f"{CONNECTOR} explain " in line]
    commands = [line for line in commands if line not in asked]
    assert len(asked) == len(ANSWERS)
    words = " ".join(told.split())
    assert [answer for answer in ANSWERS if answer not in words] == []
    words = f"{CONNECTOR} -c build/demo/config -ll stdout -v2"
    plain = [words in command for command in commands]
    codes = re.findall(r"exit code +(\d)", told)
    writes = [n != "0" for n in re.findall(r"\((\d+) that write\)", told)]
    assert [*zip(codes, plain, writes, strict=True)] == RUNS
    assert told.count("\n  yes  ") == 9
    assert "\x1b" not in told
    assert [line for line in lines if len(line) > 80 or line != line.rstrip()] == []
    keeps_no_secret(tmp_path / "build" / "demo", told)


def keeps_no_secret(kept: Path, told: str) -> None:
    password = (kept / "answers.txt").read_text().splitlines()[3]
    logs = [file.read_text() for file in kept.glob("*.log")]
    assert len(logs) == len(RUNS) + len(ANSWERS)
    assert password not in "".join([told, *logs])
    history = (kept / "requests.jsonl").read_text().splitlines()
    numbers = [json.loads(line)["n"] for line in history]
    assert numbers == list(range(1, len(history) + 1))


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for both the Python's own and the path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python3"))
    return tmp_path


def put_connector(folder: Path, script: str) -> None:
    file = folder / CONNECTOR
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o700)


def test_a_connector_that_does_nothing_gets_no_for_an_answer(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_connector(elsewhere, "exit 0")
    assert main([]) == 1
    told = capsys.readouterr().out
    assert "NO   all that is wanted is blocked" in told
    assert "The verdict is NO" in told


def test_a_run_that_ends_unlike_it_should_ends_the_play_and_is_judged(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put_connector(elsewhere, "echo 'this is beyond me' >&2; exit 7")
    assert main([]) == 1
    told = capsys.readouterr().out
    assert "  this is beyond me" in told
    assert "7, but it should be 0" in told
    acts = acts_of(told)
    assert (acts[:2], len(acts), acts[-1] > len(RUNS)) == ([1, 2], 3, True)
    assert "NO   every run ended as it should" in told


def test_without_a_connector_the_demo_says_so(
    elsewhere: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(elsewhere.iterdir()) == []
    with pytest.raises(SystemExit) as end:
        main([])
    assert end.value.code == 2
    assert f"{CONNECTOR} is neither beside" in capsys.readouterr().err
