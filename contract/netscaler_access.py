"""Probes of a NetScaler: sessions, credentials, forms of answers, the system."""

import base64
import threading

from contract.ask import Heard
from contract.box import BINDINGS, Box, address, cookie, free
from contract.sheet import OddError, Sight, Unseen, seen, without

_VENDOR = "application/vnd.com.citrix.netscaler.login+json"
_BOGUS = {"Cookie": "NITRO_AUTH_TOKEN=%23%230123456789ABCDEF"}
_MANY = 60
"""Sessions asked for at most: three times the documented limit."""


def see_cookie_name(box: Box) -> Sight:
    names = []
    for kind in ("application/json", _VENDOR):
        pair = cookie(box.another(kind))
        box.logout(pair)
        names.append(pair.partition("=")[0])
    if names == ["sessionid", "NITRO_AUTH_TOKEN"]:
        return seen("by content type")
    return seen(names[0]) if names[0] == names[1] else Unseen(f"a look: {names}")


def see_logout_status(box: Box) -> Sight:
    return seen(box.logout(cookie(box.another())).status)


def see_basic_auth(box: Box) -> Sight:
    return seen("enabled" if _basic(box, box.password).good else "disabled")


def see_basic_failure(box: Box) -> Sight:
    if not _basic(box, box.password).good:
        return Unseen("Basic switched on")
    if not box.thorough:
        return Unseen("a wrong password (--thorough)")
    refused = _basic(box, "wrong")
    return seen("html" if refused.body.lstrip()[:1] == b"<" else "json")


def _basic(box: Box, password: str) -> Heard:
    pair = base64.b64encode(f"{box.username}:{password}".encode()).decode()
    heads = {"Authorization": f"Basic {pair}"}
    return free(box.ask("GET", "nsversion", heads=heads, signed=False))


def see_both_credentials(box: Box) -> Sight:
    who = {"X-NITRO-USER": box.username, "X-NITRO-PASS": box.password}
    heads = {**_BOGUS, **who}
    heard = free(box.ask("GET", "nsversion", heads=heads, signed=False))
    if heard.good:
        return seen("headers")
    good = box.ask("GET", "nsversion", heads=who)
    return seen("session" if good.good else "refused")


def see_session_limit(box: Box) -> Sight:
    return _full(box, "limit")


def see_session_limit_code(box: Box) -> Sight:
    return _full(box, "code")


def see_session_limit_status(box: Box) -> Sight:
    return _full(box, "status")


def _full(box: Box, what: str) -> Sight:
    """Use up all sessions, for a moment."""
    if not box.thorough:
        return Unseen("using up all sessions (--thorough)")
    opened: list[str] = []
    try:
        for _ in range(_MANY):
            heard = box.login()
            if not heard.good:
                break
            opened.append(cookie(heard))
        else:
            return Unseen(f"more than {_MANY} sessions")
    finally:
        for pair in opened:
            box.logout(pair)
    # Ours is one of them; those of others count too, so that the limit may be higher.
    found = {"limit": len(opened) + 1, "code": heard.code, "status": heard.status}
    return seen(found[what] or 0)


def see_expired_session_code(box: Box) -> Sight:
    return seen(box.ask("GET", "nsversion", heads=_BOGUS, signed=False).code or 0)


def see_bulk_expired_status(box: Box) -> Sight:
    body = {BINDINGS: [{"name": box.name, "value": address(n)} for n in range(2)]}
    return seen(box.ask("PUT", BINDINGS, body, heads=_BOGUS, signed=False).status)


def see_no_credentials_code(box: Box) -> Sight:
    return seen(box.ask("GET", "nsversion", signed=False).code or 0)


def see_restricted_timeout(box: Box) -> Sight:
    short = box.another(timeout=60)
    if short.good:
        box.logout(cookie(short))
    return seen("off" if short.good else "on")


see_not_authorized_status = without("a user with fewer rights")
see_no_rights_code = without("a user without rights")


def see_format_unasked(box: Box) -> Sight:
    heard = box.ask("GET", "nsversion", heads={"Accept": "*/*"})
    return seen("xml" if heard.body.lstrip()[:1] == b"<" else "json")


def see_numbers(box: Box) -> Sight:
    box.fresh()
    box.bound(address(1))
    index = box.rows()[0].get("index")
    return seen("text" if isinstance(index, str) else "number")


def see_count_form(box: Box) -> Sight:
    count = box.rows("?count=yes")[0].get("__count")
    return seen("text" if isinstance(count, str) else "number")


def see_details(box: Box) -> Sight:
    words = str(box.bind(address(2), colour="red").json.get("message", ""))
    return seen("with" if words.endswith("]") else "without")


def see_wrong_content_type(box: Box) -> Sight:
    body = {BINDINGS: {"name": box.name, "value": address(3)}}
    heard = box.ask("PUT", BINDINGS, body, heads={"Content-Type": "text/plain"})
    return seen("read" if heard.good else "refused")


def see_nitro_error_status(box: Box) -> Sight:
    heard = box.ask("PUT", BINDINGS, b"{")
    return seen("599" if heard.status == 599 else "http")  # noqa: PLR2004  # NITRO's own


def see_first_page(box: Box) -> Sight:
    box.fresh()
    for number in (1, 2):
        box.bound(address(number))
    first = box.ask("GET", f"{BINDINGS}/{box.name}?pagesize=1&pageno=0")
    rows = first.json.get(BINDINGS, []) if first.good else []
    return seen(0 if rows else 1)


def see_configchanged_form(box: Box) -> Sight:
    box.must("POST", "nsconfig?action=save", {"nsconfig": {}})
    unchanged = _configuration(box)
    if "configchanged" not in unchanged:
        return seen("omitted if unchanged")
    return seen("boolean" if unchanged["configchanged"] is False else "text")


def _configuration(box: Box) -> dict[str, object]:
    found = box.must("GET", "nsconfig").json.get("nsconfig")
    listed = found if isinstance(found, list) else [found]
    return listed[0] if listed and isinstance(listed[0], dict) else {}


see_warning_reason = without("a secondary node")
see_save_seconds = without("a clock: it is a time and no answer")


def see_concurrent_save_code(box: Box) -> Sight:
    box.fresh()
    box.bound(address(1))
    codes: list[int | None] = []

    def save() -> None:
        heard = box.ask("POST", "nsconfig?action=save", {"nsconfig": {}})
        codes.append(heard.code)

    others = [threading.Thread(target=save) for _ in range(3)]
    for other in others:
        other.start()
    for other in others:
        other.join()
    refused = {code for code in codes if code}
    if not refused:
        return Unseen("a save that lasts longer")
    if len(refused) > 1:
        raise OddError(str(refused))
    return seen(refused.pop())


def see_build(box: Box) -> Sight:
    found = box.must("GET", "nsversion").json["nsversion"]
    version = found["version"] if isinstance(found, dict) else found[0]["version"]
    return seen(version.removeprefix("NetScaler ").partition(", Date")[0].strip())


def see_own_addresses(box: Box) -> Sight:
    good = box.ask("GET", "nsip").good
    return seen("shown" if good else "not permitted")


see_secondary_writes = without("a secondary node")
see_reputation_licence = without("switching a feature on")
