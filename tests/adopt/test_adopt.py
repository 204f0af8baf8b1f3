"""``adopt``: entries of others become ours, or go, and nothing else happens."""

import pytest

from adopt.before import HAND, NEW, OLD, OTHER, STALE, WHY, Before, plain
from run.test_policy import set_key
from support.outside import BY_HAND
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.cli import agreement
from tq_conn_citrix_waf.run.adopt import BATCH
from tq_conn_citrix_waf.store.ledger import ledgers


def test_wanted_entries_without_a_mark_become_ours_and_are_saved(
    before: Before,
) -> None:
    text = before.adopt("--yes")
    assert "120 entries taken over, saved." in text
    assert before.site.ours() == before.site.ours(saved=True) == set(OLD)
    assert before.unmarked == {v for v, _, _ in HAND} | set(STALE)
    assert before.site.run() == 0
    assert before.site.ours() == {*OLD, *NEW}
    mark = before.site.mark
    assert before.site.run() == 0
    assert before.site.writes(mark) == []


def test_no_more_than_one_batch_stands_open_and_between_two_requests_only(
    before: Before,
) -> None:
    mark = before.site.mark
    before.adopt("--yes")
    writes = [w for w in before.site.writes(mark) if "dataset" in w["path"]]
    sent = [(w["query"] == "action=unbind", w["items"]) for w in writes]
    batch = [(True, BATCH), (False, BATCH)]
    assert sent == [*batch, *batch, (True, 20), (False, 20)]
    assert BATCH == 50


def test_it_lists_what_it_would_do_and_does_nothing_without_consent(
    before: Before,
) -> None:
    mark = before.site.mark
    files = {p.name for p in before.site.directory.iterdir()}
    text = before.adopt(code=2)
    assert "take over       120  entries without a mark that are wanted" in text
    assert "leave             5  wanted by no collection" in text
    assert "198.18.0.10" in text
    assert "and 110 more" in text
    assert "add --yes" in text
    assert before.site.writes(mark) == []
    assert {p.name for p in before.site.directory.iterdir()} == files


@pytest.mark.parametrize(
    ("answer", "taken"), [("y", 120), ("", 0), ("n", 0), ("yes!", 0), ("YES", 120)]
)
def test_at_a_terminal_a_person_is_asked(
    before: Before, monkeypatch: pytest.MonkeyPatch, answer: str, taken: int
) -> None:
    monkeypatch.setattr(agreement, "attended", lambda: True)
    asked: list[str] = []

    def say(question: str) -> str:
        asked.append(question)
        return answer

    monkeypatch.setattr("builtins.input", say)
    before.adopt(code=0 if taken else 130)
    assert asked == ["Do this? y/N "]
    assert len(before.site.ours()) == taken


def test_what_changed_while_the_person_thought_is_refused(
    before: Before, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(agreement, "attended", lambda: True)

    def think(_question: str) -> str:
        before.site.collection(OLD[1:])
        return "y"

    monkeypatch.setattr("builtins.input", think)
    assert "nothing is written" in before.adopt(code=5)
    assert before.site.ours() == set()


def test_without_a_reason_nothing_is_done(before: Before) -> None:
    assert before.site.run("adopt", "--yes") == 2
    assert before.site.ours() == set()


def test_stale_entries_are_listed_whole_and_removed(before: Before) -> None:
    before.bind([*BY_HAND, *plain(OLD), *plain(STALE, "old feed")])
    text = before.adopt("--stale", "--yes")
    assert all(value in text for value in (*STALE, "192.0.2.10-192.0.2.20"))
    assert "old feed" in text
    assert "5 entries removed, saved." in text
    assert before.unmarked == set(OLD)
    assert before.site.ours() == set()


def test_what_is_wanted_and_held_back_is_not_stale(before: Before) -> None:
    before.adopt("--yes")
    assert before.site.run() == 0
    set_key(before.site, "limits", "add_count = 1")
    set_key(before.site, "limits", "add_share = 0.0")
    before.site.collection([*OLD, *NEW, *STALE])
    before.adopt("--stale", "--yes")
    assert set(STALE) <= before.unmarked
    assert not {v for v, _, _ in HAND} & before.unmarked


def test_anothers_entries_become_ours_and_the_next_run_removes_the_unwanted(
    before: Before,
) -> None:
    mark = f"tq-waf:{OTHER}:2026-01-01"
    before.bind([*BY_HAND, *plain(OLD, mark), *plain(STALE, mark)])
    assert "122 entries taken over" in before.adopt("--from", OTHER, "--yes")
    assert before.site.ours() == {*OLD, *STALE}
    assert not [b for b in before.site.bindings() if OTHER in b.get("comment", "")]
    assert before.site.run() == 0
    assert before.site.ours() == {*OLD, *NEW}
    assert before.site.foreign() == HAND


@pytest.mark.parametrize("instance", ["0b0b0b0", "tq-waf:0b", "0B0B0B0B"])
def test_what_is_no_id_is_refused(before: Before, instance: str) -> None:
    assert "is no id" in before.adopt("--from", instance, "--yes", code=2)


def test_its_own_id_is_refused(before: Before) -> None:
    own = config.load(before.site.directory).instance
    assert "itself" in before.adopt("--from", own, "--yes", code=2)


@pytest.mark.parametrize("words", [(), ("--stale",), ("--from", OTHER)])
def test_a_collection_that_cannot_be_read_stops_it(
    before: Before, words: tuple[str, ...]
) -> None:
    assert before.site.run() == 0
    before.site.control("PUT", "/threatq/collections/Block at edge", {"indicators": []})
    mark = before.site.mark
    before.adopt(*words, "--yes", code=3)
    assert before.site.writes(mark) == []


def test_on_a_secondary_node_nothing_is_done(before: Before) -> None:
    before.site.control("PUT", "/dialect", {"ha_role": "secondary"})
    mark = before.site.mark
    before.adopt("--yes", code=4)
    assert before.site.writes(mark) == []


def test_while_people_have_stopped_all_writing_nothing_is_done(before: Before) -> None:
    assert before.site.run("pause", *WHY) == 0
    assert "paused by" in before.adopt("--yes", code=5)
    assert before.site.ours() == set()


def test_switched_off_it_does_nothing(before: Before) -> None:
    before.site.form(enabled=False)
    assert "switched off" in before.adopt("--yes")
    assert "switched off" in before.adopt()
    assert before.site.ours() == set()


def test_a_set_that_is_full_to_its_limit_is_taken_over_whole(before: Before) -> None:
    set_key(before.site, "netscaler", "set_limit = 100")
    before.adopt("--yes")
    assert before.site.ours() == set(OLD)


def test_where_nothing_is_to_be_done_nothing_is_written(before: Before) -> None:
    before.adopt("--yes")
    mark = before.site.mark
    assert "take over         0" in before.adopt()
    assert before.site.writes(mark) == []


def test_who_asked_for_it_and_why_is_in_the_history(before: Before) -> None:
    before.adopt("--yes")
    (ledger,) = ledgers(before.site.directory)
    (run,) = ledger.runs(9)
    assert run.act is not None
    assert (run.act.verb, run.act.why) == ("adopt", WHY[1])
    assert len(run.bound) == len(run.unbound) == 120
    assert run.exit == 0
    before.capfd.readouterr()
    assert before.site.run("history") == 0
    assert "new connector, change 4711" in before.capfd.readouterr().out
    assert before.site.run("history", "1") == 0
    assert "120 bound again at once, with our" in before.capfd.readouterr().out


def test_a_first_run_after_it_is_no_flood(before: Before) -> None:
    many = [f"198.18.{n // 250}.{n % 250}" for n in range(1000, 1800)]
    before.site.collection([*OLD, *many])
    before.adopt("--yes")
    assert before.site.run() == 0
    assert before.site.ours() == {*OLD, *many}


@pytest.mark.parametrize("kept", ["refused", "hidden"])
def test_where_no_comment_is_kept_what_is_wanted_stays_blocked(
    before: Before, kept: str
) -> None:
    before.site.control("PUT", "/dialect", {"comment": kept})
    text = before.adopt("--yes", code=6)
    assert "keeps comments" in text
    assert set(OLD) <= before.unmarked


def test_while_paused_it_is_refused_before_anything_is_asked(before: Before) -> None:
    before.site.run("pause", "--reason", "change 4711")
    mark = before.site.mark
    for words in ((), ("--yes",), ("--yes", "--stale")):
        assert "paused by" in before.adopt(*words, code=5)
    assert before.site.requests(mark) == []
