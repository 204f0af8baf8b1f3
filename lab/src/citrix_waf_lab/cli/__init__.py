"""The commands of ``citrix-waf-lab``; each group has a module of its own."""

import argparse
import sys
from importlib import import_module

from citrix_waf_lab.cli import exchanging, people, up

_ELSEWHERE = {"demo": "The main job, told in acts, with a verdict by the lab alone."}
"""Commands with arguments and a module of their own, loaded when called."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="citrix-waf-lab",
        description="Emulators of ThreatQ and of NetScaler appliances on loopback.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    up.offer(commands)
    people.offer(commands)
    exchanging.offer(commands)
    for name, about in _ELSEWHERE.items():
        commands.add_parser(name, help=about, add_help=False)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code: 0 well, 1 a difference, 2 misuse."""
    given = sys.argv[1:] if arguments is None else arguments
    if given and given[0] in _ELSEWHERE:
        code: int = import_module(f"citrix_waf_lab.{given[0]}").main(given[1:])
        return code
    options = _parser().parse_args(given)
    result: int = options.handler(options)
    return result
