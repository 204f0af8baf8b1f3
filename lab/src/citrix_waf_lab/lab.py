"""The lab: one ThreatQ and some appliances on one clock, one dialect, one journal.

1. With a seed everything repeats; without, all is random, the clock the machine's.
2. A reset is the state after start; names and credentials stay, the journal goes on.
"""

import random
import secrets
import string
import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from citrix_waf_lab import control, service
from citrix_waf_lab.clock import SEEDED_START, Clock
from citrix_waf_lab.dialects import Dialect, Switch, Value
from citrix_waf_lab.faults import Faults
from citrix_waf_lab.journal import Journal
from citrix_waf_lab.netscaler import api as netscaler_api
from citrix_waf_lab.netscaler import switches as netscaler_switches
from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.service import Frame, Service
from citrix_waf_lab.threatq import api as threatq_api
from citrix_waf_lab.threatq import switches as threatq_switches
from citrix_waf_lab.threatq.state import ThreatQ

if TYPE_CHECKING:
    from collections.abc import Callable

SWITCHES = {
    "frame": service.SWITCHES,
    "netscaler": netscaler_switches.SWITCHES,
    "threatq": threatq_switches.SWITCHES,
}
"""All switches, by the part that obeys them."""

STANDING: dict[str, Value] = {"save_seconds": 0.0, "reboot_seconds": 0.0}
RUNNING: dict[str, Value] = {"save_seconds": 0.5, "reboot_seconds": 1.0}
"""Defaults that depend on whether the clock runs: what lasts needs time to pass."""


@dataclass(frozen=True, slots=True)
class Login:
    """Name and password of somebody."""

    username: str
    password: str


@dataclass(frozen=True, slots=True)
class Credentials:
    """All that a client needs to get in.

    Attributes:
        client_id: ThreatQ's client id of the user flow; no secret.
        user: the user of the integration in ThreatQ.
        private: ThreatQ's client credentials, id and secret.
        appliances: the administrator of each appliance, by the appliance's name.
    """

    client_id: str
    user: Login
    private: Login
    appliances: dict[str, Login]


def _password(rng: random.Random) -> str:
    letters = string.ascii_letters + string.digits
    words = ["".join(rng.choice(letters) for _ in range(6)) for _ in range(3)]
    return "-".join(words)


def _credentials(rng: random.Random, names: list[str]) -> Credentials:
    return Credentials(
        client_id=f"{rng.getrandbits(128):032x}",
        user=Login("connector@threatq.example", _password(rng)),
        private=Login(f"{rng.getrandbits(128):032x}", f"{rng.getrandbits(192):048x}"),
        appliances={name: Login("tq_sync", _password(rng)) for name in names},
    )


def _switches(*, running: bool) -> list[Switch]:
    defaults = RUNNING if running else STANDING
    return [
        replace(switch, default=defaults.get(switch.name, switch.default))
        for part in SWITCHES.values()
        for switch in part
    ]


class Lab:
    """A whole lab, without sockets.

    ``lab.threatq(request)``, ``lab.appliances["adc1"](request)`` and
    ``lab.control(request)`` answer; the states behind stand in ``threatq_state`` and
    ``appliance_states``.

    Args:
        seed: what everything random comes from; None: from the machine.
        appliances: how many; they are called ``adc1``, ``adc2`` and so on.
        running: whether the clock runs on by itself, as it does over sockets.
        scenario: fills the lab at the start and after each reset.
    """

    def __init__(
        self,
        seed: int | None = None,
        appliances: int = 1,
        *,
        running: bool = False,
        scenario: "Callable[[Lab], None] | None" = None,
    ) -> None:
        self.seed = seed
        self.scenario = scenario
        self._root = secrets.token_hex(16) if seed is None else str(seed)
        self._chances: list[tuple[random.Random, object]] = []
        names = [f"adc{i}" for i in range(1, appliances + 1)]
        self.credentials = _credentials(self._chance("credentials"), names)
        self.clock = Clock(self._start(), running=running)
        self.dialect = Dialect(_switches(running=running))
        self.journal = Journal()
        self.faults = Faults(self._chance("faults"))
        self.lock = threading.RLock()
        self._frame = Frame(
            self.clock, self.dialect, self.journal, self.faults, self.lock
        )
        self._build(names)
        self.control = control.answering(self)
        self._fill()

    def reset(self) -> None:
        """Go back to the state after start."""
        with self.lock:
            self.clock.set(self._start())
            self.dialect.reset()
            self.faults.clear()
            for rng, state in self._chances:
                rng.setstate(state)  # type: ignore[arg-type] # as getstate gave it
            self.threatq_state.reset()
            for state in self.appliance_states.values():
                state.reset()
            for one in self.services():
                one.come_back()
            self._fill()

    def services(self) -> list[Service]:
        """Return all emulators, ThreatQ first."""
        return [self.threatq, *self.appliances.values()]

    def _build(self, names: list[str]) -> None:
        secret = self.credentials
        self.threatq_state = ThreatQ(
            clock=self.clock,
            dialect=self.dialect,
            rng=self._chance("threatq"),
            client_id=secret.client_id,
            username=secret.user.username,
            password=secret.user.password,
            private_id=secret.private.username,
            private_secret=secret.private.password,
        )
        self.threatq = Service(
            "threatq",
            None,
            threatq_api.answering(self.threatq_state),
            self._frame,
            strike=self.threatq_state.strike,
            box=None,
        )
        self.appliance_states = {name: self._appliance(name) for name in names}
        self.appliances = {
            name: Service(
                "netscaler",
                name,
                netscaler_api.answering(box),
                self._frame,
                strike=box.strike,
                box=box,
            )
            for name, box in self.appliance_states.items()
        }

    def _appliance(self, name: str) -> Appliance:
        login = self.credentials.appliances[name]
        return Appliance(
            name,
            clock=self.clock,
            dialect=self.dialect,
            rng=self._chance(name),
            username=login.username,
            password=login.password,
        )

    def _chance(self, part: str) -> random.Random:
        rng = random.Random(f"{self._root}/{part}")  # noqa: S311 -- must repeat
        self._chances.append((rng, rng.getstate()))
        return rng

    def _start(self) -> datetime:
        return datetime.now(UTC) if self.seed is None else SEEDED_START

    def _fill(self) -> None:
        if self.scenario is not None:
            self.scenario(self)
