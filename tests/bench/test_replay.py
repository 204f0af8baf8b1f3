"""A rehearsal of a small history: what is said of it, and that it can fail."""

from collections.abc import Iterator

import pytest

from bench.made import START
from history import History
from memory import World, world
from rehearse import main, shown
from replay import replay


@pytest.fixture
def place() -> Iterator[World]:
    with world(START) as made:
        yield made


def test_faults_are_faults_and_the_real_cut_is_approved_once(
    history: History, place: World
) -> None:
    outcomes = list(replay(place, history, 4))
    assert [one.right for one in outcomes] == [True] * 7
    assert [one.words for one in outcomes] == [
        "in step",
        "in step",
        "source fault, the last good list stands in",
        "source fault, the last good list stands in",
        "held (19 removals), approved",
        "in step",
        "in step",
    ]
    changes = [(one.came, one.went) for one in outcomes]
    assert changes == [(60, 0), (1, 1), (0, 0), (0, 0), (0, 19), (1, 1), (1, 0)]


def test_what_a_person_bound_and_is_gone_makes_a_revision_wrong(
    history: History, place: World
) -> None:
    replayed = replay(place, history, 4)
    assert next(replayed).right
    path = "/appliances/adc1/datasets/tq_block_list"
    ours = [row for row in place.site.bindings() if "tq-waf" in row.get("comment", "")]
    place.site.control("PUT", path, {"type": "ipv4", "bindings": ours})
    assert not next(replayed).right


def test_an_entry_that_is_not_as_wanted_makes_a_revision_wrong(
    history: History, place: World
) -> None:
    outcomes = list(replay(place, history, 4, 6))
    assert not outcomes[0].right, "there is no data set for IPv6"
    assert outcomes[0].words == "WRONG (exit 0; in step was expected)"


def test_stretches_of_ordinary_revisions_take_one_row(
    history: History, place: World
) -> None:
    lines = shown(list(replay(place, history, 4)), (4,), 5_000)
    assert "Consents asked: 1; source faults: 2; wrong: 0." in " ".join(lines)
    assert lines[-1] == (
        "| 5-6 | to 2024-01-03 15:00 | 44 | 42 | 2 | 1 | each in step |"
    )


def test_the_whole_rehearsal_goes_into_its_place_in_a_document(
    history: History, capsys: pytest.CaptureFixture[str]
) -> None:
    document = history.name.with_name("safety.md")
    document.write_text(
        "before\n<!-- measured rehearsal of small: make rehearse -->\nold\n"
        "<!-- /measured rehearsal of small -->\nafter\n"
    )
    assert main([str(history.name), "--write", str(document)]) == 0
    text = document.read_text()
    printed = capsys.readouterr().out.strip()
    assert printed in text
    assert "IPv4 and IPv6, 61 addresses at first" in printed
    assert text.startswith("before\n")
    assert text.endswith("-->\nafter\n")
    assert "old" not in text
