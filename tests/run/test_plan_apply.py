"""Plan, then apply: what is shown is what is done, or nothing is."""

import json
from pathlib import Path
from typing import Any

import pytest

from support.outside import Site

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(300)]


def planned(
    site: Site, capfd: pytest.CaptureFixture[str], code: int = 0
) -> dict[str, Any]:
    """Return the plan as JSON tells it."""
    capfd.readouterr()
    assert site.run("plan", "--json") == code
    told: dict[str, Any] = json.loads(capfd.readouterr().out)
    return told


def test_a_plan_changes_nothing_anywhere(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    before = {p.name: p.read_bytes() for p in site.directory.iterdir()}
    mark = site.mark
    told = planned(site, capfd)
    assert told["add"] == ADDRESSES
    assert site.writes(mark) == []
    assert {p.name: p.read_bytes() for p in site.directory.iterdir()} == before


def test_a_plan_of_which_part_would_be_held_ends_with_5_and_keeps_no_trace(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection(ADDRESSES[100:])
    told = planned(site, capfd, code=5)
    assert told["remove"] == []
    (held,) = told["held"]
    assert held["counted"] == 100
    assert [*site.directory.glob("*.held")] == []


def test_exactly_the_saved_plan_is_applied(
    site: Site, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site.collection(ADDRESSES)
    (tmp_path / "plan.json").write_text(json.dumps(planned(site, capfd)))
    assert site.run("apply", "--plan", str(tmp_path / "plan.json")) == 0
    assert "in step: 300 bound" in capfd.readouterr().out
    assert site.ours(saved=True) == set(ADDRESSES)


def test_a_plan_that_has_become_another_is_refused_whole(
    site: Site, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    site.collection(ADDRESSES)
    (tmp_path / "plan.json").write_text(json.dumps(planned(site, capfd)))
    site.collection(ADDRESSES[1:])
    mark = site.mark
    assert site.run("apply", "--plan", str(tmp_path / "plan.json")) == 5
    assert "nothing is written" in capfd.readouterr().err
    assert site.writes(mark) == []


def test_the_commands_for_a_ticket_name_every_change(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([*ADDRESSES[1:], "203.0.114.9"])
    capfd.readouterr()
    assert site.run("plan", "--format", "cli") == 0
    out, bind, save = capfd.readouterr().out.splitlines()
    assert out == "unbind policy dataset tq_block_list 198.18.0.0"
    start = 'bind policy dataset tq_block_list 203.0.114.9 -comment "tq-waf:'
    assert bind.startswith(start)
    assert save == "save ns config"


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"plan": 3}'])
def test_what_is_no_plan_is_refused(site: Site, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    assert site.run("apply", "--plan", str(tmp_path / "plan.json")) == 2
