"""Five questions that an analyst asks, and what the lab itself knows of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

from citrix_waf_lab.demo.verdict import Row, span
from citrix_waf_lab.scenarios import edge
from citrix_waf_lab.scenarios.edge import Fate, Member


@dataclass(frozen=True, slots=True)
class Question:
    """One question: about which address, and why somebody asks."""

    address: str
    why: str

    def blocked(self, bindings: Sequence[Row]) -> bool:
        """Whether any entry of the data sets covers the address."""
        number, wide = int(ip_address(self.address)), ":" in self.address
        spans = [span(row) for row in bindings if (":" in row["value"]) == wide]
        return any(first <= number <= last for first, last in spans)

    def answered(self, heard: str, bindings: Sequence[Row]) -> bool:
        """Whether what was said of the address is what the lab knows of it."""
        said = re.search(rf"(?im)^{re.escape(self.address)} is (not )?blocked", heard)
        return said is not None and (not said[1]) == self.blocked(bindings)


def questions(members: Sequence[Member]) -> list[Question]:
    """Return questions that have five different answers."""
    network = next(m.value for m in edge.networks() if "/" in m.value)
    cleared = next(m.value for m in members if m.fate is Fate.WHITELISTED)
    return [
        Question(str(ip_network(network)[7]), "it lies in a network that is wanted"),
        Question(edge.COVERED[1], "a person had blocked it before"),
        Question("10.20.30.40", "somebody reported it, and it is private"),
        Question(cleared, "a customer complains; an analyst has cleared it since"),
        Question("192.0.2.200", "nobody knows it"),
    ]
