"""The dialect sheet of a ThreatQ, by reading alone."""

from contract import threatq_access, threatq_library
from contract.ask import Heard
from contract.box import RefusedError
from contract.desk import Desk
from contract.sheet import Sheet, Sight, Unseen, looked, probes, seen, without

FIRST = (
    "maintenance",
    "threatq_redirect",
    "list_rights",
    "errors_in_success",
    "collections_visible",
)
"""What is seen before anything else."""
SEEN = {
    **probes(threatq_access, threatq_library),
    **dict.fromkeys(FIRST, without("a sign-in")),
}
"""Every question that has a probe, and those that say why they have none."""


def sheet(desk: Desk) -> Sheet:
    """Return the sheet; where ThreatQ shows no list, only why is seen.

    Raises:
        RefusedError: it does not sign in, or is no ThreatQ.
    """
    heard = desk.sign_in()
    first: dict[str, Sight] = {
        "maintenance": seen(_maintenance(heard)),
        "threatq_redirect": seen("yes" if 300 <= heard.status < 400 else "no"),  # noqa: PLR2004  # HTTP
    }
    if first != {"maintenance": seen("off"), "threatq_redirect": seen("no")}:
        return {**_unseen("ThreatQ being up"), **first}
    if not heard.good:
        raise RefusedError(f"the sign-in was refused ({heard.status})")
    lists = desk.get("/api/search/query", limit=1000)
    first |= _lists(lists)
    if lists.status != 200 or "data" not in lists.json:  # noqa: PLR2004  # HTTP
        return {**_unseen("the right to see lists"), **first}
    rows = desk.rows(lists)
    first["collections_visible"] = seen("all" if rows else "none")
    rest = {name: probe for name, probe in SEEN.items() if name not in first}
    return {**dict(looked(rest, desk)), **first}


def _unseen(what: str) -> dict[str, Sight]:
    return {name: Unseen(what) for name in SEEN}


def _maintenance(heard: Heard) -> str:
    if heard.status != 503:  # noqa: PLR2004  # Service Unavailable
        return "off"
    return "html" if heard.body.lstrip()[:1] == b"<" else "json"


def _lists(heard: Heard) -> dict[str, Sight]:
    """Return what a list says of the right to see it."""
    if heard.status == 403:  # noqa: PLR2004  # Forbidden
        return {"list_rights": seen("forbidden")}
    if heard.json == {}:
        return {"list_rights": seen("empty object")}
    if "errors" in heard.json:
        return {"errors_in_success": seen("yes")}
    return {"list_rights": seen("granted"), "errors_in_success": seen("no")}
