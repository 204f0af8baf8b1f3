"""A lab on sockets: one port for ThreatQ, one for each appliance, one for control.

All on 127.0.0.1; control is plain HTTP without credentials.
"""

import os
import ssl
import tempfile
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import msgspec
import trustme

from citrix_waf_lab.carrier import HOST, Carrier
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.service import Service


class Serving:
    """Serves a lab until it is stopped; also a context manager.

    Args:
        lab: the lab; its clock should run.
        tls: whether ThreatQ and the appliances speak TLS, by a CA of this start.
        port: the port of control; ThreatQ and the appliances have the following ones.
            0: any free ports.
    """

    def __init__(self, lab: Lab, *, tls: bool = False, port: int = 0) -> None:
        self.lab = lab
        self._folder = tempfile.TemporaryDirectory(prefix="citrix-waf-lab-")
        self.ca_file: Path | None = None
        context = None
        if tls:
            context, self.ca_file = certify(Path(self._folder.name))
        self._carriers: list[Carrier] = []
        ports = [port + i if port else 0 for i in range(2 + len(lab.appliances))]
        try:
            self._control = Carrier(lab.control, lab.clock, port=ports[0])
            self._carriers.append(self._control)
            for service, one in zip(lab.services(), ports[1:], strict=True):
                self._carry(service, one, context)
        except (OSError, OverflowError):
            self.stop()
            raise

    def card(self) -> dict[str, Any]:
        """Return what the ready file says: addresses, credentials, prompts."""
        secret = self.lab.credentials
        _, threatq, *appliances = self._carriers
        host = f"{HOST}:{threatq.port}" if self.ca_file else threatq.url
        user = secret.user
        return {
            "threatq": {
                "url": threatq.url,
                "client_id": secret.client_id,
                "username": user.username,
                "password": user.password,
                "private": {
                    "client_id": secret.private.username,
                    "client_secret": secret.private.password,
                },
            },
            "appliances": [
                {
                    "name": name,
                    "url": carrier.url,
                    "username": secret.appliances[name].username,
                    "password": secret.appliances[name].password,
                }
                for name, carrier in zip(self.lab.appliances, appliances, strict=True)
            ],
            "control": self._control.url,
            "ca_file": None if self.ca_file is None else str(self.ca_file),
            "prompts": [
                host,
                secret.client_id,
                user.username,
                user.password,
                "Review",
            ],
        }

    def stop(self) -> None:
        """End all connections and forget the CA."""
        for carrier in self._carriers:
            carrier.stop()
        for service in self.lab.services():
            service.carriers.clear()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _carry(
        self, service: Service, port: int, context: ssl.SSLContext | None
    ) -> None:
        carrier = Carrier(
            service, self.lab.clock, port=port, tls=context, closed=service.closed
        )
        self._carriers.append(carrier)
        service.carriers.append(carrier)


def certify(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Make a CA and a certificate for loopback; return it and the CA's file."""
    authority = trustme.CA(organization_name="citrix-waf-lab")
    certificate = authority.issue_cert(HOST, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    return context, ca_file


def write_card(file: Path, card: dict[str, Any]) -> None:
    """Write a ready file: whole or not at all, for this user only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(as_text(card).encode())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink()
        raise


def as_text(card: dict[str, Any]) -> str:
    """Return a card as the ready file and standard output show it."""
    return msgspec.json.format(msgspec.json.encode(card), indent=2).decode() + "\n"


def last_card() -> Path:
    """Where the card of this user's last ``up`` is kept."""
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "citrix-waf-lab" / "last.json"


def scenarios() -> dict[str, Callable[[Lab], None]]:
    """Return the scenarios there are, by name; each fills a lab."""
    if find_spec("citrix_waf_lab.scenarios") is None:
        return {}
    found = import_module("citrix_waf_lab.scenarios").SCENARIOS
    return dict(found)
