"""``replay`` and ``record``: exchange files against a lab, and from anywhere."""

import argparse
import sys
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from citrix_waf_lab.carrier import Carrier
from citrix_waf_lab.cli.up import until_signal
from citrix_waf_lab.clock import Clock
from citrix_waf_lab.exchanges import NoExchangeError, read
from citrix_waf_lab.record import Recorder
from citrix_waf_lab.replay import Wire, replay
from citrix_waf_lab.serving import certify

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
    proxy = commands.add_parser(
        "record", help="Pass requests on to an upstream and write an exchange file."
    )
    proxy.add_argument("file", type=Path)
    proxy.add_argument("--upstream", required=True, metavar="URL")
    proxy.add_argument("--service", default="adc1", help="threatq or adc1, adc2 ...")
    proxy.add_argument("--seed", type=int, default=1, help="of the lab that replays")
    proxy.add_argument("--ca-file", type=Path, help="whom to trust upstream")
    proxy.add_argument("--port", type=int, default=0)
    proxy.add_argument("--tls", action="store_true", help="speak TLS to the client")
    proxy.set_defaults(handler=_record)


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


def _record(options: argparse.Namespace) -> int:
    with ExitStack() as stack:
        try:
            recorder = Recorder(
                options.upstream,
                options.file,
                service=options.service,
                seed=options.seed,
                ca_file=options.ca_file,
            )
            stack.callback(recorder.close)
            context = None
            if options.tls:
                folder = Path(stack.enter_context(TemporaryDirectory()))
                context, ca_file = certify(folder)
                print(f"CA: {ca_file}")
            carrier = Carrier(recorder, Clock(), port=options.port, tls=context)
            stack.callback(carrier.stop)
        except (OSError, ValueError) as flaw:
            print(f"citrix-waf-lab: {flaw}", file=sys.stderr)
            return 2
        done = until_signal()
        print(f"{carrier.url} -> {options.upstream}, into {options.file}", flush=True)
        done.wait()
    return 0
