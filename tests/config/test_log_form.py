"""The log as JSON and in a syslog: a line stays a line, and none is lost in silence."""

import json
import re
import socket
from collections.abc import Iterator
from contextlib import closing
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.outside import Site
from tq_conn_citrix_waf import config, log, secrets, syslog
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.syslog import Syslog


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    log.stop()


def parsed(text: str) -> list[dict[str, Any]]:
    """Return the objects of a log, line by line."""
    assert text.isascii()
    return [json.loads(line) for line in text.splitlines()]


def test_a_line_of_json_has_time_level_message_and_what_the_program_knows() -> None:
    screen = StringIO()
    log.start("stdout", 2, screen)
    log.shape("json", "")
    log.log.info("one\ntwo", extra=log.fields(event="result", bound=3, saved=True))
    (line,) = parsed(screen.getvalue())
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", line.pop("time"))
    assert line.pop("process") > 0
    assert line == {
        "level": "INFO",
        "message": "one\ntwo",
        "event": "result",
        "bound": 3,
        "saved": True,
    }


@given(st.text(), st.text())
def test_any_text_stays_on_a_line_that_is_json(name: str, fact: str) -> None:
    screen = StringIO()
    log.start("stdout", 2, screen)
    log.shape("json", "")
    log.log.warning("%s", name, extra=log.fields(about=fact, level=fact))
    assert len(parsed(screen.getvalue())) == 1
    log.stop()


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_form_shows_a_secret(form: str) -> None:
    secrets.keep('s3cr3t"\\value')
    screen = StringIO()
    log.start("stdout", 2, screen)
    log.shape(form, "")
    log.log.info('with s3cr3t"\\value', extra=log.fields(about='s3cr3t"\\value'))
    assert "s3cr3t" not in screen.getvalue()
    assert "with ***" in screen.getvalue()


def listening(kind: int) -> socket.socket:
    """Return a socket on loopback that a syslog would have."""
    found = socket.socket(socket.AF_INET, kind)
    found.bind(("127.0.0.1", 0))
    found.settimeout(10)
    return found


def place(there: socket.socket, scheme: str) -> str:
    return f"{scheme}://127.0.0.1:{there.getsockname()[1]}"


def test_a_syslog_over_udp_gets_a_line_a_datagram() -> None:
    screen = StringIO()
    with closing(listening(socket.SOCK_DGRAM)) as there:
        log.start("stdout", 2, screen)
        log.shape("text", place(there, "udp"))
        log.log.warning("a\nb")
        log.log.info("c")
        found = [there.recv(9000).decode() for _ in range(2)]
    assert re.fullmatch(r"<28>tq-conn-citrix-waf\[\d+\]: a\\nb", found[0])
    assert re.fullmatch(r"<30>tq-conn-citrix-waf\[\d+\]: c", found[1])
    assert screen.getvalue() == ""


def test_a_syslog_over_tcp_gets_a_line_a_line() -> None:
    with closing(listening(socket.SOCK_STREAM)) as there:
        there.listen()
        log.start("stdout", 2, StringIO())
        log.shape("json", place(there, "tcp"))
        peer, _ = there.accept()
        with closing(peer), peer.makefile("r") as lines:
            log.log.error("a\nb")
            log.log.info("c")
            log.stop()
            found = lines.read().splitlines()
    assert [line.partition(">")[0] for line in found] == ["<27", "<30"]
    bodies = [json.loads(line.partition("]: ")[2]) for line in found]
    assert [body["message"] for body in bodies] == ["a\nb", "c"]


@pytest.mark.parametrize("kind", [socket.SOCK_DGRAM, socket.SOCK_STREAM])
def test_a_syslog_of_this_host_is_reached_however_it_listens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: int
) -> None:
    monkeypatch.chdir(tmp_path)  # the path of a socket has room for 107 characters
    with closing(socket.socket(socket.AF_UNIX, kind)) as there:
        there.bind("log")
        if kind == socket.SOCK_STREAM:
            there.listen()
        with closing(Syslog("path", "log").connect()) as found:
            assert found.type == kind


def test_a_long_line_of_json_is_cut_in_its_message_alone() -> None:
    with closing(listening(socket.SOCK_DGRAM)) as there:
        log.start("stdout", 2, StringIO())
        log.shape("json", place(there, "udp"))
        log.log.info("\N{SNOWMAN}" * 50_000, extra=log.fields(event="plan"))
        found = there.recv(70_000)
    assert len(found) < 8192
    body = json.loads(found.partition(b"]: ")[2])
    assert body["message"].endswith("\N{SNOWMAN}...")
    assert body["event"] == "plan"


HOSTILE = [
    "a\n<8>su: root",
    "a\r\n",
    "a\0b",
    "\x1b[2J\u202ea\u2028b\x85",
    "a" * 100_000,
    "\N{SNOWMAN}" * 100_000,
    "\N{GRINNING FACE}" * 100_000,
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_name_makes_two_records_or_one_that_is_cut_on_its_way(form: str) -> None:
    with closing(listening(socket.SOCK_DGRAM)) as there:
        log.start("stdout", 2, StringIO())
        log.shape(form, place(there, "udp"))
        for name in HOSTILE:
            facts = log.fields(about=name, error=name, exit=3)
            log.log.info("told of %s", name, extra=facts)
        found = [there.recv(70_000).decode() for _ in HOSTILE]
    assert all(one.isprintable() and len(one.encode()) < 8192 for one in found)
    head = r"<30>tq-conn-citrix-waf\[\d+\]: "
    starts = {"text": "told of ", "json": r'\{.*"message": "told of .*\}$'}
    assert all(re.match(head + starts[form], one) for one in found)


def test_no_name_makes_two_lines_of_json() -> None:
    screen = StringIO()
    log.start("stdout", 2, screen)
    log.shape("json", "")
    for name in HOSTILE:
        log.log.info("told of %s", name, extra=log.fields(about=name))
    found = [line["message"] for line in parsed(screen.getvalue())]
    assert len(found) == len(HOSTILE)
    assert all(one.startswith("told of ") for one in found)


def test_a_syslog_that_goes_away_is_said_once_and_nothing_is_lost() -> None:
    screen = StringIO()
    there = listening(socket.SOCK_DGRAM)
    log.start("stdout", 2, screen)
    log.shape("json", place(there, "udp"))
    there.close()
    log.log.info("into the void")  # of which the host hears with the next one
    log.log.info("one")
    log.log.info("two")
    messages = [line["message"] for line in parsed(screen.getvalue())]
    assert messages[0].startswith("the syslog at udp://127.0.0.1:")
    assert messages[0].endswith("(Connection refused): the log goes on here")
    assert messages[1:] == ["one", "two"]


def test_a_syslog_that_is_slow_with_each_line_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "SECONDS", 0.2)
    monkeypatch.chdir(tmp_path)
    screen, stopped = StringIO(), Event()
    room = int(Path("/proc/sys/net/unix/max_dgram_qlen").read_text())
    with closing(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)) as there:
        there.bind("log")
        there.settimeout(1)
        log.start("stdout", 2, screen)
        log.shape("json", str(tmp_path / "log"))

        def take() -> None:
            while not stopped.wait(0.05):
                there.recv(9000)

        taking = Thread(target=take)
        taking.start()
        for number in range(room + 20):
            log.log.info("%s", number)
        stopped.set()
        taking.join()
    messages = [line["message"] for line in parsed(screen.getvalue())]
    assert messages[0].endswith("(timed out): the log goes on here")
    assert 1 < len(messages) < room + 20
    assert messages[-1] == str(room + 19)


def test_a_name_that_no_resolver_knows_in_time_is_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    end, screen = Event(), StringIO()
    monkeypatch.setattr(syslog, "SECONDS", 0.1)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: end.wait(10) and [])
    log.start("stdout", 2, screen)
    log.shape("json", "udp://logs.example")
    end.set()
    (line,) = parsed(screen.getvalue())
    assert "takes nothing in (its name is not found in time)" in line["message"]


@pytest.mark.parametrize("where", ["/nowhere/log", "udp://a..b", "tcp://127.0.0.1:1"])
def test_what_no_syslog_listens_to_is_said_where_the_log_goes_then(where: str) -> None:
    screen = StringIO()
    log.start("stdout", 1, screen)
    log.shape("text", where)
    log.log.warning("a warning")
    shown = screen.getvalue().splitlines()
    assert f" WARNING the syslog at {where} takes nothing in (" in shown[0]
    assert shown[-1].endswith("a warning")


@pytest.mark.parametrize(
    "text", ["", "log", "http://a", "udp://", "udp://a/b", "tcp://a?b"]
)
def test_what_is_no_place_of_a_syslog_is_named(text: str) -> None:
    with pytest.raises(ValueError, match=r"^" + re.escape(text)):
        Syslog.of(text)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("/dev/log", Syslog("path", "/dev/log")),
        ("udp://logs.example", Syslog("udp", "logs.example", 514)),
        ("tcp://[::1]:1514", Syslog("tcp", "::1", 1514)),
    ],
)
def test_a_place_of_a_syslog_is_read(text: str, known: Syslog) -> None:
    assert Syslog.of(text) == known


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    directory = tmp_path / "etc"
    directory.mkdir()
    found = Site(directory)
    found.configure(monkeypatch)
    found.collection(["198.18.0.7"])
    return found


def asked(site: Site, text: str) -> None:
    """Set keys of [log]."""
    path = site.directory / config.FILE_NAME
    path.write_text(path.read_text().replace("[log]\n", f"[log]\n{text}\n"))


def test_a_run_logs_json_where_ll_says(site: Site, tmp_path: Path) -> None:
    asked(site, 'format = "json"')
    assert site.run("-ll", str(tmp_path), "-v2") == 0
    found = parsed((tmp_path / log.FILE_NAME).read_text())
    events = {line["event"]: line for line in found if "event" in line}
    assert [*events] == ["plan", "result", "recorded"]
    assert (events["result"]["bound"], events["result"]["exit"]) == (1, 0)
    assert events["recorded"]["run"] == 1


def test_each_command_logs_as_the_file_says(site: Site, tmp_path: Path) -> None:
    asked(site, 'format = "json"')
    for command in ("plan", "explain 198.18.0.7", "status", "approve"):
        site.run(*command.split(), "-ll", str(tmp_path), "-v3")
    assert len(parsed((tmp_path / log.FILE_NAME).read_text())) > 3


def test_a_bad_end_is_an_event(site: Site, tmp_path: Path) -> None:
    asked(site, 'format = "json"')
    site.collection([])
    assert site.run("-ll", str(tmp_path)) == 3
    last = parsed((tmp_path / log.FILE_NAME).read_text())[-1]
    assert (last["event"], last["exit"], last["level"]) == ("ended", 3, "ERROR")
    assert last["error"] == "SourceEmptyError"


def test_a_run_without_its_syslog_ends_as_it_would_with_it(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(site, 'target = "syslog"\nsyslog = "/nowhere/log"')
    assert site.run() == 0
    assert "the syslog at /nowhere/log takes nothing in" in capsys.readouterr().out


def test_a_run_with_a_syslog_prints_nothing_and_errors_go_both_ways(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(listening(socket.SOCK_DGRAM)) as there:
        asked(site, f'target = "syslog"\nsyslog = "{place(there, "udp")}"')
        site.collection([])
        capsys.readouterr()
        assert site.run() == 3
        shown = capsys.readouterr()
        assert shown.out == ""
        assert len(shown.err.splitlines()) == 2
        found = ""
        while "<27>" not in found:
            found = there.recv(9000).decode()
    assert "(exit 3)" in found


def test_an_error_is_told_once_where_the_syslog_went_away(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(listening(socket.SOCK_DGRAM)) as there:
        asked(site, f'target = "syslog"\nsyslog = "{place(there, "udp")}"')
    site.collection([])
    capsys.readouterr()
    assert site.run("-v2") == 3  # the first line is lost, as a datagram can be
    shown = capsys.readouterr()
    assert "takes nothing in (Connection refused)" in shown.out
    assert "(exit 3)" not in shown.out
    assert len(shown.err.splitlines()) == 2


def test_a_check_looks_at_the_syslog(
    site: Site, capsys: pytest.CaptureFixture[str]
) -> None:
    with closing(listening(socket.SOCK_STREAM)) as there:
        there.listen()
        asked(site, f'target = "syslog"\nsyslog = "{place(there, "tcp")}"')
        capsys.readouterr()
        site.run("check", "--json")
        found = json.loads(capsys.readouterr().out)["findings"]
        assert next(r for r in found if r["name"] == "syslog")["state"] == "ok"
    site.run("check", "--json")
    found = json.loads(capsys.readouterr().out)["findings"]
    assert next(r for r in found if r["name"] == "syslog")["state"] == "warn"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('syslog = "/dev/log"', 'says nothing without target = "syslog"'),
        ('target = "syslog"\nsyslog = "logs.example"', "must be a path, udp://host"),
        ('target = "syslog"\nsyslog = 7', "syslog must be a text"),
        ('format = "xml"', "must be one of text, json"),
    ],
)
def test_what_is_wrong_with_the_keys_is_named(
    site: Site, text: str, words: str
) -> None:
    asked(site, text)
    with pytest.raises(ConfigurationError, match=re.escape(words)):
        config.load(site.directory)
