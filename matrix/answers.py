"""What the connector does under each answer to each open question: one table.

1. Each switch of the lab has a row, and each of its answers; of those that take any
   number, the numbers tried stand here. ``tests/matrix`` sees to it.
"""

from collections.abc import Mapping

from matrix.rows import (
    Answers,
    Does,
    Picks,
    Row,
    Together,
    adds,
    ends,
    fills,
    helped,
    notes,
    stays,
)

ANSWERS: Mapping[str, Answers] = {
    # frame
    "latency_ms": stays(0, 5000),
    "reboot_seconds": stays(1.0, 0.0, 3.0),
    "reboot_answers": stays("refused", "503"),
    # netscaler
    "cookie_name": stays("by content type", "NITRO_AUTH_TOKEN", "sessionid"),
    "logout_status": stays(200, 201),
    "basic_auth": stays("enabled", "disabled"),
    "basic_failure": stays("json", "html"),
    "both_credentials": stays("refused", "session", "headers"),
    "session_limit": stays(20, 1) | ends(4, "has no session left", 0),
    "session_limit_code": stays(446, 445, 447),
    "session_limit_status": stays(599, 503),
    "expired_session_code": stays(444, 1027),
    "bulk_expired_status": stays(401, 200),
    "no_credentials_code": stays(1027, 1026, 352),
    "restricted_timeout": stays("off", "on"),
    "rights": stays("full")
    | ends(4, "bind to .*Not authorized", "read-only")
    | ends(4, "read the pair: Not authorized", "none"),
    "not_authorized_status": stays(403, 599),
    "no_rights_code": stays(2138, 371),
    "format_unasked": stays("json", "xml"),
    "numbers": stays("text", "number"),
    "count_form": stays("text", "number"),
    "details": stays("with", "without"),
    "wrong_content_type": stays("refused", "read"),
    "nitro_error_status": stays("599", "http"),
    "unencoded_args": stays("refused", "accepted"),
    "first_page": stays(1, 0),
    "configchanged_form": stays("boolean", "text", "omitted if unchanged"),
    "warning_reason": stays("X-NITRO-WARNING", "Netscaler specific warning"),
    "dataset_limit": stays(5000, 100000) | fills(4, "tq_block_list is full", 100),
    "absent_set_status": stays(404, 599),
    "existing_set_status": stays(409, 599),
    "duplicate_code": stays(273, 2867, 2883),
    "duplicate_status": stays(409, 599),
    "overlap_code": stays(2821, 2866, 2867, 2883),
    "overlap_status": stays(599, 409),
    "absent_value_code": stays(2822, 258),
    "absent_value_status": stays(404, 599),
    "wrong_family": stays("format", "element"),
    "cidr": stays("accepted")
    | notes("binds blocks by their ends", "takes no subnet", "refused"),
    "endrange": stays("accepted")
    | notes("binds ranges block by block", "takes no endrange", "unknown"),
    "endrange_on_single": stays("accepted", "refused"),
    "endrange_misuse_code": stays(278, 1092, 2866),
    "echo_subnet": stays("masked", "as bound"),
    "echo_ipv6": stays("compressed", "as bound"),
    "unbind_spelling": stays("bound or echoed", "any"),
    "comment": stays("returned")
    | adds("the set is read after the first batch, and shows no marks", "hidden")
    | adds("what was refused for its comment goes again without", "refused"),
    "comment_limit": stays(255, 26)
    | adds("what was refused for its comment goes again without", 10),
    "dynamic": stays("accepted", "unknown"),
    "index_mixing": stays("allowed", "refused"),
    "array_bulk": stays("accepted")
    | notes("binds and unbinds one by one", "does not (un)?bind many", "refused"),
    "bulk_limit": stays(0, 50)
    | notes("binds and unbinds one by one", "does not (un)?bind many", 1),
    "bulk_json_answer": stays("empty", "done"),
    "exit_answer": stays("stops", "1265"),
    "bulk_unbind": stays("accepted")
    | notes("unbinds by DELETE, one by one", "does not unbind many", "refused"),
    "unbind_onerror": stays("obeyed", "ignored"),
    "save_seconds": stays(0.0, 20.0),
    "concurrent_save_code": stays(293, 1461),
    "build": stays(
        "NS14.1: Build 12.35.nc", "NS13.0: Build 79.1002.nc", "NS13.1: Build 42.47.nc"
    ),
    "ha_role": stays("stand-alone", "primary")
    | ends(4, "is the secondary node of a pair", "secondary"),
    "own_addresses": stays("shown")
    | notes(
        "its own addresses are not among what is never blocked",
        "may not read its own addresses",
        "not permitted",
    ),
    "secondary_writes": stays("warned", "accepted", "refused"),
    "reputation_licence": stays("present", "absent"),
    # threatq
    "bad_login_status": stays(400, 401),
    "token_type": stays("bearer", "Bearer"),
    "bearer_scheme": stays("exact", "any case"),
    "token_expires_in": stays(3600, 1, 172799),
    "token_lifetime": stays(0, 60, 1),
    "token_expires_in_form": stays("number", "string", "absent"),
    "refresh_tokens": stays("once", "reusable"),
    "refresh_proof": stays("not needed", "needed"),
    "refresh_old_access": stays("revoked", "stays valid"),
    "list_rights": stays("granted")
    | ends(3, "no right to see it", "empty object", since="first run")
    | ends(3, "list may not be seen", "forbidden", since="first run"),
    "maintenance": stays("off")
    | ends(3, "ThreatQ answered 503", "html", "json", since="first run"),
    "threatq_redirect": stays("no")
    | ends(3, "redirects are not followed", "yes", since="first run"),
    "rate_limit_per_minute": stays(0, 60, 3),
    "rate_limit_retry_after": stays("seconds", "date", "absent"),
    "errors_in_success": stays("no")
    | ends(3, "ThreatQ answered with an error", "yes", since="first run"),
    "validation_status": stays(400, 422),
    "threatq_error_form": stays("data", "list", "nested list"),
    "wrong_method_status": stays(405, 404),
    "unknown_field": stays("refused", "ignored"),
    "json_content_type": stays("required", "ignored"),
    "update_status": stays(200, 201),
    "objects_lists": stays("whole", "no types", "no statuses", "empty"),
    "status_ids": stays("own", "stock"),
    "search_row_json": stays("object", "string"),
    "search_row_hash": stays("present", "absent"),
    "collections_page": stays(0, 1),
    "collections_visible": stays("all")
    | ends(3, "it is not shared with this user", "none"),
    "collections_doubled": stays("no") | ends(2, "2 data collections are named", "yes"),
    "hash_route": stays("present", "absent"),
    "query_cursor": stays("yes")
    | notes("reads by hash", "paged by hash and cursor", "refused", "ignored"),
    "hash_cursor": stays("yes", "refused", "ignored"),
    "cursor_end": stays("unchanged", "never ends", "turns back")
    | notes("reads by offset", "paged by offset", "never changes"),
    "page_default": stays(1000, 10),
    "page_limit": stays(0, 100),
    "page_over_limit": stays("capped", "refused"),
    "offset_cap": stays(0, 500),
    "empty_page": stays("list", "object"),
    "empty_page_after": stays(0) | ends(3, "could not be read whole", 500),
    "page_overlap": stays(0, 20),
    "total_form": stays("number", "string", "absent"),
    "total_truth": stays("true", "one less", "shrinks")
    | ends(3, "could not be read whole", "one more", "grows"),
    "operator_equals": stays("500", "400", "accepted"),
    "type_status_form": stays("by fields", "nested", "flat"),
    "score_form": stays("number", "string", "object"),
    "absent_keys": stays("left out", "null"),
    "fields_lists": stays("objects", "names"),
    "expiry_job": stays("not run", "run"),
    "connector_create_status": stays(201)
    | helped("its file holds the settings", "settings in the file", 403, 404, 405, 422),
    "connector_names": stays("unique", "free"),
    "custom_fields_shape": stays("list", "by key", "by label", "text"),
    "is_active_form": stays(
        "true/false",
        "1/0",
        '"1"/"0"',
        '"1"/""',
        '"True"/"False"',
        '"Y"/"N"',
        "true/null",
    ),
    "checkbox_form": stays(
        "true/false", "1/0", '"1"/"0"', '"on"/""', '"true"/"false"', '"Y"/"N"'
    ),
    "secret_fields": stays("plain")
    | helped("asks for the password in its file", "Password", "masked", "absent"),
    "unset_fields": stays("null", "empty", "absent"),
}

_NO_CURSOR: Picks = {"query_cursor": ("refused", "ignored")}
_SHORT: Picks = {"offset_cap": (500,)}
_NO_WAY = Row(Does.ENDS, code=3)

TOGETHER: tuple[Together, ...] = (
    Together({"cursor_end": ("never changes",)} | _SHORT, _NO_WAY),
    Together(_NO_CURSOR | {"hash_route": ("absent",)} | _SHORT, _NO_WAY),
    Together(_NO_CURSOR | {"search_row_hash": ("absent",)} | _SHORT, _NO_WAY),
    Together(_NO_CURSOR | {"hash_cursor": ("refused", "ignored")} | _SHORT, _NO_WAY),
)
"""What comes of some answers together, where neither alone tells it: a collection that
can only be read by offset, from a server that goes only so far, cannot be read."""
