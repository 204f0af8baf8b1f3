"""The addresses that an appliance calls its own: rows of ``nsip``.

Members and their order are those of a recorded answer (a CPX 13, in the README of its
image; a VPX, in a script that quotes it), numbers as texts where they were texts there.
"""

from citrix_waf_lab.netscaler.shapes import Json

_ON, _OFF = "ENABLED", "DISABLED"
_SERVICES = ("telnet", "ssh", "gui", "snmp", "ftp", "mgmtaccess")


def rows(nsip: str, snip: str, vip: str) -> list[dict[str, Json]]:
    """Return the rows for one address of each of the three usual types."""
    own = _row(nsip, "NSIP", "255.255.255.0", flags="40", managed=True)
    sub = _row(snip, "SNIP", "255.255.255.0", flags="8", managed=False)
    virtual = _row(vip, "VIP", "255.255.255.255", flags="8", managed=False)
    return [
        own | {"dynamicrouting": _ON, "freeports": "1032095", "riserhimsgcode": 32},
        sub | {"freeports": "1032079"},
        virtual | {"vserver": _ON, "vipvsercount": "1", "freeports": "0"},
    ]


def _row(
    address: str, kind: str, netmask: str, *, flags: str, managed: bool
) -> dict[str, Json]:
    services: dict[str, Json] = dict.fromkeys(_SERVICES, _ON if managed else _OFF)
    return {
        "ipaddress": address,
        "td": "0",
        "type": kind,
        "netmask": netmask,
        "flags": flags,
        "arp": _ON,
        "icmp": _ON,
        "vserver": _OFF,
        **services,
        "restrictaccess": _OFF,
        "decrementttl": _OFF,
        "dynamicrouting": _OFF,
        "hostroute": _OFF,
        "advertiseondefaultpartition": _OFF,
        "networkroute": _OFF,
        "tag": "0",
        "hostrtgwact": "0.0.0.0",  # noqa: S104 - a text; nothing is bound to it
        "metric": 0,
        "ospfareaval": "0",
        "vserverrhilevel": "ONE_VSERVER",
        "vserverrhimode": "DYNAMIC_ROUTING",
        "viprtadv2bsd": False,
        "vipvsercount": "0",
        "vipvserdowncount": "0",
        "vipvsrvrrhiactivecount": "0",
        "vipvsrvrrhiactiveupcount": "0",
        "ospflsatype": "TYPE5",
        "state": _ON,
        "freeports": "0",
        "riserhimsgcode": 0,
        "iptype": [kind],
        "icmpresponse": "NONE",
        "ownernode": "255",
        "arpresponse": "NONE",
        "ownerdownresponse": "YES",
    }
