"""Log-in and log-out."""

from urllib.parse import quote

from citrix_waf_lab.netscaler import access, bodies, edits, shapes
from citrix_waf_lab.netscaler.calls import Call
from citrix_waf_lab.netscaler.shapes import Reply
from citrix_waf_lab.netscaler.vocabulary import Refusal

_ATTRIBUTES = frozenset({"username", "password", "timeout"})


def log_in(call: Call) -> Reply:
    """Open a session.

    The cookie holds the percent-encoded form of the body's ``sessionid``; with the
    vendor's content type there is no body (telegraf#11478; ansible#33378).

    Raises:
        Refusal: 354, 278, 1095, 1219, 1234 or a code of the session limit.
    """
    content = bodies.read(call.request, "login", call.appliance.dialect)
    if content.array:
        raise Refusal(1234)
    item = content.objects[0]
    # ``new_password`` is for a password that has expired, and 278 otherwise (TF
    # change_password.md); no password expires here.
    edits.known(item, _ATTRIBUTES)
    timeout = edits.whole(item, "timeout")
    user, password = edits.text(item, "username"), edits.text(item, "password")
    access.check(call.appliance, user, password)
    session = call.appliance.sessions.open(timeout)
    vendor = bodies.is_vendor(call.request, "login")
    name = call.appliance.dialect["cookie_name"]
    if name == "by content type":
        name = "NITRO_AUTH_TOKEN" if vendor else "sessionid"
    cookie = f"{name}={quote(session.token, safe='')}; path=/nitro/v1"
    body = None if vendor else {**shapes.DONE, "sessionid": session.token}
    return Reply(201, body, cookie=cookie)


def log_out(call: Call) -> Reply:
    """End the session of the request.

    Raises:
        Refusal: 278 or 1234 for an object that is not empty.
    """
    content = bodies.read(call.request, "logout", call.appliance.dialect)
    if content.array:
        raise Refusal(1234)
    edits.known(content.objects[0], frozenset())
    if call.session is not None:
        call.appliance.sessions.close(call.session)
    return Reply(int(call.appliance.dialect.number("logout_status")))
