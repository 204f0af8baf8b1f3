"""What a check tells of data collections and of a data set."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from check.looking import WANTED, CheckedSite
from citrix_waf_lab.lab import Lab
from support.outside import BLOCK_LIST, BY_HAND, COLLECTION, Site
from support.transport import LabClock
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.certificates import Certificate
from tq_conn_citrix_waf.http import Answer, NotSentError, Request, UntrustedError
from tq_conn_citrix_waf.run.checkup.finding import Area, State
from tq_conn_citrix_waf.run.checkup.host import Places
from tq_conn_citrix_waf.run.checkup.walk import checkup
from tq_conn_citrix_waf.run.checkup.way import Watch
from tq_conn_citrix_waf.run.site import Outside

OTHER = "tq-waf:0badcafe:2026-01-01"


def indicators(site: CheckedSite, name: str, **numbers: int) -> None:
    """Make a data collection of so many indicators of each status."""
    rows = [
        {"type": "IP Address", "value": f"198.18.{at}.{n}", "status": status}
        for at, (status, number) in enumerate(numbers.items())
        for n in range(number)
    ]
    site.control("PUT", f"/threatq/collections/{name}", {"indicators": rows})


def test_types_and_statuses_are_counted(site: CheckedSite) -> None:
    rows = [
        {"type": "IP Address", "value": "198.18.0.1", "status": "Active"},
        {"type": "IP Address", "value": "198.18.0.2", "status": "Review"},
        {"type": "IP Address", "value": "10.0.0.1", "status": "Active"},
        {"type": "FQDN", "value": "bad.example", "status": "Active"},
    ]
    site.control("PUT", f"/threatq/collections/{COLLECTION}", {"indicators": rows})
    words = site.look().row("ThreatQ", "collection")["words"]
    assert words == (
        "'Block at edge': 4 indicators, 2 entries to block;"
        " types: IP Address 3, FQDN 1; statuses: Active 3, Review 1;"
        " left out: not an IP address 1, never-block 1"
    )
    row = site.look().row("ThreatQ", "selection")
    assert row["words"] == "any status but Whitelisted or Expired"


def test_what_is_selected_of_each_collection_is_told(site: CheckedSite) -> None:
    site.collection(WANTED)
    site.collection(WANTED, "Second")
    site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    path = site.directory / config.FILE_NAME
    text = path.read_text().replace("[selection]\n", "[selection]\ntime_limit = 90\n")
    path.write_text(f'{text}\n[collection."Second"]\nminimum_score = 8\n')
    seen = site.look()
    assert seen.row("ThreatQ", "selection")["words"] == (
        "'Block at edge': any status but Whitelisted or Expired, updated_at within 90"
        " days; 'Second': any status but Whitelisted or Expired, score 8 and higher,"
        " updated_at within 90 days"
    )
    states = {r["state"] for r in seen.rows if r["name"] == "collection"}
    assert states == {"ok", "fail"}  # all of the second score 5


def test_a_minimum_stay_is_told_and_whether_what_is_whitelisted_can_be_asked(
    site: CheckedSite,
) -> None:
    site.collection(WANTED)
    indicators(site, "Elsewhere", Whitelisted=3)
    path = site.directory / config.FILE_NAME
    text = path.read_text().replace("[selection]\n", "[selection]\nminimum_stay = 2\n")
    path.write_text(text)
    words = site.look().row("ThreatQ", "selection")["words"]
    assert words.endswith("; stays 2 days at least, but for 3 Whitelisted")
    fault = {"name": "status", "service": "threatq", "params": {"status": 403}}
    match = {"path": "/api/indicators/query"}
    site.control("POST", "/faults", fault | {"match": match})
    seen = site.look()
    assert seen.row("ThreatQ", "selection")["state"] == "fail"
    assert seen.exit == 3


def test_a_collection_that_is_mostly_left_out_by_a_date_is_warned_about(
    site: CheckedSite,
) -> None:
    rows = [
        {"type": "IP Address", "value": f"198.18.0.{n}", "updated_at": when}
        for n, when in enumerate(["2020-01-01 00:00:00"] * 3 + ["2026-01-05 00:00:00"])
    ]
    site.control("PUT", f"/threatq/collections/{COLLECTION}", {"indicators": rows})
    path = site.directory / config.FILE_NAME
    chosen = "[selection]\ntime_limit = 90\n"
    path.write_text(path.read_text().replace("[selection]\n", chosen))
    row = site.look().row("ThreatQ", "collection")
    assert row["state"] == "warn"
    assert "left out: time limit reached 3; more than half" in row["words"]


def test_a_collection_that_is_mostly_left_out_by_status_is_warned_about(
    site: CheckedSite,
) -> None:
    indicators(site, COLLECTION, Active=2, Expired=3)
    row = site.look().row("ThreatQ", "collection")
    assert row["state"] == "warn"
    assert "more than half is left out by status" in row["words"]
    assert "[selection] statuses" in row["cure"]
    path = site.directory / config.FILE_NAME
    chosen = '[selection]\nstatuses = ["Active", "Expired"]\n'
    path.write_text(path.read_text().replace("[selection]\n", chosen))
    assert site.look().row("ThreatQ", "collection")["state"] == "ok"


def test_each_of_several_collections_is_a_row_and_one_that_fails_hides_none(
    site: CheckedSite,
) -> None:
    indicators(site, "Second", Active=3)
    site.form(**{"Data Collection": f"{COLLECTION}, Third, Second"})
    seen = site.look()
    rows = [r for r in seen.rows if r["name"] == "collection"]
    assert [r["state"] for r in rows] == ["ok", "fail", "ok"]
    assert "'Third'" in rows[1]["words"]
    assert seen.row("NetScaler", "data set")["state"] == "ok"


def test_addresses_of_two_collections_need_room_once(site: CheckedSite) -> None:
    site.collection([*WANTED, "198.18.9.9"], "Second")
    site.form(**{"Data Collection": f"{COLLECTION}, Second"})
    site.configured(netscaler={"set_limit": len(WANTED) + len(BY_HAND) + 1})
    assert site.look().exit == 0
    site.configured(netscaler={"set_limit": len(WANTED) + len(BY_HAND)})
    words = site.look().row("NetScaler", "data set")["words"]
    assert "24 are needed: 1 do not fit" in words


@pytest.mark.parametrize(
    ("ownership", "needed"), [("owned", 4), ("exclusive", 1), ("add-only", 24)]
)
def test_what_needs_room_depends_on_what_may_be_removed(
    site: CheckedSite, ownership: str, needed: int
) -> None:
    site.collection(["198.18.9.9"])
    site.configured(netscaler={"ownership": ownership, "set_limit": needed})
    assert site.look().exit == 0
    site.configured(netscaler={"ownership": ownership, "set_limit": needed - 1})
    words = site.look().row("NetScaler", "data set")["words"]
    assert f"{needed} are needed: 1 do not fit" in words


def test_more_than_the_documented_limit_is_only_warned_about(
    site: CheckedSite,
) -> None:
    site.collection([f"198.18.{n // 250}.{n % 250}" for n in range(5000)])
    seen = site.look()
    row = seen.row("NetScaler", "data set")
    assert (seen.exit, row["state"]) == (0, "warn")
    assert "5,003 are needed: 3 do not fit" in row["words"]
    assert "set_limit" in row["cure"]


def test_another_connector_on_the_set_is_named(site: CheckedSite) -> None:
    held = [{"value": "203.0.113.77", "comment": OTHER}, {"value": "203.0.113.78"}]
    body = {"type": "ipv4", "bindings": held}
    site.control("PUT", f"/appliances/adc1/datasets/{BLOCK_LIST}", body)
    words = site.look().row("NetScaler", "data set")["words"]
    assert words.endswith(": 0 ours, 1 of the connector 0badcafe, 1 unmarked")


def test_unsaved_changes_are_judged_by_what_would_be_saved(site: CheckedSite) -> None:
    assert site.look().row("NetScaler", "unsaved")["state"] == "ok"
    site.control("POST", "/faults", {"name": "config_changed", "service": "netscaler"})
    for save, words in {
        "always": "a run that writes saves them too",
        "own": "no run saves",
        "never": "nothing is ever saved",
    }.items():
        site.configured(netscaler={"save": save})
        row = site.look().row("NetScaler", "unsaved")
        assert row["state"] == "warn"
        assert words in row["words"]


def test_changes_that_this_connector_has_yet_to_save_are_told_apart(
    site: CheckedSite,
) -> None:
    site.control("POST", "/faults", {"name": "config_changed", "service": "netscaler"})
    accepted = next(site.directory.glob("*.accepted"))
    accepted.with_suffix(".unsaved").touch()
    row = site.look().row("NetScaler", "unsaved")
    assert (row["state"], "the next run saves" in row["words"]) == ("ok", True)


def test_the_peer_of_a_pair_is_named(site: CheckedSite) -> None:
    site.control("PUT", "/dialect", {"ha_role": "primary"})
    words = site.look().row("NetScaler", "node")["words"]
    assert ", Primary; its peer 10.254.1.2 is Secondary" in words


def answering_for_the_user(site: CheckedSite, status: int, body: object) -> None:
    """Have ThreatQ answer this when it is asked who is signed in."""
    params = {"status": status, "body": json.dumps(body)}
    match = {"path": "users/current"}
    fault = {"name": "status", "service": "threatq", "match": match, "params": params}
    site.control("DELETE", "/faults")
    site.control("POST", "/faults", fault)


@pytest.mark.parametrize("role", ["Maintenance", {"name": "Maintenance"}])
def test_a_role_is_told_where_threatq_tells_one(
    site: CheckedSite, role: object
) -> None:
    assert "tells no role" in site.look().row("ThreatQ", "role")["words"]
    answering_for_the_user(site, 200, {"data": {"email": "a@b.example", "role": role}})
    words = site.look().row("ThreatQ", "role")["words"]
    assert words.startswith("a@b.example: role Maintenance")


@pytest.mark.parametrize(("status", "body"), [(403, {}), (200, {}), (200, {"data": 1})])
def test_a_user_whom_threatq_does_not_name_is_no_failure(
    site: CheckedSite, status: int, body: object
) -> None:
    answering_for_the_user(site, status, body)
    seen = site.look()
    assert (seen.exit, seen.row("ThreatQ", "role")["state"]) == (0, "not checked")


def answer_nitro(site: CheckedSite, path: str, status: int, body: object) -> None:
    """Have the appliance answer this where it is asked for a resource once more."""
    fault = {
        "name": "status",
        "service": "netscaler",
        "match": {"path": path, "method": "GET"},
        "params": {"status": status, "body": json.dumps(body)},
    }
    site.control("POST", "/faults", fault)


NO_RIGHT = {"errorcode": 2138, "message": "Not authorized", "severity": "ERROR"}


def test_a_right_that_reading_shows_to_be_missing_is_warned_about(
    site: CheckedSite,
) -> None:
    answer_nitro(site, "nsconfig", 403, NO_RIGHT)
    seen = site.look()
    assert seen.exit == 0
    assert seen.row("NetScaler", "unsaved")["state"] == "not checked"
    row = seen.row("NetScaler", "rights")
    assert row["state"] == "warn"
    assert "may not read whether changes are unsaved" in row["words"]
    assert "command policy" in row["cure"]


@pytest.mark.parametrize(
    ("path", "body", "name", "state"),
    [
        ("hanode", {"errorcode": 1, "message": "no"}, "node", "fail"),
        ("hanode", {"errorcode": 0, "hanode": 1}, "node", "fail"),
        ("nsconfig", {"errorcode": 1, "message": "no"}, "unsaved", "fail"),
        ("nsconfig", {"errorcode": 0, "nsconfig": 1}, "unsaved", "fail"),
        ("nsfeature", {"errorcode": 1, "message": "no"}, "features", "ok"),
        ("nsfeature", {"errorcode": 0, "nsfeature": 1}, "features", "not checked"),
    ],
)
def test_an_answer_that_cannot_be_read_spoils_its_own_row_alone(
    site: CheckedSite, path: str, body: object, name: str, state: str
) -> None:
    answer_nitro(site, path, 200, body)
    seen = site.look()
    assert seen.row("NetScaler", name)["state"] == state
    # Who the other node of a pair is, never-block lists ask too.
    spoilt = {name, "never-block"} if path == "hanode" else {name}
    others = {r["state"] for r in seen.rows if r["name"] not in spoilt}
    assert others == {"ok"}
    assert site.view()["sessions"] == 0


def test_a_pair_that_is_not_told_has_no_peer(site: CheckedSite) -> None:
    gone = {"errorcode": 258, "message": "No such resource"}
    answer_nitro(site, "hanode", 200, gone)
    row = site.look().row("NetScaler", "node")
    assert (row["state"], "peer" in row["words"]) == ("ok", False)
    assert row["words"].endswith(", Stand-alone")


def test_the_set_is_told_where_the_collections_are_not(site: CheckedSite) -> None:
    site.configured(netscaler={"set_limit": 1})
    site.control("PUT", "/dialect", {"collections_visible": "none"})
    assert site.look().row("NetScaler", "data set")["state"] == "ok"


def test_a_transport_that_shows_no_certificate_and_no_time_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    site = Site(tmp_path)
    site.answer(monkeypatch, host="threatq.lab")
    assert site.run() == 0
    site.form()
    site.collection(WANTED)
    assert site.run() == 0
    capfd.readouterr()
    assert site.run("check") == 0
    shown = capfd.readouterr().out
    assert "not checked: the transport does not show it" in shown
    assert shown.count("not checked: it does not tell its time (no Date)") == 2
    assert "WARN  certificate   http://adc1.lab is not encrypted" in shown


class Showing:
    """The wrong place to send to, and a certificate of which only the digits show."""

    def send(self, _request: Request) -> Answer:
        raise NotSentError("nobody listens")

    def inspect(self, _url: str) -> Certificate:
        return Certificate("0" * 64)

    def distrust(self, _url: str, found: Certificate) -> UntrustedError:
        return UntrustedError(found.problem)


def test_a_certificate_whose_dates_cannot_be_read_is_trusted_all_the_same(
    site: CheckedSite,
) -> None:
    site.configured(threatq={"ca_file": ""})
    clock = LabClock(site.lab.clock)
    outside = Outside(clock, lambda _trust, _proxy: Showing(), site.hosts)
    found = list(checkup(Places(site.directory, "stdout"), "", outside))
    (row,) = [f for f in found if (f.area, f.name) == (Area.THREATQ, "certificate")]
    assert (row.state, row.words) == (State.OK, "trusted by this host's authorities")


@given(st.one_of(st.text(), st.from_regex(r"\w{3}, \d+ \w{3} \d+ \d+:\d+:\d+ \S+")))
def test_any_text_may_stand_for_a_date(text: str) -> None:
    lab = Lab(seed=1)

    class Dated:
        def send(self, _request: Request) -> Answer:
            return Answer(200, (("date", text),))

    watch = Watch(Dated(), LabClock(lab.clock))
    assert watch.send(Request("GET", "http://x")).status == 200
    assert watch.ahead is None or isinstance(watch.ahead, float)
