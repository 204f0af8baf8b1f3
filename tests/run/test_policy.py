"""What people decide: consents, limits, selection, saving, the size of the set."""

import re
from pathlib import Path

import pytest

from support.outside import COLLECTION, Site
from tq_conn_citrix_waf import config

ADDRESSES = [f"198.18.{n // 250}.{n % 250}" for n in range(300)]
DAY = 24 * 3600.0


def set_key(site: Site, section: str, line: str) -> None:
    """Write a key into the configuration file, as a person does."""
    path = site.directory / config.FILE_NAME
    text = path.read_text()
    name = line.partition(" ")[0]
    text = re.sub(rf"(?m)^{name} = .*\n", "", text)
    path.write_text(text.replace(f"[{section}]\n", f"[{section}]\n{line}\n", 1))


def held_id(err: str) -> str:
    """Return the id in the command that a refusal prints."""
    found = re.search(r"tq-conn-citrix-waf approve ([0-9a-f]{8}) -c (\S+)", err)
    assert found is not None
    return found[1]


def shrunk(site: Site, capfd: pytest.CaptureFixture[str], by: int = 100) -> str:
    """Load, shrink the collection past the limit, and return the id of the refusal."""
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection(ADDRESSES[by:])
    capfd.readouterr()
    assert site.run() == 5
    return held_id(capfd.readouterr().err)


def test_a_refusal_prints_the_whole_command_and_it_works(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", name, "--reason", "feed cleaned up") == 0
    assert "100 removals" in capfd.readouterr().out
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES[100:])


def test_a_consent_covers_its_entries_and_ordinary_change_and_no_more(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", name, "--reason", "cleaned up") == 0
    site.collection([*ADDRESSES[110:], "203.0.114.1"])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES[110:], "203.0.114.1"}
    site.collection([*ADDRESSES[200:], "203.0.114.1"])
    assert site.run() == 5


def test_beyond_a_consent_the_approved_part_still_goes(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", name, "--reason", "cleaned up") == 0
    site.collection(ADDRESSES[200:])
    assert site.run() == 5
    assert site.ours() == set(ADDRESSES[100:])


def test_a_consent_lapses_after_a_day(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    site.collection(ADDRESSES)
    assert site.run("approve", name, "--reason", "cleaned up") == 0
    assert site.run() == 0
    site.lab.clock.advance(DAY + 1)
    site.collection(ADDRESSES[100:])
    assert site.run() == 5
    assert site.ours() == set(ADDRESSES)


def test_a_consent_holds_for_the_first_complete_run_if_none_came_within_the_day(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", name, "--reason", "cleaned up") == 0
    site.lab.clock.advance(3 * DAY)
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES[100:])


def test_growth_is_approved_alike(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    flood = [f"203.0.{114 + n // 250}.{n % 250}" for n in range(600)]
    site.collection([*ADDRESSES, *flood])
    capfd.readouterr()
    assert site.run() == 5
    name = held_id(capfd.readouterr().err)
    assert site.run("approve", name, "--reason", "new feed") == 0
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES, *flood}


def test_without_an_id_approve_lists_what_is_held(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    assert site.run("approve") == 0
    assert capfd.readouterr().out.endswith("Nothing is held.\n")
    name = shrunk(site, capfd)
    assert site.run("approve") == 0
    shown = capfd.readouterr().out
    assert name in shown
    assert "198.18.0.0" in shown
    assert "and 90 more" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("words", "said"),
    [(("12345678", "--reason", "x"), "is not held"), ((), "needs a reason")],
)
def test_a_consent_to_nothing_or_without_a_reason_is_refused(
    site: Site, capfd: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", *(words or (name,))) == 2
    assert said in capfd.readouterr().err


def test_who_approved_when_and_why_is_kept(
    site: Site, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    name = shrunk(site, capfd)
    monkeypatch.setenv("SUDO_USER", "ada")
    assert site.run("approve", name, "--reason", "ticket 4711") == 0
    assert site.run() == 0
    (record,) = site.directory.glob("*.consents")
    for words in (name, "ada", "ticket 4711", "2026-01-05"):
        assert words in record.read_text()


def test_a_damaged_record_of_consents_allows_nothing(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    name = shrunk(site, capfd)
    assert site.run("approve", name, "--reason", "cleaned up") == 0
    (record,) = site.directory.glob("*.consents")
    record.write_bytes(record.read_bytes()[:-10])
    assert site.run() == 5
    assert site.ours() == set(ADDRESSES)


def test_limits_are_settings(site: Site) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    set_key(site, "limits", "remove_count = 200")
    site.collection(ADDRESSES[150:])
    assert site.run() == 0
    assert site.ours() == set(ADDRESSES[150:])


def test_statuses_are_taken_at_their_word_but_whitelisted_never(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    statuses = ["Active", "Review", "Expired", "Whitelisted", "Active"]
    rows = [
        {"type": "IP Address", "value": f"198.18.0.{n}", "status": status}
        for n, status in enumerate(statuses)
    ]
    site.control("PUT", f"/threatq/collections/{COLLECTION}", {"indicators": rows})
    set_key(site, "selection", 'statuses = ["Review", "Expired", "Whitelisted"]')
    capfd.readouterr()
    assert site.run("-v2") == 0
    assert site.ours() == {"198.18.0.1", "198.18.0.2"}
    assert "more than half is left out by status: 3 of 5" in capfd.readouterr().out


def test_a_set_limit_in_the_file_is_kept_before_the_appliance_refuses(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    set_key(site, "netscaler", "set_limit = 103")
    site.collection(ADDRESSES)
    assert site.run() == 4
    assert len(site.ours()) == 100
    assert "200 wanted entries are not blocked" in capfd.readouterr().err


def test_others_unsaved_changes_are_saved_with_ours_and_it_is_said(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run("-v2") == 0
    assert "others have unsaved changes" in capfd.readouterr().out
    assert site.ours(saved=True) == set(ADDRESSES)


def test_save_own_waits_until_others_have_saved(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    set_key(site, "netscaler", 'save = "own"')
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert "not saved: others have unsaved changes" in capfd.readouterr().out
    assert site.ours() == set(ADDRESSES)
    assert site.ours(saved=True) == set()


def test_save_never_saves_nothing_and_says_so(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    set_key(site, "netscaler", 'save = "never"')
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert "a restart loses what was bound" in capfd.readouterr().out
    assert site.ours(saved=True) == set()


def test_a_second_run_at_the_same_time_is_told_who_runs(
    site: Site, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from tq_conn_citrix_waf.store.lock import lock  # noqa: PLC0415  # here alone

    site.collection(ADDRESSES)
    with lock(tmp_path):
        assert site.run() == 7
    assert "another run works with" in capfd.readouterr().err


def test_an_appliance_that_takes_no_comments_is_only_added_to(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.control("PUT", "/dialect", {"comment": "refused"})
    site.collection([*ADDRESSES[20:], "203.0.114.1", "203.0.114.2"])
    capfd.readouterr()
    assert site.run() == 0
    assert "this run only added" in capfd.readouterr().out
    values = {b["value"] for b in site.bindings()}
    assert values >= {*ADDRESSES, "203.0.114.1", "203.0.114.2"}


def test_an_appliance_that_returns_no_comments_is_only_added_to(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.control("PUT", "/dialect", {"comment": "hidden"})
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert "this run only added" in capfd.readouterr().out
    site.collection(ADDRESSES[20:])
    assert site.run() == 0
    assert {b["value"] for b in site.bindings()} >= set(ADDRESSES)


def test_exclusive_takes_out_unmarked_entries_and_never_another_instances(
    site: Site,
) -> None:
    set_key(site, "netscaler", 'ownership = "exclusive"')
    other = {"value": "198.51.100.9", "comment": "tq-waf:ffffffff:2026-01-01"}
    hand = [{"value": "198.51.100.7"}, {"value": ADDRESSES[0]}]
    site.control(
        "PUT",
        "/appliances/adc1/datasets/tq_block_list",
        {"type": "ipv4", "bindings": [other, *hand]},
    )
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert {b["value"] for b in site.bindings()} == {*ADDRESSES, "198.51.100.9"}


def test_add_only_removes_nothing(site: Site) -> None:
    set_key(site, "netscaler", 'ownership = "add-only"')
    site.collection(ADDRESSES)
    assert site.run() == 0
    site.collection([*ADDRESSES[20:], "203.0.114.1"])
    assert site.run() == 0
    assert site.ours() == {*ADDRESSES, "203.0.114.1"}
