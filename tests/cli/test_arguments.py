"""The command line is the guide's, and ours stands behind it."""

from pathlib import Path

import pytest

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli.arguments import Arguments, parse
from tq_conn_citrix_waf.exits import Exit
from tq_conn_citrix_waf.run.site import Outside


def bare(_arguments: Arguments, _outside: Outside) -> Exit:
    return Exit.IN_STEP


@pytest.mark.parametrize(
    "words",
    [
        ["-ll", "/var/log/tq_labs/", "-c", "/etc/tq_labs/", "-v3"],
        ["-ll/var/log/tq_labs/", "-c/etc/tq_labs/", "-v", "3"],
        [
            "--loglocation",
            "/var/log/tq_labs/",
            "--config=/etc/tq_labs/",
            "--verbosity",
            "3",
        ],
    ],
)
def test_the_guides_command_lines_are_read(words: list[str]) -> None:
    given, _ = parse(words, (), bare)
    assert given.log_location == "/var/log/tq_labs/"
    assert given.directory == Path("/etc/tq_labs")
    assert given.verbosity == 3


def test_the_configuration_is_in_the_current_directory_unless_said() -> None:
    given, _ = parse([], (), bare)
    assert (given.directory, given.log_location, given.verbosity) == (
        Path(),
        "stdout",
        1,
    )


def test_the_file_itself_may_be_named_instead_of_its_directory() -> None:
    given, _ = parse(["-c", f"/etc/tq_labs/{config.FILE_NAME}"], (), bare)
    assert given.directory == Path("/etc/tq_labs")


@pytest.mark.parametrize("words", [["-v4"], ["-v"], ["--verb", "2"], ["nonsense"]])
def test_what_is_no_command_line_ends_with_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(words, (), bare)
    assert ended.value.code == Exit.CONFIGURATION


def test_the_guides_options_stand_first_in_the_help(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit):
        parse(["--help"], (), bare)
    shown = capsys.readouterr().out
    options = shown[shown.index("options:") :]
    places = [options.index(o) for o in ("-h", "-ll", "-c", "-v", "--ca-file")]
    assert places == sorted(places)
