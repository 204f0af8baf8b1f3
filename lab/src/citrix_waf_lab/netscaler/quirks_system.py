"""Behaviours: bulks, configuration, version, features, pairs."""

from citrix_waf_lab.netscaler.quirk_rows import shown

BULK = shown(
    (
        "bulk",
        "client code",
        "SDK on a loopback recorder",
        (
            "An array in one PUT, with the vendor's list type, is answered by the "
            "Done body."
        ),
    ),
    (
        "bulk-as-json",
        "documented",
        "NREF resource operations",
        (
            "An array may come as application/json; that its answer is empty is "
            "inferred."
        ),
    ),
    (
        "bulk-continue",
        "documented",
        "NREF error handling",
        (
            "A bulk that failed in part gets 207 with 1243 and entries by position; "
            "with continue there is one for each object."
        ),
    ),
    (
        "bulk-onerror-in-capitals",
        "client code",
        "SDK",
        "X-NITRO-ONERROR is understood in any case.",
    ),
    (
        "bulk-exit",
        "documented",
        "NREF error handling",
        (
            "With exit, the default, the first failure ends the bulk and the entries;"
            " what came before stays."
        ),
    ),
    (
        "bulk-exit-1265",
        "client code",
        "comment in SDK base_resource.py",
        "Newer builds may add an entry 1265 for each object that was not tried.",
    ),
    (
        "bulk-rollback",
        "documented",
        "NREF resource operations",
        (
            "With rollback the first failure undoes what came before; the entries are"
            " as with exit (inferred)."
        ),
    ),
    (
        "bulk-unbind",
        "client code",
        "SDK on a loopback recorder",
        "An array is unbound by POST with action=unbind.",
    ),
    (
        "bulk-unbind-rollback",
        "documented",
        "NREF resource operations; error 1242",
        "Rollback is for add and bind only.",
    ),
    (
        "bulk-unknown-onerror",
        "inferred",
        "no source",
        "Another value of X-NITRO-ONERROR gets 278.",
    ),
    ("bulk-empty", "inferred", "no source", "An empty array gets 1236."),
    (
        "bulk-too-long",
        "inferred",
        "no documented limit",
        "An array that is too long gets 1236.",
    ),
    ("bulk-full", "documented", "NREF error 2900", "A set may fill up within a bulk."),
    (
        "unbind-one-by-action",
        "inferred",
        "as for a list",
        "One object may be unbound by action=unbind.",
    ),
)

SYSTEM = shown(
    (
        "config-unchanged",
        "documented",
        "NREF nsconfig",
        (
            "nsconfig is one object; configchanged tells whether something is "
            "unsaved. The form of its times is inferred."
        ),
    ),
    (
        "save",
        "documented",
        "NREF nsconfig",
        "action=save saves everything: 200 and an empty body.",
    ),
    (
        "save-all",
        "documented",
        "NREF nsconfig",
        "all saves all partitions; here there is one.",
    ),
    (
        "save-with-onerror",
        "client code",
        "SDK on a loopback recorder",
        "X-NITRO-ONERROR is ignored on a save.",
    ),
    (
        "save-twice",
        "client code",
        "TF nsconfig_save",
        "A save while one runs gets 293; the status 599 is inferred.",
    ),
    (
        "reboot-keeps-saved",
        "documented",
        "NREF nsconfig",
        "A change is live at once, and only a save lets it outlive a restart.",
    ),
    (
        "config-of-secondary",
        "client code",
        "j81 scripts",
        "On a secondary ipaddress and primaryip of nsconfig differ.",
    ),
    (
        "version",
        "recorded",
        "wire form of 13.0",
        "nsversion is one object; its version names release, build and date.",
    ),
    (
        "hardware",
        "run",
        "check_netscaler 2.7.0; GO ns/nshardware.go",
        "nshardware is one object that describes the box; its values are inferred.",
    ),
    (
        "features",
        "documented",
        "NREF nsfeature; TF",
        ("nsfeature is one object with a list of what is enabled and a flag for each."),
    ),
    (
        "feature-enabled",
        "documented",
        "NREF nsfeature; TF",
        "action=enable and action=disable take a list of features.",
    ),
    (
        "feature-unlicensed",
        "documented",
        "CTX217543; error 356",
        "IP reputation (REP) needs a licence.",
    ),
    (
        "node-alone",
        "documented",
        "NREF hanode",
        "hanode lists this node with id 0; a node alone is Primary (inferred).",
    ),
    ("node-primary", "documented", "NREF hanode", "In a pair each node lists both."),
    (
        "own-addresses",
        "recorded",
        "CPX README; NREF nsip",
        "nsip lists the appliance's addresses: NSIP, SNIP and VIP, with a netmask.",
    ),
    (
        "own-addresses-filtered",
        "documented",
        "NREF nsip",
        "They can be filtered by any member, by type say.",
    ),
    (
        "own-addresses-not-by-name",
        "inferred",
        "NREF nsip tells of get (all) and count only",
        "No single one can be asked for by its address in the path.",
    ),
    (
        "node-counters-alone",
        "documented",
        "NREF stat hanode",
        (
            "The counters of hanode are one object; hacurstatus is NO on a node alone"
            " (inferred)."
        ),
    ),
    (
        "secondary-warns",
        "inferred",
        "NREF error handling; error 1028",
        (
            "A secondary takes writes, and warns with 209 and X-NITRO-WARNING if "
            "warning=yes asks for it."
        ),
    ),
)
