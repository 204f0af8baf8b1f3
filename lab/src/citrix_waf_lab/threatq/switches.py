"""What the facts leave open about ThreatQ, or only infer: each thing a switch.

Defaults follow what most sources show; where none shows anything, the stricter answer
is the default, so that a client that passes here is not surprised elsewhere.
"""

from typing import Final

from citrix_waf_lab.dialects import Switch
from citrix_waf_lab.threatq.switches_library import (
    ELASTIC,
    KIBANA,
    LISTS,
    NOWHERE,
    SDK,
    SHAPES,
    WALKS,
    XSOAR,
)

REST: Final = "ThreatQ REST reference"

ACCESS: tuple[Switch, ...] = (
    Switch(
        "bad_login_status",
        400,
        (400, 401),
        "client code",
        f"{SDK}, Polarity: 400; {KIBANA}: 401",
        "the status of a refused request for a token",
    ),
    Switch(
        "token_type",
        "bearer",
        ("bearer", "Bearer"),
        "client code",
        f"both in clients' fixtures; {ELASTIC}, {KIBANA}",
        "how token_type is spelt",
    ),
    Switch(
        "bearer_scheme",
        "exact",
        ("exact", "any case"),
        "client code",
        "clients title-case token_type before they send it; the rest inferred",
        "whether the word Bearer must be spelt so in the Authorization header",
    ),
    Switch(
        "token_expires_in",
        3600,
        None,
        "client code",
        f"{XSOAR}, {KIBANA}: 3600; {ELASTIC}: 172799; {SDK}: 1800",
        "seconds that an access token is said to live",
    ),
    Switch(
        "token_lifetime",
        0,
        None,
        "inferred",
        f"{SDK} refreshes after 30 minutes whatever expires_in says",
        "seconds that an access token really lives; 0: as it says",
    ),
    Switch(
        "token_expires_in_form",
        "number",
        ("number", "string", "absent"),
        "inferred",
        "clients' fixtures have a number; the rest inferred",
        "how expires_in is given",
    ),
    Switch(
        "refresh_tokens",
        "once",
        ("once", "reusable"),
        "inferred",
        f"{SDK} takes a new refresh_token from each answer",
        "whether a refresh token is spent by its use",
    ),
    Switch(
        "refresh_proof",
        "not needed",
        ("not needed", "needed"),
        "inferred",
        f"{SDK} sends the old Bearer (user) or Basic (private)",
        "whether a refresh needs the old access token, or the client's credentials",
    ),
    Switch(
        "refresh_old_access",
        "revoked",
        ("revoked", "stays valid"),
        "inferred",
        NOWHERE,
        "what becomes of the old access token at a refresh",
    ),
)

GATES: tuple[Switch, ...] = (
    Switch(
        "list_rights",
        "granted",
        ("granted", "empty object", "forbidden"),
        "client code",
        "Polarity's submission integration: 200 with {} for types",
        "what a user without the right to see a list gets",
    ),
    Switch(
        "maintenance",
        "off",
        ("off", "html", "json"),
        "client code",
        "install scripts of integrations put the API into maintenance; bodies inferred",
        "whether everything answers 503, and how",
    ),
    Switch(
        "threatq_redirect",
        "no",
        ("no", "yes"),
        "client code",
        f"{KIBANA}'s tests refuse a 307",
        "whether every API call is redirected to a sign-in page",
    ),
    Switch(
        "rate_limit_per_minute",
        0,
        None,
        "inferred",
        f"{KIBANA} tests 429; no limit is documented",
        "calls a minute after which 429 comes; 0: no limit",
    ),
    Switch(
        "rate_limit_retry_after",
        "seconds",
        ("seconds", "date", "absent"),
        "inferred",
        NOWHERE,
        "the Retry-After of a 429",
    ),
    Switch(
        "errors_in_success",
        "no",
        ("no", "yes"),
        "client code",
        f"{SDK} raises on a 2xx with errors",
        "whether reads answer 200 with nothing but errors",
    ),
    Switch(
        "validation_status",
        400,
        (400, 422),
        "documented",
        f"{REST}: 400; 422 is not in its table",
        "the status of a request that is not valid",
    ),
    Switch(
        "threatq_error_form",
        "data",
        ("data", "list", "nested list"),
        "client code",
        f"{XSOAR} and its tests read all of them",
        "where an answer that refuses has its words",
    ),
    Switch(
        "wrong_method_status",
        405,
        (405, 404),
        "inferred",
        NOWHERE,
        "the status of a known path with a wrong method",
    ),
    Switch(
        "unknown_field",
        "refused",
        ("refused", "ignored"),
        "inferred",
        NOWHERE,
        "what becomes of a parameter, field or key that does not exist",
    ),
    Switch(
        "json_content_type",
        "required",
        ("required", "ignored"),
        "inferred",
        NOWHERE,
        "whether a JSON body needs Content-Type: application/json",
    ),
    Switch(
        "update_status",
        200,
        (200, 201),
        "client code",
        f"both in the tests of {KIBANA} and in Polarity",
        "the status of a successful PUT on an indicator",
    ),
)

_ON_OFF = ("true/false", "1/0", '"1"/"0"')

CONNECTORS: tuple[Switch, ...] = (
    Switch(
        "connector_create_status",
        201,
        (201, 403, 404, 405, 422),
        "inferred",
        "open: no source shows how a connector is created",
        "what POST /api/connectors answers",
    ),
    Switch(
        "connector_names",
        "unique",
        ("unique", "free"),
        "inferred",
        NOWHERE,
        "whether two connectors may have one name",
    ),
    Switch(
        "custom_fields_shape",
        "list",
        ("list", "by key", "by label", "text"),
        "inferred",
        "open: no source shows custom_fields",
        "list of {key, label, type, value}; object of values; or the list as JSON text",
    ),
    Switch(
        "is_active_form",
        "true/false",
        (*_ON_OFF, '"1"/""', '"True"/"False"', '"Y"/"N"', "true/null"),
        "client code",
        f"{SDK} takes only '' and 'False' for off",
        "how is_active is written when on and when off",
    ),
    Switch(
        "checkbox_form",
        "true/false",
        (*_ON_OFF, '"on"/""', '"true"/"false"', '"Y"/"N"'),
        "inferred",
        "open: no source shows custom_fields",
        "how a ticked and an unticked checkbox are written",
    ),
    Switch(
        "secret_fields",
        "plain",
        ("plain", "masked", "absent"),
        "inferred",
        "open: no source shows custom_fields",
        "how a password reads back",
    ),
    Switch(
        "unset_fields",
        "null",
        ("null", "empty", "absent"),
        "inferred",
        "open: no source shows custom_fields",
        "how a field that nobody has filled in reads back",
    ),
)

SWITCHES: tuple[Switch, ...] = (
    *ACCESS,
    *GATES,
    *LISTS,
    *WALKS,
    *SHAPES,
    *CONNECTORS,
)
