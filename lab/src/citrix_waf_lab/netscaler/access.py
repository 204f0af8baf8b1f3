"""Who asks, and may they: tokens, stateless headers, Basic, rights.

Three places carry a token: ``Cookie: NITRO_AUTH_TOKEN=`` (NREF), ``Cookie: sessionid=``
(telegraf#11536), and, oddly, a *request* header ``Set-Cookie: NITRO_AUTH_TOKEN=`` (GO
netscaler_resource.go; SDK).
"""

import base64
import binascii
from urllib.parse import unquote

from citrix_waf_lab.netscaler import bodies
from citrix_waf_lab.netscaler.sessions import Session
from citrix_waf_lab.netscaler.state import Appliance
from citrix_waf_lab.netscaler.vocabulary import Refusal
from citrix_waf_lab.wire import Request

_TOKEN_COOKIES = ("NITRO_AUTH_TOKEN", "sessionid")


def token(request: Request) -> str | None:
    """Return the token of a request, decoded, or None."""
    for name, value in request.headers:
        allowed = {
            "cookie": _TOKEN_COOKIES,
            "set-cookie": _TOKEN_COOKIES[:1],
        }.get(name.lower(), ())
        for part in value.split(";"):
            key, equals, text = part.strip().partition("=")
            if equals and key in allowed:
                return unquote(text)
    return None


def _stateless(request: Request) -> tuple[str, str] | None:
    user, password = request.header("X-NITRO-USER"), request.header("X-NITRO-PASS")
    if user is None and password is None:
        return None
    return user or "", password or ""


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, credentials = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        return "", ""
    user, _, password = decoded.partition(":")
    return user, password


class BasicFailedError(Exception):
    """A Basic log-in failed and the appliance answers with an HTML page."""


def check(appliance: Appliance, user: str, password: str) -> None:
    """Make sure that these are the right credentials.

    Raises:
        Refusal: 354.
    """
    if (user, password) != (appliance.username, appliance.password):
        raise Refusal(354)


def authenticate(
    appliance: Appliance, request: Request, resource: str
) -> Session | None:
    """Find out who asks.

    Returns:
        The session whose token the request carries; None for a stateless call.

    Raises:
        Refusal: any of the codes of authentication.
        BasicFailedError: as its name says.
    """
    dialect = appliance.dialect
    given, headers = token(request), _stateless(request)
    if given is not None and headers is not None:
        if dialect["both_credentials"] == "refused":
            raise Refusal(1092)
        if dialect["both_credentials"] == "session":
            headers = None
        else:
            given = None
    if given is not None:
        return _session(appliance, request, resource, given)
    if headers is not None:
        check(appliance, *headers)
    else:
        _check_basic(appliance, request)
    # Each stateless call is a log-in of its own (elastic/integrations#12144).
    appliance.sessions.need_room()
    return None


def _session(
    appliance: Appliance, request: Request, resource: str, given: str
) -> Session:
    try:
        return appliance.sessions.use(given)
    except Refusal as error:
        if bodies.holds_array(request, resource):
            error.switch = "bulk_expired_status"
        raise


def _check_basic(appliance: Appliance, request: Request) -> None:
    dialect = appliance.dialect
    credentials = _basic(request)
    if credentials is None:
        raise Refusal(int(dialect.number("no_credentials_code")))
    if dialect["basic_auth"] == "disabled":
        raise Refusal(1244)
    try:
        check(appliance, *credentials)
    except Refusal as error:
        if dialect["basic_failure"] == "html":
            raise BasicFailedError(str(error)) from error
        raise


def allow(appliance: Appliance, command: str) -> None:
    """Make sure that the user may run a command.

    Args:
        appliance: the one that is asked.
        command: as the command line has it, e.g. ``show policy dataset bl4``.

    Raises:
        Refusal: 2138 or 371.
    """
    rights = appliance.dialect["rights"]
    reads = command.startswith(("show ", "stat "))
    if rights == "full" or (rights == "read-only" and reads):
        return
    if rights == "none":
        code = int(appliance.dialect.number("no_rights_code"))
        raise Refusal(code, command if code == 2138 else None)  # noqa: PLR2004 - its code
    raise Refusal(2138, command)
