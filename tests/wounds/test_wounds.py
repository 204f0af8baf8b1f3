"""What has gone wrong for others, tried here: a test for each, by its number.

The numbers are those of the table "Wounds of others" in docs/safety.md.
"""

import json

import pytest

from support.outside import BLOCK_LIST, COLLECTION, Site
from tq_conn_citrix_waf import config

Capture = pytest.CaptureFixture[str]


def fault(site: Site, name: str, service: str, **more: object) -> None:
    site.control("POST", "/faults", {"name": name, "service": service, **more})


def key(site: Site, section: str, line: str) -> None:
    path = site.directory / config.FILE_NAME
    head = f"[{section}]\n"
    text = path.read_text()
    if head not in text:
        text += f"\n{head}"
    path.write_text(text.replace(head, f"{head}{line}\n"))


def held_id(told: str) -> str:
    return told.partition("approve ")[2][:8]


def listed(*values: str) -> list[str]:
    return [f"198.18.{n // 250}.{n % 250}" for n in range(100)] + [*values]


def test_01_a_time_out_of_the_source_deletes_nothing(
    site: Site, loaded: set[str]
) -> None:
    fault(site, "never_answer", "threatq", match={"path": "indicators/query"})
    assert site.run() == 3
    assert site.ours() == loaded


def test_02_a_source_that_is_half_broken_is_held_at_its_removals(
    site: Site, loaded: set[str], capfd: Capture
) -> None:
    site.collection(listed()[:40])
    assert site.run() == 5
    assert site.ours() == loaded
    assert "60 removals" in capfd.readouterr().err


def test_03_the_list_stays_whole_while_the_server_is_down_and_after_a_restart(
    site: Site, loaded: set[str]
) -> None:
    site.control("POST", "/appliances/adc1/reboot")
    site.collection([])
    assert site.run() == 3
    assert site.ours() == loaded == site.ours(saved=True)


def test_04_how_much_may_go_in_one_run_is_a_share_and_a_number(
    site: Site, loaded: set[str]
) -> None:
    site.collection(listed()[:89])
    assert site.run() == 5
    site.collection(listed()[:90])
    assert site.run() == 0
    assert site.ours() == {*listed()[:90]} < loaded


@pytest.mark.parametrize("how", ["Expired", "Whitelisted", "deleted", "by its date"])
def test_05_what_is_revoked_expired_or_deleted_goes(
    site: Site, loaded: set[str], how: str
) -> None:
    rows: list[dict[str, str]] = [
        {"type": "IP Address", "value": value, "status": "Active"}
        for value in listed()[1:]
    ]
    first = {"type": "IP Address", "value": listed()[0], "status": "Active"}
    turned = {
        "Expired": [first | {"status": "Expired"}],
        "Whitelisted": [first | {"status": "Whitelisted"}],
        "deleted": [],
        "by its date": [first | {"expires_at": "2025-01-01 00:00:00"}],
    }[how]
    path = f"/threatq/collections/{COLLECTION}"
    site.control("PUT", path, {"indicators": [*rows, *turned]})
    assert site.run() == 0
    assert site.ours() == loaded - {listed()[0]}


def test_06_when_all_state_is_lost_nothing_is_sent_again(
    site: Site, loaded: set[str]
) -> None:
    for path in site.directory.iterdir():
        if path.name != config.FILE_NAME:
            path.unlink()
    mark = site.mark
    assert site.run() == 0
    assert not site.writes(mark)
    assert site.ours() == loaded


def test_07_a_row_of_junk_is_counted_and_breaks_nothing(
    site: Site, loaded: set[str], capfd: Capture
) -> None:
    site.collection(listed("no address at all", "203.0.114.1"))
    assert site.run("-v2") == 0
    assert site.ours() == {*loaded, "203.0.114.1"}
    assert "1      malformed" in capfd.readouterr().out


def test_09_what_a_file_allows_is_let_through_whatever_a_collection_says(
    site: Site, loaded: set[str]
) -> None:
    path = site.directory / "partners.txt"
    path.write_text(f"{listed()[0]}\n")
    key(site, "never_block", f'files = ["{path}"]')
    assert site.run() == 0
    assert site.ours() == loaded - {listed()[0]}


def test_10_what_is_allowed_within_a_blocked_range_is_cut_out_of_it(
    site: Site, loaded: set[str]
) -> None:
    path = site.directory / "partners.txt"
    path.write_text("203.0.114.1\n")
    key(site, "never_block", f'files = ["{path}"]')
    site.collection(listed("203.0.114.0/30"))
    assert site.run() == 0
    assert site.ours() == {*loaded, "203.0.114.0", "203.0.114.2/31"}


def test_11_what_is_allowed_by_hand_stays_allowed_though_it_is_still_listed(
    site: Site, loaded: set[str]
) -> None:
    assert site.run("allow", listed()[0], "--reason", "a partner") == 0
    assert [site.run(), site.run()] == [0, 0]
    assert site.ours() == loaded - {listed()[0]}


def test_12_private_addresses_and_the_appliances_own_are_never_bound(
    site: Site, loaded: set[str]
) -> None:
    site.collection(listed("10.0.0.1", "127.0.0.1", "192.168.1.1"))
    assert site.run() == 0
    assert site.ours() == loaded


def test_13_what_is_held_names_the_whole_command_that_lets_it_through(
    site: Site, capfd: Capture
) -> None:
    site.collection(listed()[:40])
    capfd.readouterr()
    assert site.run() == 5
    told = capfd.readouterr().err
    assert f"-c {site.directory}" in told
    assert site.run("approve", held_id(told), "--reason", "cleaned up") == 0
    assert site.run() == 0
    assert site.ours() == {*listed()[:40]}


def test_14_and_16_a_full_set_keeps_what_fits_and_tells_what_is_left_out(
    site: Site, loaded: set[str], capfd: Capture
) -> None:
    site.control("PUT", "/dialect", {"dataset_limit": 105})
    site.collection(listed("203.0.114.1", "203.0.114.2", "203.0.114.3"))
    assert site.run() == 4
    assert loaded < site.ours()
    assert "1 wanted entries are not blocked" in capfd.readouterr().err
    capfd.readouterr()
    site.run("status", "--json")
    assert json.loads(capfd.readouterr().out)["sets"][0]["left_out"] == 1


def test_17_many_small_additions_are_judged_against_what_was_accepted(
    site: Site, loaded: set[str]
) -> None:
    key(site, "limits", "add_count = 20")
    key(site, "limits", "add_share = 0.0")
    site.collection(listed(*(f"203.0.114.{n}" for n in range(30))))
    assert [site.run(), site.run()] == [5, 5]
    assert site.ours() == loaded


def test_24_one_503_flushes_nothing_and_the_next_run_goes_on(
    site: Site, loaded: set[str]
) -> None:
    fault(site, "status", "netscaler", params={"status": 503}, times=50)
    site.collection(listed("203.0.114.1"))
    assert site.run() == 4
    assert site.ours() == loaded
    site.control("DELETE", "/faults")
    assert site.run() == 0
    assert site.ours() == {*loaded, "203.0.114.1"}


def test_25_entries_that_vanish_are_bound_again_and_until_then_nothing_is_green(
    site: Site, loaded: set[str], capfd: Capture
) -> None:
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    site.control("PUT", path, {"type": "ipv4", "bindings": []})
    key(site, "netscaler", "report_only = true")
    site.run()
    capfd.readouterr()
    assert site.run("status", "--line") == 2
    assert "0 of 100 wanted are blocked" in capfd.readouterr().out
    text = (site.directory / config.FILE_NAME).read_text()
    kept = text.replace("report_only = true\n", "")
    (site.directory / config.FILE_NAME).write_text(kept)
    assert site.run() == 0
    assert site.ours() == loaded


def test_26_a_value_that_the_appliance_refuses_holds_no_other_back(
    site: Site, loaded: set[str]
) -> None:
    site.control(
        "PUT",
        f"/appliances/adc1/datasets/{BLOCK_LIST}",
        {"type": "ipv4", "bindings": [{"value": "203.0.114.7"}]},
    )
    site.collection(listed("203.0.114.0/28", "203.0.115.1"))
    assert site.run() == 0
    assert loaded < site.ours()
    assert "203.0.115.1" in site.ours()


def test_27_what_is_missing_is_found_before_the_first_write(
    site: Site, loaded: set[str]
) -> None:
    site.form(**{"IP Block List": "no_such_set"})
    site.collection(listed("203.0.114.1"))
    mark = site.mark
    assert site.run() == 4
    assert not site.writes(mark)
    assert site.ours() == loaded


def test_28_the_secondary_of_a_pair_is_named_and_not_written_to(
    site: Site, capfd: Capture
) -> None:
    site.control("PUT", "/dialect", {"ha_role": "secondary"})
    site.collection(listed("203.0.114.1"))
    mark = site.mark
    assert site.run() == 4
    assert not site.writes(mark)
    assert "secondary node" in capfd.readouterr().err


def test_29_networks_and_ranges_are_bound_and_what_stood_there_is_taken_over(
    site: Site, loaded: set[str]
) -> None:
    site.collection(listed("203.0.113.0/28", "203.0.114.0-203.0.114.2"))
    assert site.run() == 0
    assert ("203.0.113.0/28", "", "") in site.foreign()
    assert site.run("adopt", "--yes", "--reason", "it is ours now") == 0
    assert site.ours() == {*loaded, "203.0.113.0/28", "203.0.114.0"}


def test_30_a_hundred_runs_leave_no_session_open(site: Site) -> None:
    site.control("PUT", "/dialect", {"session_limit": 3})
    assert {site.run() for _ in range(100)} == {0}
    assert site.view()["sessions"] == 0
