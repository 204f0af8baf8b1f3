"""``approvals = 2``: nothing goes ahead until a second person has approved it."""

import pytest

from consent.conftest import ADDRESSES, Held
from run.test_policy import set_key

DAY = 24 * 3600.0


@pytest.fixture
def both(held: Held) -> Held:
    set_key(held.site, "limits", "approvals = 2")
    return held


def test_one_approval_is_not_enough_and_the_run_says_whose_it_is(both: Held) -> None:
    told = " ".join(both.approve().split())
    assert "So far 1 of 2 persons (ada); each must be another" in told
    _, err = both.type(code=5)
    assert "approved by ada, 1 of 2" in err
    assert both.site.ours() == set(ADDRESSES)


def test_the_same_person_twice_is_one_person(both: Held) -> None:
    both.approve()
    assert "1 of 2 persons (ada)" in both.approve()
    both.type(code=5)
    assert both.site.ours() == set(ADDRESSES)


def test_a_second_person_lets_it_go_ahead(
    both: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.approve()
    monkeypatch.setenv("SUDO_USER", "bob")
    assert "The next run does those" in both.approve()
    both.type()
    assert both.site.ours() == set(ADDRESSES[100:])
    record = next(iter(both.site.directory.glob("*.consents"))).read_text()
    assert '"ada"' in record
    assert '"bob"' in record


def test_of_a_list_that_moved_meanwhile_goes_what_both_have_approved(
    both: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.approve()
    both.id = both.shrink(130)
    monkeypatch.setenv("SUDO_USER", "bob")
    out = " ".join(both.type("approve")[0].split())
    assert "by approved by ada" in out
    assert "for 100 of these" in out
    both.approve()
    both.type(code=5)
    assert both.site.ours() == set(ADDRESSES[100:])


def test_an_approval_that_has_lapsed_does_not_count(
    both: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.approve()
    both.type(code=5)
    both.site.lab.clock.advance(DAY + 1)
    monkeypatch.setenv("SUDO_USER", "bob")
    assert "1 of 2 persons (bob)" in " ".join(both.approve().split())
    both.type(code=5)
    assert both.site.ours() == set(ADDRESSES)


def test_a_discard_by_one_takes_back_the_word_of_the_other(
    both: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    both.approve()
    monkeypatch.setenv("SUDO_USER", "bob")
    both.approve(both.id, "--discard")
    both.approve()
    both.type(code=5)
    assert both.site.ours() == set(ADDRESSES)


@pytest.mark.parametrize("value", ["0", "10", "true", '"two"'])
def test_how_many_must_approve_is_a_small_number(held: Held, value: str) -> None:
    set_key(held.site, "limits", f"approvals = {value}")
    assert "[limits] approvals must be" in held.type(code=2)[1]
