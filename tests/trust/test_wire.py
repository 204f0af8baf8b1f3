"""The wire over TLS: what fails before a connection stands was never sent."""

import hashlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme

from citrix_waf_lab.carrier import Carrier
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.wire import Answer, Request
from tq_conn_citrix_waf import http
from tq_conn_citrix_waf.certificates import Certificate, Seen, grouped, look
from tq_conn_citrix_waf.http import NoAnswerError, NotSentError, UntrustedError
from tq_conn_citrix_waf.trust import Trust
from tq_conn_citrix_waf.wire import Wire
from trust.sockets import TlsSite, sha256


@contextmanager
def serving(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """Give one connection to a function."""
    server = socket.create_server(("127.0.0.1", 0))

    def one() -> None:
        with server, server.accept()[0] as peer:
            talk(peer)

    thread = threading.Thread(target=one)
    thread.start()
    yield f"https://127.0.0.1:{server.getsockname()[1]}/"
    thread.join()


def test_a_server_that_speaks_no_tls_was_sent_nothing() -> None:
    def plain(peer: socket.socket) -> None:
        peer.recv(65536)
        peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    with serving(plain) as url, pytest.raises(NotSentError):
        Wire().send(http.Request("POST", url, body=b"secret"))


def test_a_server_that_leaves_in_the_handshake_was_sent_nothing() -> None:
    with serving(lambda _peer: None) as url, pytest.raises(NotSentError):
        Wire().send(http.Request("POST", url, body=b"secret"))


def test_an_answer_broken_in_its_tls_may_have_been_taken_in() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = trustme.CA().issue_cert("127.0.0.1")
    certificate.configure_cert(context)

    def breaks(peer: socket.socket) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        said = b""
        while not said:
            try:
                said = tls.read(65536)
            except ssl.SSLWantReadError:
                peer.sendall(outgoing.read())
                incoming.write(peer.recv(65536))
        peer.sendall(outgoing.read() + b"HTTP/1.1 201 Created\r\n\r\n")
        peer.shutdown(socket.SHUT_WR)
        peer.recv(65536)

    with serving(breaks) as url:
        place = url.removeprefix("https://").rstrip("/")
        wire = Wire(Trust(pins={place: sha256(certificate)}))
        with pytest.raises(NoAnswerError):
            wire.send(http.Request("POST", url, body=b"bind"))
        wire.close()


def test_an_error_carries_the_certificate_and_what_to_do(tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate = trustme.CA().issue_cert("127.0.0.1", common_name="adc1")
    certificate.configure_cert(context)
    heard: list[Request] = []

    def answer(request: Request) -> Answer:
        heard.append(request)
        return Answer(200, "OK")

    carrier = Carrier(answer, Clock(), tls=context)
    wire = Wire(Trust(command=f"trust -c {tmp_path}"))
    with pytest.raises(UntrustedError) as caught:
        wire.send(http.Request("GET", carrier.url))
    found = caught.value.certificate
    assert found is not None
    assert found.sha256 == sha256(certificate)
    assert "CN=adc1" in found.subject
    place = f"127.0.0.1:{carrier.port}"
    assert f"trust -c {tmp_path} {place} --sha256 {found.sha256};" in caught.value.cure
    carrier.stop()
    assert heard == []


@pytest.mark.parametrize("url", ["https:///x", f"https://{'a' * 64}.example/"])
def test_a_name_that_is_none_was_sent_nothing(url: str) -> None:
    with pytest.raises(NotSentError):
        Wire().send(http.Request("GET", url))


def test_a_server_that_is_gone_before_it_is_looked_at_is_still_distrusted() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)

    def once(peer: socket.socket) -> None:
        with pytest.raises(OSError):  # noqa: PT011  # an alert, or a reset before it
            context.wrap_socket(peer, server_side=True)

    with serving(once) as url, pytest.raises(UntrustedError) as caught:
        Wire().send(http.Request("GET", url))
    assert caught.value.certificate is None
    assert "--ca-file" in caught.value.cure


def test_of_many_names_the_first_are_shown_and_the_others_counted() -> None:
    found = Certificate("ab" * 32, names=tuple(f"n{i}" for i in range(11)))
    assert "names n0, n1, n2, n3, n4, n5, n6, n7 and 3 more;" in str(found)


def test_what_cannot_be_read_leaves_the_sha256_and_the_problem() -> None:
    unknown = ssl.SSLCertVerificationError("unknown")
    unknown.verify_message = "unsuitable certificate purpose"
    pem = trustme.CA().issue_cert("127.0.0.1").cert_chain_pems[0].bytes().decode()
    data = ssl.PEM_cert_to_DER_cert(pem)

    def shake(context: ssl.SSLContext) -> Seen:
        if context.verify_mode is ssl.CERT_NONE:
            return data, {}
        raise unknown

    found = look(shake, ssl.create_default_context())
    assert found.problem == "unsuitable certificate purpose"
    assert str(found) == f"SHA-256 {grouped(hashlib.sha256(data).hexdigest())}"


def test_one_wire_holds_each_host_to_its_own_trust(site: TlsSite) -> None:
    place = site.place("netscaler")
    wire = Wire(Trust(pins={place: site.digits_of["netscaler"]}))
    assert wire.send(http.Request("GET", f"https://{place}/")).status == 404
    with pytest.raises(UntrustedError):
        wire.send(http.Request("GET", f"https://{site.place('threatq')}/"))
    wire.close()


def test_a_redirect_is_not_followed_though_the_other_host_is_trusted(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts("threatq", "netscaler")
    there = f"https://{site.place('threatq')}/api/token"

    def points(_request: Request) -> Answer:
        return Answer(307, "Temporary Redirect", (("Location", there),))

    carrier = Carrier(points, site.lab.clock, tls=site.contexts["threatq"])
    site.configured(threatq={"host": f"127.0.0.1:{carrier.port}"})
    mark = site.mark
    assert site.run() == 3
    carrier.stop()
    assert site.requests(mark) == []
    assert "redirects are not followed" in capsys.readouterr().err
