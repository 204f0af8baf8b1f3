"""A lab for one client: a process of its own, with TLS, that ends when it is left."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from interop.steps import Seen, asked, held

_LAB = Path(sys.executable).parent / "citrix-waf-lab"
_PATIENCE = 30
"""Seconds for one call of the control interface; it answers in milliseconds."""


class NoLabError(Exception):
    """The lab did not start; the text says what it said."""


@dataclass(slots=True)
class Lab:
    """A running lab.

    Attributes:
        card: what it printed when it was up.
        home: a folder that clients may take for their home; gone with the lab.
    """

    card: dict[str, Any]
    home: Path
    _mark: int = field(default=0, init=False)

    @property
    def appliance(self) -> dict[str, str]:
        """Name, url, username and password of the one appliance."""
        first: dict[str, str] = self.card["appliances"][0]
        return first

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  # JSON
        """Call the control interface."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(  # noqa: S310  # the lab's own loopback URL
            self.card["control"] + path, data, method=method
        )
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request, timeout=_PATIENCE) as answer:
            return json.loads(answer.read())

    def seen(self, heard: object) -> Seen:
        """Look at what came of a step since the one before."""
        journal = self.control("GET", f"/requests?since={self._mark}")
        self._mark = journal["next"]
        appliance = self.control("GET", f"/appliances/{self.appliance['name']}")
        return seen_from(heard, journal["requests"], appliance)

    def environment(self) -> dict[str, str]:
        """Return the environment of a client: this one, without a way out of the host.

        It trusts the lab's authority, has no proxy, and no settings of its kind.
        """
        foreign = ("PYTHON", "ANSIBLE_", "NETSCALER_", "STIXSHIFTER_")
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(foreign) and not name.lower().endswith("_proxy")
        }
        return {
            **kept,
            "HOME": str(self.home),
            "LC_ALL": "C.UTF-8",
            "SSL_CERT_FILE": self.card["ca_file"],
        }


def seen_from(
    heard: object, requests: list[dict[str, Any]], appliance: dict[str, Any]
) -> Seen:
    """Put together what a client heard and what the control interface answered."""
    return Seen(
        heard,
        tuple(asked(request) for request in requests),
        held(appliance["datasets"]),
        held(appliance["saved"]),
        appliance["sessions"],
    )


@contextmanager
def running() -> Iterator[Lab]:
    """Start a lab with one appliance, TLS and seed 1; it is stopped when left.

    Raises:
        NoLabError: it did not start.
    """
    with tempfile.TemporaryDirectory(prefix="interop-") as place:
        ready = Path(place) / "ready.json"
        command = [str(_LAB), "up", "--tls", "--seed", "1", "--ready-file", str(ready)]
        # Its card must not become that of the last lab that a person started.
        state = {**os.environ, "XDG_STATE_HOME": place}
        with (Path(place) / "log").open("wb") as log:
            process = subprocess.Popen(  # noqa: S603  # our own program
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=state
            )
        try:
            _await(process, ready)
            home = Path(place) / "home"
            home.mkdir()
            yield Lab(json.loads(ready.read_text("utf-8")), home)
        finally:
            process.terminate()
            process.wait(_PATIENCE)


def _await(process: subprocess.Popen[bytes], ready: Path) -> None:
    """Wait for the ready file; NoLabError if the lab ends or takes too long."""
    end = time.monotonic() + _PATIENCE
    while not ready.exists():
        if process.poll() is not None or time.monotonic() > end:
            said = (ready.parent / "log").read_text("utf-8")
            raise NoLabError(f"the lab did not start: {said.strip() or 'no word'}")
        time.sleep(0.05)
