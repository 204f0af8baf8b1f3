"""Recording through the proxy: what it writes replays, and holds no secret."""

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from citrix_waf_lab.asking import Heard, ask, connect
from citrix_waf_lab.carrier import Carrier
from citrix_waf_lab.cli import main
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.exchanges import Book, read
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.record import Recorder
from citrix_waf_lab.replay import Wire, replay
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Answer, Request

JSON = ("Content-Type", "application/json")
SETS = "/nitro/v1/config/policydataset"
BIND = "/nitro/v1/config/policydataset_value_binding"


class Recording:
    """A client that reaches one lab through a recorder."""

    def __init__(self, folder: Path, service: str) -> None:
        self.lab = Lab(seed=21)
        self.serving = Serving(self.lab)
        self.card = self.serving.card()
        self.file = folder / "recorded.jsonl"
        one = self.card["threatq" if service == "threatq" else "appliances"]
        url = one["url"] if service == "threatq" else one[0]["url"]
        self.recorder = Recorder(url, self.file, service=service, seed=21)
        self.carrier = Carrier(self.recorder, Clock())
        self.link = connect(self.carrier.url)

    def ask(
        self,
        method: str,
        target: str,
        body: object = None,
        *headers: tuple[str, str],
    ) -> Heard:
        path, _, query = target.partition("?")
        sent = b"" if body is None else json.dumps(body).encode()
        kinds = (JSON,) if sent else ()
        return ask(self.link, Request(method, path, query, (*kinds, *headers), sent))

    def book(self) -> Book:
        self.close()
        return read(self.file)

    def close(self) -> None:
        self.link.close()
        self.carrier.stop()
        self.recorder.close()
        self.serving.stop()


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Recording]:
    recording = Recording(tmp_path, "adc1")
    yield recording
    recording.close()


@pytest.fixture
def threatq(tmp_path: Path) -> Iterator[Recording]:
    recording = Recording(tmp_path, "threatq")
    yield recording
    recording.close()


def walk(box: Recording) -> str:
    """Sign in wrongly and rightly, edit a set, sign out; return the session."""
    one = box.card["appliances"][0]
    user = {"username": one["username"], "password": one["password"]}
    wrong = user | {"password": "not-the-password"}
    box.ask("POST", "/nitro/v1/config/login", {"login": wrong})
    signed = box.ask("POST", "/nitro/v1/config/login", {"login": user})
    session: str = json.loads(signed.body)["sessionid"]
    cookie = ("Cookie", f"NITRO_AUTH_TOKEN={quote(session, safe='')}")
    new = {"policydataset": {"name": "bl", "type": "ipv4"}}
    assert box.ask("POST", SETS, new, cookie).status == "201 Created"
    values = [{"name": "bl", "value": f"192.0.2.{i}"} for i in (1, 1, 2)]
    bulk = {"policydataset_value_binding": values}
    goes_on = ("X-NITRO-ONERROR", "continue")
    assert box.ask("PUT", BIND, bulk, cookie, goes_on).status == "207 Multi Status"
    assert b"192.0.2.2" in box.ask("GET", f"{BIND}/bl", None, cookie).body
    stateless = (("X-NITRO-USER", one["username"]), ("X-NITRO-PASS", one["password"]))
    assert box.ask("GET", SETS, None, *stateless).status == "200 OK"
    box.ask("POST", "/nitro/v1/config/logout", {"logout": {}}, cookie)
    assert box.ask("GET", SETS, None, cookie).status == "401 Unauthorized"
    return session


WIRES: list[Wire] = ["process", "socket"]


@pytest.mark.parametrize("wire", WIRES)
def test_what_was_recorded_of_one_lab_replays_against_another(
    box: Recording, wire: Wire
) -> None:
    walk(box)
    book = box.book()
    assert len(book.exchanges) == 8
    assert [str(one) for one in replay(book, wire=wire)] == []


def test_a_byte_that_is_changed_in_a_recording_is_shown_with_its_place(
    box: Recording,
) -> None:
    walk(box)
    box.close()
    box.file.write_text(box.file.read_text().replace("192.0.2.2", "192.0.2.3", 1))
    found = [str(one) for one in replay(read(box.file))]
    assert len(found) == 1
    assert found[0].startswith("recorded-5: body byte ")


def test_a_recording_of_an_appliance_holds_no_secret(box: Recording) -> None:
    session = walk(box)
    one = box.card["appliances"][0]
    box.close()
    text = box.file.read_text()
    for secret in (one["password"], session, quote(session, safe="")):
        assert secret not in text
    assert "not-the-password" not in text
    assert "<<adc1.password>>" in text


def sign_in(threatq: Recording) -> tuple[str, str]:
    one = threatq.card["threatq"]
    query = f"grant_type=password&client_id={one['client_id']}"
    user = {"email": one["username"], "password": one["password"]}
    token = json.loads(threatq.ask("POST", f"/api/token?{query}", user).body)
    return token["access_token"], token["refresh_token"]


def test_a_recording_of_threatq_replays_and_holds_no_secret(
    threatq: Recording,
) -> None:
    access, refresh = sign_in(threatq)
    bearer = ("Authorization", f"Bearer {access}")
    fields = [
        {
            "key": "password",
            "label": "Password",
            "type": "password",
            "value": "of-the-appliance",
        },
        {"key": "username", "label": "Username", "type": "text", "value": "somebody"},
    ]
    new = {"name": "Citrix", "category": "Labs", "custom_fields": fields}
    made = threatq.ask("POST", "/api/connectors", new, bearer)
    assert made.status == "201 Created"
    read_back = threatq.ask("GET", "/api/connectors?name=Citrix", None, bearer)
    assert b"somebody" in read_back.body
    query = f"grant_type=refresh_token&refresh_token={quote(refresh)}"
    again = threatq.ask("POST", f"/api/token?{query}", None, bearer)
    assert again.status == "200 OK"
    book = threatq.book()
    text = threatq.file.read_text()
    one = threatq.card["threatq"]
    for secret in (access, refresh, one["password"], "of-the-appliance"):
        assert secret not in text
    assert [str(difference) for difference in replay(book)] == []


def test_client_credentials_are_known_by_the_names_of_a_lab(
    threatq: Recording,
) -> None:
    one = threatq.card["threatq"]["private"]
    target = "/api/token?grant_type=client_credentials"
    pair = {"client_id": one["client_id"], "client_secret": one["client_secret"]}
    pair_text = f"{one['client_id']}:{one['client_secret']}"
    basic = f"Basic {base64.b64encode(pair_text.encode()).decode()}"
    good = threatq.ask("POST", target, None, ("Authorization", basic))
    assert good.status == "200 OK"
    threatq.ask("POST", target, pair)
    bad = threatq.ask("POST", target, None, ("Authorization", f"Basic {basic[8:]}"))
    assert bad.status != "200 OK"
    text = threatq.file.read_text()
    assert one["client_secret"] not in text
    assert "Basic <<threatq.basic>>" in text
    assert [str(one) for one in replay(threatq.book())] == []


def upstream(body: bytes, *headers: tuple[str, str]) -> Carrier:
    return Carrier(lambda _: Answer(200, "Fine", headers, body), Clock())


def recorded(tmp_path: Path, source: Carrier) -> dict[str, Any]:
    file = tmp_path / "one.jsonl"
    recorder = Recorder(source.url, file, service="adc3", seed=1)
    answer = recorder(Request("GET", "/x", headers=(("Connection", "close"),)))
    assert answer.status == 200
    source.stop()
    silent = recorder(Request("GET", "/x"))
    assert silent.delivery.cut_after == 0
    recorder.close()
    head, line, last = map(json.loads, file.read_text().splitlines())
    assert head["appliances"] == 3
    assert last["expect"]["status"] == "no answer"
    found: dict[str, Any] = line
    return found


def test_bytes_that_are_no_text_are_kept(tmp_path: Path) -> None:
    line = recorded(tmp_path, upstream(b"\xff\x00", ("X-Many", "a"), ("X-Many", "b")))
    assert line["expect"] == {
        "status": "200 Fine",
        "headers": {"X-Many": ["a", "b"], "Content-Length": "2"},
        "base64": "/wA=",
    }
    assert line["request"] == {"method": "GET", "target": "/x", "headers": {}}
    assert line["at"] == "2026-01-05T08:00:00+00:00"


def test_a_cookie_without_a_body_is_bound_in_its_header(tmp_path: Path) -> None:
    line = recorded(tmp_path, upstream(b"", ("Set-Cookie", "TOKEN=abcdef0123; path=/")))
    assert line["expect"]["headers"]["Set-Cookie"] == (
        "TOKEN=<<token1:[0-9a-fA-F]{10}>>; path=/"
    )


def test_the_command_records_until_a_signal(tmp_path: Path) -> None:
    file = tmp_path / "recorded.jsonl"
    source = upstream(b"{}")
    program = "import sys; from citrix_waf_lab.cli import main; sys.exit(main())"
    words = [sys.executable, "-c", program, "record", str(file), "--upstream"]
    process = subprocess.Popen(  # noqa: S603 -- our own program
        [*words, source.url], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    url = process.stdout.readline().split(" ")[0]
    link = connect(url)
    assert ask(link, Request("GET", "/x")).status == "200 Fine"
    link.close()
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)
    source.stop()
    assert process.returncode == 0
    assert [one.name for one in read(file).exchanges] == ["recorded-1"]


def test_an_upstream_that_is_no_url_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = str(tmp_path / "x.jsonl")
    assert main(["record", file, "--upstream", "netscaler:443"]) == 2
    assert "no http:// or https:// URL" in capsys.readouterr().err
