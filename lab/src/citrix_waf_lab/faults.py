"""The faults in force: which requests they hit, and how often they have.

1. ``after`` and ``times`` count matching requests; a spent fault stays listed.
2. Several faults on one request stand around each other, the oldest innermost.
3. Callers hold the lab's lock.
"""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from citrix_waf_lab.catalogue import FAULTS
from citrix_waf_lab.kinds import Fault
from citrix_waf_lab.wire import Request

_KEYS = {"name", "service", "match", "after", "times", "params"}
_MATCH = {"method", "path", "appliance"}


@dataclass(slots=True)
class Active:
    """One fault in force.

    Attributes:
        id: its number, as text.
        fault: the entry of the catalogue.
        service: the emulator it is for; None for every one it exists for.
        match: what else must agree: ``method``, ``path`` (a regular expression,
            searched), ``appliance``.
        after: how many matching requests pass first.
        times: how often it fires; None: always.
        params: all its parameters.
        seen: how many requests matched.
        hits: how often it fired.
        error: what went wrong when it last fired; None if nothing did.
    """

    id: str
    fault: Fault
    service: str | None
    match: Mapping[str, str]
    after: int
    times: int | None
    params: Mapping[str, object]
    seen: int = 0
    hits: int = 0
    error: str | None = None
    pattern: re.Pattern[str] = field(default=re.compile(""), init=False)

    def __post_init__(self) -> None:
        self.pattern = re.compile(self.match.get("path", ""))

    @property
    def spent(self) -> bool:
        """Whether it has fired as often as it may."""
        return self.times is not None and self.hits >= self.times

    @property
    def closes(self) -> bool:
        """Whether it stands for a service where nobody listens at all."""
        whole = not {"method", "path"} & set(self.match)
        always = self.after == 0 and self.times is None
        return self.fault.name == "refuse" and whole and always

    def aims_at(self, service: str, appliance: str | None) -> bool:
        """Whether it is for this emulator."""
        return (
            self.service in (None, service)
            and service in self.fault.services
            and self.match.get("appliance") in (None, appliance)
        )

    def strikes(self, request: Request) -> bool:
        """Count a request, and tell whether the fault fires on it."""
        method = self.match.get("method")
        if method is not None and method.upper() != request.method:
            return False
        if not self.pattern.search(request.path):
            return False
        self.seen += 1
        if self.seen <= self.after or self.spent:
            return False
        self.hits += 1
        return True

    def shown(self) -> dict[str, object]:
        """Return it as the control interface shows it."""
        return {
            "id": self.id,
            "name": self.fault.name,
            "service": self.service,
            "match": dict(self.match),
            "after": self.after,
            "times": self.times,
            "params": dict(self.params),
            "hits": self.hits,
            "error": self.error,
        }


def _number(wish: Mapping[str, object], key: str, least: int) -> int | None:
    value = wish.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise ValueError(f"{key} must be a whole number from {least}, not {value!r}")
    return value


def _match(wish: Mapping[str, object]) -> dict[str, str]:
    match = {} if wish.get("match") is None else wish["match"]
    if not isinstance(match, dict) or set(match) - _MATCH:
        raise ValueError(f"match is an object of {', '.join(sorted(_MATCH))}")
    told = {k: v for k, v in match.items() if v is not None}
    for key, value in told.items():
        if not isinstance(value, str):
            raise ValueError(f"match.{key} must be a text, not {value!r}")  # noqa: TRY004 -- one error class for all wishes
    try:
        re.compile(told.get("path", ""))
    except re.error as flaw:
        raise ValueError(f"match.path is no regular expression: {flaw}") from flaw
    return told


class Faults:
    """The book of faults in force.

    Args:
        rng: where chance comes from.
    """

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.active: dict[str, Active] = {}
        self._last = 0

    def add(self, wish: Mapping[str, object]) -> str:
        """Put a fault in force, as POST /faults describes it; return its id.

        Raises:
            ValueError: the wish makes no sense; the text says what would.
        """
        if set(wish) - _KEYS:
            raise ValueError(f"a fault has the keys {', '.join(sorted(_KEYS))}")
        fault = FAULTS.get(str(wish.get("name")))
        if fault is None:
            there = ", ".join(FAULTS)
            raise ValueError(f"no fault {wish.get('name')!r}; there are: {there}")
        service = wish.get("service")
        if service is not None and service not in fault.services:
            right = ", ".join(fault.services)
            raise ValueError(f"{fault.name} is not for {service!r}, but for: {right}")
        params = {} if wish.get("params") is None else wish["params"]
        if not isinstance(params, dict):
            raise ValueError("params is an object")  # noqa: TRY004 -- as in _match
        complete = fault.complete(params)
        after, times = _number(wish, "after", 0), _number(wish, "times", 1)
        self._last += 1
        new = Active(
            str(self._last),
            fault,
            None if service is None else str(service),
            _match(wish),
            after or 0,
            times,
            complete,
        )
        self.active[new.id] = new
        return new.id

    def delete(self, fault: str) -> None:
        """Take one fault out of force.

        Raises:
            KeyError: no such fault.
        """
        del self.active[fault]

    def clear(self) -> None:
        """Take all faults out of force."""
        self.active.clear()

    def hitting(
        self, service: str, appliance: str | None, request: Request
    ) -> list[Active]:
        """Count a request on all faults; return those that fire on it."""
        if not self.active:
            return []
        return [
            fault
            for fault in self.active.values()
            if fault.aims_at(service, appliance) and fault.strikes(request)
        ]

    def closed(self, service: str, appliance: str | None) -> bool:
        """Whether a fault lets nobody listen for this emulator; needs no lock."""
        return any(
            fault.closes and fault.aims_at(service, appliance)
            for fault in tuple(self.active.values())
        )


def catalogue() -> dict[str, object]:
    """Return the catalogue as GET /faults shows it."""
    return {
        fault.name: {
            "about": fault.about,
            "source": fault.source,
            "services": list(fault.services),
            "params": {
                p.name: {"default": p.default, "about": p.about} for p in fault.params
            },
        }
        for fault in FAULTS.values()
    }
