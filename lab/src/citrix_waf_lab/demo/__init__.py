"""The main job, told in acts, with a verdict that the lab computes alone."""

import argparse
import time

from citrix_waf_lab.demo.play import Play
from citrix_waf_lab.demo.screen import Screen
from citrix_waf_lab.demo.stage import FOLDER, Stage
from citrix_waf_lab.programs import NoProgramError


def main(arguments: list[str]) -> int:
    """Play the demo; return 0 if the verdict is yes throughout, else 1."""
    parser = argparse.ArgumentParser(
        prog="citrix-waf-lab demo",
        description="The main job, told in acts. Leaves its files in build/demo.",
    )
    parser.add_argument(
        "--seed", type=int, default=1, metavar="N", help="draws other indicators"
    )
    seed = parser.parse_args(arguments).seed
    screen = Screen()
    start = time.monotonic()
    screen.say(
        "ThreatQ and the NetScaler of this demo are emulators, on this machine alone"
        " and with TLS. Where their behaviour is a guess is listed in docs/lab.md. The"
        " connector is the real program."
    )
    try:
        with Stage(seed) as stage:
            holds = Play(stage, screen, seed).perform()
    except NoProgramError as flaw:
        parser.exit(2, f"{parser.prog}: {flaw}\n")
    except KeyboardInterrupt:
        return 130
    screen.blank()
    screen.say(
        f"The whole took {time.monotonic() - start:.0f} s. Configuration, logs and"
        f" the history of all requests stay in {FOLDER}/."
    )
    return 0 if holds else 1
