"""From an answer to the error that names the situation."""

from tq_conn_citrix_waf.errors import (
    DatasetMissingError,
    SecondaryNodeError,
    TargetError,
    TargetFaultError,
    TargetRightsError,
    TargetSessionsError,
    TargetSignInError,
)
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.reply import Reply, one_line

SIGN_IN_CURE = "check Username and Password; they were not tried a second time"
RIGHTS_CURE = (
    "give the NetScaler user a command policy that allows: show ns version, show ha "
    "node, show ns ip, show ns config, show/bind/unbind policy dataset, save ns config"
)
PLACE_CURE = (
    "check that API IP/Hostname is the management address of a NetScaler, and that "
    "Use HTTPS is set as it listens"
)
MISSING_CURE = (
    "make it on the NetScaler (AppExpert > Data Sets, type ipv4), or correct "
    "IP Block List"
)
_NAMED: tuple[tuple[frozenset[int], type[TargetError], str], ...] = (
    (codes.NO_SET, DatasetMissingError, MISSING_CURE),
    (codes.RIGHTS, TargetRightsError, RIGHTS_CURE),
    (
        codes.SECONDARY,
        SecondaryNodeError,
        "name the primary, or an address that always leads to it, in API IP/Hostname",
    ),
    (
        codes.CLUSTER_NODE,
        TargetFaultError,
        "name the cluster's own address (CLIP) in API IP/Hostname",
    ),
)
_CURES = {
    1034: "use a user without a second factor",
    1045: "accept the licence agreement in the NetScaler's own interface, once",
    1046: "change the user's password in the NetScaler's own interface, then here",
}


def sign_in_fault(host: str, reply: Reply) -> TargetError:
    """Name why a login failed."""
    if reply.code in codes.SESSIONS:
        return _sessions(host, reply)
    if reply.code in codes.SIGN_IN or reply.status in (401, 403):
        return TargetSignInError(
            f"{host} refused the sign-in: {reply.words}",
            _CURES.get(reply.code or 0, SIGN_IN_CURE),
        )
    return TargetFaultError(f"{host}: sign in: {reply.words}", PLACE_CURE)


def fault(host: str, step: str, reply: Reply) -> TargetError:
    """Name what an answer to anything but a login means.

    Args:
        host: of the appliance, as the user knows it.
        step: what was asked, in two or three words.
        reply: which is no success.
    """
    what = f"{host}: {step}: {reply.words}"
    code = reply.code
    if code in codes.SESSIONS:
        return _sessions(host, reply)
    if code is None and reply.status == 403:  # noqa: PLR2004  # Forbidden
        return TargetRightsError(what, RIGHTS_CURE)
    for members, error, cure in _NAMED:
        if code in members:
            return error(what, cure)
    if code in codes.SESSION or reply.status == 401:  # noqa: PLR2004  # Unauthorized
        return TargetFaultError(
            f"{what}, just after a fresh sign-in",
            "see whether something ends the user's sessions; run again",
        )
    cure = "run again; if it stays, look at /var/log/nitro.log on the NetScaler"
    return TargetFaultError(what, PLACE_CURE if code is None else cure)


def unreadable(host: str, error: ValueError) -> TargetFaultError:
    """Return the error that an answer holds something else than it should."""
    words = one_line(str(error))
    return TargetFaultError(f"{host} sent what cannot be read: {words}", PLACE_CURE)


def _sessions(host: str, reply: Reply) -> TargetError:
    return TargetSessionsError(
        f"{host} has no session left: {reply.words}",
        "end sessions nobody uses (show system session), or wait until they time out",
    )
