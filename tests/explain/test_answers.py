"""Each answer that there is about one address, as a whole run."""

from datetime import timedelta

import pytest

from explain.asking import DAY, Asking
from kinds.both import IPV6_LIST
from run.test_policy import held_id, set_key
from support.outside import BLOCK_LIST, COLLECTION

NOW = "Asked just now, "


def test_blocked_by_us_and_wanted_by_an_indicator(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.run()
    told = ask.words("198.18.0.1")
    assert told.startswith(NOW)
    day = f"{ask.site.lab.clock.now():%Y-%m-%d}"
    assert "198.18.0.1 is blocked, and wanted" in told
    assert f"198.18.0.1 in {BLOCK_LIST}: ours, bound on {day}" in told
    found = ask.json("198.18.0.1")
    (indicator,) = found["indicators"]
    assert (
        f"{COLLECTION}: indicator {indicator['id']}, 198.18.0.1, Active, score 5"
        in (told)
    )
    assert indicator["since"] == day
    assert found["causes"] == []


@pytest.mark.parametrize(
    ("value", "within"),
    [
        ("198.18.7.0/24", "198.18.7.99"),
        ("198.18.7.5/24", "198.18.7.99"),
        ("198.18.7.3-198.18.7.9", "198.18.7.4"),
        ("198.18.7[.]3", "198.18.7.3"),
        ("::ffff:198.18.7.3", "198.18.7.3"),
        ("2001:db8:1::/64", "2001:db8:1::77"),
        ("2001:DB8::A", "2001:db8::a"),
        ("2001:0db8:0000:0000:0000:0000:0000:000a", "2001:db8::a"),
    ],
)
def test_the_entry_and_the_indicator_around_an_address_are_found(
    ask: Asking, value: str, within: str
) -> None:
    ask.holds(value, "203.0.114.1")
    ask.run()
    found = ask.json(within)
    assert (found["blocked"], found["wanted"]) == ("yes", "yes")
    assert [one["value"] for one in found["indicators"]] == [value]
    assert [one["whose"] for one in found["entries"]] == ["ours"]


def test_the_question_may_be_defanged(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.run()
    assert "198.18.0.1 is blocked" in ask.words("198.18.0[.]1")


@pytest.mark.parametrize("text", ["nope", "198.18.0.01", "hxxp://198.18.0.1/", ""])
def test_what_is_no_address_is_said(ask: Asking, text: str) -> None:
    mark = ask.site.mark
    assert ask.site.run("explain", text) == 2
    assert "is no address, block or range" in ask.capfd.readouterr().err
    assert ask.site.mark == mark, "nobody was asked"


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"status": "Expired"}, "expired by status"),
        ({"expires_at": "2001-01-01 00:00:00"}, "expired by its date"),
        ({"status": "Whitelisted"}, "whitelisted"),
        ({"type": "String"}, "not an IP address"),
    ],
)
def test_an_indicator_that_gets_nothing_says_why(
    ask: Asking, row: dict[str, object], reason: str
) -> None:
    ask.holds({"value": "198.18.0.2", **row}, "203.0.114.1")
    ask.run()
    told = ask.words("198.18.0.2")
    assert "198.18.0.2 is not blocked, and not wanted" in told
    assert f"{reason}: {COLLECTION}: indicator " in told
    assert "what to do" in told
    ask.away("threatq")
    assert f"{reason}: {COLLECTION}: indicator " in ask.words("198.18.0.2")


def test_a_status_that_is_not_selected_says_so(ask: Asking) -> None:
    set_key(ask.site, "selection", 'statuses = ["Active"]')
    ask.holds({"value": "198.18.0.2", "status": "Review"}, "203.0.114.1")
    ask.run()
    assert "status not selected" in ask.words("198.18.0.2")


@pytest.mark.parametrize("run_first", [True, False])
@pytest.mark.parametrize("value", ["198.18.0.9:443", "hxxp://198.18.0.9/x"])
def test_a_value_that_seems_to_mean_it_is_shown_as_malformed(
    ask: Asking, value: str, run_first: bool
) -> None:
    ask.holds("203.0.114.1", {"value": value, "type": "IP Address"})
    if run_first:
        ask.run()
    told = ask.words("198.18.0.9")
    assert f"malformed: {COLLECTION}: indicator " in told
    assert value in told
    assert ask.kinds("98.18.0.9") == ["not found"], "it is part of another address"
    assert ask.kinds("198.18.0.99") == ["not found"]


def test_never_block_names_the_rule(ask: Asking) -> None:
    ask.holds("10.0.0.1", "9.255.255.0-10.0.0.9")
    ask.run()
    told = ask.words("10.0.0.1")
    assert "10.0.0.1 is not blocked, and not wanted" in told
    assert "built-in list: 10.0.0.0/8" in told
    assert ask.json("9.255.255.7")["wanted"] == "yes"


def test_what_is_held_shows_the_command_and_then_that_somebody_agreed(
    ask: Asking,
) -> None:
    ask.holds("203.0.114.1", "45.0.0.0/8")
    assert ask.site.run() == 5
    name = held_id(ask.capfd.readouterr().err)
    told = ask.words("45.1.2.3")
    assert "45.1.2.3 is NOT blocked, but wanted" in told
    assert f"{name} holds back 1 wide block" in told
    assert f"tq-conn-citrix-waf approve {name} -c {ask.site.directory} --reason" in told
    ask.run("approve", name, "--reason", "meant")
    assert "a person has agreed" in ask.words("45.1.2.3")
    ask.run()
    assert ask.json("45.1.2.3")["causes"] == []


def test_a_wide_block_that_no_run_has_seen_will_wait_for_a_person(ask: Asking) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    ask.holds("203.0.114.1", "45.0.0.0/8")
    assert "needs a person's consent" in ask.words("45.1.2.3")


def test_a_removal_that_is_held_says_so(ask: Asking) -> None:
    many = [f"198.18.0.{n}" for n in range(1, 60)]
    ask.holds(*many)
    ask.run()
    ask.holds(*many[:5])
    assert ask.site.run() == 5
    name = held_id(ask.capfd.readouterr().err)
    told = ask.words(many[-1])
    assert f"{many[-1]} is blocked, and no data collection wants it" in told
    assert f"it left {COLLECTION} after the last run" in told
    assert f"{name} holds back 54 removals" in told
    assert f"approve {name} " in told


def test_what_never_block_hits_hold_back_is_named_with_its_collection(
    ask: Asking,
) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    ask.holds("203.0.114.1", "198.18.0.1", *(f"10.0.0.{n}" for n in range(40)))
    ask.run()
    told = ask.words("198.18.0.1")
    assert "198.18.0.1 is NOT blocked, but wanted" in told
    assert f"never-block hits, and all that is new in {COLLECTION}" in told


def test_a_full_set_says_what_it_left_out(ask: Asking) -> None:
    ask.site.control("PUT", "/dialect", {"dataset_limit": 5})
    ask.holds(*(f"198.18.0.{n}" for n in range(1, 6)))
    assert ask.run() == 4
    out = [n for n in range(1, 6) if ask.json(f"198.18.0.{n}")["blocked"] == "no"]
    assert len(out) == 3
    told = ask.words(f"198.18.0.{out[0]}")
    assert f"the data set {BLOCK_LIST} was full at the last run" in told


def test_an_entry_that_the_appliance_refused_shows_its_words(ask: Asking) -> None:
    ask.holds("198.18.0.1", "198.18.1.0/24")
    row = {"value": "198.18.1.7"}  # made by a person while a run reads
    edit = {"set": BLOCK_LIST, "add": [row], "remove": None}
    fault = {"name": "set_edited", "service": "netscaler", "times": 1, "params": edit}
    ask.site.control("POST", "/faults", {**fault, "match": {"path": "nsconfig"}})
    assert ask.run() == 4
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    ask.site.control("PUT", path, {"type": "ipv4", "bindings": []})
    told = ask.words("198.18.1.9")
    assert "the appliance refused 198.18.1.0/24: " in told


def test_what_an_entry_of_others_covers_is_said(ask: Asking) -> None:
    ask.holds("198.51.100.7")
    ask.run()
    told = ask.words("198.51.100.7")
    assert "198.51.100.7 is blocked, and wanted" in told
    assert "foreign, with the comment 'by hand'" in told
    assert "an entry of others blocks it already" in told
    assert ask.kinds("198.51.100.7") == ["covered"]


def test_a_foreign_entry_says_how_a_person_takes_it_out(ask: Asking) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    told = ask.words("192.0.2.15")
    assert "192.0.2.15 is blocked, and no data collection wants it" in told
    assert f"unbind policy dataset {BLOCK_LIST} 192.0.2.10 -endRange 192.0.2.20" in told
    assert ask.kinds("192.0.2.15") == ["foreign", "not found"]


def test_another_instance_is_named_by_its_mark(ask: Asking) -> None:
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    row = {"value": "198.18.0.1", "comment": "tq-waf:0a0b0c0d:2026-01-02"}
    ask.site.control("PUT", path, {"type": "ipv4", "bindings": [row]})
    ask.holds("203.0.114.1")
    told = ask.words("198.18.0.1")
    assert "the connector with the id 0a0b0c0d bound 198.18.0.1" in told
    assert ask.json("198.18.0.1")["entries"][0]["bound"] == "2026-01-02"


def test_what_came_after_the_last_run_waits_for_the_next(ask: Asking) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    ask.holds("203.0.114.1", "198.18.0.1")
    told = ask.words("198.18.0.1")
    assert "198.18.0.1 is NOT blocked, but wanted" in told
    assert "did not know of it" in told
    assert f"tq-conn-citrix-waf -c {ask.site.directory}" in told


def test_what_left_goes_with_the_next_run(ask: Asking) -> None:
    ask.holds("203.0.114.1", "198.18.0.1")
    ask.run()
    ask.holds("203.0.114.1")
    told = ask.words("198.18.0.1")
    assert "198.18.0.1 is blocked, and no data collection wants it" in told
    assert "the next run unbinds it" in told
    assert f"it left {COLLECTION} after the last run" in told
    ask.run()
    told = ask.words("198.18.0.1")
    assert f"none of the data collections: {COLLECTION}; ThreatQ has it as" in told


def test_a_range_that_left_or_changed_is_looked_up_by_its_number(ask: Asking) -> None:
    span = "198.18.7.3-198.18.7.9"
    ask.holds("203.0.114.1", span)
    ask.run()
    ask.holds("203.0.114.1", {"value": span, "status": "Whitelisted"})
    found = ask.json("198.18.7.4")
    assert (found["blocked"], found["wanted"]) == ("yes", "no")
    assert [c["kind"] for c in found["causes"]] == ["not wanted", "left out"]


def test_a_range_that_was_left_out_is_looked_up_by_its_number_too(ask: Asking) -> None:
    span = {"value": "198.18.7.3-198.18.7.9", "status": "Whitelisted"}
    ask.holds("203.0.114.1", span)
    ask.run()
    found = ask.json("198.18.7.4")
    assert (found["blocked"], found["wanted"]) == ("no", "no")
    assert [c["kind"] for c in found["causes"]] == ["left out"]
    ask.holds("203.0.114.1", {**span, "status": "Active"})
    found = ask.json("198.18.7.4")
    assert (found["blocked"], found["wanted"]) == ("no", "yes")


def test_what_somebody_unbound_comes_back(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.run()
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    ask.site.control("PUT", path, {"type": "ipv4", "bindings": []})
    told = ask.words("198.18.0.1")
    assert "somebody unbound it, or the appliance restarted" in told


def test_a_run_that_failed_is_the_cause_with_its_own_cure(ask: Asking) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    ask.holds("203.0.114.1", "198.18.0.1")
    ask.away("netscaler")
    assert ask.run() == 4
    ask.back()
    told = ask.words("198.18.0.1")
    assert "ended with 4: " in told


def test_in_no_collection_and_nowhere_in_threatq(ask: Asking) -> None:
    ask.holds("203.0.114.1")
    ask.run()
    told = ask.words("198.18.0.1")
    assert "198.18.0.1 is not blocked, and not wanted" in told
    assert f"it is in none of the data collections: {COLLECTION}" in told
    assert "add it in ThreatQ" in told


def test_ipv6_without_a_data_set_names_the_key(ask: Asking) -> None:
    path = ask.site.directory / "tq-conn-citrix-waf.toml"
    path.write_text(
        path.read_text().replace("ipv6_block_list =", "# ipv6_block_list =")
    )
    ask.holds("203.0.114.1", "2001:db8::7")
    ask.run()
    found = ask.json("2001:db8::7")
    assert (found["blocked"], found["wanted"]) == ("no", "no")
    assert "ipv6_block_list" in ask.words("2001:db8::7")


def test_a_connector_that_is_switched_off_says_so(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.site.form(enabled=False)
    assert "the connector is off in the form in ThreatQ" in ask.words("198.18.0.1")
    ask.site.form(enabled=True)
    set_key(ask.site, "netscaler", "report_only = true")
    assert "report_only = true" in ask.words("198.18.0.1")


def test_while_it_is_paused_it_says_who_paused_it_and_how_it_goes_on(
    ask: Asking,
) -> None:
    ask.holds("203.0.114.1", "198.18.0.2")
    ask.run()
    ask.run("pause", "--reason", "change 4711")
    ask.holds("203.0.114.1", "198.18.0.1")
    for asked, kind in (("198.18.0.1", "switched off"), ("198.18.0.2", "not wanted")):
        told = ask.words(asked)
        assert kind in told
        assert "paused by " in told
        assert "change 4711" in told
        assert f"resume -c {ask.site.directory} --reason" in told


def test_a_site_s_own_never_block_list_is_named_also_while_threatq_is_away(
    ask: Asking,
) -> None:
    path = ask.site.directory / "spare.txt"
    path.write_text("198.18.0.0/24 # our partner\n")
    set_key(ask.site, "never_block", 'files = ["spare.txt"]')
    ask.holds("203.0.114.1", "198.18.0.1", "198.18.1.1")
    ask.run()
    for away in (False, True):
        if away:
            ask.away("threatq")
        told = ask.words("198.18.0.1")
        assert "198.18.0.1 is not blocked, and not wanted" in told
        assert "file spare.txt: 198.18.0.0/24" in told
        assert "198.18.1.1 is blocked, and wanted" in ask.words("198.18.1.1")


@pytest.mark.parametrize("away", [False, True])
def test_what_a_person_let_through_says_so_and_never_that_it_is_wanted(
    ask: Asking, *, away: bool
) -> None:
    ask.holds("198.18.7.0/24", "203.0.114.1")
    ask.run()
    ask.run("allow", "198.18.7.9", "--reason", "partner, INC0044711")
    if away:
        ask.away("threatq")
    told = ask.words("198.18.7.9")
    assert "198.18.7.9 is not blocked, and not wanted" in told
    assert "allowed by hand: 198.18.7.9" in told
    assert "allow --end" in told
    assert "asked for by Block at edge: indicator" in told
    assert "wanted by" not in told
    assert "198.18.7.8 is blocked, and wanted" in ask.words("198.18.7.8")


def test_the_minimum_stay_is_said_with_its_day_and_whitelisted_goes_at_once(
    ask: Asking,
) -> None:
    set_key(ask.site, "selection", "minimum_stay = 3")
    ask.holds("203.0.114.1", "198.18.0.1", "198.18.0.2")
    ask.run()
    gone = {"value": "198.18.0.2", "status": "Whitelisted"}
    ask.holds("203.0.114.1", gone)
    until = ask.site.lab.clock.now().date() + timedelta(days=3)
    assert f"it stays until the end of {until}" in ask.words("198.18.0.1")
    assert "the next run unbinds it" in ask.words("198.18.0.2")
    assert ask.run() == 0
    assert ask.json("198.18.0.1")["blocked"] == "yes"
    assert ask.json("198.18.0.2")["blocked"] == "no"


@pytest.mark.parametrize(
    ("line", "row", "reason"),
    [
        ("minimum_score = 6.0", {"score": 5}, "score too low"),
        ("maximum_age = 30", {"created_at": "2001-01-01 00:00:00"}, "too old"),
        (
            "time_limit = 30",
            {"updated_at": "2001-01-01 00:00:00"},
            "time limit reached",
        ),
    ],
)
def test_score_age_and_time_limit_are_told_as_a_run_judges_them(
    ask: Asking, line: str, row: dict[str, object], reason: str
) -> None:
    set_key(ask.site, "selection", line)
    ask.holds({"value": "203.0.114.1", "score": 9}, {"value": "198.18.0.2", **row})
    ask.run()
    told = ask.words("198.18.0.2")
    assert f"left out {reason}" in told
    ask.away("threatq")
    told = ask.words("198.18.0.2")
    assert f"left out {reason}" in told


def test_in_a_set_that_is_ours_alone_a_foreign_entry_goes(ask: Asking) -> None:
    set_key(ask.site, "netscaler", 'ownership = "exclusive"')
    ask.holds("198.18.0.1")
    assert "the set is ours alone" in ask.words("192.0.2.15")


def test_where_runs_only_add_a_person_unbinds(ask: Asking) -> None:
    ask.holds("203.0.114.1", "198.18.0.1")
    ask.run()
    set_key(ask.site, "netscaler", 'ownership = "add-only"')
    ask.holds("203.0.114.1")
    assert "unbind it on the NetScaler: runs only add" in ask.words("198.18.0.1")


def test_an_outage_is_no_departure(ask: Asking) -> None:
    ask.holds("203.0.114.1", "198.18.0.1")
    ask.run()
    ask.site.lab.clock.advance(DAY)
    ask.holds()
    told = ask.words("198.18.0.1")
    assert told.startswith("ThreatQ gave no answer: its side is as of ")
    assert "198.18.0.1 is blocked, and wanted" in told
    assert f"{COLLECTION} is empty, which is an outage" in told


def test_two_collections_both_speak(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.holds({"value": "198.18.0.1", "status": "Whitelisted"}, name="Second list")
    ask.site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    ask.holds("198.18.0.2", name="Second list")
    ask.run()
    assert "Second list: indicator" in ask.words("198.18.0.2")
    assert f"{COLLECTION}: indicator" in ask.words("198.18.0.1")


def test_nothing_is_written_anywhere(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    ask.run()
    before = {p: p.read_bytes() for p in ask.site.directory.iterdir()}
    mark, view = ask.site.mark, ask.site.view()
    ask.words("198.18.0.1")
    ask.words("0.0.0.0/0")
    ask.words("2001:db8::/32")
    assert ask.site.writes(mark) == []
    assert ask.site.view() == view
    assert {p: p.read_bytes() for p in ask.site.directory.iterdir()} == before
    assert view["sessions"] == 0


def test_a_set_of_each_family_is_read_for_its_own_questions_only(ask: Asking) -> None:
    ask.holds("198.18.0.1", "2001:db8::7")
    ask.run()
    mark = ask.site.mark
    ask.words("2001:db8::7")
    asked = [r["path"] for r in ask.site.requests(mark) if r["service"] == "netscaler"]
    assert any(path.endswith(IPV6_LIST) for path in asked)
    assert not any(path.endswith(BLOCK_LIST) for path in asked)
