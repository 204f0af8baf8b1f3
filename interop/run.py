"""Install the foreign clients, let each drive a fresh lab, judge each step.

Usage: python -m interop.run [CLIENT ...]; without names, all. Ends with 0 if all came
as it should, 1 on any difference, 2 if a client or the lab cannot be had.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

from interop.ansible_nitro import ANSIBLE
from interop.check_netscaler import CHECK_NETSCALER
from interop.commands import Client
from interop.environments import Environment, NoEnvironmentError, prepare
from interop.laboratory import NoLabError, running
from interop.steps import Verdict, judged
from interop.stix_shifter import STIX_SHIFTER

CLIENTS = (ANSIBLE, CHECK_NETSCALER, STIX_SHIFTER)


def main(words: Sequence[str]) -> int:
    """Run the clients that are named; return the exit code."""
    known = {client.name: client for client in CLIENTS}
    unknown = [word for word in words if word not in known]
    if unknown:
        print(f"interop: no client {unknown[0]!r}; there are {', '.join(known)}")
        return 2
    clients = [known[word] for word in words] or list(CLIENTS)
    try:
        with ThreadPoolExecutor(len(clients)) as pool:
            places = list(pool.map(_prepared, clients))
        flawed = [_played(c, p) for c, p in zip(clients, places, strict=True)]
    except (NoEnvironmentError, NoLabError) as error:
        print(f"interop: {error}", file=sys.stderr)
        return 2
    steps = sum(len(client.steps) for client in clients)
    wrong = sum(flawed)
    print(f"interop: {len(clients)} clients, {steps} steps, {wrong} not as expected")
    for client, count in zip(clients, flawed, strict=True):
        print(
            f"  {client.name:16} {len(client.steps):3} steps, {count} not as expected"
        )
    return int(wrong > 0)


def _prepared(client: Client) -> Environment:
    start = time.monotonic()
    place = prepare(client.needs)
    print(f"interop: {client.name} is ready ({time.monotonic() - start:.0f} s)")
    return place


def _played(client: Client, place: Environment) -> int:
    """Let one client do its steps; print each; return how many were not as expected."""
    start = time.monotonic()
    print(f"\n{client.about}", flush=True)
    flawed = 0
    with running() as lab:
        verdicts = judged(client.steps, client.drive(lab, place))
        for number, verdict in enumerate(verdicts, 1):
            flawed += bool(verdict.differences)
            print("\n".join(_lines(number, verdict)), flush=True)
    print(f"  {time.monotonic() - start:.0f} s")
    return flawed


def _lines(number: int, verdict: Verdict[object]) -> Iterator[str]:
    word = "NOT " if verdict.differences else "ok  "
    asked = verdict.seen.asked
    shown = ", ".join(asked[:3]) + (f" and {len(asked) - 3} more" * (len(asked) > 3))  # noqa: PLR2004  # as many as a line holds
    yield f"  {word}{number:2} {verdict.step.title}: {shown or 'no request'}"
    for difference in verdict.differences:
        yield f"         {difference}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
