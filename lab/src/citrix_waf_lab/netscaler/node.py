"""What the appliance says of itself: build, place in a pair, features, addresses."""

from datetime import datetime

from citrix_waf_lab.dialects import Dialect

FEATURES = (
    *("WL", "SP", "LB", "CS", "CR", "SC", "CMP", "PQ", "SSL", "GSLB", "HDOSP", "CF"),
    *("IC", "SSLVPN", "AAA", "OSPF", "RIP", "BGP", "REWRITE", "IPv6PT", "AppFw"),
    *("RESPONDER", "HTMLInjection", "push", "AppFlow", "CloudBridge", "ISIS", "CH"),
    *("AppQoE", "ContentAccelerator", "FEO", "LSN", "RDPProxy", "REP"),
    *("URLFiltering", "VideoOptimization", "ForwardProxy", "SSLInterception"),
    *("AdaptiveTCP", "CQA", "CI", "Bot", "APIGateway"),
)
"""Names of the features in the order of GO resource/config/ns/nsfeature.go."""

FIRST_FEATURES = frozenset({"WL", "LB", "CS", "SSL", "REWRITE", "RESPONDER"})
"""What a lab's appliance starts with; any choice would do (inferred)."""

_BY_NAME = {name.lower(): name for name in FEATURES}


def feature(name: str) -> str | None:
    """Return the appliance's spelling of a feature, its name in any case."""
    return _BY_NAME.get(name.lower())


def moment(instant: datetime) -> str:
    """Write a time as the appliance does, e.g. ``Mon Feb 14 14:29:33 2022``."""
    # This form is recorded for transtime of stat hanode; for nsconfig it is inferred.
    return f"{instant:%a %b} {instant.day:2d} {instant:%H:%M:%S %Y}"


class Node:
    """One appliance's view of itself and of its peer."""

    def __init__(self, name: str, dialect: Dialect) -> None:
        digits = "".join(c for c in name if c.isdigit()) or "0"
        net = int(digits) % 256
        self._dialect = dialect
        # Private addresses, so that no example address is the appliance's own.
        self.address = f"10.254.{net}.1"
        self.peer = f"10.254.{net}.2"
        self.snip = f"10.254.{net}.3"
        # Routed nowhere since RFC 7526, and so in no list of anybody; public all the
        # same, as a virtual server's address is.
        self.vip = f"192.88.99.{net}"

    @property
    def role(self) -> str:
        """``stand-alone``, ``primary`` or ``secondary``."""
        return str(self._dialect["ha_role"])

    @property
    def secondary(self) -> bool:
        """Whether writes here will be lost."""
        return self.role == "secondary"

    def view(self) -> dict[str, str]:
        """Return what the control interface shows."""
        build = str(self._dialect["build"])
        return {"role": self.role, "state": "UP", "build": build}

    def version(self) -> dict[str, str]:
        """Return the members of nsversion; the date is made up."""
        build = self._dialect["build"]
        return {
            "version": f"NetScaler {build}, Date: Oct 30 2023, 12:00:00   (64-bit)",
            "mode": "1",
        }

    def hardware(self) -> dict[str, str]:
        """Return the members of nshardware; the values are those of no real box."""
        # The misspelt cpufrequncy is the appliance's own: GO ns/nshardware.go.
        return {
            "hwdescription": "NetScaler Virtual Appliance",
            "sysid": "450040",
            "manufactureday": "5",
            "manufacturemonth": "1",
            "manufactureyear": "2026",
            "cpufrequncy": "2400",
            "serialno": "LABORATORY",
        }

    def rows(self) -> list[dict[str, str]]:
        """Return the rows of hanode; id 0 is this node."""
        mine = "Secondary" if self.secondary else "Primary"
        rows = [_row("0", self.address, mine)]
        if self.role != "stand-alone":
            theirs = "Primary" if self.secondary else "Secondary"
            rows.append(_row("1", self.peer, theirs))
        return rows

    def statistics(self) -> dict[str, str]:
        """Return the members of the hanode counters."""
        return {
            "hacurstatus": "NO" if self.role == "stand-alone" else "YES",
            "hacurstate": "UP",
            "hacurmasterstate": "Secondary" if self.secondary else "Primary",
            "haerrproptimeout": "0",
            "haerrsyncfailure": "0",
        }

    def addresses(self) -> dict[str, str]:
        """Return ipaddress, primaryip and systemtype of nsconfig."""
        return {
            "ipaddress": self.address,
            "systemtype": "Stand-alone" if self.role == "stand-alone" else "HA",
            "primaryip": self.peer if self.secondary else self.address,
        }


def _row(number: str, address: str, state: str) -> dict[str, str]:
    return {
        "id": number,
        "ipaddress": address,
        "hastatus": "ENABLED",
        "state": state,
        "hasync": "ENABLED",
        "haprop": "ENABLED",
    }
