"""``approve``: what a person sees of what is held, and that a word is kept."""

import json

import pytest

from consent.conftest import ADDRESSES, Held
from support.outside import BLOCK_LIST, COLLECTION
from tq_conn_citrix_waf.store.ledger import ledgers


def test_the_table_says_why_what_follows_and_what_to_type(held: Held) -> None:
    out, _ = held.type("approve")
    told = " ".join(out.split())
    for words in (
        f"{held.id} 100 removals on {BLOCK_LIST} on http://adc1.lab",
        f"over the limit of 20 for a list of 200 of {COLLECTION}",
        "whether this is a source that lost part of its list",
        "198.18.0.0, 198.18.0.1,",
        "and 90 more",
        "the next run unbinds what of these is ours and still not wanted",
        "so far not approved",
        f"to approve tq-conn-citrix-waf approve {held.id} -c ",
        "--discard",
    ):
        assert words in told


def test_the_table_fits_a_screen_but_for_what_is_copied(held: Held) -> None:
    held.approve()
    out, _ = held.type("approve")
    paths = str(held.site.directory)
    assert all(len(ln) <= 80 for ln in out.splitlines() if paths not in ln)


def test_after_an_approval_the_table_says_who_and_when_it_lapses(held: Held) -> None:
    told = " ".join(held.approve().split())
    assert "Approved by ada at 2026-01-05 08:00 UTC: 100 removals" in told
    assert "It lapses 2026-01-06 08:00 UTC, or later with the first complete" in told
    out, _ = held.type("approve")
    assert "approved by ada, 2026-01-05 08:00 UTC: ticket 4711" in " ".join(out.split())
    assert "approved: the next run does it" in out


def test_nothing_held_is_said(held: Held) -> None:
    held.site.collection(ADDRESSES)
    held.type()
    assert held.type("approve")[0] == "Nothing is held.\n"
    assert json.loads(held.type("approve", "--json")[0]) == []


def test_as_json_it_has_all_entries_and_all_words(held: Held) -> None:
    held.approve()
    (told,) = json.loads(held.type("approve", "--json")[0])
    assert (told["id"], told["kind"], told["collection"]) == (
        held.id,
        "removals",
        COLLECTION,
    )
    assert told["entries"] == ADDRESSES[:100]
    (word,) = told["approvals"]
    assert (word["who"], word["reason"], word["covers"]) == ("ada", "ticket 4711", 100)
    assert word["lapses"] == "2026-01-06T08:00:00+00:00"
    assert told["agreed"] is True
    assert told["refused"] is None


def test_an_approval_as_json_says_how_it_stands_now(held: Held) -> None:
    told = json.loads(held.type("approve", held.id, "--json", "--reason", "x")[0])
    assert told["agreed"] is True
    assert told["approvers"] == ["ada"]


def test_an_id_is_needed_to_say_no_or_to_give_a_reason(held: Held) -> None:
    for words in (("--discard",), ("--reason", "x")):
        assert "needs the id" in held.type("approve", *words, code=2)[1]


def test_what_is_discarded_stays_held_and_every_run_says_by_whom(held: Held) -> None:
    told = held.approve(held.id, "--discard")
    assert "Refused by ada" in told
    assert "asks" not in told
    for _ in range(3):
        _, err = held.type(code=5)
        assert f"({held.id}), refused by ada, 2026-01-05 08:00 UTC: ticket 4711" in err
        assert "mend the source" in err
    assert held.site.ours() == set(ADDRESSES)
    out, _ = held.type("approve")
    assert "refused: it stays held" in " ".join(out.split())


def test_other_entries_are_asked_for_anew_after_a_discard(held: Held) -> None:
    held.approve(held.id, "--discard")
    held.site.collection(ADDRESSES[120:])
    _, err = held.type(code=5)
    assert "refused by" not in err
    assert "if it is meant, run" in err


def test_a_discard_takes_back_what_was_approved(held: Held) -> None:
    held.approve()
    held.approve(held.id, "--discard")
    held.type(code=5)
    assert held.site.ours() == set(ADDRESSES)


def test_what_was_discarded_can_be_approved_after_all(held: Held) -> None:
    held.approve(held.id, "--discard")
    held.approve()
    held.type()
    assert held.site.ours() == set(ADDRESSES[100:])


def test_a_discard_is_in_the_history(held: Held) -> None:
    held.approve(held.id, "--discard")
    assert f"approve --discard {held.id} by ada: ticket 4711" in held.type("history")[0]


def test_a_run_records_the_words_it_went_by(held: Held) -> None:
    held.approve()
    held.type()
    (ledger,) = ledgers(held.site.directory)
    (word,) = ledger.runs(1)[0].consents
    assert (word.id, word.who) == (held.id, "ada")


@pytest.mark.parametrize("words", [(), ("--discard",)])
def test_a_word_needs_a_reason(held: Held, words: tuple[str, ...]) -> None:
    assert "needs a reason" in held.type("approve", held.id, *words, code=2)[1]
