"""A run that a fault of the program ends is in the ledger, and people know of it."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from support.scenarios import Stage
from support.scenarios.stage import FIRST, THEN
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.store.ledger import ledgers
from tq_conn_citrix_waf.store.records import RunRecord

PLACES = {
    "the sign-in": "/api/token",
    "the form": "/api/connectors",
    "a page": "/api/indicators/query",
    "the node": "nsversion",
    "a binding": "value_binding?",
    "the save": "action=save",
    "the sign-out": "logout",
}
WHY = ("--yes", "--reason", "change 4711")


class BrokenError(Exception):
    """What no code of the connector knows of."""


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage.loaded(tmp_path / "etc", monkeypatch)


def break_at(stage: Stage, part: str, before: Callable[[], object] = str) -> None:
    """Let the transport fail where a URL has this part, as no transport may."""
    deliver = stage.deliver
    secret = stage.lab.credentials.user.password

    def broken(request: Request) -> Answer:
        if part in request.url:
            before()
            raise BrokenError(f"{secret} is\nno \x1b[31mnumber " + "x" * 5000)
        return deliver(request)

    stage.patch.setattr(stage, "deliver", broken)


def last(stage: Stage) -> RunRecord:
    (ledger,) = ledgers(stage.directory)
    return ledger.runs(1)[0]


@pytest.mark.parametrize("part", PLACES.values(), ids=PLACES)
def test_wherever_it_happens_the_run_is_recorded_once_with_the_words_of_the_fault(
    stage: Stage, part: str
) -> None:
    break_at(stage, part)
    before = last(stage).number
    told = stage.tell()
    assert told.code == 1
    assert told.err.count("Traceback") == 1
    assert "BrokenError: *** is" in told.err
    found = last(stage)
    assert (found.number, found.exit) == (before + 1, 1)
    assert found.what.startswith(
        "a fault of the connector: BrokenError: *** is\\nno \\x1b[31mnumber xxx"
    )
    assert len(found.what) < 300
    assert found.error == "FaultError"
    kept = b"".join(path.read_bytes() for path in stage.directory.glob("*.db*"))
    assert b"Traceback" not in kept
    assert [s for s in stage.secrets if s.encode() in kept or s in told.err] == []


def test_what_was_bound_before_the_fault_is_recorded_as_bound(stage: Stage) -> None:
    break_at(stage, "action=save")
    assert stage.tell().code == 1
    assert stage.ours() == {*THEN}
    assert {*map(str, last(stage).bound)} == {*THEN} - {*FIRST}
    assert {*map(str, last(stage).unbound)} == {*FIRST} - {*THEN}


def test_status_history_report_and_metrics_tell_of_it(stage: Stage) -> None:
    metrics = stage.directory / "waf.prom"
    text = stage.file.read_text("utf-8")
    stage.file.write_text(f'metrics = "{metrics}"\n{text}', "utf-8")
    break_at(stage, PLACES["a page"])
    assert stage.tell().code == 1
    words = "a fault of the connector: BrokenError"
    status = stage.tell("status", "--table")
    assert status.code == 1
    assert words in " ".join(status.out.split())
    assert "send the report" in " ".join(status.out.split())
    assert "tq_waf_run_exit_code 1.0" in metrics.read_text("utf-8")
    assert 'tq_waf_run_failure{error="FaultError"} 1.0' in metrics.read_text("utf-8")
    assert json.loads(stage.tell("history", "--json").out)[0]["exit"] == 1
    assert words in " ".join(stage.tell("report").out.split())


def test_what_fails_while_it_is_recorded_does_not_hide_the_fault(stage: Stage) -> None:
    def stop_the_clock() -> None:
        def broken(_zone: object = None) -> None:
            raise LookupError

        stage.patch.setattr(stage.lab.clock, "now", broken)

    break_at(stage, PLACES["the form"], stop_the_clock)
    told = stage.tell()
    assert told.code == 1
    assert "BrokenError: *** is" in told.err
    assert "LookupError" not in told.err


def test_a_ledger_that_cannot_be_written_does_not_hide_the_fault(stage: Stage) -> None:
    for path in stage.directory.glob("*.db*"):
        path.unlink()
        path.mkdir()
    break_at(stage, PLACES["a page"])
    told = stage.tell()
    assert told.code == 1
    assert "BrokenError: *** is" in told.err


def test_a_fault_before_any_run_was_known_is_told_all_the_same(stage: Stage) -> None:
    (stage.directory / "tq-conn-citrix-waf.settings").unlink()
    before = last(stage).number
    break_at(stage, PLACES["the form"])
    assert stage.tell().code == 1
    assert last(stage).number == before


def test_a_drain_that_a_fault_ends_is_recorded_with_what_it_took_out(
    stage: Stage,
) -> None:
    break_at(stage, "action=save")
    assert stage.tell("drain", *WHY).code == 1
    assert stage.ours() == set()
    found = last(stage)
    assert found.act is not None
    assert (found.act.why, found.exit) == ("change 4711", 1)
    assert {*map(str, found.unbound)} == {*FIRST}


def test_the_next_run_goes_on_as_after_any_failure(stage: Stage) -> None:
    break_at(stage, PLACES["the save"])
    assert stage.tell().code == 1
    stage.patch.setattr(stage, "deliver", super(Stage, stage).deliver)
    assert stage.tell().code == 0
    assert stage.ours(saved=True) == {*THEN}
