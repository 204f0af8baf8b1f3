"""The log: levels as the guide has them, UTC, and never a secret."""

import logging
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tq_conn_citrix_waf import log, secrets
from tq_conn_citrix_waf.errors import StateError


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    log.stop()


@pytest.mark.parametrize(
    ("verbosity", "levels"),
    [
        (1, ["WARNING"]),
        (2, ["WARNING", "INFO"]),
        (3, ["WARNING", "INFO", "DEBUG"]),
    ],
)
def test_verbosity_is_warning_info_debug(
    tmp_path: Path, verbosity: int, levels: list[str]
) -> None:
    log.start(str(tmp_path), verbosity)
    for level in ("WARNING", "INFO", "DEBUG"):
        log.log.log(logging.getLevelNamesMapping()[level], "words")
    lines = (tmp_path / log.FILE_NAME).read_text().splitlines()
    assert [line.split()[2] for line in lines] == levels
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ ", line) for line in lines)


def test_a_secret_never_reaches_the_log(
    capsys: pytest.CaptureFixture[str],
) -> None:
    secrets.keep("s3cr3t/value")
    log.start("stdout", 3)
    log.log.warning("the %s is %r", "answer", {"password": "s3cr3t/value"})
    shown = capsys.readouterr().out
    assert "s3cr3t" not in shown
    assert "***" in shown


def test_a_token_is_hidden_until_its_system_has_given_out_fifty_others() -> None:
    secrets.keep("a password of long ago")
    secrets.keep_token("NetScaler", "session-0/0")
    secrets.keep_token("ThreatQ", "token-0/0")
    for number in range(1, 50):
        secrets.keep_token("ThreatQ", f"token-{number}/0")
    assert secrets.hide("Bearer token-0%2F0, token-49/0") == "Bearer ***, ***"
    secrets.keep_token("ThreatQ", "token-50/0")
    assert secrets.hide("Bearer token-0/0") == "Bearer token-0/0"
    assert secrets.hide("a password of long ago, session-0/0") == "***, ***"


def test_what_is_hushed_is_only_the_warnings_of_this_screen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.start("stdout", 1)
    log.hush()
    log.log.warning("a warning")
    log.log.error("an error")
    assert "an error" in (shown := capsys.readouterr().out)
    assert "a warning" not in shown
    log.stop()
    assert log.log.isEnabledFor(logging.WARNING)
    log.start("stdout", 1)
    log.log.warning("a later warning")
    assert "a later warning" in capsys.readouterr().out


def test_whoever_asks_for_more_sees_the_warnings_too(
    capsys: pytest.CaptureFixture[str],
) -> None:
    log.start("stdout", 2)
    log.hush()
    log.log.warning("a warning")
    assert "a warning" in capsys.readouterr().out


def test_what_spans_lines_is_indented(capsys: pytest.CaptureFixture[str]) -> None:
    log.start("stdout", 2)
    log.log.info("one\ntwo")
    assert capsys.readouterr().out.endswith("one\n    two\n")


def test_a_log_directory_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(StateError, match="nowhere"):
        log.start(str(tmp_path / "nowhere"), 1)
