"""check_netscaler: a plug-in for Nagios that watches appliances; it only reads.

It logs in for each run, keeps the cookie, reads and logs out. It asks for no format
(``Accept: */*``) and reads JSON.
"""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from interop.commands import Client, Command, Words, driven
from interop.environments import Environment, Needs
from interop.laboratory import Lab
from interop.steps import Seen, Step

_OK, _WARNING, _CRITICAL, _UNKNOWN = range(4)
_SET = "tq_block4"
_BOUND = {
    "type": "ipv4",
    "bindings": [
        {"value": "192.0.2.1"},
        {"value": "198.51.100.0/24", "comment": "edge"},
        {"value": "203.0.113.10", "endrange": "203.0.113.19"},
    ],
}
_HOLDS = (
    f"{_SET} ipv4: 1=192.0.2.1, 2=198.51.100.0/24 (edge), 3=203.0.113.10-203.0.113.19",
)
_VALUES = "config/policydataset_value_binding"


def _asks(*reads: str) -> tuple[str, ...]:
    inside = [f"GET {read}" for read in reads]
    return ("POST config/login 201", *inside, "POST config/logout 200")


def _dialect(**switches: object) -> tuple[str, str, object]:
    return ("PUT", "/dialect", switches)


def _reads(title: str, options: str, rows: list[dict[str, str]]) -> Step[Command]:
    """Read bindings of the set, as raw JSON."""
    name = f"{_SET}{options}"
    words = ("debug", "-e", "config", "-o", "policydataset_value_binding", "-n", name)
    answer = {"errorcode": 0, "message": "Done", "policydataset_value_binding": rows}
    hears = {"exit": _OK, "json": answer}
    return Step(title, Command(words), hears, _asks(f"{_VALUES}/{name} 200"))


def _says(status: int, text: str) -> dict[str, object]:
    return {"exit": status, "said": re.compile(text)}


_RANGE = {"name": _SET, "value": "203.0.113.10", "endrange": "203.0.113.19"}

STEPS: tuple[Step[Command], ...] = (
    Step(
        "sees a configuration that is saved",
        Command(("nsconfig",)),
        _says(_OK, "No unsaved configuration changes"),
        _asks("config/nsconfig 200"),
    ),
    Step(
        "sees that somebody changed it and did not save",
        Command(("nsconfig",), (("PUT", f"/appliances/adc1/datasets/{_SET}", _BOUND),)),
        _says(_WARNING, "Unsaved configuration changes detected$"),
        _asks("config/nsconfig 200"),
        holds=_HOLDS,
    ),
    _reads(
        "reads the set back",
        "",
        [
            {"name": _SET, "value": "192.0.2.1", "index": "1"},
            {"value": "198.51.100.0/24", "index": "2", "comment": "edge"},
            {**_RANGE, "index": "3"},
        ],
    ),
    _reads("counts it", "?count=yes", [{"__count": "3"}]),
    _reads("reads its second page", "?pagesize=2&pageno=2", [{**_RANGE, "index": "3"}]),
    _reads("filters it", "?filter=value:192.0.2.1", [{"value": "192.0.2.1"}]),
    Step(
        "reads the bindings of all sets at once",
        Command(
            (
                "debug",
                "-e",
                "config",
                "-o",
                "policydataset_value_binding?bulkbindings=yes",
            )
        ),
        {"exit": _OK, "json": {"policydataset_value_binding": [{}, {}, {}]}},
        _asks(f"{_VALUES}?bulkbindings=yes 200"),
    ),
    Step(
        "is told of a set that is not there",
        Command(("debug", "-e", "config", "-o", "policydataset", "-n", "tq_absent")),
        _says(_UNKNOWN, "Resource not found: policydataset/tq_absent"),
        _asks("config/policydataset/tq_absent 404"),
    ),
    Step(
        "is told of a resource that is none",
        Command(("debug", "-e", "config", "-o", "nosuchthing")),
        _says(_UNKNOWN, r'API error 599: \{ "errorcode": 1232, "message": "Invalid'),
        _asks("config/nosuchthing 599"),
    ),
    Step(
        "sees an appliance that stands alone",
        Command(("hastatus",)),
        _says(_CRITICAL, "not configured for high availability"),
        _asks("stat/hanode 200"),
    ),
    Step(
        "sees the primary of a pair",
        Command(("hastatus",), (_dialect(ha_role="primary"),)),
        _says(_OK, "hacurmasterstate Primary; hacurstate UP"),
        _asks("stat/hanode 200"),
    ),
    Step(
        "sees the secondary of a pair",
        Command(("hastatus",), (_dialect(ha_role="secondary"),)),
        _says(_OK, "hacurmasterstate Secondary; hacurstate UP"),
        _asks("stat/hanode 200"),
    ),
    Step(
        "reads both nodes of the pair",
        Command(("debug", "-e", "config", "-o", "hanode")),
        {
            "exit": _OK,
            "json": {
                "hanode": [
                    {"id": "0", "state": "Secondary", "hastatus": "ENABLED"},
                    {"id": "1", "state": "Primary"},
                ]
            },
        },
        _asks("config/hanode 200"),
    ),
    Step(
        "judges the pair's failures to synchronise",
        Command(("above", "-o", "hanode", "-n", "haerrsyncfailure", "-w1", "-c2")),
        _says(_OK, "haerrsyncfailure=0.0 is OK"),
        _asks("stat/hanode 200"),
    ),
    Step(
        "reads hardware and build",
        Command(("hwinfo",)),
        _says(_OK, r"CPU: \d+MHz; Serial no: \S+; Build Version: NetScaler NS14\.1: "),
        _asks("config/nshardware 200", "config/nsversion 200"),
    ),
    Step(
        "is told that it may not read the configuration",
        Command(("nsconfig",), (_dialect(rights="none"),)),
        _says(_UNKNOWN, "Insufficient permissions to access nsconfig"),
        _asks("config/nsconfig 403"),
    ),
    Step(
        "is refused with a wrong password",
        Command(("nsconfig",), wrong=True),
        _says(_UNKNOWN, "Authentication failed for user"),
        ("POST config/login 401",),
    ),
)


def _drive(lab: Lab, place: Environment) -> Iterator[Seen]:
    appliance = lab.appliance
    port = str(urlsplit(appliance["url"]).port)
    there = ("-H", "127.0.0.1", "-P", port, "-u", appliance["username"])

    def argv(command: Command) -> Words:
        password = "wrong" if command.wrong else appliance["password"]
        program = place.program("check_netscaler")
        return (program, *there, "-p", password, "-C", *command.words)

    return driven(lab, STEPS, argv)


CHECK_NETSCALER = Client(
    "check_netscaler",
    "check_netscaler 2.7.0 (PyPI), a plug-in for Nagios",
    Needs("check_netscaler"),
    STEPS,
    _drive,
)
