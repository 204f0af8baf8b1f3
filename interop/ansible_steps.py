"""What Ansible does: it keeps a set from its making to its end.

Codes, texts and statuses are those of the lab's default answers; docs/lab.md has their
sources.
"""

import re

from interop.ansible_tasks import (
    NET,
    ONE,
    RANGE,
    RANGE_ROW,
    SET,
    SET6,
    VALUES,
    Task,
    bind,
    done,
    everything,
    four,
    get,
    new,
    read,
    refused,
    six,
    unbind,
)
from interop.steps import Step

_BINDS = f"POST config/{VALUES}"
_READS = f"GET config/{VALUES}/{SET}"
_DELETES = f"DELETE config/{VALUES}/{SET}?args="

WRITING: tuple[Step[Task], ...] = (
    Step(
        "adds a set",
        new(SET, "ipv4"),
        {**done(201), "http_response_body": ""},
        ("POST config/policydataset 201",),
        holds=four(),
    ),
    Step(
        "is told that it is there",
        new(SET, "ipv4"),
        refused("409 Conflict", 273, "Resource already exists"),
        ("POST config/policydataset 409",),
    ),
    Step(
        "binds an address by POST",
        bind({"value": "192.0.2.1"}),
        {**done(201), "http_response_body": ""},
        (f"{_BINDS} 201",),
        holds=four(ONE),
    ),
    Step(
        "binds a subnet by PUT, with a comment",
        {
            "operation": "update",
            "resource": VALUES,
            "name": SET,
            "attributes": {"name": SET, "value": "198.51.100.0/24", "comment": "edge"},
            "expected_nitro_errorcode": [0, -1],
        },
        {"nitro_errorcode": -1, "http_response_data": {"status": 201}},
        (f"PUT config/{VALUES}/{SET} 201",),
        holds=four(ONE, NET),
    ),
    Step(
        "binds a range",
        bind(RANGE_ROW),
        done(201),
        (f"{_BINDS} 201",),
        holds=four(ONE, NET, RANGE),
    ),
    Step(
        "is told that an address is bound",
        bind({"value": "192.0.2.1"}),
        refused("409 Conflict", 273, "Resource already exists"),
        (f"{_BINDS} 409",),
    ),
    Step(
        "is told that ranges overlap",
        bind({"value": "203.0.113.19", "endrange": "203.0.113.20"}),
        refused("599 Netscaler specific error", 2821, "The range overlaps"),
        (f"{_BINDS} 599",),
    ),
    Step(
        "is told what is no address",
        bind({"value": "2001:db8::1"}),
        refused("599 Netscaler specific error", 2873, "Value should be in IPv4 format"),
        (f"{_BINDS} 599",),
    ),
)

READING: tuple[Step[Task], ...] = (
    Step(
        "reads the set back",
        get(SET),
        read(
            [
                {"name": SET, "value": "192.0.2.1", "index": "1"},
                {"value": "198.51.100.0/24", "index": "2", "comment": "edge"},
                {**RANGE_ROW, "index": "3"},
            ]
        ),
        (f"{_READS} 200",),
    ),
    Step(
        "counts it",
        get(f"{SET}?count=yes"),
        read([{"__count": "3"}]),
        (f"{_READS}?count=yes 200",),
    ),
    Step(
        "filters it",
        get(f"{SET}?filter=value:192.0.2.1"),
        read([{"value": "192.0.2.1"}]),
        (f"{_READS}?filter=value:192.0.2.1 200",),
    ),
    Step(
        "filters away all of it",
        get(f"{SET}?filter=value:192.0.2.2"),
        {
            **read([]),
            "http_response_body": '{ "errorcode": 0, "message": "Done", '
            '"severity": "NONE" }',
        },
        (f"{_READS}?filter=value:192.0.2.2 200",),
    ),
    Step(
        "reads it nested",
        get(SET, "policydataset_binding"),
        read([{"name": SET, VALUES: [{}, {}, {}]}]),
        (f"GET config/policydataset_binding/{SET} 200",),
    ),
    Step(
        "finds the set by its name",
        {
            "operation": "get_filtered",
            "resource": "policydataset",
            "filter": {"name": SET},
        },
        read([{"name": SET, "type": "ipv4", "comment": "by Ansible"}]),
        (f"GET config/policydataset?filter=name:{SET} 200",),
    ),
    Step(
        "is told of a set that is not there",
        get("tq_absent", "policydataset"),
        refused(
            "404 Not Found", 2823, "Dataset/Patset does not exist".replace("/", r"\\/")
        ),
        ("GET config/policydataset/tq_absent 404",),
    ),
    Step(
        "reads the appliance's place in a pair",
        everything("hanode"),
        read([{"id": "0", "state": "Primary"}]),
        ("GET config/hanode 200",),
    ),
    Step(
        "reads the build",
        everything("nsversion"),
        read({"version": re.compile(r"^NetScaler NS14\.1: Build \S+, Date: ")}),
        ("GET config/nsversion 200",),
    ),
    Step(
        "is refused with a wrong password",
        {**everything("nsversion"), "nitro_pass": "wrong"},
        refused("401 Unauthorized", 354, "Invalid username or password"),
        ("GET config/nsversion 401",),
    ),
)

SAVING: tuple[Step[Task], ...] = (
    Step(
        "sees that nothing is saved",
        everything("nsconfig"),
        read({"configchanged": True, "systemtype": "Stand-alone"}),
        ("GET config/nsconfig 200",),
    ),
    Step(
        "saves",
        {"operation": "save_config"},
        {"nitro_errorcode": 0, "http_response_body": ""},
        ("POST config/nsconfig?action=save 200",),
        saved=four(ONE, NET, RANGE),
    ),
    Step(
        "sees that all is saved",
        everything("nsconfig"),
        read({"configchanged": False}),
        ("GET config/nsconfig 200",),
    ),
)

REMOVING: tuple[Step[Task], ...] = (
    Step(
        "unbinds an address by action",
        {
            "operation": "action",
            "action": "unbind",
            "resource": VALUES,
            "attributes": {"name": SET, "value": "192.0.2.1"},
        },
        done(200),
        (f"POST config/{VALUES}?action=unbind 200",),
        holds=four(NET, RANGE),
    ),
    Step(
        "unbinds a subnet by args",
        unbind(SET, value="198.51.100.0%2F24"),
        {**done(200), "nitro_message": "Done", "nitro_severity": "NONE"},
        (f"{_DELETES}value:198.51.100.0%2F24 200",),
        holds=four(RANGE),
    ),
    Step(
        "is told that it is not bound",
        unbind(SET, value="198.51.100.0%2F24"),
        refused("404 Not Found", 2822, ""),
        (f"{_DELETES}value:198.51.100.0%2F24 404",),
    ),
    Step(
        "is told that it encoded twice",
        unbind(SET, value="198.51.100.0%252F24"),
        refused("599 Netscaler specific error", 1074, "Invalid value"),
        (f"{_DELETES}value:198.51.100.0%252F24 599",),
    ),
    Step(
        "adds a set for IPv6",
        new(SET6, "ipv6"),
        done(201),
        ("POST config/policydataset 201",),
        holds=six(),
    ),
    Step(
        "binds an IPv6 network",
        bind({"value": "2001:db8::/32"}, SET6),
        done(201),
        (f"{_BINDS} 201",),
        holds=six("1=2001:db8::/32"),
    ),
    Step(
        "unbinds it by args",
        unbind(SET6, value="2001%3Adb8%3A%3A%2F32"),
        done(200),
        (f"DELETE config/{VALUES}/{SET6}?args=value:2001%3Adb8%3A%3A%2F32 200",),
        holds=six(),
    ),
    Step(
        "unbinds the range by args",
        unbind(SET, value="203.0.113.10", endrange="203.0.113.19"),
        done(200),
        (f"{_DELETES}value:203.0.113.10,endrange:203.0.113.19 200",),
        holds=(*four(), f"{SET6} ipv6: empty"),
    ),
    Step(
        "deletes the set",
        {"operation": "delete", "resource": "policydataset", "name": SET},
        done(200),
        (f"DELETE config/policydataset/{SET} 200",),
        holds=(f"{SET6} ipv6: empty",),
    ),
    Step(
        "lists what is left",
        everything("policydataset"),
        read([{"name": SET6, "type": "ipv6"}]),
        ("GET config/policydataset 200",),
    ),
)

STEPS = (*WRITING, *READING, *SAVING, *REMOVING)
