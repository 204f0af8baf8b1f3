"""Measures the lab over sockets, in a process of its own; prints JSON.

``bulks`` is the processor time of the lab alone for 250 array bulks of 200 bindings:
the client's thread is subtracted. ``read`` is the processor time of both sides to read
a set of 100,000: on the wall it would tell of the machine's other work.
"""

import ipaddress
import json
import sys
import time
from collections.abc import Iterator

from citrix_waf_lab.asking import ask, connect
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from citrix_waf_lab.wire import Request

BIND = "/nitro/v1/config/policydataset_value_binding"
BULKS, SIZE, LARGE = 250, 200, 100_000


def bulk(first: int, size: int) -> bytes:
    objects = [
        {"name": "bl", "value": str(ipaddress.IPv4Address(first + i))}
        for i in range(size)
    ]
    return json.dumps({"policydataset_value_binding": objects}).encode()


def figures() -> Iterator[tuple[str, float]]:
    lab = Lab(seed=1)
    lab.dialect.set({"dataset_limit": 2 * LARGE})
    lab.appliance_states["adc1"].put_dataset("bl", "ipv4", [])
    with Serving(lab) as serving:
        one = serving.card()["appliances"][0]
        link = connect(one["url"])
        headers = (
            ("Accept", "application/json"),
            ("Content-Type", "application/json"),
            ("X-NITRO-USER", one["username"]),
            ("X-NITRO-PASS", one["password"]),
            ("X-NITRO-ONERROR", "continue"),
        )
        bodies = [bulk(0x0B000000 + n * SIZE, SIZE) for n in range(BULKS)]
        start, own = time.process_time(), time.thread_time()
        for body in bodies:
            heard = ask(link, Request("PUT", BIND, "", headers, body))
            assert heard.status == "201 Created", heard
        lab_only = time.process_time() - start - (time.thread_time() - own)
        yield "bulks", lab_only
        rest = LARGE - BULKS * SIZE
        ask(link, Request("PUT", BIND, "", headers, bulk(0x0C000000, rest)))
        start = time.process_time()
        heard = ask(link, Request("GET", f"{BIND}/bl", "", headers))
        yield "read", time.process_time() - start
        yield "bindings", heard.body.count(b'"value"')
        link.close()


if __name__ == "__main__":
    sys.stdout.write(json.dumps(dict(figures())))
