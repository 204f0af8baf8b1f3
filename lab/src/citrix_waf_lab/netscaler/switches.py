"""Every open question about the appliance, with its possible answers.

A switch's default is what the source says where one says anything, else the plainest
answer. A client has to work with every answer.
"""

from citrix_waf_lab.dialects import Mark, Switch, Value

_CODES = "NREF rewrite-errors; no answer to this request is recorded"


def _one_of(
    name: str,
    choices: tuple[Value, ...],
    mark: Mark,
    source: str,
    about: str,
    default: Value | None = None,
) -> Switch:
    first = choices[0] if default is None else default
    return Switch(name, first, choices, mark, source, about)


def _number(name: str, default: Value, mark: Mark, source: str, about: str) -> Switch:
    return Switch(name, default, None, mark, source, about)


_ACCESS = (
    _one_of(
        "cookie_name",
        ("by content type", "NITRO_AUTH_TOKEN", "sessionid"),
        "recorded",
        "telegraf#11478; ansible#33378; NREF basic operations",
        "Which cookie a log-in sets: sessionid for application/json and"
        " NITRO_AUTH_TOKEN for the vendor type, or always the same.",
    ),
    _one_of(
        "logout_status",
        (200, 201),
        "documented",
        "NREF basic operations; ANS common.py accepts 201 too",
        "Status of a log-out.",
    ),
    _one_of(
        "basic_auth",
        ("enabled", "disabled"),
        "documented",
        "NREF usecases",
        "Whether HTTP Basic is accepted (systemparameter basicauth).",
    ),
    _one_of(
        "basic_failure",
        ("json", "html"),
        "client code",
        "SDK base_resource.py",
        "What a failed Basic log-in gets: the error as JSON, or an HTML page.",
    ),
    _one_of(
        "both_credentials",
        ("refused", "session", "headers"),
        "inferred",
        "NREF common notes say only that they must not be combined",
        "What a token and X-NITRO-USER in one request do: an error, or one wins.",
    ),
    _number(
        "session_limit",
        20,
        "documented",
        "product FAQ on connection management; CUR systemuser",
        "How many administrative sessions may be open at once.",
    ),
    _one_of(
        "session_limit_code",
        (446, 445, 447),
        "recorded",
        "NSIC #525; nsnitro exceptions",
        "Errorcode when no session is free.",
    ),
    _one_of(
        "session_limit_status",
        (599, 503),
        "inferred",
        "not recorded; what has no status of its own is 599",
        "Status when no session is free.",
    ),
    _one_of(
        "expired_session_code",
        (444, 1027),
        "client code",
        "GO clears its session on either",
        "Errorcode for a token that is unknown, idle too long or killed.",
    ),
    _one_of(
        "bulk_expired_status",
        (401, 200),
        "client code",
        "comment in SDK base_resource.py",
        "Status of a bulk request with such a token.",
    ),
    _one_of(
        "no_credentials_code",
        (1027, 1026, 352),
        "inferred",
        "NREF error tables",
        "Errorcode for a request without any credentials.",
    ),
    _one_of(
        "restricted_timeout",
        ("off", "on"),
        "documented",
        "CUR systemparameter",
        "On: sessions idle out after 900 s and a timeout must be 300 to 86400.",
    ),
    _one_of(
        "rights",
        ("full", "read-only", "none"),
        "inferred",
        "NREF 0x850-errors; CHK #83",
        "What the lab's user may do.",
    ),
    _one_of(
        "not_authorized_status",
        (403, 599),
        "inferred",
        "CHK takes 403 as missing permission; 599 is possible",
        "Status of 2138.",
    ),
    _one_of(
        "no_rights_code",
        (2138, 371),
        "inferred",
        "NREF base-errors",
        "Errorcode for a user without any command policy.",
    ),
)

_FORM = (
    _one_of(
        "format_unasked",
        ("xml", "json"),
        "client code",
        "N8N init workflow parses XML; telegraf#11536 shows JSON for JSON content",
        "Format of an answer when neither Accept nor Content-Type names JSON.",
    ),
    _one_of(
        "numbers",
        ("text", "number"),
        "recorded",
        "ANS samples; GO and TF convert",
        "Whether numbers such as index arrive as strings.",
    ),
    _one_of(
        "count_form",
        ("text", "number"),
        "documented",
        "NREF common notes",
        "Whether __count is a string.",
    ),
    _one_of(
        "details",
        ("with", "without"),
        "recorded",
        "ANS #353 with; ANS #376 without",
        "Whether an error's text ends with its bracket.",
    ),
    _one_of(
        "wrong_content_type",
        ("refused", "read"),
        "inferred",
        "no source",
        "What a body that is not declared as JSON gets.",
    ),
    _one_of(
        "nitro_error_status",
        ("599", "http"),
        "inferred",
        "GO knows 400, 404 and 405; no source ties a code to them",
        "Status of 1232 to 1240: 599, or the HTTP status of the same meaning.",
    ),
    _one_of(
        "unencoded_args",
        ("refused", "accepted"),
        "inferred",
        "clients encode values once; ANS client.py",
        "Whether ':' or '/' may stand unencoded in a value of args or filter.",
    ),
    _one_of(
        "first_page",
        (1, 0),
        "inferred",
        "NREF shows no page number",
        "The pageno of the first page.",
    ),
    _one_of(
        "configchanged_form",
        ("boolean", "text", "omitted if unchanged"),
        "documented",
        "NREF nsconfig says Boolean; GO reads a string",
        "How nsconfig shows configchanged.",
    ),
    _one_of(
        "warning_reason",
        ("X-NITRO-WARNING", "Netscaler specific warning"),
        "documented",
        "NREF error handling; usecases",
        "Reason phrase of status 209.",
    ),
)

_SETS = (
    _number(
        "dataset_limit",
        5000,
        "documented",
        "DS 13.0 and 13.1; error 2900",
        "How many bindings one data set holds.",
    ),
    _one_of(
        "absent_set_status",
        (404, 599),
        "inferred",
        "TF takes 2823 as missing",
        "Status of 2823.",
    ),
    _one_of(
        "existing_set_status",
        (409, 599),
        "inferred",
        "ANS keys on 409",
        "Status of adding a data set that exists.",
    ),
    _one_of(
        "duplicate_code",
        (273, 2867, 2883),
        "inferred",
        _CODES,
        "Errorcode of binding what is bound already.",
    ),
    _one_of(
        "duplicate_status",
        (409, 599),
        "inferred",
        _CODES,
        "Status of binding what is bound already.",
    ),
    _one_of(
        "overlap_code",
        (2821, 2866, 2867, 2883),
        "inferred",
        "DS shows the text only",
        "Errorcode of binding a range or value that overlaps a bound one.",
    ),
    _one_of(
        "overlap_status",
        (599, 409),
        "inferred",
        "DS shows the text only",
        "Status of an overlap.",
    ),
    _one_of(
        "absent_value_code",
        (2822, 258),
        "inferred",
        _CODES,
        "Errorcode of unbinding what is not bound.",
    ),
    _one_of(
        "absent_value_status",
        (404, 599),
        "inferred",
        _CODES,
        "Status of unbinding what is not bound.",
    ),
    _one_of(
        "wrong_family",
        ("format", "element"),
        "inferred",
        _CODES,
        "An address of the other family: 2873 or 2881 (format), or 2866 (element).",
    ),
    _one_of(
        "cidr",
        ("accepted", "refused"),
        "documented",
        "CUR; refused on an older build: TF #570",
        "Whether a value may be a subnet.",
    ),
    _one_of(
        "endrange",
        ("accepted", "unknown"),
        "documented",
        "CUR; first seen in SDK 13.0.84.10",
        "Whether endrange is known.",
    ),
    _one_of(
        "endrange_on_single",
        ("accepted", "refused"),
        "inferred",
        "no source",
        "Whether endrange may equal value.",
    ),
    _one_of(
        "endrange_misuse_code",
        (278, 1092, 2866),
        "inferred",
        "CUR forbids it and names no code",
        "Errorcode of endrange with a subnet, or of an endrange that is one.",
    ),
    _one_of(
        "echo_subnet",
        ("masked", "as bound"),
        "inferred",
        "CUR says the start is masked; no GET is recorded",
        "How a subnet is shown.",
    ),
    _one_of(
        "echo_ipv6",
        ("compressed", "as bound"),
        "inferred",
        "no source",
        "How an IPv6 address is shown.",
    ),
    _one_of(
        "unbind_spelling",
        ("bound or echoed", "any"),
        "inferred",
        "clients unbind by the text they bound",
        "Which spellings of a bound range unbind it.",
    ),
    _one_of(
        "comment",
        ("returned", "hidden", "refused"),
        "client code",
        "CUR; N8N; DS documents it for the command line",
        "What happens to a binding's comment: kept and shown, kept and not shown,"
        " refused as an unknown argument.",
    ),
    _number(
        "comment_limit",
        255,
        "inferred",
        "no source",
        "How long a comment may be.",
    ),
    _one_of(
        "dynamic",
        ("accepted", "unknown"),
        "documented",
        "CUR; from 14.1-12.x on",
        "Whether a data set has the attribute dynamic.",
    ),
    _one_of(
        "index_mixing",
        ("allowed", "refused"),
        "inferred",
        "CLI12 says that later binds should give one too",
        "Whether a bind without index may follow a first one with.",
    ),
)

_BULK = (
    _one_of(
        "array_bulk",
        ("accepted", "refused"),
        "documented",
        "NREF resource operations",
        "Whether a request may carry an array.",
    ),
    _number(
        "bulk_limit",
        0,
        "inferred",
        "no documented limit",
        "Most objects in one array; 0 is no limit.",
    ),
    _one_of(
        "bulk_json_answer",
        ("empty", "done"),
        "inferred",
        "no source",
        "Body for an array sent as application/json that was applied whole.",
    ),
    _one_of(
        "exit_answer",
        ("stops", "1265"),
        "documented",
        "NREF error handling; SDK comment on newer builds",
        "With exit: the response ends at the failed object, or the rest follows as"
        " not attempted.",
    ),
    _one_of(
        "bulk_unbind",
        ("accepted", "refused"),
        "client code",
        "SDK sends it; not documented",
        "Whether ?action=unbind works.",
    ),
    _one_of(
        "unbind_onerror",
        ("obeyed", "ignored"),
        "inferred",
        "SDK sends the header on every action",
        "Whether X-NITRO-ONERROR counts for ?action=unbind.",
    ),
)

_NODE = (
    _number(
        "save_seconds",
        0.0,
        "inferred",
        "TF retries for up to 5 minutes",
        "How long a save runs; a second one meanwhile is refused.",
    ),
    _one_of(
        "concurrent_save_code",
        (293, 1461),
        "client code",
        "TF nsconfig_save; NREF base-errors",
        "Errorcode of a save while one runs.",
    ),
    _one_of(
        "build",
        (
            "NS13.0: Build 79.1002.nc",
            "NS13.1: Build 42.47.nc",
            "NS14.1: Build 12.35.nc",
        ),
        "inferred",
        "the form is recorded for 13.0",
        "The build that nsversion names.",
        "NS14.1: Build 12.35.nc",
    ),
    _one_of(
        "ha_role",
        ("stand-alone", "primary", "secondary"),
        "documented",
        "NREF hanode",
        "The appliance's place in a high-availability pair.",
    ),
    _one_of(
        "secondary_writes",
        ("warned", "accepted", "refused"),
        "inferred",
        "text of 1028; what NITRO does is not recorded",
        "What a write on a secondary gets: warning 1028 if asked for with"
        " warning=yes, nothing, or an error.",
    ),
    _one_of(
        "reputation_licence",
        ("present", "absent"),
        "documented",
        "CTX217543; error 356",
        "Whether IP reputation (REP) may be enabled.",
    ),
)

SWITCHES: tuple[Switch, ...] = (*_ACCESS, *_FORM, *_SETS, *_BULK, *_NODE)
