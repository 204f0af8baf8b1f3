"""The addresses that the appliance itself uses: ``nsip``.

1. They are asked for in one read-only request, unfiltered: the appliance's own (NSIP),
   those from which it speaks to servers (SNIP), and those of its virtual servers (VIP),
   in every traffic domain.
2. A user without the right to read them is told of once; the run goes on without them.
"""

from http import HTTPStatus

from tq_conn_citrix_waf.core.networks import read_network
from tq_conn_citrix_waf.core.ranges import AddressRange
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.faults import fault, unreadable
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.reply import one_line
from tq_conn_citrix_waf.netscaler.rows import objects

STEP = "read its own addresses"


def own_addresses(nitro: Nitro) -> list[AddressRange]:
    """Return the appliance's IPv4 addresses; none where the user may not read them.

    Each row carries ``ipaddress``, without a prefix length (documented: NREF nsip;
    recorded: a CPX's and a VPX's answers, by people who publish them).

    Raises:
        TargetError: they cannot be read for another reason.
    """
    reply = nitro.get("nsip", STEP)
    unnamed = reply.code is None and reply.status == HTTPStatus.FORBIDDEN
    if reply.code in codes.RIGHTS or unnamed:
        nitro.note(
            f"{nitro.host}: the user may not read its own addresses, so that they are"
            " not on the never-block list: allow show ns ip in the command policy, or"
            " write them into [never_block] management"
        )
        return []
    if not (reply.ok and reply.body):
        raise fault(nitro.host, STEP, reply)
    try:
        texts = [str(row.get("ipaddress", "")) for row in objects(reply, "nsip")]
    except ValueError as error:
        raise unreadable(nitro.host, error) from error
    read = {text: read_network(text) for text in texts}
    for text, found in read.items():
        if found is None:
            nitro.note(
                f"{nitro.host}: an address of its own cannot be read and is not on the"
                f" never-block list: {one_line(text)!r}"
            )
    return [found for found in read.values() if found is not None]
