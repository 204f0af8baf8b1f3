"""A site on sockets with certificates that a test chooses, and a proxy beside it."""

import hashlib
import ssl
import threading
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from select import select
from socket import SHUT_RDWR, create_connection, create_server, socket
from typing import Any

import trustme

from citrix_waf_lab.carrier import Carrier
from support.outside import Site
from support.transport import LabClock
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.run.site import Outside

WANTED = "198.51.100.200"
PAST = datetime(2001, 2, 3, tzinfo=UTC)
SERVICES = {"threatq": 3, "netscaler": 4}
"""Each system and the exit code of what goes wrong there."""


@dataclass
class TlsSite(Site):
    """A configured connector that reaches both systems over TLS."""

    authority: trustme.CA = field(default_factory=trustme.CA)
    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    carriers: dict[str, Carrier] = field(default_factory=dict)
    digits_of: dict[str, str] = field(default_factory=dict)

    def start(self, monkeypatch: Any) -> None:  # noqa: ANN401  # pytest's
        """Configure in process, then listen, and send the connector to the sockets."""
        self.configure(monkeypatch)
        self.collection([WANTED])
        for name, service in zip(SERVICES, self.lab.services(), strict=True):
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.contexts[name] = context
            self.show(name, self.issue("127.0.0.1"))
            self.carriers[name] = Carrier(service, self.lab.clock, tls=context)
        self.form(**{"API IP/Hostname": self.place("netscaler"), "Use HTTPS": True})
        self.configured(threatq={"host": self.place("threatq")})

    def outside(self) -> Outside:
        if not self.carriers:
            return super().outside()
        return Outside(LabClock(self.lab.clock), hosts=self.hosts)

    def place(self, name: str) -> str:
        """Return host:port of a system."""
        return f"127.0.0.1:{self.carriers[name].port}"

    def issue(self, *names: str, **more: Any) -> trustme.LeafCert:  # noqa: ANN401  # trustme's
        """Make a certificate."""
        return self.authority.issue_cert(*names, **more)

    def show(self, name: str, certificate: trustme.LeafCert) -> None:
        """Have a system show a certificate from now on."""
        certificate.configure_cert(self.contexts[name])
        self.digits_of[name] = sha256(certificate)

    def configured(self, **keys: Mapping[str, object]) -> None:
        """Set keys of the configuration file, by section."""
        path = self.directory / config.FILE_NAME
        found = tomllib.loads(path.read_text())
        values: dict[str, dict[str, object]] = {"": {"instance": found["instance"]}}
        for section in ("threatq", "netscaler"):
            values[section] = found.get(section, {}) | dict(keys.get(section, {}))
        path.write_text(config.render(values))

    def ca_file(self) -> str:
        """Return a file with the authority's certificate."""
        path = self.directory / "ca.pem"
        self.authority.cert_pem.write_to_path(str(path))
        return str(path)

    def trusts(self, *names: str) -> None:
        """Have the connector trust the authority for some systems."""
        self.configured(**{name: {"ca_file": self.ca_file()} for name in names})

    def heard(self, name: str, since: int) -> int:
        """Return how many requests reached a system after a mark."""
        return sum(r["service"] == name for r in self.requests(since))

    def stop(self) -> None:
        """Stop listening."""
        for carrier in self.carriers.values():
            carrier.stop()


def sha256(certificate: trustme.LeafCert) -> str:
    """Return the digits that a certificate is known by."""
    pem = certificate.cert_chain_pems[0].bytes().decode()
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


class Proxy:
    """A proxy that knows CONNECT alone, and where each name leads.

    Args:
        ways: host:port as asked for -> port on loopback; others are refused.
        tls: its own certificate, for a proxy that speaks TLS.
    """

    def __init__(
        self, ways: Mapping[str, int], tls: ssl.SSLContext | None = None
    ) -> None:
        self.ways = dict(ways)
        self.asked: list[str] = []
        self.heads: list[bytes] = []
        self._tls = tls
        self._peers: list[socket] = []
        self._server = create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self._server.getsockname()[1]}"

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.place}"

    def stop(self) -> None:
        for one in (self._server, *self._peers):
            with suppress(OSError):  # a peer may have gone before
                one.shutdown(SHUT_RDWR)
        for thread in self._threads:
            thread.join()
        self._server.close()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self._server.accept()
            except OSError:
                return
            peer.settimeout(10)
            thread = threading.Thread(target=self._serve, args=(peer,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, peer: socket) -> None:
        with suppress(OSError):
            if self._tls is not None:
                peer = self._tls.wrap_socket(peer, server_side=True)
            self._peers.append(peer)
            head = b""
            while b"\r\n\r\n" not in head:
                head += peer.recv(65536)
            place = head.split()[1].decode()
            self.asked.append(place)
            self.heads.append(head)
            if place not in self.ways:
                peer.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")
            else:
                with create_connection(("127.0.0.1", self.ways[place]), 10) as far:
                    peer.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                    _relay(peer, far)
        peer.close()


def _relay(near: socket, far: socket) -> None:
    """Carry bytes both ways until one side ends.

    In one thread: an `SSLSocket` that two threads use at once breaks its own records.
    """
    ways = {near: far, far: near}
    while True:
        waiting = [s for s in ways if isinstance(s, ssl.SSLSocket) and s.pending()]
        for one in waiting or select(list(ways), [], [], 10)[0]:
            data = one.recv(65536)
            if not data:
                return
            ways[one].sendall(data)


@contextmanager
def proxied(
    ways: Mapping[str, int], tls: ssl.SSLContext | None = None
) -> Iterator[Proxy]:
    """Run a proxy."""
    proxy = Proxy(ways, tls)
    try:
        yield proxy
    finally:
        proxy.stop()
