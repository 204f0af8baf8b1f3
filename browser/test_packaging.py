"""What lies in packaging/, judged by the programs that will read it."""

import os
import re
import subprocess
from pathlib import Path

import pytest

PACKAGING = Path(__file__).parents[1] / "packaging"
NAME = "tq-conn-citrix-waf"
EXPOSED = 15
"""The most that systemd's own judgement may come to, in tenths; its worst is 100."""


def judged(*words: str | Path) -> str:
    """Return what a program says; it must be content."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    done = subprocess.run(  # noqa: S603  # Debian's programs, on our own files
        [*map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        env=os.environ | {"PATH": path},
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is there."""
    for path in (PACKAGING / "systemd").iterdir():
        text = path.read_text("utf-8")
        text = re.sub(r"(?m)^ExecStart=\S+", "ExecStart=/bin/true", text)
        (tmp_path / path.name).write_text(text, "utf-8")
    return tmp_path


def test_systemd_takes_the_units_without_a_word(units: Path) -> None:
    paths = [units / f"{NAME}.service", units / f"{NAME}.timer"]
    assert judged("systemd-analyze", "verify", "--man=no", *paths) == ""


def test_systemd_finds_the_service_well_shut(units: Path) -> None:
    unit = units / f"{NAME}.service"
    options = ("--offline=true", f"--threshold={EXPOSED}", "--no-pager")
    assert "OK" in judged("systemd-analyze", "security", *options, unit)


def test_systemd_makes_the_user(units: Path) -> None:
    config = units / f"{NAME}.sysusers.conf"
    said = judged("systemd-sysusers", "--dry-run", config)
    assert "tq-waf" in said


def test_logrotate_takes_the_output_of_cron_and_not_our_log(tmp_path: Path) -> None:
    for name in ("cron.log", f"{NAME}.log"):
        (tmp_path / name).write_text("a line\n", "utf-8")
    text = (PACKAGING / "logrotate" / NAME).read_text("utf-8")
    here = tmp_path / NAME
    here.write_text(text.replace("/var/log/tq_labs", str(tmp_path)), "utf-8")
    said = judged("logrotate", "-d", "-s", tmp_path / "state", here)
    assert f"considering log {tmp_path / 'cron.log'}" in said
    assert f"{NAME}.log" not in said
    assert "error" not in said.lower()


def test_the_man_page_is_one() -> None:
    page = PACKAGING / f"man/{NAME}.1"
    # It has no date: that would be one more thing to go stale.
    judged("mandoc", "-T", "lint", "-W", "error", page)
    assert "SYNOPSIS" in judged("mandoc", "-T", "html", page)


@pytest.mark.parametrize(
    "words",
    [
        ("bash", "-n", f"{NAME}.bash"),
        ("zsh", "-n", f"_{NAME}"),
        ("fish", "--no-execute", f"{NAME}.fish"),
    ],
    ids=lambda words: words[0],
)
def test_each_shell_reads_its_completions(words: tuple[str, str, str]) -> None:
    shell, option, name = words
    judged(shell, option, PACKAGING / "completions" / name)


def test_fish_offers_the_commands() -> None:
    script = PACKAGING / f"completions/{NAME}.fish"
    said = judged("fish", "-c", f"source {script}; complete -C '{NAME} app'")
    assert [line.split("\t")[0] for line in said.splitlines()] == ["apply", "approve"]
