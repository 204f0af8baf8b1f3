"""What the facts leave open about reading the Threat Library, each as a switch."""

from typing import Final

from citrix_waf_lab.dialects import Switch

SDK: Final = "threatqsdk 1.8.0"
KIBANA: Final = "Kibana's ThreatQ connector"
ELASTIC: Final = "Elastic's integration"
XSOAR: Final = "Cortex XSOAR ThreatQ v2"
NOWHERE: Final = "no source; inferred"

LISTS: tuple[Switch, ...] = (
    Switch(
        "objects_lists",
        "whole",
        ("whole", "no types", "no statuses", "empty"),
        "run",
        f"{SDK} drops filters whose names it does not find here",
        "what /api/objects says",
    ),
    Switch(
        "status_ids",
        "own",
        ("own", "stock"),
        "documented",
        "ThreatQ help centre: 1 to 5; sites define their own",
        "whether statuses go by ids of this instance or by the stock ones",
    ),
    Switch(
        "search_row_json",
        "object",
        ("object", "string"),
        "run",
        f"{SDK} reads both",
        "the form of json in a row of /api/search/query",
    ),
    Switch(
        "search_row_hash",
        "present",
        ("present", "absent"),
        "inferred",
        f"{ELASTIC} needs a hash; that the row has it is inferred",
        "whether a row of /api/search/query has hash",
    ),
    Switch(
        "collections_page",
        0,
        None,
        "inferred",
        "open whether the list pages on instances with many collections",
        "rows of /api/search/query in a page when no limit is sent; 0: all",
    ),
    Switch(
        "collections_visible",
        "all",
        ("all", "none"),
        "documented",
        "ThreatQ help centre: private to their owner until shared",
        "whether collections are shared with who asks",
    ),
    Switch(
        "collections_doubled",
        "no",
        ("no", "yes"),
        "inferred",
        "nothing forbids two collections of one name",
        "whether each collection is listed twice, with id and hash of its own",
    ),
)

WALKS: tuple[Switch, ...] = (
    Switch(
        "hash_route",
        "present",
        ("present", "absent"),
        "client code",
        f"{ELASTIC} uses it",
        "whether a collection can be read by its hash",
    ),
    Switch(
        "query_cursor",
        "yes",
        ("yes", "refused", "ignored"),
        "documented",
        f"{KIBANA}'s page; older versions inferred",
        "what cursorMark meets at /api/indicators/query",
    ),
    Switch(
        "hash_cursor",
        "yes",
        ("yes", "refused", "ignored"),
        "client code",
        f"{ELASTIC}; older versions inferred",
        "what cursorMark meets at /api/indicators/query/hash",
    ),
    Switch(
        "cursor_end",
        "unchanged",
        ("unchanged", "never ends", "turns back", "never changes"),
        "documented",
        f"{KIBANA}'s page: stop when it does not change; the rest are faults",
        "how the marks of a walk go",
    ),
    Switch(
        "page_default",
        1000,
        None,
        "inferred",
        f"{SDK} always sends 1000",
        "rows in a page when no limit is sent",
    ),
    Switch(
        "page_limit",
        0,
        None,
        "inferred",
        f"no maximum in any source; {KIBANA} allows 500",
        "the largest limit; 0: none",
    ),
    Switch(
        "page_over_limit",
        "capped",
        ("capped", "refused"),
        "inferred",
        NOWHERE,
        "what becomes of a limit above the largest",
    ),
    Switch(
        "offset_cap",
        0,
        None,
        "inferred",
        "no cap in any source",
        "the offset above which a page is refused; 0: none",
    ),
    Switch(
        "empty_page",
        "list",
        ("list", "object"),
        "client code",
        f"{ELASTIC}'s second sample page has data as an object",
        "how the data of an empty page is written",
    ),
    Switch(
        "empty_page_after",
        0,
        None,
        "run",
        f"{SDK} loops for ever on an empty page before the total",
        "rows of a walk after which pages are empty though more is stated; 0: never",
    ),
    Switch(
        "page_overlap",
        0,
        None,
        "run",
        f"{SDK}'s offset walk gives duplicates when a collection changes",
        "rows that each page repeats of the one before",
    ),
    Switch(
        "total_form",
        "number",
        ("number", "string", "absent"),
        "client code",
        f"{XSOAR} and others: a number; the rest inferred",
        "how total is given",
    ),
    Switch(
        "total_truth",
        "true",
        ("true", "one more", "one less", "grows", "shrinks"),
        "inferred",
        f"{SDK} freezes the total of its first page",
        "what total says",
    ),
)

SHAPES: tuple[Switch, ...] = (
    Switch(
        "operator_equals",
        "500",
        ("500", "400", "accepted"),
        "client code",
        f"{XSOAR}: some servers answer 500",
        "what the operator +equals meets",
    ),
    Switch(
        "type_status_form",
        "by fields",
        ("by fields", "nested", "flat"),
        "client code",
        f"{ELASTIC}, {XSOAR}: nested without fields; Netskope: flat with fields",
        "whether type and status are objects or texts",
    ),
    Switch(
        "score_form",
        "number",
        ("number", "string", "object"),
        "client code",
        f"{XSOAR}: number; Splunk's add-on: maybe a string; with=score: object",
        "the form of a score in query results",
    ),
    Switch(
        "absent_keys",
        "left out",
        ("left out", "null"),
        "inferred",
        "not all fields are present each time",
        "how a field without a value is written",
    ),
    Switch(
        "fields_lists",
        "objects",
        ("objects", "names"),
        "inferred",
        "open: sources and attributes when asked for through fields",
        "whether these are lists of objects or of names",
    ),
    Switch(
        "expiry_job",
        "not run",
        ("not run", "run"),
        "documented",
        "ThreatQ help centre: status flips when the date passes; when is inferred",
        "whether what is past its expires_at has become Expired",
    ),
)
