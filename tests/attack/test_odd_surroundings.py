"""What a process may find around it: closed streams, odd names, links, another run."""

import fcntl
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from support.outside import CONNECTOR, Site
from support.scenarios import Stage
from support.scenarios.stage import THEN
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.run import reach

CHILD = Path(__file__).parents[1] / "errors/child.py"
MAIN = "import sys; from tq_conn_citrix_waf.cli.main import main; sys.exit(main())"


def shell(
    line: str, where: str | Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run a shell's line; ``RUN`` in it runs a loaded site, ``MAIN`` the bare program.

    Both have ``where`` as configuration directory.
    """
    place = shlex.quote(str(where))
    python = shlex.quote(sys.executable)
    run = f"{python} {shlex.quote(str(CHILD))} {place} nothing loaded -c {place}"
    bare = f"{python} -c {shlex.quote(MAIN)} -c {place}"
    path = os.pathsep.join(str(p) for p in [CHILD.parents[1], *sys.path] if p)
    return subprocess.run(  # noqa: S603  # our own program
        ["/bin/sh", "-c", line.replace("RUN", run).replace("MAIN", bare)],
        env=os.environ | {"PYTHONPATH": path} | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    directory = tmp_path / "etc"
    directory.mkdir()
    return directory


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("RUN -v3 >&-", 0),
        ("RUN -v3 <&- >&- 2>&-", 0),
        ("RUN plan >&-", 0),
        ("MAIN <&-", 2),
    ],
)
def test_streams_that_are_closed_end_no_run_and_land_in_no_file(
    home: Path, line: str, code: int
) -> None:
    done = shell(line, home)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    kept = [p.read_bytes() for p in home.iterdir() if p.suffix != ".db"]
    assert not [text for text in kept if b"WARNING" in text or b"no answer" in text]


@pytest.mark.parametrize("words", ["plan --json", "check"])
@pytest.mark.parametrize("screen", ["> /dev/full", "| true"])
def test_a_screen_that_takes_no_more_is_told_with_7_and_is_no_fault(
    home: Path, words: str, screen: str
) -> None:
    done = shell(f"(sleep 0.1; RUN {words}; echo $? >&2) {screen}", home)
    what, cure, code = done.stderr.splitlines()[-3:]
    assert what.startswith("standard output cannot be written: ")
    assert cure.startswith("What to do: free space where it goes")
    assert code == "7"


@pytest.mark.parametrize("name", ["two words", "a\nline", "-ll $(true)'"])
def test_a_directory_may_have_any_name(tmp_path: Path, name: str) -> None:
    home = tmp_path / name
    home.mkdir()
    done = shell("RUN -v3", home)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"HOME": "", "LOGNAME": "", "USER": ""},
    ],
    ids=str,
)
def test_no_locale_and_no_home_is_needed(
    tmp_path: Path, environment: dict[str, str]
) -> None:
    home = tmp_path / "\u9ed2"
    home.mkdir()
    done = shell("RUN -v3", home, **environment)
    assert done.returncode == 0, done.stderr


def test_a_configuration_that_is_a_link_is_read_and_stays_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(home, patch=monkeypatch)
    stage.load()
    real = stage.file.rename(home.with_name("elsewhere.toml"))
    stage.file.symlink_to(real)
    assert stage.tell().code == 0
    assert stage.ours() == {*THEN}
    assert stage.file.is_symlink()


def test_a_configuration_that_is_a_dead_link_is_named_and_not_replaced(
    home: Path,
) -> None:
    file = home / config.FILE_NAME
    file.symlink_to("nowhere")
    done = shell("MAIN", home)
    assert done.returncode == 2
    assert "is a link that leads nowhere: nowhere" in done.stderr
    assert file.is_symlink()


@pytest.mark.parametrize("content", ["", "\n", "# comments alone\n"])
def test_a_configuration_that_was_emptied_is_damaged(home: Path, content: str) -> None:
    (home / config.FILE_NAME).write_text(content)
    done = shell("MAIN", home)
    assert done.returncode == 2
    assert "is damaged: it holds no key" in done.stderr


@pytest.mark.parametrize("share", ["nan", "inf", "-inf", "-0.1", "1.5", "10.0"])
def test_a_share_that_would_open_a_limit_is_refused(
    home: Path, monkeypatch: pytest.MonkeyPatch, share: str
) -> None:
    stage = Stage(home, patch=monkeypatch)
    stage.load()
    stage.key("limits", f"remove_share = {share}")
    told = stage.tell()
    assert told.code == 2
    assert "[limits] remove_share must " in told.err


def test_two_first_runs_at_once_make_one_entry(
    home: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    site = Site(home)
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        assert site.run() == 7
    finally:
        os.close(handle)
    assert "another first run works with" in capfd.readouterr().err
    assert [*home.iterdir()] == []
    site.answer(monkeypatch)
    assert site.run() == 0
    assert [row["name"] for row in site.control("GET", "/threatq/connectors")] == [
        CONNECTOR
    ]


def test_a_lock_whose_holder_cannot_be_written_holds_all_the_same(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = Stage(home, patch=monkeypatch)
    stage.load()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        assert stage.tell().code == 0
    assert stage.ours() == {*THEN}


def test_a_printed_command_names_the_program_by_its_path_where_its_name_leads_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "a place" / reach.PROGRAM
    here.parent.mkdir()
    here.write_text("#!/bin/sh\n")
    here.chmod(0o755)
    monkeypatch.setattr(sys, "argv", [str(here), "-v3"])
    monkeypatch.setenv("PATH", str(tmp_path))
    line = f"'{here}' trust -c {tmp_path}"
    assert reach.command_line("trust", tmp_path) == line
    monkeypatch.setenv("PATH", str(here.parent))
    assert (
        reach.command_line("trust", tmp_path) == f"{reach.PROGRAM} trust -c {tmp_path}"
    )
    monkeypatch.setattr(sys, "argv", ["-c"])
    monkeypatch.setenv("PATH", "")
    assert (
        reach.command_line("trust", tmp_path) == f"{reach.PROGRAM} trust -c {tmp_path}"
    )


def test_an_approval_command_names_any_directory_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = tmp_path / "ID of a site"
    directory.mkdir()
    stage = Stage(directory, patch=monkeypatch)
    stage.load()
    stage.collection(THEN[11:])
    told = stage.tell()
    assert told.code == 5
    assert f" -c '{directory}' --reason " in told.err
