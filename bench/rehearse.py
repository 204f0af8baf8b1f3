"""Replay the real history of a list in the lab: is the set in step at each revision?

Usage: rehearse.py FOLDER/NAME reads FOLDER/NAME-base.txt (an address a line) and
FOLDER/NAME-churn.jsonl (a revision a line: at, add, remove). The real connector runs
once a revision; what should be bound is computed here, by the standard library alone.
"""

import ipaddress
import json
import sys
import time
from pathlib import Path
from typing import Any

from labs import Lab, running

LIMIT = 50_000
# What the connector says it never blocks, written down again on purpose.
PROTECTED = [
    ipaddress.IPv4Network(text)
    for text in [
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.168.0.0/16",
        "224.0.0.0/4",
        "240.0.0.0/4",
    ]
]


def blockable(value: str) -> bool:
    """Whether an address should end on the block list."""
    try:
        address = ipaddress.IPv4Address(value)
    except ValueError:
        return False
    return not any(address in network for network in PROTECTED)


def main(words: list[str]) -> int:
    """Replay; 1 where a revision was not in step."""
    if len(words) != 1 or not Path(f"{words[0]}-base.txt").exists():
        print("say which: make rehearse DATA=FOLDER/NAME (reads FOLDER/NAME-base.txt)")
        return 2
    base = Path(f"{words[0]}-base.txt").read_text("utf-8").split()
    churn = [
        json.loads(line)
        for line in Path(f"{words[0]}-churn.jsonl").read_text("utf-8").splitlines()
    ]
    print(
        f"{len(base):,} addresses and {len(churn)} revisions; the lab's dataset_limit"
        f" is {LIMIT:,} here (5,000 is the only documented figure)"
    )
    with running("--seed", "1") as lab:
        lab.control("PUT", "/dialect", {"dataset_limit": LIMIT})
        lab.set_up()
        return replay(lab, base, churn)


def replay(lab: Lab, base: list[str], churn: list[dict[str, Any]]) -> int:
    """Run once for the base and once a revision, and compare each time."""
    listed = set(base)
    lab.collection(base)
    out_of_step, changes = 0, []
    started = time.monotonic()
    print(f"{'revision':<24}{'listed':>9}{'rejected':>9}{'+':>6}{'-':>6}  in step")
    for number, revision in enumerate(
        [{"at": "base", "add": [], "remove": []}, *churn]
    ):
        if number:
            listed = (listed - set(revision["remove"])) | set(revision["add"])
            lab.change(revision["add"], revision["remove"])
            changes.append(len(revision["add"]) + len(revision["remove"]))
        code, said = lab.connector("-v1")
        wanted = {value for value in listed if blockable(value)}
        in_step = code == 0 and lab.bound() == wanted
        out_of_step += not in_step
        if number % 20 == 0 or not in_step or number == len(churn):
            print(
                f"{revision['at']!s:<24}{len(listed):>9,}"
                f"{len(listed) - len(wanted):>9,}{len(revision['add']):>6}"
                f"{len(revision['remove']):>6}  {'yes' if in_step else f'NO ({code})'}"
            )
            if not in_step:
                print(said)
    print(
        f"{len(churn) + 1 - out_of_step} of {len(churn) + 1} in step;"
        f" {sum(changes) / max(1, len(changes)):.0f} changes a revision,"
        f" {max(changes, default=0)} at most; {time.monotonic() - started:.0f} s"
    )
    return int(out_of_step > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
