"""Laws of the parser: no bytes crash it, and how they arrive does not matter."""

import socket

from hypothesis import example, given
from hypothesis import strategies as st

from citrix_waf_lab.reading import GoneError, NoRequestError, Reader
from citrix_waf_lab.wire import Request

TOKEN = st.text("abcXYZ09-", min_size=1, max_size=8)
TARGET = st.text("abc09/%._~=&+:", max_size=20)


def read(*pieces: bytes) -> tuple[Request, bool]:
    near, far = socket.socketpair()
    with near, far:
        for piece in pieces:
            near.sendall(piece)
        near.shutdown(socket.SHUT_WR)
        return Reader(far).request()


def chunked(body: bytes, size: int) -> bytes:
    parts = [body[i : i + size] for i in range(0, len(body), size)]
    framed = [b"%x\r\n%s\r\n" % (len(part), part) for part in parts]
    return b"".join([*framed, b"0\r\n\r\n"])


@given(
    method=TOKEN,
    target=TARGET,
    query=TARGET,
    headers=st.lists(st.tuples(TOKEN.map("X-{}".format), TARGET), max_size=4),
    body=st.binary(min_size=1, max_size=60),
    size=st.integers(0, 20),
    cut=st.integers(0, 200),
)
def test_a_request_reads_as_it_was_written_however_it_arrives(  # noqa: PLR0913 -- the parts of a request
    *,
    method: str,
    target: str,
    query: str,
    headers: list[tuple[str, str]],
    body: bytes,
    size: int,
    cut: int,
) -> None:
    framing = ("Transfer-Encoding", "chunked") if size else ("Content-Length", "")
    framing = (framing[0], framing[1] or str(len(body)))
    lines = [f"{method} /{target}?{query} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in [*headers, framing]]
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    sent = head + (chunked(body, size) if size else body)
    request, keeps = read(sent[:cut], sent[cut:])
    assert request == Request(method, f"/{target}", query, (*headers, framing), body)
    assert keeps


@given(st.binary(max_size=200))
@example(b"GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n")
@example(b"GET / HTTP/1.1\r\nContent-Length: \xb2\r\n\r\n")
@example(b"\x00\r\n\r\n")
def test_no_bytes_crash_the_parser(sent: bytes) -> None:
    outcome: object
    try:
        outcome = read(sent)
    except (GoneError, NoRequestError) as flaw:
        outcome = flaw
    assert outcome is not None
