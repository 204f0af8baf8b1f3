"""Each fault of the catalogue, seen to act over a real socket, through control."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from citrix_waf_lab.asking import Heard, ask, connect
from citrix_waf_lab.catalogue import FAULTS
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request

SETS = "/nitro/v1/config/policydataset"
BIND = "/nitro/v1/config/policydataset_value_binding"
LOGIN = "/nitro/v1/config/login"
VERSION = "/nitro/v1/config/nsversion"
CONFIG = "/nitro/v1/config/nsconfig"


@dataclass
class Outside:
    """A client that sees only ports, and the control interface."""

    card: dict[str, Any]

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 -- JSON
        sent = b"" if body is None else json.dumps(body).encode()
        link = connect(self.card["control"])
        heard = ask(link, Request(method, path, "", (), sent))
        link.close()
        assert heard.status == "200 OK", heard
        return json.loads(heard.body)

    def fault(self, name: str, /, **params: object) -> str:
        wish = {"name": name, "times": 1, "params": params}
        found: str = self.control("POST", "/faults", wish)["id"]
        return found

    @property
    def port(self) -> int:
        return int(self.card["appliances"][0]["url"].rpartition(":")[2])

    def nitro(self, method: str, path: str, body: object = None, **more: str) -> Heard:
        link = connect(self.card["appliances"][0]["url"])
        heard = ask(link, self.request(method, path, body, **more))
        link.close()
        return heard

    def request(
        self, method: str, path: str, body: object = None, **more: str
    ) -> Request:
        one = self.card["appliances"][0]
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "X-NITRO-USER": one["username"],
            "X-NITRO-PASS": one["password"],
        } | more
        sent = b"" if body is None else json.dumps(body).encode()
        return Request(method, path, "", tuple(headers.items()), sent)

    def raw(
        self, path: str = VERSION, most: int = 2**20
    ) -> tuple[bytes, str, socket.socket]:
        """Ask on a socket of our own: what came, and how it ended."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=0.5)
        lines = [f"GET {path} HTTP/1.1", "Host: lab"]
        lines += [f"{k}: {v}" for k, v in self.request("GET", path).headers]
        sock.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        came = b""
        try:
            while data := sock.recv(65536):
                came += data
                if len(came) > most:
                    return came, "flowing", sock
        except ConnectionResetError:
            return came, "reset", sock
        except TimeoutError:
            return came, "open", sock
        return came, "end", sock

    def make_set(self, *values: str) -> None:
        body = {"type": "ipv4", "bindings": [{"value": value} for value in values]}
        self.control("PUT", "/appliances/adc1/datasets/bl", body)

    def values(self) -> list[str]:
        view = self.control("GET", "/appliances/adc1")
        return [one["value"] for one in view["datasets"]["bl"]["bindings"]]

    def bulk(self, *values: str) -> Heard:
        objects = [{"name": "bl", "value": value} for value in values]
        return self.nitro("PUT", BIND, {"policydataset_value_binding": objects})

    def login(self) -> Heard:
        one = self.card["appliances"][0]
        link = connect(one["url"])
        body = {"login": {"username": one["username"], "password": one["password"]}}
        kind = (("Content-Type", "application/json"),)
        heard = ask(link, Request("POST", LOGIN, "", kind, json.dumps(body).encode()))
        link.close()
        return heard

    def threatq(self, method: str, path: str, *headers: tuple[str, str]) -> Heard:
        link = connect(self.card["threatq"]["url"])
        target, _, query = path.partition("?")
        heard = ask(link, Request(method, target, query, headers))
        link.close()
        return heard


@pytest.fixture(scope="module")
def served() -> Iterator[dict[str, Any]]:
    with Serving(Lab(seed=3, running=True)) as serving:
        yield serving.card()


@pytest.fixture
def outside(served: dict[str, Any]) -> Outside:
    client = Outside(served)
    client.control("POST", "/reset")
    return client


def see_refuse(outside: Outside) -> None:
    before = outside.control("GET", "/requests")["next"]
    outside.fault("refuse")
    came, ending, sock = outside.raw()
    sock.close()
    assert (came, ending) == (b"", "reset")
    assert outside.control("GET", "/requests")["next"] == before
    assert outside.nitro("GET", VERSION).status == "200 OK"


def see_delay(outside: Outside) -> None:
    outside.fault("delay", seconds=0.2)
    start = time.monotonic()
    assert outside.nitro("GET", VERSION).status == "200 OK"
    assert time.monotonic() - start >= 0.2


def see_never_answer(outside: Outside) -> None:
    outside.fault("never_answer")
    came, ending, sock = outside.raw()
    sock.close()
    assert (came, ending) == (b"", "open")


def see_cut(outside: Outside) -> None:
    outside.fault("cut", bytes=20)
    came, ending, sock = outside.raw()
    sock.close()
    assert (came, ending) == (b"HTTP/1.1 200 OK\r\nDat"[:20], "end")


def see_reset(outside: Outside) -> None:
    outside.fault("reset", bytes=20)
    came, ending, sock = outside.raw()
    sock.close()
    assert ending == "reset"
    assert len(came) <= 20


def see_half_close(outside: Outside) -> None:
    outside.fault("half_close")
    came, ending, sock = outside.raw()
    assert b"nsversion" in came
    assert ending == "end"
    for _ in range(50):  # a socket that is closed on both sides would break the pipe
        sock.sendall(b"still here")
    sock.close()


def see_drip(outside: Outside) -> None:
    outside.fault("drip", seconds=0.002)
    start = time.monotonic()
    heard = outside.nitro("GET", VERSION)
    assert time.monotonic() - start >= 0.002 * len(heard.body)
    assert b"nsversion" in heard.body


def see_endless(outside: Outside) -> None:
    for packed in (False, True):
        outside.fault("endless", packed=packed)
        came, ending, sock = outside.raw(most=2**16)
        sock.close()
        assert ending == "flowing"
        assert (b"\r\nContent-Encoding: gzip\r\n" in came) == packed
        assert b"Content-Length" not in came


def see_lose_answer(outside: Outside) -> None:
    outside.make_set()
    outside.fault("lose_answer")
    assert outside.bulk("192.0.2.1", "192.0.2.2").status == "no answer"
    assert outside.values() == ["192.0.2.1", "192.0.2.2"]


def see_truncate_json(outside: Outside) -> None:
    outside.fault("truncate_json", bytes=9)
    heard = outside.nitro("GET", VERSION)
    assert heard.status == "200 OK"
    assert heard.values("Content-Length") == ["9"]
    assert heard.body == b'{ "errorc'


def see_html_page(outside: Outside) -> None:
    outside.fault("html_page", status=503, text="Come back later")
    heard = outside.nitro("GET", VERSION)
    assert heard.status == "503 Service Unavailable"
    assert heard.values("Content-Type") == ["text/html; charset=UTF-8"]
    assert b"<h4>Come back later</h4>" in heard.body


def see_wrong_length(outside: Outside) -> None:
    whole = len(outside.nitro("GET", VERSION).body)
    outside.fault("wrong_length", by=7)
    came, ending, sock = outside.raw()
    sock.close()
    head, _, body = came.partition(b"\r\n\r\n")
    assert f"Content-Length: {whole + 7}".encode() in head
    assert (len(body), ending) == (whole, "end")


def see_status(outside: Outside) -> None:
    outside.fault("status", status=429, body="Slow down", retry_after=5)
    heard = outside.nitro("GET", VERSION)
    assert heard.status == "429 Too Many Requests"
    assert heard.values("Retry-After") == ["5"]
    assert heard.body == b"Slow down"
    outside.fault("status", status=307, location="https://elsewhere.example/")
    heard = outside.nitro("GET", VERSION)
    assert heard.status == "307 Temporary Redirect"
    assert heard.values("Location") == ["https://elsewhere.example/"]


def see_half_apply(outside: Outside) -> None:
    outside.make_set()
    outside.fault("half_apply", objects=2)
    assert outside.bulk("192.0.2.1", "192.0.2.2", "192.0.2.3").status == "no answer"
    assert outside.values() == ["192.0.2.1", "192.0.2.2"]
    assert outside.bulk("192.0.2.4").status == "201 Created"


def sign_in(outside: Outside) -> Any:  # noqa: ANN401 -- JSON
    one = outside.card["threatq"]
    query = "&".join(
        (
            "grant_type=password",
            f"client_id={one['client_id']}",
            f"email={one['username']}",
            f"password={one['password']}",
        )
    )
    return json.loads(outside.threatq("POST", f"/api/token?{query}").body)


def see_expire_token(outside: Outside) -> None:
    bearer = ("Authorization", f"Bearer {sign_in(outside)['access_token']}")
    assert outside.threatq("GET", "/api/users/current", bearer).status == "200 OK"
    outside.fault("expire_token")
    heard = outside.threatq("GET", "/api/users/current", bearer)
    assert heard.status == "401 Unauthorized"


def see_revoke_refresh(outside: Outside) -> None:
    token = sign_in(outside)
    bearer = ("Authorization", f"Bearer {token['access_token']}")
    query = f"grant_type=refresh_token&refresh_token={token['refresh_token']}"
    outside.fault("revoke_refresh")
    assert outside.threatq("POST", f"/api/token?{query}", bearer).status != "200 OK"
    assert outside.threatq("GET", "/api/users/current", bearer).status == "200 OK"


def see_lose_session(outside: Outside) -> None:
    cookie = outside.login().values("Set-Cookie")[-1].partition(";")[0]
    _, _, token = cookie.partition("=")
    link = connect(outside.card["appliances"][0]["url"])
    kept = Request("GET", VERSION, "", (("Cookie", f"NITRO_AUTH_TOKEN={token}"),))
    assert ask(link, kept).status == "200 OK"
    outside.fault("lose_session")
    assert ask(link, kept).status == "401 Unauthorized"
    link.close()
    assert outside.control("GET", "/appliances/adc1")["sessions"] == 0


def see_session_limit(outside: Outside) -> None:
    outside.fault("session_limit")
    assert outside.login().status != "201 Created"
    assert outside.control("GET", "/appliances/adc1")["sessions"] == 20


def see_reboot(outside: Outside) -> None:
    outside.control("PUT", "/dialect", {"reboot_seconds": 0.2})
    outside.make_set("192.0.2.1")
    outside.fault("reboot")
    assert outside.bulk("192.0.2.2").status == "no answer"
    with pytest.raises(ConnectionRefusedError):
        outside.raw()
    assert outside.control("GET", "/appliances/adc1")["datasets"] == {}
    until = time.monotonic() + 5
    while outside.nitro("GET", VERSION).status != "200 OK":
        assert time.monotonic() < until


def see_config_changed(outside: Outside) -> None:
    calm = json.loads(outside.nitro("GET", CONFIG).body)["nsconfig"]
    outside.fault("config_changed")
    changed = json.loads(outside.nitro("GET", CONFIG).body)["nsconfig"]
    assert str(calm["configchanged"]).lower() == "false"
    assert str(changed["configchanged"]).lower() == "true"


def see_set_edited(outside: Outside) -> None:
    outside.make_set("192.0.2.1", "192.0.2.2")
    outside.fault("set_edited", set="bl", add=["192.0.2.9"], remove=["192.0.2.1"])
    heard = outside.nitro("GET", f"{BIND}/bl")
    assert b"192.0.2.1" in heard.body
    assert b"192.0.2.9" not in heard.body
    assert outside.values() == ["192.0.2.2", "192.0.2.9"]


def see_clock_step(outside: Outside) -> None:
    outside.fault("clock_step", seconds=86400)
    assert outside.control("GET", "/clock")["now"].startswith("2026-01-05")
    outside.nitro("GET", VERSION)
    assert outside.control("GET", "/clock")["now"].startswith("2026-01-06")


WITNESSES: dict[str, Callable[[Outside], None]] = {
    name.removeprefix("see_"): thing
    for name, thing in globals().items()
    if name.startswith("see_")
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_of_the_catalogue_acts_over_a_socket(
    name: str, outside: Outside
) -> None:
    WITNESSES[name](outside)


def test_no_witness_speaks_of_a_fault_that_does_not_exist() -> None:
    assert WITNESSES.keys() == FAULTS.keys()


def test_a_service_that_refuses_always_has_nobody_listening(outside: Outside) -> None:
    wish = {"name": "refuse", "service": "netscaler"}
    fault = outside.control("POST", "/faults", wish)["id"]
    with pytest.raises(ConnectionRefusedError):
        outside.raw()
    assert outside.threatq("GET", "/api/users/current").status.startswith("401")
    outside.control("DELETE", f"/faults/{fault}")
    assert outside.nitro("GET", VERSION).status == "200 OK"


def test_after_a_refusal_nobody_listens_for_the_seconds_named(
    outside: Outside,
) -> None:
    outside.fault("refuse", seconds=30)
    _, ending, sock = outside.raw()
    sock.close()
    assert ending != "open"
    with pytest.raises(ConnectionRefusedError):
        outside.raw()
    outside.control("PUT", "/clock", {"advance": 31})
    assert outside.nitro("GET", VERSION).status == "200 OK"


def test_a_connection_that_was_open_does_not_survive_a_reboot(
    outside: Outside,
) -> None:
    outside.control("PUT", "/dialect", {"reboot_answers": "503"})
    link = connect(outside.card["appliances"][0]["url"])
    assert ask(link, outside.request("GET", VERSION)).status == "200 OK"
    outside.control("POST", "/appliances/adc1/reboot")
    assert ask(link, outside.request("GET", VERSION)).status == "no answer"
    heard = ask(link, outside.request("GET", VERSION))
    assert heard.status == "503 Service Unavailable"
    link.close()
