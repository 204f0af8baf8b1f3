"""Run the contract against a real system, and print its dialect sheet.

Usage: python -m contract.run --target netscaler|threatq --url URL [...]; --help says
the rest. The password comes from the environment variable CONTRACT_PASSWORD, else it
is asked for. Ends with 0 if all went well, 1 if the contract is broken, 2 if it cannot
be run.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from getpass import getpass
from pathlib import Path

import pytest

from contract import netscaler, threatq
from contract.ask import Client, NoAnswerError
from contract.box import Box, RefusedError
from contract.desk import Desk
from contract.real import CA_FILE, PASSWORD, URL, USERNAME
from contract.sheet import OddError, Seen, Sheet, printed
from tq_conn_citrix_waf.trust import Trust

_HERE = Path(__file__).parent


def main(words: Sequence[str]) -> int:
    """Do it; return the exit code."""
    told = _options(words)
    password = os.environ.get(PASSWORD) or getpass(f"password of {told.username}: ")
    client = Client(told.url.rstrip("/"), Trust(told.ca_file).context())
    try:
        if told.target == "threatq":
            return _threatq(told, client, password)
        return _netscaler(told, client, password)
    except (RefusedError, NoAnswerError, OddError) as error:
        print(f"contract: {error}", file=sys.stderr)
        return 2


def _options(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m contract.run")
    parser.add_argument("--target", choices=("netscaler", "threatq"), required=True)
    parser.add_argument("--url", required=True, help="scheme, host, port; no path")
    parser.add_argument("--username", default="nsroot")
    parser.add_argument("--ca-file", default="", help="what its certificate is held to")
    parser.add_argument(
        "--thorough",
        action="store_true",
        help="also what is a nuisance to others: uses up all sessions for a moment,"
        " fills a set, sends one wrong password",
    )
    parser.add_argument("--sheet-only", action="store_true", help="no contract")
    parser.add_argument("--client-id", default="", help="ThreatQ: of the API details")
    parser.add_argument("--collection", default="", help="ThreatQ: one that is shared")
    parser.add_argument(
        "--connector", default="Citrix WAF Connector", help="ThreatQ: the entry's name"
    )
    return parser.parse_args(words)


def _netscaler(told: argparse.Namespace, client: Client, password: str) -> int:
    box = Box(client, told.username, password, thorough=told.thorough)
    with box.signed_in():
        _nothing_unsaved(box)
    code = 0
    if not told.sheet_only:
        code = _contract(told, client, password)
    with box.signed_in():
        sheet = netscaler.sheet(box)
        if code == 0:
            box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
    _show(sheet, "NetScaler")
    return code


def _nothing_unsaved(box: Box) -> None:
    """Make sure that a save saves nothing of others.

    Raises:
        RefusedError: it would.
    """
    heard = box.ask("GET", "nsconfig")
    found = heard.json.get("nsconfig", {}) if heard.good else {}
    row = found[0] if isinstance(found, list) and found else found
    changed = row.get("configchanged") if isinstance(row, dict) else None
    if str(changed).lower() in ("true", "yes"):
        raise RefusedError(
            "somebody's changes wait to be saved, and this contract saves: save or undo"
            " them first"
        )


def _contract(told: argparse.Namespace, client: Client, password: str) -> int:
    os.environ |= {
        URL: client.url,
        USERNAME: told.username,
        PASSWORD: password,
        CA_FILE: told.ca_file,
    }
    # A session and a set are one thing: one test at a time.
    words = [str(_HERE / "test_target.py"), "-q", "--timeout=600", "-p", "no:randomly"]
    return int(pytest.main(words) != pytest.ExitCode.OK)


def _threatq(told: argparse.Namespace, client: Client, password: str) -> int:
    desk = Desk(
        client, told.client_id, told.username, password, told.collection, told.connector
    )
    _show(threatq.sheet(desk), "ThreatQ")
    return 0


def _show(sheet: Sheet, system: str) -> None:
    print("\n".join(_lines(sheet, system)))


def _lines(sheet: Sheet, system: str) -> Iterator[str]:
    count = sum(isinstance(sight, Seen) for sight in sheet.values())
    yield f"\nDialect sheet of this {system}: {count} of {len(sheet)} questions seen\n"
    yield from printed(sheet)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
