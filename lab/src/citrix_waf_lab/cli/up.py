"""``up``: start a lab on sockets and keep it until a signal."""

import argparse
import signal
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from citrix_waf_lab.card import card_text
from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving, as_text, last_card, scenarios, write_card

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 -- no public name


def offer(commands: "Commands") -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("up", help="Start a lab; it runs until a signal.")
    parser.add_argument("--scenario", metavar="NAME", help="what it holds at the start")
    parser.add_argument("--seed", type=int, metavar="N", help="so that all repeats")
    parser.add_argument("--appliances", type=_count, default=1, metavar="N")
    parser.add_argument("--tls", action="store_true", help="HTTPS, by a CA of its own")
    parser.add_argument("--ready-file", type=Path, metavar="FILE")
    parser.add_argument(
        "--port",
        type=int,
        default=0,
        help="of control; ThreatQ and the appliances take the next ones",
    )
    parser.add_argument(
        "--card",
        action="store_true",
        help="print what a person may type, not JSON; by default with scenario edge",
    )
    parser.set_defaults(handler=_up)


def until_signal() -> threading.Event:
    """Return what SIGINT and SIGTERM set from now on."""
    done = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: done.set())
    return done


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _up(options: argparse.Namespace) -> int:
    fill = None
    scenario = options.scenario or ("edge" if options.card else None)
    if scenario is not None:
        there = scenarios()
        if scenario not in there:
            names = ", ".join(there) or "none"
            print(f"no scenario {scenario!r}; there are: {names}", file=sys.stderr)
            return 2
        fill = there[scenario]
    done = until_signal()
    lab = Lab(options.seed, options.appliances, running=True, scenario=fill)
    try:
        serving = Serving(lab, tls=options.tls, port=options.port)
    except (OSError, OverflowError) as flaw:
        print(f"cannot listen: {flaw}", file=sys.stderr)
        return 2
    with serving:
        card = serving.card()
        if options.ready_file is not None:
            try:
                write_card(options.ready_file, card)
            except OSError as flaw:
                print(f"cannot write the ready file: {flaw}", file=sys.stderr)
                return 2
        with suppress(OSError):  # a home that cannot be written costs only --lab
            write_card(last_card(), card)
        print(card_text(card) if options.card else as_text(card), end="", flush=True)
        done.wait()
    return 0
