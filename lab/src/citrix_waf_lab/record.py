"""A proxy that writes what passes through it into an exchange file, without secrets.

It listens on 127.0.0.1 and speaks to one upstream. ``Date`` becomes the exchange's
``at``, so that a replay lives at the same instants.
"""

import base64
import json
import re
import threading
from datetime import UTC
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from citrix_waf_lab.asking import NO_ANSWER, Heard, ask, connect
from citrix_waf_lab.effects import NOTHING
from citrix_waf_lab.scrub import Scrubber
from citrix_waf_lab.wire import Answer, Request

_HOP = {
    "connection",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
}
"""Headers that belong to one connection (RFC 9110, 7.6.1), not to the exchange."""

_OWN = {"host", "content-length", "accept-encoding", "expect"}
"""Headers of a request that the proxy writes itself, or that would change the bytes."""


class Recorder:
    """Answers by asking upstream, and writes each exchange down.

    Args:
        upstream: URL of the real thing, without a path.
        file: where to write; what is there is replaced.
        service: ``threatq`` or an appliance's name: what a replay will ask.
        seed: of the lab that a replay will use.
        ca_file: whom to trust with https; None: the system's.
    """

    def __init__(
        self,
        upstream: str,
        file: Path,
        *,
        service: str,
        seed: int,
        ca_file: Path | None = None,
    ) -> None:
        self._link = connect(upstream, ca_file)
        self._out = file.open("w", encoding="utf-8")
        self._service = service
        self._scrubber = Scrubber(service)
        self._lock = threading.Lock()
        self._count = 0
        number = re.search(r"\d+$", service)
        head = {
            "format": 1,
            "about": "Recorded; secrets are stripped.",
            "seed": seed,
            "appliances": int(number[0]) if number else 1,
        }
        self._write(head)

    def __call__(self, request: Request) -> Answer:
        """Ask upstream and pass its answer on."""
        headers = tuple(
            (k, v) for k, v in request.headers if k.lower() not in _HOP | _OWN
        )
        sent = Request(
            request.method, request.path, request.query, headers, request.body
        )
        with self._lock:
            heard = ask(self._link, sent)
            self._write(self._line(sent, heard))
        if heard.status == NO_ANSWER:
            return NOTHING
        status, _, reason = heard.status.partition(" ")
        passed = tuple((k, v) for k, v in heard.headers if k.lower() not in _DROPPED)
        return Answer(int(status), reason, passed, heard.body)

    def close(self) -> None:
        """Close the file and the connection upstream."""
        self._link.close()
        self._out.close()

    def _write(self, line: dict[str, Any]) -> None:
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()

    def _line(self, request: Request, heard: Heard) -> dict[str, Any]:
        self._count += 1
        line: dict[str, Any] = {
            "name": f"recorded-{self._count}",
            "mark": "recorded",
            "service": self._service,
        }
        status = 0 if heard.status == NO_ANSWER else int(heard.status.split(" ")[0])
        self._scrubber.learn(request, status)
        binders = self._scrubber.bind(list(heard.headers), heard.body)
        clean = self._scrubber.clean
        if date := heard.values("Date"):
            instant = parsedate_to_datetime(date[0]).astimezone(UTC)
            line["at"] = instant.isoformat()
        target = request.path + (f"?{request.query}" if request.query else "")
        headers = {name: clean(value) for name, value in request.headers}
        line["request"] = {
            "method": request.method,
            "target": clean(target),
            "headers": headers,
            **(_body(clean(_text(request.body)), request.body) if request.body else {}),
        }
        body = _body(clean(_text(heard.body)), heard.body)
        expect: dict[str, Any] = {
            "status": heard.status,
            "headers": _headers([(k, clean(v)) for k, v in heard.headers]),
            **body,
        }
        line["expect"] = _binding(expect, binders)
        return line


_DROPPED = _HOP | {"content-length"}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return ""


def _body(clean: str, body: bytes) -> dict[str, str]:
    """Return the body as text, or in base64 where text would not give the bytes."""
    if (body and not clean) or b"<<" in body:
        return {"base64": base64.b64encode(body).decode()}
    return {"body": clean}


def _headers(headers: list[tuple[str, str]]) -> dict[str, str | list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in headers:
        if name.lower() not in _HOP | {"date"}:
            found.setdefault(name, []).append(value)
    return {k: v[0] if len(v) == 1 else v for k, v in found.items()}


def _binding(expect: dict[str, Any], binders: dict[str, str]) -> dict[str, Any]:
    """Let the first use of each new secret bind it: in the body, else in a header."""
    for use, binder in binders.items():
        if use in expect.get("body", ""):
            expect["body"] = expect["body"].replace(use, binder, 1)
            continue
        for name, value in expect["headers"].items():
            values = [value] if isinstance(value, str) else value
            if any(use in one for one in values):
                new = [one.replace(use, binder, 1) for one in values]
                expect["headers"][name] = new[0] if isinstance(value, str) else new
                break
    return expect
