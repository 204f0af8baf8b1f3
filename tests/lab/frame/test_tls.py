"""TLS: an honest end says goodbye, a fault does not."""

import json
import socket
import ssl
from collections.abc import Callable, Iterator

import pytest

from citrix_waf_lab.asking import ask, connect
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request

Asking = Callable[[], tuple[bytes, str]]


class Client:
    """Speaks TLS over a bare socket, so that a reset is seen as such."""

    def __init__(self, port: int, ca_file: str) -> None:
        context = ssl.create_default_context(cafile=ca_file)
        self.sock = socket.create_connection(("127.0.0.1", port), timeout=0.5)
        self.heard, self.said = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.heard, self.said, server_hostname="localhost")

    def work(self, step: Callable[[], bytes | None]) -> bytes:
        """Do a step of TLS, carrying bytes back and forth until it is done."""
        while True:
            try:
                done = step()
            except ssl.SSLWantReadError:
                self.carry()
                self.heard.write(self.listen())
            else:
                self.carry()
                return done or b""

    def carry(self) -> None:
        if self.said.pending:
            self.sock.sendall(self.said.read())

    def listen(self) -> bytes:
        data = self.sock.recv(65536)
        if not data:
            raise EOFError
        return data

    def ask(self) -> tuple[bytes, str]:
        """Ask with Connection: close; what came, and how it ended."""
        came = b""
        with self.sock:
            self.work(self.tls.do_handshake)
            self.tls.write(b"GET /api/x HTTP/1.1\r\nConnection: close\r\n\r\n")
            try:
                while data := self.work(lambda: self.tls.read(65536)):
                    came += data
            except EOFError:
                return came, "no goodbye"
            except ConnectionResetError:
                return came, "reset"
            except TimeoutError:
                return came, "open"
        return came, "goodbye"


@pytest.fixture
def secured() -> Iterator[tuple[Lab, Asking]]:
    lab = Lab(seed=2)
    with Serving(lab, tls=True) as serving:
        card = serving.card()
        port = int(card["threatq"]["url"].rpartition(":")[2])
        yield lab, lambda: Client(port, card["ca_file"]).ask()


def test_an_answer_that_ends_the_connection_says_goodbye(
    secured: tuple[Lab, Asking],
) -> None:
    _, asking = secured
    came, ending = asking()
    assert came.startswith(b"HTTP/1.1 ")
    assert ending == "goodbye"


@pytest.mark.parametrize(
    ("name", "params", "ending"),
    [
        ("cut", {"bytes": 12}, "no goodbye"),
        ("lose_answer", {"reset": False}, "no goodbye"),
        ("half_close", {}, "no goodbye"),
        ("reset", {"bytes": 12}, "reset"),
        ("refuse", {}, "reset"),
        ("never_answer", {}, "open"),
    ],
)
def test_a_fault_of_the_network_acts_below_tls(
    secured: tuple[Lab, Asking], name: str, params: dict[str, object], ending: str
) -> None:
    lab, asking = secured
    wish = json.dumps({"name": name, "times": 1, "params": params}).encode()
    assert lab.control(Request("POST", "/faults", body=wish)).status == 200
    assert asking()[1] == ending


def test_a_client_that_does_not_speak_tls_harms_nobody(
    secured: tuple[Lab, Asking],
) -> None:
    _, asking = secured
    with Serving(Lab(seed=2), tls=True) as other:
        link = connect(other.card()["threatq"]["url"].replace("https:", "http:"))
        assert ask(link, Request("GET", "/")).status == "no answer"
    assert asking()[1] == "goodbye"
