"""Completions and man page: they know every command, and bash's really completes."""

import re
import subprocess
from pathlib import Path

import pytest

from tq_conn_citrix_waf.cli.arguments import grammar
from tq_conn_citrix_waf.cli.main import COMMANDS
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.reach import PROGRAM

FOLDER = Path(__file__).parents[2] / "packaging"
COMPLETE = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
name=$(complete -p "$1" | sed 's/.* -F \\([^ ]*\\).*/\\1/')
"$name" "$1" "${COMP_WORDS[COMP_CWORD]}" ""
printf '%s\\n' "${COMPREPLY[@]}"
"""


def completed(*words: str) -> list[str]:
    """Return what bash offers for the last word of a command line."""
    script = FOLDER / f"completions/{PROGRAM}.bash"
    done = subprocess.run(  # noqa: S603  # a shell on our own script
        ["/bin/bash", "-c", COMPLETE, "bash", script, PROGRAM, *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.split()


def test_bash_completes_the_names_of_commands() -> None:
    assert sorted(completed("ap")) == ["apply", "approve"]


def test_bash_completes_the_options_of_a_command() -> None:
    assert completed("approve", "--d") == ["--discard"]


def test_bash_completes_the_values_of_an_option() -> None:
    assert completed("plan", "--format", "") == ["text", "cli"]


@pytest.mark.parametrize(
    "place", [f"completions/_{PROGRAM}", f"completions/{PROGRAM}.fish"]
)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command.name))
def test_each_shell_knows_each_command(place: str, command: object) -> None:
    one = next(c for c in COMMANDS if c is command)
    assert re.search(rf"\b{one.name}\b", (FOLDER / place).read_text("utf-8"))


def test_the_man_page_has_its_sections_and_each_command_once() -> None:
    lines = (FOLDER / f"man/{PROGRAM}.1").read_text("utf-8").splitlines()
    assert lines[0].startswith(f".TH {PROGRAM.upper()} 1 ")
    sections = [line[4:] for line in lines if line.startswith(".SH ")]
    assert sections == [
        "NAME",
        "SYNOPSIS",
        "DESCRIPTION",
        "OPTIONS",
        "COMMANDS",
        "EXIT STATUS",
        "FILES",
        "EXAMPLES",
        "ENVIRONMENT",
    ]
    shown = [line[4:] for line in lines if line.startswith(".SS ")]
    assert shown == [command.name for command in COMMANDS]


def test_the_man_page_uses_known_requests_and_ends_what_it_begins() -> None:
    lines = (FOLDER / f"man/{PROGRAM}.1").read_text("utf-8").splitlines()
    requests = [line.split()[0] for line in lines if line.startswith((".", "'"))]
    known = {".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".nf", ".fi", ".RS", ".RE"}
    assert set(requests) <= known
    assert requests.count(".nf") == requests.count(".fi")
    assert requests.count(".RS") == requests.count(".RE")


def test_the_man_page_names_every_option_and_exit_code() -> None:
    text = (FOLDER / f"man/{PROGRAM}.1").read_text("utf-8").replace(r"\-", "-")
    parser = grammar(COMMANDS, lambda _arguments, _outside: Exit.IN_STEP)
    options = re.findall(r"--[a-z-]+", parser.format_help())
    assert all(rf"\fB{option}\fR" in text for option in options)
    assert all(f".B {int(code)}\n{code.meaning}" in text for code in Exit)
