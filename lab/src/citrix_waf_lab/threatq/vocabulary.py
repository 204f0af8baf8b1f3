"""The names an instance knows: indicator types, statuses, event types.

Names are stock, ids are not: they differ from one instance to the next, so they are
drawn from the lab's seed. Type names are those that the Splunk SOAR app lists "taken
from /api/objects"; status names, descriptions and stock ids are those of ThreatQ's help
centre.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

HOST_TYPES = (
    "Binary String",
    "CVE",
    "Email Attachment",
    "Email Subject",
    "File Mapping",
    "File Path",
    "Filename",
    "Fuzzy Hash",
    "GOST Hash",
    "Hash ION",
    "MD5",
    "Mutex",
    "Password",
    "Registry Key",
    "Service Name",
    "SHA-1",
    "SHA-256",
    "SHA-384",
    "SHA-512",
    "String",
    "Username",
    "x509 Serial",
    "x509 Subject",
)
NETWORK_TYPES = (
    "ASN",
    "CIDR Block",
    "Email Address",
    "FQDN",
    "IP Address",
    "IPv6 Address",
    "MAC Address",
    "URL",
    "URL Path",
    "User-agent",
    "X-Mailer",
)
STATUSES = (
    ("Active", "Poses a threat and is being exported to detection tools."),
    ("Expired", "No longer poses a serious threat."),
    ("Indirect", "Associated to an active threat."),
    ("Review", "Requires further analysis."),
    ("Whitelisted", "Poses NO risk and should never be deployed."),
)
EVENT_TYPES = ("Incident", "Malware", "Sighting", "Spearphish")
OTHER_OBJECTS = (
    ("adversaries", "Adversary", "Adversaries"),
    ("attachments", "File", "Files"),
    ("attack_pattern", "Attack Pattern", "Attack Patterns"),
    ("campaign", "Campaign", "Campaigns"),
    ("events", "Event", "Events"),
    ("malware", "Malware", "Malware"),
    ("signatures", "Signature", "Signatures"),
    ("tasks", "Task", "Tasks"),
    ("tool", "Tool", "Tools"),
    ("ttp", "TTP", "TTPs"),
)
"""Kinds of objects beside indicators: those whose relations stix-shifter reads."""

CATEGORIES = ("Commercial", "Labs", "OSINT", "STIX/TAXII")
"""Categories of connectors; only "Labs" is known from a guide, the rest inferred."""


@dataclass(frozen=True, slots=True)
class Term:
    """One name with the ids it goes by.

    Attributes:
        own_id: its id on this instance.
        stock_id: its id where nobody changed it (statuses: 1 to 5, as documented).
        name: what people call it.
        about: a type's class (``network`` or ``host``), a status's description.
    """

    own_id: int
    stock_id: int
    name: str
    about: str


class Terms:
    """The terms of one kind, by name; a name not yet known may be added."""

    def __init__(self, terms: list[Term]) -> None:
        self.by_name = {t.name: t for t in terms}

    def add(self, name: str, about: str) -> Term:
        """Return the term of a name, made with the next free id if it is new."""
        known = self.by_name.get(name)
        if known is not None:
            return known
        highest = max(max(t.own_id, t.stock_id) for t in self.by_name.values())
        self.by_name[name] = Term(highest + 1, highest + 1, name, about)
        return self.by_name[name]

    def name_of(self, number: int, *, stock: bool = False) -> str | None:
        """Return the name that goes by an id, or None."""
        for term in self.by_name.values():
            if number == (term.stock_id if stock else term.own_id):
                return term.name
        return None

    def __iter__(self) -> Iterator[Term]:
        return iter(sorted(self.by_name.values(), key=lambda t: t.own_id))


class Vocabulary:
    """All the names of one instance.

    Args:
        rng: where the ids come from.
    """

    def __init__(self, rng: random.Random) -> None:
        classes = dict.fromkeys(HOST_TYPES, "host")
        classes.update(dict.fromkeys(NETWORK_TYPES, "network"))
        names = sorted(classes, key=str.lower)
        ids = sorted(rng.sample(range(1, 61), len(names)))
        self.types = Terms(
            [
                Term(own, stock, name, classes[name])
                for stock, (own, name) in enumerate(zip(ids, names, strict=True), 1)
            ]
        )
        status_ids = rng.sample(range(1, 31), len(STATUSES))
        self.statuses = Terms(
            [
                Term(own, stock, name, about)
                for stock, (own, (name, about)) in enumerate(
                    zip(status_ids, STATUSES, strict=True), 1
                )
            ]
        )
        event_ids = rng.sample(range(1, 31), len(EVENT_TYPES))
        self.event_types = {
            name: number for number, name in zip(event_ids, EVENT_TYPES, strict=True)
        }
        category_ids = rng.sample(range(1, 21), len(CATEGORIES))
        self.categories = {
            name: number for number, name in zip(category_ids, CATEGORIES, strict=True)
        }
