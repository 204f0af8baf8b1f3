"""What people and appliances do in the middle of a run, on a whole site.

Most bad input ends a run and stands in the table of scenarios; this is the rest.
"""

import json
from pathlib import Path

import pytest

from core.malformed import MALFORMED
from support.outside import BLOCK_LIST
from support.scenarios import Stage
from support.scenarios.stage import FIRST, THEN

ADDED = [*{*THEN} - {*FIRST}]


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage.loaded(tmp_path / "etc", monkeypatch)


def served(stage: Stage, values: list[str], times: int | None = 1) -> None:
    """Let ThreatQ give these values, whatever the lab would say to them."""
    rows = [
        {"id": n, "value": value, "type": "IP Address", "status": "Active"}
        for n, value in enumerate(values, 1)
    ]
    for after, data in enumerate((rows, [])):
        page = {"total": len(rows), "data": data, "nextCursorMark": f"{after}"}
        more = {"params": {"status": 200, "body": json.dumps(page)}, "times": times}
        stage.fault("status", "threatq", path="indicators/query", after=after, **more)


def test_of_malformed_addresses_none_is_bound_and_each_is_counted(
    stage: Stage,
) -> None:
    wrong = [value for value in MALFORMED.values() if "\udc37" not in value]
    assert len(wrong) > 30
    good = [*THEN, *(f"203.0.115.{n}" for n in range(len(wrong)))]
    served(stage, [*good, *wrong])
    told = stage.tell()
    assert told.code == 0
    assert stage.ours() == {*good}
    assert f"{len(wrong):>9,}      malformed\n" in told.log


def test_half_a_character_is_no_json_and_nothing_of_its_page_is_believed(
    stage: Stage,
) -> None:
    served(stage, [*THEN, MALFORMED["a lone surrogate"]], times=None)
    told = stage.tell()
    assert told.code == 3
    assert "could not be read whole" in told.err
    assert stage.ours() == {*FIRST}


def edited(stage: Stage, *bindings: dict[str, str]) -> None:
    """Let a person bind right before the run does."""
    more = {"set": BLOCK_LIST, "add": [*bindings], "when": "before"}
    stage.fault(
        "set_edited", "netscaler", path="binding$", method="PUT", times=1, params=more
    )


def test_a_value_that_a_person_binds_meanwhile_is_a_duplicate_and_stays_theirs(
    stage: Stage,
) -> None:
    edited(stage, {"value": ADDED[0], "comment": "by hand"})
    assert stage.tell().code == 0
    assert stage.ours() == {*THEN} - {ADDED[0]}
    assert (ADDED[0], "", "by hand") in stage.foreign()
    mark = stage.mark
    assert stage.tell().code == 0
    assert stage.writes(mark) == []


def test_a_range_that_a_person_binds_meanwhile_over_wanted_addresses_covers_them(
    stage: Stage,
) -> None:
    edited(stage, {"value": "203.0.114.0", "endrange": "203.0.114.1"})
    told = stage.tell()
    assert told.code == 0
    assert stage.ours() == {*THEN} - {"203.0.114.1"}
    assert stage.ours(saved=True) == stage.ours()
    assert stage.tell().code == 0


def test_a_range_that_a_person_binds_meanwhile_in_a_wanted_network_is_refused_once(
    stage: Stage,
) -> None:
    stage.collection([*THEN, "203.0.115.0/28"])
    edited(stage, {"value": "203.0.115.0", "endrange": "203.0.115.3"})
    told = stage.tell()
    assert told.code == 4
    assert "the appliance refused 1 entries, the first 203.0.115.0/28" in told.err
    assert stage.ours(saved=True) == stage.ours() == {*THEN}
    assert stage.tell().code == 0
    assert stage.ours() > {*THEN}


def test_a_foreign_range_over_wanted_addresses_covers_them_and_is_counted(
    stage: Stage,
) -> None:
    wide = {"value": "203.0.114.0", "endrange": "203.0.114.9", "comment": "theirs"}
    kept = [b for b in stage.bindings() if "endrange" not in b]
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    rows = [{k: b[k] for k in ("value", "comment") if k in b} for b in kept]
    stage.control("PUT", path, {"type": "ipv4", "bindings": [*rows, wide]})
    told = stage.tell()
    assert told.code == 0
    assert "covered           2  of them by entries of others" in told.log
    assert not stage.ours() & {*ADDED}
    assert ("203.0.114.0", "203.0.114.9", "theirs") in stage.foreign()


def test_a_set_that_others_fill_keeps_what_fits_and_the_rest_comes_when_there_is_room(
    stage: Stage,
) -> None:
    stage.collection([*FIRST, *ADDED])
    stage.dialect(dataset_limit=len(stage.bindings()) + 1)
    told = stage.tell()
    assert told.code == 4
    assert (
        "the data set tq_block_list is full: 1 wanted entries are not blocked"
        in told.err
    )
    assert stage.ours() >= {*FIRST}
    stage.dialect(dataset_limit=5000)
    assert stage.tell().code == 0
    assert stage.ours() == {*FIRST, *ADDED}


def test_a_token_that_expires_in_mid_walk_is_renewed_and_nothing_is_read_twice(
    stage: Stage,
) -> None:
    stage.dialect(page_limit=4)
    stage.fault("expire_token", "threatq", path="indicators/query", after=1, times=1)
    mark = stage.mark
    assert stage.tell().code == 0
    statuses = [r["status"] for r in stage.requests(mark) if "query" in r["path"]]
    assert statuses.count(401) == 1
    assert stage.ours() == {*THEN}


def test_a_refused_password_is_tried_once_on_either_side(stage: Stage) -> None:
    stage.form(Password="another password")
    mark = stage.mark
    assert stage.tell().code == 4
    logins = [r for r in stage.requests(mark) if r["path"].endswith("/login")]
    assert len(logins) == 1
    stage.key("threatq", 'password = "another password"')
    mark = stage.mark
    assert stage.tell().code == 3
    assert [r["path"] for r in stage.requests(mark)] == ["/api/token"]


def test_a_fault_of_the_program_ends_with_1_and_a_report_without_secrets(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_zone: object) -> None:
        raise RuntimeError(stage.lab.credentials.user.password)

    monkeypatch.setattr(stage.lab.clock, "now", broken)
    told = stage.tell()
    assert told.code == 1
    assert "Traceback" in told.err
    assert "send the lines above" in told.err
    assert [secret for secret in stage.secrets if secret in told.err + told.log] == []
