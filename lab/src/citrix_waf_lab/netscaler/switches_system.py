"""Open questions: bulks, save, build, and the place in a pair."""

from citrix_waf_lab.netscaler.switch_rows import number, one_of

BULK = (
    one_of(
        "array_bulk",
        ("accepted", "refused"),
        "documented",
        "NREF resource operations",
        "Whether a request may carry an array.",
    ),
    number(
        "bulk_limit",
        0,
        "inferred",
        "no documented limit",
        "Most objects in one array; 0 is no limit.",
    ),
    one_of(
        "bulk_json_answer",
        ("empty", "done"),
        "inferred",
        "no source",
        "Body for an array sent as application/json that was applied whole.",
    ),
    one_of(
        "exit_answer",
        ("stops", "1265"),
        "documented",
        "NREF error handling; SDK comment on newer builds",
        "With exit: the response ends at the failed object, or the rest follows as"
        " not attempted.",
    ),
    one_of(
        "bulk_unbind",
        ("accepted", "refused"),
        "client code",
        "SDK sends it; not documented",
        "Whether ?action=unbind works.",
    ),
    one_of(
        "unbind_onerror",
        ("obeyed", "ignored"),
        "inferred",
        "SDK sends the header on every action",
        "Whether X-NITRO-ONERROR counts for ?action=unbind.",
    ),
)

NODE = (
    number(
        "save_seconds",
        0.0,
        "inferred",
        "TF retries for up to 5 minutes",
        "How long a save runs; a second one meanwhile is refused.",
    ),
    one_of(
        "concurrent_save_code",
        (293, 1461),
        "client code",
        "TF nsconfig_save; NREF base-errors",
        "Errorcode of a save while one runs.",
    ),
    one_of(
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
    one_of(
        "ha_role",
        ("stand-alone", "primary", "secondary"),
        "documented",
        "NREF hanode",
        "The appliance's place in a high-availability pair.",
    ),
    one_of(
        "own_addresses",
        ("shown", "not permitted"),
        "inferred",
        "CUR systemcmdpolicy: a policy may allow some commands only",
        "Whether the user's command policy lets it read nsip (show ns ip).",
    ),
    one_of(
        "secondary_writes",
        ("warned", "accepted", "refused"),
        "inferred",
        "text of 1028; what NITRO does is not recorded",
        "What a write on a secondary gets: warning 1028 if asked for with"
        " warning=yes, nothing, or an error.",
    ),
    one_of(
        "reputation_licence",
        ("present", "absent"),
        "documented",
        "CTX217543; error 356",
        "Whether IP reputation (REP) may be enabled.",
    ),
)
