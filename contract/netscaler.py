"""The dialect sheet of a NetScaler, made on a scratch set that is removed again."""

from contract import netscaler_access, netscaler_sets
from contract.box import Box, RefusedError
from contract.sheet import Sheet, Sight, Unseen, looked, probes, seen, without

_SET = frozenset({273, 2823})
FIRST = ("ha_role", "rights")
"""What is seen before anything else."""
SEEN = {
    **probes(netscaler_access, netscaler_sets),
    **dict.fromkeys(FIRST, without("a sign-in")),
}
"""Every question that has a probe, and those that say why they have none."""


def sheet(box: Box) -> Sheet:
    """Return the sheet; the box is signed in.

    Where the user may not write, or the node is a secondary, only that is seen.
    """
    role = _role(box)
    first = {"ha_role": seen(role)}
    if role == "secondary":
        return {**_unseen("the primary node"), **first}
    rights, status = _rights(box)
    first["rights"] = seen(rights)
    if rights != "full":
        first["not_authorized_status"] = seen(status)
        return {**_unseen("the right to write"), **first}
    rest = {name: probe for name, probe in SEEN.items() if name not in first}
    try:
        found = dict(looked(rest, box))
    finally:
        box.drop()
    return {**found, **first}


def _unseen(what: str) -> dict[str, Sight]:
    return {name: Unseen(what) for name in SEEN}


def _role(box: Box) -> str:
    heard = box.ask("GET", "hanode")
    nodes = heard.json.get("hanode") or []
    listed = [nodes] if isinstance(nodes, dict) else nodes
    own = [n for n in listed if str(n.get("id")) == "0"]
    state = str(own[0].get("state", "")).lower() if own else ""
    if state == "secondary":
        return state
    return "primary" if len(listed) > 1 else "stand-alone"


def _rights(box: Box) -> tuple[str, int]:
    """Return what the user may do, and the status of what it may not."""
    made = {"policydataset": {"name": box.name, "type": "ipv4"}}
    heard = box.ask("POST", "policydataset", made)
    if heard.good:
        return "full", 0
    if heard.code in _SET:
        raise RefusedError(f"a set {box.name} is there already: try again")
    reads = box.ask("GET", "nsversion").good
    return ("read-only" if reads else "none"), heard.status
