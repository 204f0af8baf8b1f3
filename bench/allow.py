"""How soon an address is let through: ``allow`` on a large set while ThreatQ is away.

The data collection goes on wanting the address; ten runs later it must still be out.
"""

import re
import time

from labs import BLOCK_LIST, Lab, running
from load import LATENCY_MS, sample, spent

MANY, LIMIT, RUNS = 100_000, 200_000, 10
MOST_SECONDS = 5.0
REASON = ("--reason", "partner, ticket 4711")
NOBODY = "http://127.0.0.1:9"


def main() -> None:
    """Measure, and print; end badly where it takes longer or does not stay so."""
    addresses = sample(MANY)
    one = addresses[MANY // 2]
    with running("--seed", "1") as lab:
        lab.control("PUT", "/dialect", {"dataset_limit": LIMIT})
        lab.set_up()
        lab.collection(addresses)
        done(lab, "-v1")
        lab.control("PUT", "/dialect", {"latency_ms": LATENCY_MS})
        path = lab.directory / "tq-conn-citrix-waf.toml"
        text = path.read_text("utf-8")
        password = lab.ready["appliances"][0]["password"]
        key = f'[netscaler]\npassword = "{password}"\n'
        away = re.sub(r"(?m)^host = .*$", f'host = "{NOBODY}"', text, count=1)
        path.write_text(away.replace("[netscaler]\n", key), "utf-8")
        cpu = spent()
        seconds = done(lab, "allow", one, *REASON)
        cpu = spent() - cpu
        told(lab, one, "running")
        told(lab, one, "saved")
        print(f"allow on {MANY:,} values, ThreatQ away, {LATENCY_MS} ms a request:")
        print(
            f"  out, saved, read back: {seconds:.1f} s ({MOST_SECONDS:g} allowed),"
            f" {cpu:.1f} s of them computing"
        )
        path.write_text(text, "utf-8")
        for _ in range(RUNS):
            done(lab, "-v1")
            told(lab, one, "running")
        print(f"  still out after {RUNS} runs that are asked to block it")
    if seconds > MOST_SECONDS:
        raise SystemExit("allow took too long")


def done(lab: Lab, *words: str) -> float:
    """Run the connector; return its seconds, from its start to its end."""
    started = time.monotonic()
    code, said = lab.connector(*words)
    if code:
        raise SystemExit(f"exit {code}: {said}")
    return time.monotonic() - started


def told(lab: Lab, one: str, which: str) -> None:
    """Stop where the appliance blocks the address."""
    view = lab.control("GET", f"/appliances/{lab.ready['appliances'][0]['name']}")
    sets = view["datasets"] if which == "running" else view["saved"]
    values = {row["value"] for row in sets[BLOCK_LIST]["bindings"]}
    if one in values or len(values) != MANY - 1:
        raise SystemExit(f"{one} is blocked, or others are not, {which}")


if __name__ == "__main__":
    main()
