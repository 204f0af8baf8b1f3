"""Each situation that ends a run badly, brought about on a whole site."""

from collections.abc import Iterator

import pytest

from support.scenarios import SCENARIOS, Scenario, play
from tq_conn_citrix_waf.cli.main import COMMANDS
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    FaultError,
    LockoutError,
    SourceError,
    TargetError,
)

KINDS = {ConnectorError, SourceError, TargetError}
"""They only gather others and are never raised themselves."""
FAULTS = {FaultError, LockoutError}
"""Only a fault of the connector raises them: no situation outside brings them about."""


def below(error: type[ConnectorError]) -> Iterator[type[ConnectorError]]:
    yield error
    for one in error.__subclasses__():
        yield from below(one)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.when)
def test_it_ends_with_its_code_in_two_lines_and_without_harm(
    scenario: Scenario,
) -> None:
    played = play(scenario)
    told = played.told
    what, cure = told.err.splitlines()
    assert told.code == scenario.exit
    assert what
    assert cure.startswith("What to do: ")
    assert cure.endswith(".")
    assert scenario.fresh or scenario.speaks or told.out == ""
    assert "Traceback" not in told.out + told.err + told.log
    shown = told.out + told.err + told.log
    assert [secret for secret in played.secrets if secret in shown] == []
    assert played.after.sessions == played.before.sessions
    assert played.before.foreign <= played.after.foreign
    assert scenario.writes or played.written == 0


@pytest.mark.parametrize(
    "scenario", [s for s in SCENARIOS if not s.mute], ids=lambda s: s.when
)
def test_the_log_names_the_error_as_the_table_does(
    scenario: Scenario,
) -> None:
    log = play(scenario).told.log
    assert f"ended by {scenario.error.__name__}\n" in log


def test_every_error_is_in_the_table_with_its_own_code() -> None:
    assert COMMANDS  # whatever defines an error is imported by now
    there = {s.error for s in SCENARIOS}
    assert there == {*below(ConnectorError)} - KINDS - FAULTS
    assert [s.when for s in SCENARIOS if s.error.exit != s.exit] == []


def test_every_bad_exit_code_but_that_of_a_fault_is_in_the_table() -> None:
    assert {int(s.exit) for s in SCENARIOS} == {2, 3, 4, 5, 6, 7, 130}


def test_no_two_situations_have_one_name() -> None:
    names = [s.when for s in SCENARIOS]
    assert len(names) == len(set(names))
