"""``history`` tells what was done, by whom and why, with nothing but the ledger."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from past.world import ADDRESSES, Past
from support.outside import Site
from tq_conn_citrix_waf.store.ledger import FILE_NAME, ledgers


def rows(text: str) -> list[list[str]]:
    """Return the rows of the table that begin with a run's number."""
    return [line.split() for line in text.splitlines() if re.match(r" {,7}\d+  ", line)]


def test_the_table_tells_of_each_run_newest_first(past: Past) -> None:
    told = [(r[0], *r[3:7]) for r in rows(past.text())]
    assert told == [
        ("6", "0", "+0", "-19", "0"),
        ("5", "5", "+0", "0", "19"),
        ("4", "0", "+0", "0", "0"),
        ("3", "3", "+0", "0", "0"),
        ("2", "0", "+1", "-1", "0"),
        ("1", "0", "+40", "0", "0"),
    ]


def test_the_table_tells_who_approved_what_and_why_at_its_place(past: Past) -> None:
    text = past.text()
    where = text.index("approve")
    assert text.index("\n     6 ") < where < text.index("\n     5 ")
    assert "feed cleaned up" in text
    (given,) = [one["approval"] for one in past.told() if "approval" in one]
    assert (given["kind"], len(given["entries"])) == ("removals", 19)
    assert given["reason"] == "feed cleaned up, ticket 4711"
    assert given["who"]


def test_the_table_is_as_long_as_asked(past: Past) -> None:
    assert [r[0] for r in rows(past.text("--last", "1"))] == ["6"]


def test_a_run_names_the_collection_and_the_indicator_of_what_it_bound(
    past: Past,
) -> None:
    assert "40 of Block at edge" in past.text("1")
    bound = past.told("1")["bound"]
    assert [one["entry"] for one in bound] == ADDRESSES
    assert all(one["indicator"] > 0 for one in bound)
    assert {one["why"] for one in bound} == {"of Block at edge"}


def test_a_run_tells_why_it_unbound_and_what_others_did(past: Past) -> None:
    text = past.text("2")
    assert "1 expired by status: 198.18.0.2 (indicator" in text
    assert "203.0.113.99" in text
    (unbound,) = past.told("2")["unbound"]
    assert unbound["why"] == "expired by status"
    assert past.told("2")["came"] == ["203.0.113.99"]
    assert {one["why"] for one in past.told("6")["unbound"]} == {
        "in no collection any more"
    }


def test_a_run_tells_what_it_held_and_by_whose_consent_it_went_on(past: Past) -> None:
    held = past.told("5")["held"][0]
    assert f"{held['id']}: 19 removals of Block at edge, over" in past.text("5")
    (consent,) = past.told("6")["consents"]
    assert consent["id"] == held["id"]
    assert f"{held['id']}: 19 removals, by {consent['who']}" in past.text("6")


def test_a_run_that_failed_tells_why_and_what_to_do(past: Past) -> None:
    text = past.text("3")
    assert "exit 3: the data collection 'Block at edge' is empty" in text
    assert "to do" in text


def test_all_entries_are_named_where_that_is_asked_for(past: Past) -> None:
    assert "and 35 more" in past.text("1")
    assert ADDRESSES[-1] in past.text("1", "--all")


def test_the_difference_of_two_generations_names_each_entry(past: Past) -> None:
    told = past.told("--diff", "1", "2")
    assert [one["entry"] for one in told["added"]] == ["203.0.114.7"]
    assert [one["entry"] for one in told["removed"]] == ADDRESSES[:2]
    text = past.text("--diff", "2", "1")
    assert "generation 2 of Block at edge" in text
    assert "+ 198.18.0.1 " in text
    assert "- 203.0.114.7 " in text


def test_generations_are_listed_with_their_collection(past: Past) -> None:
    assert [(r[0], r[-4]) for r in rows(past.text("--generations"))] == [
        ("3", "Block"),
        ("2", "Block"),
        ("1", "Block"),
    ]
    assert [g["entries"] for g in past.told("--generations")] == [20, 39, 40]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("99",), "there is no run 99"),
        (("--diff", "1", "99"), "generations 1 and 99 are not both kept"),
        (("1", "--generations"), "one thing at a time"),
    ],
)
def test_what_is_not_kept_is_said(
    past: Past, words: tuple[str, ...], said: str
) -> None:
    assert said in past.text(*words, code=2)


def test_a_damaged_run_does_not_hide_the_others(past: Past) -> None:
    path = past.site.directory / FILE_NAME
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("UPDATE run SET record = x'00' WHERE number = 4")
    text = past.text()
    assert "4  cannot be read any more" in text
    assert [r[0] for r in rows(text)] == ["6", "5", "4", "3", "2", "1"]
    assert "cannot be read" in past.text("4", code=7)


def test_a_ledger_that_is_no_database_is_said_and_stays(past: Past) -> None:
    path = past.site.directory / FILE_NAME
    path.write_bytes(b"<html>" * 1000)
    assert "the next run sets it aside" in past.text(code=7)
    assert path.read_bytes() == b"<html>" * 1000


def test_a_damaged_record_of_consents_hides_no_run(past: Past) -> None:
    (path,) = past.site.directory.glob("*.consents")
    path.write_bytes(b"{")
    text = past.text()
    assert len(rows(text)) == 6
    assert "feed cleaned up" not in text


def test_looking_changes_nothing(past: Past) -> None:
    before = {p.name: p.read_bytes() for p in past.site.directory.iterdir()}
    for words in ((), ("2",), ("--generations",), ("--diff", "1", "3")):
        past.text(*words)
    assert {p.name: p.read_bytes() for p in past.site.directory.iterdir()} == before


def test_an_empty_directory_has_no_history(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    assert site.run("history") == 0
    assert "No run is in the ledger yet." in capfd.readouterr().out
    assert [*tmp_path.iterdir()] == []


def test_a_run_on_a_ledger_that_was_damaged_ends_in_step_and_begins_a_new_one(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    del past.site.send  # all is there again
    path = past.site.directory / FILE_NAME
    path.write_bytes(path.read_bytes()[:5000])
    past.run(ADDRESSES[20:])
    (ledger,) = ledgers(past.site.directory)
    assert [run.exit for run in ledger.runs(9)] == [0]
    assert len([*past.site.directory.glob("*.damaged")]) == 1
    assert past.site.ours() == set(ADDRESSES[20:])
