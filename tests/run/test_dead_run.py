"""What a run was allowed to take out and did not, since it died, the next one does."""

import pytest

from run.test_policy import set_key
from support.outside import COLLECTION, Killed, Site

SECOND = "Second list"
FIRST = [f"198.18.0.{n}" for n in range(1, 13)]
OTHERS = [f"198.18.1.{n}" for n in range(1, 13)]
STAYS = "203.0.114.1"


def limited(site: Site, count: int) -> None:
    """Let a run take out so many, and no more."""
    for key in (f"remove_count = {count}", "remove_share = 0.0"):
        set_key(site, "limits", key)


def begun(site: Site) -> list[str]:
    """Return what a run that did not end was to take out."""
    paths = site.directory.glob("*.begun")
    return [row for path in paths for row in path.read_text("ascii").splitlines()[1:]]


def killed_at_its_first_unbind(site: Site) -> None:
    """Run, and die before anything is taken out."""
    before = site.ours()
    for number in range(1, 99):
        site.sent, site.kill_at = 0, -number
        with pytest.raises(Killed):
            site.run()
        if begun(site):
            break
    site.kill_at = None
    assert site.ours() == before


def killed_when_eight_go(site: Site) -> None:
    """Load the first list, and let a run die that is to take out eight of it."""
    site.collection(FIRST)
    assert site.run() == 0
    site.collection(FIRST[8:])
    killed_at_its_first_unbind(site)


def test_a_network_that_stands_as_addresses_goes_as_the_one_it_was_accepted_as(
    site: Site,
) -> None:
    limited(site, 1)
    site.collection(["198.18.0.0", "198.18.0.1", STAYS])
    assert site.run() == 0
    site.collection(["198.18.0.0/31", STAYS])
    assert site.run() == 0
    assert site.ours() == {"198.18.0.0", "198.18.0.1", STAYS}
    site.collection([STAYS])
    killed_at_its_first_unbind(site)
    assert begun(site) == ["198.18.0.0", "198.18.0.1"]
    assert site.run() == 0
    assert site.ours() == {STAYS}
    assert begun(site) == []


def test_with_what_a_dead_run_left_no_run_takes_out_more_than_one_may(
    site: Site, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    limited(site, 10)
    site.form(**{"Data Collection": f"{COLLECTION}, {SECOND}"})
    site.collection(FIRST)
    site.collection(OTHERS, SECOND)
    assert site.run() == 0
    site.collection(FIRST[8:])
    killed_at_its_first_unbind(site)
    site.collection(OTHERS[5:], SECOND)
    assert site.run() == 5
    assert site.ours() == {*FIRST[8:], *OTHERS}
    assert "the run before did not end: what it was to take out goes" in caplog.text
    assert "5 removals are over the limit of 0" in capfd.readouterr().err
    assert site.run() == 0, "the next one has a limit of its own"
    assert site.ours() == {*FIRST[8:], *OTHERS[5:]}


def test_what_was_begun_and_is_wanted_again_stays(site: Site) -> None:
    killed_when_eight_go(site)
    site.collection(FIRST)
    assert site.run() == 0
    assert site.ours() == {*FIRST}
    assert begun(site) == []


def test_what_was_begun_is_no_leave_to_remove_what_a_person_went_back_to(
    site: Site,
) -> None:
    limited(site, 10)
    killed_when_eight_go(site)
    assert site.run("rollback", "1", "--yes", "--reason", "change 4711") == 0
    assert begun(site) == []
    assert site.ours() == {*FIRST}


def test_where_what_was_begun_is_damaged_it_counts_anew(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    limited(site, 10)
    killed_when_eight_go(site)
    (path,) = site.directory.glob("*.begun")
    path.write_bytes(path.read_bytes()[:-3])
    assert site.run() == 0, "eight are within the limit"
    assert "counts anew" in caplog.text
    assert site.ours() == {*FIRST[8:]}


def test_what_a_dead_run_opened_is_no_growth_of_the_list_that_asks_for_it(
    site: Site,
) -> None:
    limited(site, 2)
    for key in ("add_count = 2", "add_share = 0.0"):
        set_key(site, "limits", key)
    site.collection(["198.18.0.0/29"])
    assert site.run() == 0
    (ledger,) = site.directory.glob("*.ledger.db")
    ledger.unlink()
    site.collection(["198.18.0.1", "198.18.0.3"])
    assert site.run() == 5, "three pieces of the network would go"
    asked = {"198.18.0.0/31", "198.18.0.2", "198.18.0.4/30"}
    site.collection(sorted(asked))
    for number in range(1, 99):  # it dies while the network makes way
        site.sent, site.kill_at = 0, number
        with pytest.raises(Killed):
            site.run()
        if not site.ours():
            break
    site.kill_at = None
    assert site.ours() == set()
    assert site.run() == 0
    assert site.ours() == asked
