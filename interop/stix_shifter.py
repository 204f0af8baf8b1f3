"""stix-shifter: IBM's and OCA's search over many products, with its ThreatQ module.

It finds the client id in the page's script, signs in as a user, searches, and reads
details and five kinds of relations of what it found. It speaks HTTPS only.
"""

import json
import re
from collections.abc import Iterator

from interop.commands import Client, Command, Words, driven
from interop.environments import Environment, Needs
from interop.laboratory import Lab
from interop.steps import Seen, Step

_COLLECTION = "/threatq/collections/Block%20at%20edge"
_MD5 = "900150983cd24fb0d6963f7d28e17f72"
_SHA256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
_INDICATORS = [
    {
        "type": "IP Address",
        "value": "192.0.2.7",
        "status": "Active",
        "score": 8,
        "id": 7001,
        "attributes": [{"id": 1, "name": "Scan Link", "value": "https://x.example/1"}],
        "malware": [{"id": 71, "value": "Example worm"}],
        "campaign": [{"id": 72, "value": "Example campaign"}],
    },
    {"type": "URL", "value": "c2.example/get", "score": 5, "id": 7002},
    {"type": "FQDN", "value": "c2.example", "score": 5, "id": 7003},
    {"type": "SHA-256", "value": _SHA256, "score": 5, "id": 7004},
]
_FILLED = ("PUT", _COLLECTION, {"indicators": _INDICATORS})
_EXPIRED = (
    "PUT",
    _COLLECTION,
    {"indicators": [{**_INDICATORS[0], "status": "Expired"}]},
)

# This client puts a slash before each path that has one already.
_SIGNS_IN = ("GET /assets/js/config.js 200", "POST //api/token 200")
_REFUSED = (_SIGNS_IN[0], "POST //api/token 400")
_SEARCHES = (*_SIGNS_IN, "POST //api/indicators/query 200")
_RELATIONS = ("malware", "attack_pattern", "campaign", "ttp", "tool")


def _finds(number: int) -> tuple[str, ...]:
    one = f"GET //api/indicators/{number}"
    return (*_SEARCHES, f"{one}/details 200", *(f"{one}/{r} 200" for r in _RELATIONS))


def _row(number: int, kind: str, status: str) -> dict[str, object]:
    return {
        "id": number,
        "type": {"name": kind},
        "status": {"name": status, "description": re.compile(".")},
    }


def _search(title: str, value: str, kind: str, number: int, name: str) -> Step[Command]:
    """Search for a value that is there."""
    words = ("results", json.dumps({"data": value, "dataType": kind}), "0", "5")
    found = {"total": 1, "code": 200, "report": [_row(number, name, "Active")]}
    hears = {"exit": 0, "json": {"success": True, "data": [found]}}
    return Step(title, Command(words), hears, _finds(number))


_DETAILS = {
    **_row(7001, "IP Address", "Active"),
    "value": "192.0.2.7",
    "score": 8,
    "hash": re.compile("^[0-9a-f]{32}$"),
    "created_at": re.compile(r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$"),
    "enrich_info": {"attributes": [{"name": "Scan Link", "sources": [{}]}]},
    "relationships": {
        "malware": [{"id": 71, "value": "Example worm"}],
        "campaign": [{"id": 72}],
        "attack_pattern": [],
        "ttp": [],
        "tool": [],
    },
}
_TOLD = [
    {"attribute_name": "ThreatQ ID", "attribute_value": 7001},
    {"attribute_name": "ThreatQ Status", "attribute_value": "Active"},
    {"attribute_name": "ThreatQ Status id"},
    {"attribute_name": "ThreatQ Status Description"},
    {"attribute_name": "ThreatQ Sources"},
    {
        "attribute_name": "Scan Link",
        "attribute_value": "https://x.example/1",
        "attribute_source": re.compile("."),
        "attribute_updated_at": re.compile(r"^\d{4}-\d\d-\d\d "),
    },
    {"attribute_name": "Related Malwares", "attribute_value": "Example worm"},
    {
        "attribute_name": "Related Attack Campaigns",
        "attribute_value": "Example campaign",
    },
]
_NO_ACCESS = ("PUT", "/dialect", {"bad_login_status": 401})
_LINK = {"source_name": "ThreatQ_Connector", "url": "https://x.example/1"}
_IP = ("results", json.dumps({"data": "192.0.2.7", "dataType": "ip"}), "0", "5")
_ABSENT = ("results", json.dumps({"data": "192.0.2.8", "dataType": "ip"}), "0", "5")

STEPS: tuple[Step[Command], ...] = (
    Step(
        "signs in",
        Command(("ping",), (_FILLED,)),
        {"exit": 0, "json": {"success": True, "code": 200}},
        _SIGNS_IN,
    ),
    Step(
        "finds an address; reads its details and relations",
        Command(_IP),
        {
            "json": {
                "success": True,
                "data": [{"report": [_DETAILS], "external_reference": _LINK}],
            }
        },
        _finds(7001),
    ),
    Step(
        "finds nothing for an address that is not there",
        Command(_ABSENT),
        {"json": {"success": True, "data": [{"total": 0, "report": []}]}},
        _SEARCHES,
    ),
    _search(
        "finds a URL, stored without scheme",
        "https://c2.example/get/",
        "url",
        7002,
        "URL",
    ),
    _search("finds a domain", "c2.example", "domain", 7003, "FQDN"),
    _search("finds a SHA-256", _SHA256, "hash", 7004, "SHA-256"),
    Step(
        "makes a STIX indicator of an address",
        Command(("execute", "[ipv4-addr:value = '192.0.2.7']")),
        {
            "exit": 0,
            "json": {
                "type": "bundle",
                "objects": [
                    {"type": "identity"},
                    {"type": "extension-definition"},
                    {
                        "type": "indicator",
                        "pattern": "[ipv4-addr:value='192.0.2.7']",
                        "description": re.compile("Score: 8"),
                        "indicator_types": ["malicious-activity"],
                        "external_references": [_LINK],
                        "threat_attributes": _TOLD,
                    },
                ],
            },
        },
        _finds(7001),
    ),
    Step(
        "sees that the address has expired",
        Command(_IP, (_EXPIRED,)),
        {"json": {"data": [{"report": [_row(7001, "IP Address", "Expired")]}]}},
        _finds(7001),
    ),
    Step(
        "is refused with a wrong password",
        Command(("ping",), wrong=True),
        {"json": {"success": False, "code": "invalid_query"}},
        _REFUSED,
    ),
    Step(
        "takes 401 for a wrong password",
        Command(("ping",), (_NO_ACCESS,), wrong=True),
        {"json": {"success": False, "code": "authentication_fail"}},
        (_SIGNS_IN[0], "POST //api/token 401"),
    ),
)

_SOURCE = {
    "type": "identity",
    "id": "identity--3532c56d-ea72-48be-a2ad-1a53f4c9c6d3",
    "name": "ThreatQ",
    "identity_class": "events",
}
_NAMESPACE = "9d4bedaf-d351-4f50-930f-f8eb121e5bae"


def _drive(lab: Lab, place: Environment) -> Iterator[Seen]:
    threatq = lab.card["threatq"]
    host = threatq["url"].removeprefix("https://")
    connection = json.dumps({"host": host, "namespace": _NAMESPACE})
    program = place.program("stix-shifter")

    def argv(command: Command) -> Words:
        password = "wrong" if command.wrong else threatq["password"]
        login = {"username": threatq["username"], "password": password}
        secret = json.dumps({"auth": {"hostname": host, **login}})
        first, *rest = command.words
        if first == "execute":
            source = ("threat_q", "threat_q", json.dumps(_SOURCE))
            return (program, "execute", *source, connection, secret, *rest)
        return (program, "transmit", "threat_q", connection, secret, first, *rest)

    return driven(lab, STEPS, argv)


STIX_SHIFTER = Client(
    "stix_shifter",
    "stix-shifter 5.3.1 with its module threat_q (PyPI)",
    Needs("stix_shifter"),
    STEPS,
    _drive,
)
