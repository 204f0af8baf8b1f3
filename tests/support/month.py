"""A month of a site, played in the lab: what a report has to tell of.

Two collections, one of them with a name that wants to be markup; both families; churn;
an outage, a change that is held and approved, entries by hand, an address let through,
a pause, and a set that fills up.
"""

from random import Random

import pytest

from run.test_drift import edit
from support.outside import COLLECTION, Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.http import Answer, Request
from tq_conn_citrix_waf.store.consents import held_back

HOUR = 3600.0
HOSTILE = '<script>alert("1")</script> & Söhne'
IPV6_LIST = "tq_block_list6"
_LATENCY = 0.005
_CHURN = 6
_ROOM = 900


class SlowSite(Site):
    """A site whose requests take the time they take."""

    def deliver(self, request: Request) -> Answer:
        self.lab.clock.advance(_LATENCY)
        return super().deliver(request)


class Month:
    """A site and its list; ``every``: hours from one run to the next."""

    def __init__(self, site: Site, patch: pytest.MonkeyPatch, every: int) -> None:
        self.site, self._patch, self._every = site, patch, every
        self._random = Random(7)  # noqa: S311  # the same month each time
        self._fresh = (f"198.18.{n // 250}.{n % 250 + 1}" for n in range(1, 50_000))
        self.wanted = [next(self._fresh) for _ in range(700)]
        self.exits: list[int] = []

    def lived(self, days: int) -> "Month":
        """Let so many days pass, each with what happens on it."""
        self._began()
        for day in range(days):
            happens = getattr(self, f"_day_{day}", None)
            if happens is not None:
                happens()
            for _ in range(24 // self._every):
                self._churn()
                self._run()
        self.site.lab.clock.advance(HOUR / 5)
        return self

    def _began(self) -> None:
        site = self.site
        site.configure(self._patch, **{"Data Collection": f"{COLLECTION},{HOSTILE}"})
        row = {"value": "2001:db8:ffff::1", "comment": "<b>by hand</b>"}
        rows = {"type": "ipv6", "bindings": [row]}
        site.control("PUT", f"/appliances/adc1/datasets/{IPV6_LIST}", rows)
        self._key(f'ipv6_block_list = "{IPV6_LIST}"', f"set_limit = {_ROOM}")

    def _key(self, *lines: str) -> None:
        path = self.site.directory / config.FILE_NAME
        text = path.read_text("utf-8")
        head = "[netscaler]\n"
        path.write_text(text.replace(head, "\n".join((head.strip(), *lines, ""))))

    def _churn(self) -> None:
        for _ in range(self._random.randrange(_CHURN)):
            self.wanted.pop(self._random.randrange(len(self.wanted)))
        for _ in range(self._random.randrange(_CHURN + 1)):
            self.wanted.append(next(self._fresh))

    def _run(self) -> None:
        site = self.site
        rows = [_indicator(value) for value in self.wanted]
        rows += [_indicator(f"2001:db8::{n:x}") for n in range(1, 60)]
        rows += [_indicator(value, status="Expired") for value in self.wanted[:40]]
        rows += [_indicator(f"10.1.2.{n}") for n in range(9)]
        rows += [_indicator("203.0.113.07"), _indicator("not an address")]
        path = "/threatq/collections"
        site.control("PUT", f"{path}/{COLLECTION}", {"indicators": rows})
        few = [_indicator(f"198.51.100.{n}") for n in range(20, 60)]
        named = HOSTILE.replace("/", "%2F")
        site.control("PUT", f"{path}/{named}", {"indicators": few})
        site.lab.clock.advance(self._every * HOUR)
        self.exits.append(site.run())

    def _as(self, person: str, *words: str) -> None:
        self._patch.setenv("SUDO_USER", person)
        assert self.site.run(*words) == 0

    def _day_3(self) -> None:
        for value in ("192.0.2.77", "192.0.2.78"):
            edit(self.site, 1, [{"value": value, "comment": "<i>during the fire</i>"}])

    def _day_6(self) -> None:
        fault = {"name": "refuse", "service": "threatq"}
        for wish in (fault, None):
            method = "DELETE" if wish is None else "POST"
            self.site.control(method, "/faults", wish)
            if wish is not None:
                self._run()
                self._run()

    def _day_11(self) -> None:
        self.wanted = self.wanted[150:]
        self._run()
        for number in held_back(self.site.directory):
            why = "feed cleaned up, ticket 4711"
            self._as("alice", "approve", number, "--reason", why)

    def _day_16(self) -> None:
        why = "partner <Müller & Co>, ticket 4720"
        self._as("bob", "allow", self.wanted[100], "--reason", why)

    def _day_19(self) -> None:
        self._as("carol", "pause", "--reason", "maintenance of the appliance")
        self._run()
        self._as("carol", "resume", "--reason", "maintenance is over")

    def _day_24(self) -> None:
        self.wanted += [next(self._fresh) for _ in range(200)]

    def _day_27(self) -> None:
        self.wanted += [next(self._fresh) for _ in range(40)]
        self.site.control("PUT", "/dialect", {"dataset_limit": len(self.wanted) - 100})
        self._run()
        self.site.control("PUT", "/dialect", {"dataset_limit": _ROOM})


def _indicator(value: str, status: str = "Active") -> dict[str, object]:
    kind = "IPv6 Address" if ":" in value else "IP Address"
    return {"type": kind, "value": value, "status": status, "score": 5}
