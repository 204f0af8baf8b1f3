"""``replay`` and ``record``: exchange files against a lab, and from anywhere."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from citrix_waf_lab.exchanges import NoExchangeError, read
from citrix_waf_lab.replay import Wire, replay

if TYPE_CHECKING:
    from citrix_waf_lab.cli.up import Commands


def offer(commands: "Commands") -> None:
    """Add these commands to the parser."""
    parser = commands.add_parser(
        "replay", help="Run an exchange file against a fresh lab; 1 on any difference."
    )
    parser.add_argument("file", type=Path, nargs="+")
    parser.add_argument("--socket", action="store_true", help="over sockets")
    parser.add_argument("--tls", action="store_true", help="over sockets, with TLS")
    parser.add_argument("--seed", type=int, help="of the lab, instead of the file's")
    parser.set_defaults(handler=_replay)


def _replay(options: argparse.Namespace) -> int:
    wire: Wire = "tls" if options.tls else "socket" if options.socket else "process"
    different = False
    for file in options.file:
        try:
            book = read(file)
        except (OSError, NoExchangeError) as flaw:
            print(f"{file}: {flaw}", file=sys.stderr)
            return 2
        found = replay(book, wire=wire, seed=options.seed)
        for difference in found:
            print(f"{file}: {difference}")
        print(f"{file}: {len(book.exchanges)} exchanges, {len(found)} differences")
        different = different or bool(found)
    return 1 if different else 0
