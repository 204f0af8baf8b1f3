"""What a load costs the appliance: requests and time, counted by the lab.

Beside it, as the way most scripts go, one PUT per value over the same kind of wire: the
floor of what the vendor's SDK needs, without its cost per call.
"""

import http.client
import json
import random
import resource
import time
from ipaddress import IPv4Address
from urllib.parse import urlsplit

from labs import BLOCK_LIST, Lab, running

LIMIT = 50_000
MANY, FEW, LATENCY_MS = 20_000, 5_000, 5


def main() -> None:
    """Measure, and print a table."""
    print(f"the lab's dataset_limit is {LIMIT:,} here (5,000 is documented)")
    print(f"{'':<34}{'requests':>9}{'writing':>9}{'wall s':>8}{'cpu s':>7}")
    addresses = sample(MANY)
    with running("--seed", "1") as lab:
        lab.control("PUT", "/dialect", {"dataset_limit": LIMIT})
        lab.set_up()
        lab.collection(addresses)
        row(f"first load of {MANY:,}", *run(lab))
        row("nothing to do", *run(lab))
    for latency in (0, LATENCY_MS):
        compare(addresses[:FEW], latency)


def compare(addresses: list[str], latency: int) -> None:
    """Load the same addresses by this connector and by one PUT per value."""
    where = f"{len(addresses):,} at {latency} ms a request"
    with running("--seed", "1") as lab:
        lab.set_up()
        lab.collection(addresses)
        lab.control("PUT", "/dialect", {"latency_ms": latency})
        ours = run(lab)
        row(where, *ours)
    with running("--seed", "1") as lab:
        lab.set_up()
        lab.control("PUT", "/dialect", {"latency_ms": latency})
        peer = one_by_one(lab, addresses)
        row("  one PUT per value", *peer)
    ratios = [f"{theirs / mine:.1f}" for mine, theirs in zip(ours, peer, strict=True)]
    print(
        f"  {'its multiple of ours':<32}"
        + "".join(
            f"{ratio:>{width}}"
            for ratio, width in zip(ratios, (9, 9, 8, 7), strict=True)
        )
    )


def sample(size: int) -> list[str]:
    """Return so many different public addresses, the same each time."""
    numbers = random.Random(1).sample(range(0x0B000000, 0x64000000), size)  # noqa: S311  # 11.0.0.0 to 99.255.255.255: no network there is protected
    return [str(IPv4Address(n)) for n in numbers]


def run(lab: Lab) -> tuple[int, int, float, float]:
    """Run the connector once; return NITRO requests, those that write, wall, cpu."""
    _, mark = lab.requests()
    wall, cpu = time.monotonic(), spent()
    code, said = lab.connector("-v1")
    wall, cpu = time.monotonic() - wall, spent() - cpu
    if code:
        raise SystemExit(f"exit {code}: {said}")
    return *counted(lab, mark), wall, cpu


def spent() -> float:
    """Return the processor seconds of all finished children."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def counted(lab: Lab, mark: int) -> tuple[int, int]:
    """Return the NITRO requests after a mark, and how many of them write."""
    asked = [r for r in lab.requests(mark)[0] if r["service"] == "netscaler"]
    sessions = ("/nitro/v1/config/login", "/nitro/v1/config/logout")
    writes = [r for r in asked if r["method"] != "GET" and r["path"] not in sessions]
    return len(asked), len(writes)


def one_by_one(lab: Lab, addresses: list[str]) -> tuple[int, int, float, float]:
    """Bind each address with a PUT of its own, one connection, one session."""
    adc = lab.ready["appliances"][0]
    _, mark = lab.requests()
    wall, cpu = time.monotonic(), time.process_time()
    wire = http.client.HTTPConnection(urlsplit(adc["url"]).netloc)
    login = {"username": adc["username"], "password": adc["password"]}
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    token = call(wire, "POST", "login", {"login": login}, headers)
    headers["Cookie"] = "NITRO_AUTH_TOKEN=" + json.loads(token)["sessionid"].replace(
        "#", "%23"
    )
    for address in addresses:
        binding = {"name": BLOCK_LIST, "value": address}
        body = {"policydataset_value_binding": binding}
        call(wire, "PUT", "policydataset_value_binding", body, headers)
    call(wire, "POST", "nsconfig?action=save", {"nsconfig": {}}, headers)
    call(wire, "POST", "logout", {"logout": {}}, headers)
    wall, cpu = time.monotonic() - wall, time.process_time() - cpu
    return *counted(lab, mark), wall, cpu


def call(
    wire: http.client.HTTPConnection,
    method: str,
    path: str,
    body: object,
    headers: dict[str, str],
) -> bytes:
    """Send one request; stop the measurement where it fails."""
    wire.request(method, f"/nitro/v1/config/{path}", json.dumps(body), headers)
    answer = wire.getresponse()
    said = answer.read()
    if answer.status >= http.client.BAD_REQUEST:
        raise SystemExit(f"{method} {path}: {answer.status} {said!r}")
    return said


def row(name: str, requests: int, writes: int, wall: float, cpu: float) -> None:
    """Print one line of the table."""
    print(f"{name:<34}{requests:>9,}{writes:>9,}{wall:>8.2f}{cpu:>7.2f}")


if __name__ == "__main__":
    main()
