"""The webhook: told once, again after hours, and when it is over; whatever it does."""

import json
import os
import signal
import socket
from pathlib import Path

import pytest

from citrix_waf_lab.wire import Delivery
from messages.people import ADDRESSES, ON_CALL, SECRET, SENDER, Post, ToldSite, Webhook
from support.outside import BLOCK_LIST
from tq_conn_citrix_waf import config, log
from tq_conn_citrix_waf.run import messages
from tq_conn_citrix_waf.store.lock import lock
from tq_conn_citrix_waf.store.sent import FILE_NAME
from trust.sockets import proxied

HELD = ADDRESSES[:40]
"""A list that lost more at once than a run may remove."""


@pytest.fixture(autouse=True)
def _hooked(site: ToldSite, hook: Webhook, ca_file: str) -> None:
    site.messages(webhook=hook.url, ca_file=ca_file)


def held(site: ToldSite) -> None:
    """Run with something held."""
    site.collection(HELD)
    assert site.run() == 5


def warned(shown: pytest.CaptureFixture[str]) -> str:
    """Return the one warning about a message; nothing that is secret stands in it."""
    text = shown.readouterr().out
    assert SECRET not in text
    (line,) = [line for line in text.splitlines() if "message by webhook" in line]
    return line


def test_a_good_run_tells_nothing(site: ToldSite, hook: Webhook) -> None:
    assert site.run() == 0
    assert hook.told() == []


def test_what_is_held_is_told_with_the_command_that_allows_it(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    (told,) = hook.told()
    instance, where = told["instance"], site.directory
    (name,) = {word for word in told["cure"].split() if f"({word})" in told["what"]}
    approve = f'tq-conn-citrix-waf approve {name} -c {where} --reason "..."'
    what = "60 removals of Block at edge are held, over the limit of 10"
    cure = "look whether this is a source that lost part of its list; if it is meant,"
    now = site.lab.clock.now()
    assert told["text"].splitlines() == [
        f"adc1.lab: {what} ({name})",
        f"What to do: {cure} run: {approve}",
        f"Run 2 ended {now:%Y-%m-%d %H:%M} UTC with exit 5.",
        f"tq-conn-citrix-waf {instance} on {socket.gethostname()}, {where}",
    ]


def test_it_is_told_once_in_a_day_and_once_when_it_is_over(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    first = hook.told()[0]
    site.hours(1)
    held(site)
    assert hook.told() == []
    site.hours(23)
    held(site)
    assert [t["over"] for t in hook.told() if t["event"] == "refused"] == [False]
    site.collection(ADDRESSES)
    assert site.run() == 0
    over = [t for t in hook.told() if t["event"] == "refused"]
    assert [t["over"] for t in over] == [True]
    assert over[0]["what"] == f"it is over: {first['what']}"
    assert over[0]["cure"] == ""
    assert site.run() == 0
    assert hook.told() == []


def test_a_run_that_came_to_no_plan_does_not_say_that_nothing_is_held(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    hook.told()
    site.away = True
    assert site.run() == 3
    assert hook.told() == []


def test_two_failures_in_a_row_are_told_also_while_all_is_away(
    site: ToldSite, hook: Webhook
) -> None:
    site.away = True
    assert site.run() == 3
    assert hook.told() == []
    assert site.run() == 3
    (told,) = hook.told()
    assert told["event"] == "failed"
    assert told["what"].startswith("2 runs in a row failed: ThreatQ at http://threatq")
    assert told["cure"] == "check host, port, proxy and firewall; then run again"
    site.away = False
    assert site.run() == 0
    assert [(t["event"], t["over"]) for t in hook.told()] == [("failed", True)]


def test_a_failure_after_what_was_held_is_the_first(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    site.away = True
    assert site.run() == 3
    assert [t["event"] for t in hook.told()] == ["refused"]


def test_no_run_in_step_for_hours_is_told(site: ToldSite, hook: Webhook) -> None:
    site.messages(
        webhook=hook.url, events=["stale"], stale_after=5, ca_file=_authority(site)
    )
    site.away = True
    site.hours(4)
    assert site.run() == 3
    assert hook.told() == []
    site.hours(2)
    assert site.run() == 3
    (told,) = hook.told()
    why = "ThreatQ at http://threatq.lab cannot be reached: Connection refused"
    assert told["what"] == f"no run has ended in step for 6 h: {why}"
    assert told["cure"] == "check host, port, proxy and firewall; then run again"


def test_who_switched_the_connector_off_and_forgot_it_is_told(
    site: ToldSite, hook: Webhook
) -> None:
    site.form(enabled=False)
    site.hours(4)
    assert site.run() == 0
    (told,) = hook.told()
    assert told["what"] == "no run has ended in step for 4 h"
    assert told["cure"] == f"run: tq-conn-citrix-waf check -c {site.directory}"


def _authority(site: ToldSite) -> str:
    return str(site.directory.parent / "ca.pem")


def test_a_set_that_fills_is_told_from_the_share_that_was_asked_for(
    site: ToldSite, hook: Webhook
) -> None:
    path = site.directory / config.FILE_NAME
    text = path.read_text().replace("# set_limit = 10", "set_limit = 125")
    path.write_text(text)
    asked = {"webhook": hook.url, "ca_file": _authority(site)}
    site.messages(**asked, fill_above=0.9)
    assert site.run() == 0
    assert hook.told() == []
    site.messages(**asked)
    assert site.run() == 0
    (told,) = hook.told()
    assert (told["event"], told["about"]) == ("filling", BLOCK_LIST)
    assert told["what"] == f"{BLOCK_LIST} holds 103 of 125 values"


def test_what_nobody_asked_for_is_neither_told_nor_over(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    hook.told()
    site.messages(webhook=hook.url, ca_file=_authority(site), events=["failed"])
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert hook.told() == []


def test_while_people_paused_all_writing_nothing_waits_for_them(
    site: ToldSite, hook: Webhook
) -> None:
    assert site.run("pause", "--reason", "adc1 is being replaced") == 0
    site.collection(HELD)
    site.run()
    assert hook.told() == []


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"status": 500}, "it answered 500"),
        ({"status": 302, "headers": (("Location", "/"),)}, "it answered 302"),
        ({"delivery": Delivery(cut_after=0, reset=True)}, ""),
        ({"delivery": Delivery(cut_after=9)}, ""),
    ],
    ids=["500", "redirect", "reset", "cut"],
)
def test_what_goes_wrong_there_is_a_warning_and_tried_by_the_next_run(
    site: ToldSite,
    hook: Webhook,
    capsys: pytest.CaptureFixture[str],
    keys: dict[str, object],
    words: str,
) -> None:
    for name, value in keys.items():
        setattr(hook, name, value)
    held(site)
    line = warned(capsys)
    assert f" WARNING message by webhook ({hook.place}): " in line
    assert words in line
    assert len(hook.told()) == 1
    hook.status, hook.headers, hook.delivery = 204, (), Delivery()
    hook.body = b""
    held(site)
    assert len(hook.told()) == 1


def test_a_webhook_that_is_silent_is_given_up(
    site: ToldSite,
    hook: Webhook,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "SECONDS", 0.3)
    hook.delivery = Delivery(never=True)
    held(site)
    assert warned(capsys)


def test_a_webhook_has_so_long_for_all_that_is_told(
    site: ToldSite,
    hook: Webhook,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "SECONDS", 0.6)
    hook.delivery = Delivery(delay=0.35)
    site.messages(webhook=hook.url, ca_file=_authority(site), fill_above=0)
    path = site.directory / config.FILE_NAME
    path.write_text(path.read_text().replace("# set_limit = 10", "set_limit = 500"))
    held(site)
    assert "not taken in within 0.6 s" in warned(capsys)
    hook.delivery = Delivery()
    hook.told()
    held(site)
    assert [told["event"] for told in hook.told()] == ["filling"]


@pytest.mark.parametrize(
    ("headers", "delivery"),
    [
        ((), Delivery(drip=0.1)),
        ((("Content-Length", "200"),), Delivery()),
        ((("Content-Encoding", "gzip"),), Delivery()),
    ],
    ids=["drips", "breaks off", "is no gzip"],
)
def test_whoever_says_that_it_took_a_message_in_may_say_the_rest_as_it_likes(
    site: ToldSite,
    hook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    headers: tuple[tuple[str, str], ...],
    delivery: Delivery,
) -> None:
    monkeypatch.setattr(messages, "SECONDS", 2)
    hook.headers, hook.delivery, hook.body = headers, delivery, bytes(100)
    held(site)
    held(site)
    assert len(hook.told()) == 1


def test_each_way_remembers_before_the_next_one_tells(
    site: ToldSite, hook: Webhook, post: Post
) -> None:
    site.messages(
        webhook=hook.url,
        mail_to=[ON_CALL],
        mail_from=SENDER,
        mail_server=post.place,
        ca_file=_authority(site),
    )
    remembered = []

    def look() -> None:
        remembered.append((site.directory / FILE_NAME).read_text())

    post.meanwhile = look
    held(site)
    assert [one.count("60 removals") for one in remembered] == [1]
    assert (site.directory / FILE_NAME).read_text().count("60 removals") == 2


def test_a_certificate_that_nobody_vouches_for_is_told_nothing(
    site: ToldSite, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    site.messages(webhook=hook.url)
    held(site)
    assert "unable to get local issuer certificate" in warned(capsys)
    assert hook.told() == []


def test_the_lock_is_free_while_people_are_told(site: ToldSite, hook: Webhook) -> None:
    free = []

    def look() -> None:
        with lock(site.directory):
            free.append(site.directory)

    hook.meanwhile = look
    held(site)
    assert len(free) == 1


def test_two_runs_that_end_together_tell_once(site: ToldSite, hook: Webhook) -> None:
    with lock(site.directory, f"{FILE_NAME}.lock"):
        held(site)
    assert hook.told() == []
    held(site)
    assert len(hook.told()) == 1


def test_a_run_that_finds_another_at_work_tells_nothing(
    site: ToldSite, hook: Webhook
) -> None:
    site.hours(4)
    with lock(site.directory):
        assert site.run() == 7
    assert hook.told() == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"[]",
        b"\xff",
        b'{"webhook":{"failed":{"at":"2026-01-01T00:00:00","what":""}}}',
    ],
)
def test_a_damaged_memory_is_begun_anew(
    site: ToldSite, hook: Webhook, capsys: pytest.CaptureFixture[str], damage: bytes
) -> None:
    held(site)
    (site.directory / FILE_NAME).write_bytes(damage)
    held(site)
    assert "begun anew" in capsys.readouterr().out
    assert len(hook.told()) == 2
    held(site)
    assert hook.told() == []


def test_where_nothing_can_be_remembered_people_are_told_rather_too_often(
    site: ToldSite, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    (site.directory / FILE_NAME).mkdir()
    (site.directory / FILE_NAME / "in the way").touch()
    held(site)
    held(site)
    assert "people are told again by the next run" in capsys.readouterr().out
    assert len(hook.told()) == 2


def test_a_clock_that_was_set_back_silences_nobody(
    site: ToldSite, hook: Webhook
) -> None:
    held(site)
    path = site.directory / FILE_NAME
    year = f"{site.lab.clock.now():%Y}"
    path.write_text(path.read_text().replace(f'"at":"{year}', '"at":"2099'))
    held(site)
    assert len(hook.told()) == 2


@pytest.mark.parametrize("years", [-20, 20])
def test_a_clock_that_jumps_for_years_repeats_and_ends_what_was_told(
    site: ToldSite, hook: Webhook, years: int
) -> None:
    held(site)
    site.hours(years * 365 * 24)
    held(site)
    held(site)
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert site.run() == 0
    told = [t["over"] for t in hook.told() if t["event"] == "refused"]
    assert told == [False, False, True]


@pytest.mark.parametrize("leads", ["elsewhere", "nowhere", FILE_NAME])
def test_a_memory_that_is_a_link_is_replaced_and_not_written_through(
    site: ToldSite, hook: Webhook, leads: str
) -> None:
    (site.directory / "elsewhere").write_text("{}")
    (site.directory / FILE_NAME).symlink_to(leads)
    held(site)
    held(site)
    assert len(hook.told()) == 1
    assert not (site.directory / FILE_NAME).is_symlink()
    assert (site.directory / "elsewhere").read_text() == "{}"


@pytest.mark.parametrize("place", ["file", "env"])
def test_a_secret_stands_elsewhere_and_shows_nowhere(
    site: ToldSite,
    hook: Webhook,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    place: str,
) -> None:
    (tmp_path / "hook.url").write_text(f"{hook.url}?key=q-s3cret\n")
    monkeypatch.setenv("HOOK", f"{hook.url}?key=q-s3cret")
    monkeypatch.setenv("HEADER", "Authorization: Bearer h3ader-s3cret")
    kept = {"file": f"file:{tmp_path / 'hook.url'}", "env": "env:HOOK"}[place]
    site.messages(webhook=kept, webhook_header="env:HEADER", ca_file=_authority(site))
    logs = tmp_path / "logs"
    logs.mkdir()
    hook.status = 500
    site.collection(HELD)
    assert site.run("-ll", str(logs), "-v3") == 5
    assert hook.taken[0].header("Authorization") == "Bearer h3ader-s3cret"
    assert hook.taken[0].query == "key=q-s3cret"
    hook.status = 200
    assert site.run("-ll", str(logs), "-v3") == 5
    log.stop()
    text = (logs / log.FILE_NAME).read_text() + site.files()
    text += hook.taken[1].body.decode()
    for secret in (SECRET, "q-s3cret", "h3ader-s3cret"):
        assert secret not in text


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"webhook": "env:NOT_SET"}, "the variable NOT_SET is not set"),
        ({"webhook": "https://user:word@127.0.0.1/"}, "without a user"),
        ({"webhook_header": "no header"}, "is not of the form NAME: VALUE"),
        ({"webhook_header": "A: b\r\nC: d"}, "is not of the form NAME: VALUE"),
        ({"proxy": "no proxy"}, "is no proxy"),
        ({"ca_file": "/nowhere"}, "CA file /nowhere cannot be read"),
    ],
)
def test_what_is_wrong_with_a_setting_is_a_warning_after_the_run(
    site: ToldSite,
    hook: Webhook,
    capsys: pytest.CaptureFixture[str],
    keys: dict[str, object],
    words: str,
) -> None:
    site.messages(**{"webhook": hook.url, "ca_file": _authority(site)} | keys)
    held(site)
    text = capsys.readouterr().out
    assert "no message by webhook: " in text
    assert words in text
    assert hook.told() == []


def test_the_environment_names_its_proxy_and_the_file_beats_it(
    site: ToldSite, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    with proxied({hook.place: int(hook.place.partition(":")[2])}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        held(site)
        assert proxy.asked == [hook.place]
        site.messages(webhook=hook.url, ca_file=_authority(site), proxy="")
        site.collection(ADDRESSES)
        assert site.run() == 0
        assert proxy.asked == [hook.place]
    assert [told["over"] for told in hook.told()] == [False, True]


def test_who_ends_a_run_that_tells_ends_the_telling_alone(
    site: ToldSite, hook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.delivery = Delivery(never=True)
    hook.meanwhile = lambda: os.kill(os.getpid(), signal.SIGTERM)
    held(site)
    assert "interrupted while people were told" in capsys.readouterr().out


def test_a_bug_in_the_telling_is_not_one_of_the_run(
    site: ToldSite, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    site.fault = ZeroDivisionError(f"of {site.directory}")
    held(site)
    words = "no message: a fault of the connector (ZeroDivisionError); -v3 logs it"
    assert words in capsys.readouterr().out
    assert site.run("-ll", str(tmp_path), "-v3") == 5
    assert "Traceback" in (tmp_path / log.FILE_NAME).read_text()


@pytest.mark.parametrize("key", ["webhook", "webhook_header"])
def test_a_secret_is_not_read_from_what_has_no_end(
    site: ToldSite, hook: Webhook, capsys: pytest.CaptureFixture[str], key: str
) -> None:
    asked = {"webhook": hook.url, "ca_file": _authority(site)}
    site.messages(**asked | {key: "file:/dev/zero"})
    held(site)
    text = capsys.readouterr().out
    assert f"{key}: /dev/zero cannot be read: it is no regular file" in text
    assert hook.told() == []


def test_who_asks_for_no_message_has_no_file_of_them(site: ToldSite) -> None:
    site.messages()
    held(site)
    assert [*site.directory.glob(f"{FILE_NAME}*")] == []


def test_what_was_told_is_an_event_of_the_log(
    site: ToldSite, hook: Webhook, tmp_path: Path
) -> None:
    path = site.directory / config.FILE_NAME
    path.write_text(path.read_text().replace("[log]\n", '[log]\nformat = "json"\n'))
    site.collection(HELD)
    assert site.run("-ll", str(tmp_path), "-v2") == 5
    lines = map(json.loads, (tmp_path / log.FILE_NAME).read_text().splitlines())
    (line,) = [line for line in lines if line.get("event") == "told"]
    assert (line["way"], line["about"]) == (
        "webhook",
        "refused removals of Block at edge",
    )
    assert len(hook.told()) == 1


def test_two_runs_that_a_fault_of_the_program_ended_are_told(
    site: ToldSite, hook: Webhook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_request: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(site, "deliver", broken)
    assert (site.run(), hook.told()) == (1, [])
    assert site.run() == 1
    (told,) = hook.told()
    assert (told["event"], told["exit"]) == ("failed", 1)
    assert "a fault of the connector: ZeroDivisionError" in told["what"]
