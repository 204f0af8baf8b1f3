"""The other nodes of a pair, as far as the one that answers tells."""

from dataclasses import dataclass

from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.faults import fault, unreadable
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.reply import one_line, whole_number
from tq_conn_citrix_waf.netscaler.rows import objects

STEP = "read the pair"


@dataclass(frozen=True, slots=True)
class Peer:
    """Another node: its address, and its role in its own words; '' where not told."""

    address: str
    role: str


def peers(nitro: Nitro) -> list[Peer]:
    """Return the other nodes; none where the appliance stands alone.

    The node with the id 0 is the one that answers (documented: NREF hanode).

    Raises:
        TargetError: it cannot be asked.
    """
    reply = nitro.get("hanode", STEP)
    if reply.code in codes.ALREADY_GONE:
        return []
    if not (reply.ok and reply.body):
        raise fault(nitro.host, STEP, reply)
    try:
        nodes = objects(reply, "hanode")
    except ValueError as error:
        raise unreadable(nitro.host, error) from error
    return [
        Peer(one_line(str(n.get("ipaddress", ""))), one_line(str(n.get("state", ""))))
        for n in nodes
        if whole_number(n.get("id")) != 0
    ]
