"""Asking a service as a client does, in process or over a socket.

Nothing is added to a request but ``Host`` and ``Content-Length``, nothing hidden of the
answer: the exact reason phrase, every header, in order.
"""

import http.client
import ssl
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.wire import Answer, Request

NO_ANSWER = "no answer"

_PATIENCE = 300
"""Seconds; the vendor's own client waits as long for an answer."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer as a client hears it; status ``no answer`` if there was none."""

    status: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""

    def values(self, name: str) -> list[str]:
        """Return all values of a header, in order."""
        return [v for k, v in self.headers if k.lower() == name.lower()]


Asking = Callable[[str, Request], Heard]


def in_process(lab: Lab) -> Asking:
    """Return how to ask the services of a lab without a socket."""
    services: dict[str, Callable[[Request], Answer]]
    services = {"threatq": lab.threatq, "control": lab.control, **lab.appliances}

    def asking(service: str, request: Request) -> Heard:
        answer = services[service](request)
        way = answer.delivery
        if way.refuse or way.never or way.cut_after is not None:
            return Heard(NO_ANSWER)
        headers = answer.headers
        if answer.header("Content-Length") is None:
            headers = (*headers, ("Content-Length", str(len(answer.body))))
        body = b"" if request.method == "HEAD" else answer.body
        return Heard(f"{answer.status} {answer.reason}", headers, body)

    return asking


def over_sockets(card: dict[str, Any], stack: ExitStack) -> Asking:
    """Return how to ask the services on a ready file's card; ``stack`` closes them."""
    urls = {one["name"]: one["url"] for one in card["appliances"]}
    urls |= {"threatq": card["threatq"]["url"], "control": card["control"]}
    ca_file = None if card["ca_file"] is None else Path(card["ca_file"])
    links = {service: connect(url, ca_file) for service, url in urls.items()}
    for link in links.values():
        stack.callback(link.close)

    def asking(service: str, request: Request) -> Heard:
        return ask(links[service], request)

    return asking


def connect(url: str, ca_file: Path | None = None) -> http.client.HTTPConnection:
    """Return a connection, not yet open; it is opened again after each failure.

    Raises:
        ValueError: no http or https URL.
    """
    place = urlsplit(url)
    if place.hostname is None or place.scheme not in {"http", "https"}:
        raise ValueError(f"{url!r} is no http:// or https:// URL")
    if place.scheme == "http":
        return http.client.HTTPConnection(place.hostname, place.port, timeout=_PATIENCE)
    trust = ssl.create_default_context(cafile=ca_file)
    return http.client.HTTPSConnection(
        place.hostname, place.port, timeout=_PATIENCE, context=trust
    )


def ask(link: http.client.HTTPConnection, request: Request) -> Heard:
    """Send a request as it is, with no header but Host and Content-Length added."""
    target = f"{request.path}?{request.query}" if request.query else request.path
    try:
        link.putrequest(request.method, target, skip_accept_encoding=True)
        for name, value in request.headers:
            link.putheader(name, value)
        if request.body or request.method in {"POST", "PUT"}:
            link.putheader("Content-Length", str(len(request.body)))
        link.endheaders(request.body)
        answer = link.getresponse()
        body = answer.read()
    except (OSError, http.client.HTTPException):
        link.close()
        return Heard(NO_ANSWER)
    return Heard(f"{answer.status} {answer.reason}", tuple(answer.getheaders()), body)
