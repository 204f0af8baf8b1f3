"""Behaviours: data sets."""

from citrix_waf_lab.netscaler.quirk_rows import shown

SETS = shown(
    (
        "set-add",
        "documented",
        "CUR",
        (
            "A data set is added by POST with name and type, and perhaps comment and "
            "dynamic."
        ),
    ),
    (
        "set-shown",
        "documented",
        "CUR",
        "Attributes without a value are left out of a GET.",
    ),
    (
        "set-count",
        "documented",
        "CUR",
        "count=yes answers with __count in a row of its own.",
    ),
    (
        "set-filter-pattern",
        "client code",
        "NREF; NSIC clean-up script",
        "A filter's value between slashes is a pattern.",
    ),
    (
        "set-exists",
        "inferred",
        "ANS keys on 409",
        "Adding a set that exists gets 409 and 273.",
    ),
    (
        "set-absent",
        "documented",
        "NREF rewrite-errors; TF",
        "A set that does not exist gets 2823; the status 404 is inferred.",
    ),
    (
        "set-long-name",
        "documented",
        "CUR",
        "A name has 1 to 127 characters; the codes 1095 and 1106 are inferred.",
    ),
    (
        "set-bad-name",
        "documented",
        "NREF error 1075",
        (
            "A name begins with a letter, digit or underscore, and only some signs "
            "may follow."
        ),
    ),
    (
        "set-update",
        "documented",
        "CUR",
        (
            "dynamic is all that can be changed of a set; other attributes get 278 "
            "(inferred)."
        ),
    ),
    (
        "set-dynamic-only",
        "documented",
        "CUR",
        "args=dynamiconly:true shows the dynamic sets only.",
    ),
    ("set-unset", "documented", "CUR", "action=unset puts dynamic back to NO."),
    (
        "set-idempotent",
        "documented",
        "NREF",
        "idempotent=yes makes adding a set that exists a change of it.",
    ),
    (
        "set-unknown-file",
        "documented",
        "CUR",
        (
            "patsetfile must name an imported file, and none can be imported here; "
            "258 is inferred."
        ),
    ),
)
