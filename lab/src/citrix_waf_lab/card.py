"""The card of a lab that a person plays with: what to type, with the real ports.

All of it can be typed as it stands, in a second terminal in the same folder.
"""

import shlex
from pathlib import Path
from typing import Any

from citrix_waf_lab.programs import CONNECTOR, LAB, program
from citrix_waf_lab.scenarios.edge import COLLECTION, DATASET, PLAIN

_FOLDER = Path("build") / "lab"

_CARD = """\
A ThreatQ and a NetScaler run now, both emulated, on this machine alone,
{how}. ThreatQ has the data collection
{collection!r}, the NetScaler the data set {dataset!r} with entries
made by hand. Ctrl-C ends both.

Type what follows in a second terminal, in this folder.

1. The first run asks five questions; the answers are below. After it the
   connector stands in ThreatQ, still without its settings.

     rm -rf {folder} && mkdir -p {folder}
     {first}

     ThreatQ Host:       {host}
     ThreatQ Client ID:  {client_id}
     ThreatQ Username:   {username}
     ThreatQ Password:   {password}
     Status:             {status}

2. The settings, which a person enters in ThreatQ; here a command does it:

     {lab} form --appliance {appliance} --enabled \\
         --collection {quoted} --block-list {dataset}

3. Load it, and look at what the NetScaler holds:

     {run}
     {lab} show {dataset} | wc -l
     {lab} show {dataset} | tail -n 5

4. Change it, by the list or by hand, and run again:

     {lab} add {quoted} 198.51.100.250 198.51.100.251
     {lab} remove {quoted} {leaving}
     {lab} bind {dataset} 192.0.2.99 --comment 'by hand'
     {run}

5. Restart the NetScaler: what was saved is still there. Then let the list be
   empty: the connector takes it for an outage, ends with 3 and writes nothing.

     {lab} reboot
     {run}
     {lab} collection {quoted}
     {run}; echo $?

6. The line for cron (crontab -e), every two hours:

     {cron}
"""

_PLAIN = "without TLS (with it: up --card --tls)"
_TLS = "with TLS, by an authority of their own"


def card_text(card: dict[str, Any]) -> str:
    """Return the card of a running lab that holds the scenario ``edge``.

    Args:
        card: what the lab's ready file says.

    Raises:
        NoProgramError: the connector or the lab's command is not installed.
    """
    host, client_id, username, password, status = card["prompts"]
    connector, here = program(CONNECTOR), Path.cwd()
    run = [connector, "-c", str(_FOLDER), "-ll", "stdout", "-v2"]
    trust = [] if card["ca_file"] is None else ["--ca-file", card["ca_file"]]
    there = str(here / _FOLDER)
    daily = [str(here / connector), "-c", there, "-ll", there, "-v3"]
    return _CARD.format(
        how=_TLS if trust else _PLAIN,
        collection=COLLECTION,
        dataset=DATASET,
        folder=_FOLDER,
        first=shlex.join([*run, *trust]),
        host=host,
        client_id=client_id,
        username=username,
        password=password,
        status=status,
        lab=shlex.quote(program(LAB)),
        appliance=card["appliances"][0]["name"],
        quoted=shlex.quote(COLLECTION),
        run=shlex.join(run),
        leaving=PLAIN[0],
        cron=f"0 */2 * * * {shlex.join(daily)}",
    )
