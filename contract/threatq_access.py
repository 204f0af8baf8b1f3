"""Probes of a ThreatQ: tokens, errors, lists. Nothing is changed."""

from contract.ask import Heard
from contract.desk import QUERY, Desk
from contract.sheet import OddError, Sight, Unseen, seen, without

_STOCK = {"Active": 1, "Expired": 2, "Indirect": 3, "Review": 4, "Whitelisted": 5}
"""Ids of a new instance (documented)."""


def see_bad_login_status(desk: Desk) -> Sight:
    # A client that does not exist: no user comes nearer to being locked out.
    return seen(desk.token(client_id="0" * 32).status)


def see_token_type(desk: Desk) -> Sight:
    return seen(str(desk.grant.get("token_type")))


def see_bearer_scheme(desk: Desk) -> Sight:
    heads = desk.bearer(scheme="bearer")
    good = desk.ask("GET", "/api/users/current", None, heads).good
    return seen("any case" if good else "exact")


def see_token_expires_in(desk: Desk) -> Sight:
    said = desk.grant.get("expires_in")
    return Unseen("expires_in") if said is None else seen(int(said))


def see_token_expires_in_form(desk: Desk) -> Sight:
    said = desk.grant.get("expires_in")
    form = {int: "number", str: "string"}.get(type(said), "absent")
    return seen(form)


see_token_lifetime = without("waiting until a token has expired")


def _refreshed(desk: Desk, *, proof: bool) -> tuple[str, str, Heard]:
    """Sign in and refresh; return the first tokens and the answer."""
    desk.sign_in()
    old, refresh = desk.grant["access_token"], str(desk.grant.get("refresh_token"))
    heads = desk.bearer(old) if proof else {}
    parts = {"grant_type": "refresh_token", "refresh_token": refresh}
    heard = desk.token(heads, **parts)
    return old, refresh, heard


def see_refresh_proof(desk: Desk) -> Sight:
    good = _refreshed(desk, proof=False)[2].good
    desk.sign_in()
    return seen("not needed" if good else "needed")


def see_refresh_tokens(desk: Desk) -> Sight:
    old, refresh, heard = _refreshed(desk, proof=True)
    parts = {"grant_type": "refresh_token", "refresh_token": refresh}
    again = desk.token(desk.bearer(old), **parts)
    desk.sign_in()
    if not heard.good:
        return Unseen("refresh tokens")
    return seen("reusable" if again.good else "once")


def see_refresh_old_access(desk: Desk) -> Sight:
    old, _, heard = _refreshed(desk, proof=True)
    heads = desk.bearer(old)
    good = desk.ask("GET", "/api/users/current", None, heads).good
    desk.sign_in()
    if not heard.good:
        return Unseen("refresh tokens")
    return seen("stays valid" if good else "revoked")


see_rate_limit_per_minute = without("running into it")
see_rate_limit_retry_after = without("running into the limit of calls")
see_update_status = without("changing something")
see_wrong_method_status = without("a request that might change something")


def _invalid(desk: Desk) -> Heard:
    return desk.query(limit=1, sort="no such field")


def see_validation_status(desk: Desk) -> Sight:
    return seen(_invalid(desk).status)


def see_threatq_error_form(desk: Desk) -> Sight:
    body = _invalid(desk).json
    if isinstance(body.get("data"), dict) and "errors" in body["data"]:
        return seen("data")
    errors = body.get("errors")
    if not isinstance(errors, list):
        raise OddError(f"an error looks like {str(body)[:60]}")
    nested = any(isinstance(one, list) for one in errors)
    return seen("nested list" if nested else "list")


def see_unknown_field(desk: Desk) -> Sight:
    good = desk.query(["id", "no such field"], limit=1).good
    return seen("ignored" if good else "refused")


def see_json_content_type(desk: Desk) -> Sight:
    heads = {**desk.bearer(), "Content-Type": "text/plain"}
    body = desk.saved["query"]
    good = desk.ask("POST", f"{QUERY}?limit=1", body, heads).good
    return seen("ignored" if good else "required")


def see_objects_lists(desk: Desk) -> Sight:
    rows = desk.rows(desk.get("/api/objects"))
    own = [row for row in rows if row.get("collection") == "indicators"]
    if not own:
        return seen("empty")
    types, statuses = bool(own[0].get("types")), bool(own[0].get("statuses"))
    if types and statuses:
        return seen("whole")
    return seen("no statuses" if types else "no types")


def see_status_ids(desk: Desk) -> Sight:
    rows = desk.rows(desk.get("/api/indicator/statuses"))
    stock = all(
        row.get("id") == _STOCK[row["name"]] for row in rows if row["name"] in _STOCK
    )
    return seen("stock" if stock else "own")


see_connector_create_status = without("making an entry")
see_connector_names = without("making an entry")
see_unset_fields = without("a field that nobody filled in")
