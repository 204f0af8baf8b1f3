"""Who calls: the token, the page with the client's id, the calling identity.

The four parts of a sign-in may be in the query, in a form or in JSON, and in part here
and in part there: every client does it in another way.
"""

import base64
import binascii
import hmac

from citrix_waf_lab.threatq.answers import data, plain, refused, whole
from citrix_waf_lab.threatq.refusal import Refusal
from citrix_waf_lab.threatq.routing import PAGING, Call, Route, parameters, read_json
from citrix_waf_lab.threatq.tokens import Holder
from citrix_waf_lab.wire import Answer, Request

CONFIG_HEAD = "angular.module('config', []).constant("
CONFIG_TAIL = "').constant('Version', '6.16.0-0001');"
"""38 characters: stix-shifter cuts the id out so many before the end of the file."""

LONGEST = 10**9
"""Seconds (31 years) that a token may live at most, so that dates do not overflow."""


def config(call: Call) -> Answer:
    """``GET /assets/js/config.js``: the client id of the user flow, for anyone."""
    text = f"{CONFIG_HEAD}'ClientId', '{call.threatq.client_id}{CONFIG_TAIL}"
    return plain(200, text.encode(), (("Content-Type", "application/javascript"),))


def token(call: Call) -> Answer:
    """``POST /api/token``: password, client credentials or refresh."""
    parts = {**call.query, **_body_parts(call.request)}
    grant = parts.get("grant_type", "")
    if grant == "password":
        return _password(call, parts)
    if grant == "client_credentials":
        return _private(call)
    if grant == "refresh_token":
        return _refresh(call, parts)
    raise Refusal(None, "grant_type", "is missing or not supported")


def current_user(call: Call) -> Answer:
    """``GET /api/users/current``: who the token's holder is."""
    threatq = call.threatq
    private = call.holder == "private"
    name = "Private client" if private else threatq.username
    source = threatq.private_source if private else threatq.user_source
    return data(
        {
            "id": 2 if private else 1,
            "email": None if private else threatq.username,
            "display_name": name,
            "source": {"id": source, "name": name},
        }
    )


def basic(request: Request) -> tuple[str, str] | None:
    """Return the pair of a Basic Authorization header, or None."""
    scheme, _, coded = (request.header("Authorization") or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(coded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return None
    name, _, secret = text.partition(":")
    return name, secret


def bearer(call: Call) -> str:
    """Return the token of a Bearer Authorization header, or ''."""
    scheme, _, text = (call.request.header("Authorization") or "").partition(" ")
    exact = call.threatq.dialect["bearer_scheme"] == "exact"
    fits = scheme == "Bearer" if exact else scheme.lower() == "bearer"
    return text.strip() if fits else ""


def _body_parts(request: Request) -> dict[str, str]:
    kind = (request.header("Content-Type") or "").split(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        return parameters(request.body.decode("utf-8", "replace"))
    if kind != "application/json" or not request.body:
        return {}
    body = read_json(request.body)
    if isinstance(body, list):
        return {}  # the SDK sends the private pair as an array too; it is not read
    if not isinstance(body, dict):
        raise Refusal(None, "body", "must be a JSON object")
    return {k: v for k, v in body.items() if isinstance(v, str)}


def _bad_login(call: Call) -> Answer:
    dialect = call.threatq.dialect
    status = int(dialect.number("bad_login_status"))
    return refused(dialect, status, "credentials", "are not valid")


def _password(call: Call, parts: dict[str, str]) -> Answer:
    threatq = call.threatq
    for name in ("client_id", "email", "password"):
        if name not in parts:
            raise Refusal(None, name, "is required")
    right = (
        parts["client_id"] == threatq.client_id,
        parts["email"] == threatq.username,
        parts["password"] == threatq.password,
    )
    return _granted(call, "user") if all(right) else _bad_login(call)


def _private(call: Call) -> Answer:
    return _granted(call, "private") if _is_private(call) else _bad_login(call)


def _is_private(call: Call) -> bool:
    name, secret = basic(call.request) or ("", "")
    wanted = call.threatq.private_secret.encode()
    same = hmac.compare_digest(secret.encode("utf-8", "surrogatepass"), wanted)
    return same and name == call.threatq.private_id


def _refresh(call: Call, parts: dict[str, str]) -> Answer:
    tokens, dialect = call.threatq.tokens, call.threatq.dialect
    old = parts.get("refresh_token", "")
    holder = tokens.holder_of_refresh(old)
    if holder is None:
        return _bad_login(call)
    access = tokens.access_of_refresh(old)
    proven = _is_private(call) if holder == "private" else bearer(call) == access
    if dialect["refresh_proof"] == "needed" and not proven:
        return _bad_login(call)
    if dialect["refresh_tokens"] == "once":
        tokens.spend_refresh(old)
    if dialect["refresh_old_access"] == "revoked":
        tokens.revoke_access(access)
    return _granted(call, holder)


def _granted(call: Call, holder: Holder) -> Answer:
    dialect = call.threatq.dialect
    said = int(dialect.number("token_expires_in"))
    lives = min(dialect.number("token_lifetime") or said, LONGEST)
    grant = call.threatq.tokens.grant(holder, lives)
    body: dict[str, object] = {
        "access_token": grant.access_token,
        "token_type": dialect["token_type"],
        "expires_in": said,
        "refresh_token": grant.refresh_token,
    }
    form = dialect["token_expires_in_form"]
    if form == "string":
        body["expires_in"] = str(said)
    if form == "absent":
        del body["expires_in"]
    return whole(body)


ROUTES = (
    Route("GET", r"/assets/js/config\.js", config, None, open=True),
    Route("POST", r"/api/token", token, None, open=True),
    Route("GET", r"/api/users/current", current_user, PAGING),
)
