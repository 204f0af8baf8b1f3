"""Behaviours: the bindings of a data set."""

from citrix_waf_lab.netscaler.quirk_rows import shown

BINDINGS = shown(
    (
        "bind-put",
        "documented",
        "NREF; N8N; TF",
        "A value is bound by PUT with name and value: 201.",
    ),
    ("bind-post", "client code", "ANS", "A value may be bound by POST, too."),
    (
        "bind-name-in-path",
        "client code",
        "SDK on a loopback recorder",
        (
            "The set's name may stand in the path of a bind as well; the order of "
            "members is free."
        ),
    ),
    (
        "bindings-shown",
        "documented",
        "CUR",
        (
            "A binding is shown with name, value and index, and with endrange and "
            "comment if it has them."
        ),
    ),
    (
        "bind-duplicate",
        "inferred",
        "NREF rewrite-errors",
        "Binding what is bound gets 409 and 273; it may be 2867 or 2883, and 599.",
    ),
    (
        "overlap-of-ranges",
        "documented",
        "DS",
        (
            "Ranges and subnets of a set may not overlap; only the beginning of the "
            "text is documented."
        ),
    ),
    (
        "overlap-over-value",
        "documented",
        "DS",
        "A range may not contain a value that is bound.",
    ),
    (
        "overlap-within-range",
        "inferred",
        "same rule in DS",
        "A value may not lie in a range that is bound.",
    ),
    (
        "no-ipv4",
        "documented",
        "NREF rewrite-errors",
        (
            "A value that is no IPv4 address gets 2873; the status 599 of all these "
            "is inferred."
        ),
    ),
    ("big-ipv4", "documented", "NREF rewrite-errors", "A field over 255 gets 2880."),
    (
        "no-ipv6",
        "documented",
        "NREF rewrite-errors",
        "A value that is no IPv6 address gets 2881.",
    ),
    (
        "ipv6-in-ipv4-set",
        "inferred",
        "NREF rewrite-errors",
        "An address of the other family is a format error: 2873 or 2881.",
    ),
    (
        "no-number",
        "documented",
        "NREF rewrite-errors",
        (
            "Values of the kinds number, ulong, mac and double get 2882, 2885, 2886 "
            "and 2887 for their form, 2872 and 2888 for their size."
        ),
    ),
    ("mac-case", "documented", "DS", "MAC addresses that differ in case differ."),
    (
        "subnet-masked",
        "documented",
        "CUR",
        "A subnet's start address is masked; that a GET shows it so is inferred.",
    ),
    (
        "cidr-refused",
        "recorded",
        "TF #570",
        "An older build takes a subnet for no IPv4 address (2873).",
    ),
    (
        "ipv6-compressed",
        "inferred",
        "no source",
        "An IPv6 address is shown compressed and in lower case.",
    ),
    (
        "endrange",
        "documented",
        "CUR",
        "A range is bound by value and endrange, its inclusive end.",
    ),
    (
        "endrange-of-subnet",
        "documented",
        "CUR",
        (
            "endrange may not stand beside a subnet nor be one; the code 278 is "
            "inferred."
        ),
    ),
    (
        "endrange-before-value",
        "documented",
        "NREF error 1113",
        ("A range that ends before it begins gets 1113 (inferred for this resource)."),
    ),
    (
        "endrange-equals-value",
        "inferred",
        "no source",
        "A range of one address is accepted.",
    ),
    (
        "index-given",
        "documented",
        "CUR",
        "An index may be given, from 1 to 4294967290, as number or as text.",
    ),
    (
        "index-never-reused",
        "documented",
        "CUR",
        (
            "An automatic index is one more than the highest there ever was; the "
            "first is 1."
        ),
    ),
    (
        "index-in-use",
        "documented",
        "NREF rewrite-errors",
        "An index that is in use gets 2830.",
    ),
    (
        "index-mixing-refused",
        "inferred",
        "CLI12",
        (
            "Where the first binding gave an index, later ones without may be refused"
            " (1093)."
        ),
    ),
    (
        "set-full",
        "documented",
        "DS; NREF error 2900",
        (
            "A set holds 5000 bindings; one more gets 2900. That the text names "
            "another limit is inferred."
        ),
    ),
    (
        "comment",
        "client code",
        "CUR; N8N",
        (
            "A binding may carry a comment that a GET shows; how long it may be is "
            "inferred."
        ),
    ),
    (
        "comment-refused",
        "inferred",
        "no source",
        "An older build refuses a comment as an invalid argument.",
    ),
    (
        "unbind",
        "client code",
        "TF; ANS delete_arg_keys; N8N",
        "A value is unbound by DELETE with args=value, and endrange for a range.",
    ),
    (
        "unbind-with-name",
        "client code",
        "SDK on a loopback recorder",
        (
            "args may name the set as well; a DELETE may carry a content type without"
            " a body."
        ),
    ),
    (
        "unbind-without-args",
        "inferred",
        "NREF error 1095",
        "A DELETE without args unbinds nothing.",
    ),
    (
        "unbind-absent",
        "inferred",
        "NREF rewrite-errors",
        "Unbinding what is not bound gets 404 and 2822; it may be 258, and 599.",
    ),
    (
        "unbind-subnet-as-bound",
        "inferred",
        "clients do so",
        (
            "A subnet is unbound by the text it was bound by, or by the text that is "
            "shown."
        ),
    ),
    ("filter-one", "documented", "NREF; N8N", "filter=value:… shows the one binding."),
    (
        "filter-none",
        "recorded",
        "ANS #287",
        "A filter that matches nothing gets the Done body.",
    ),
    (
        "count",
        "documented",
        "NREF common notes",
        "count=yes shows the number of bindings as text.",
    ),
    ("attrs", "documented", "NREF common notes", "attrs shows only the named members."),
    (
        "page",
        "documented",
        "NREF common notes",
        "pagesize and pageno show a part; that the first page is 1 is inferred.",
    ),
    (
        "list-without-name",
        "inferred",
        "NREF common notes",
        "Bindings are listed for a named set, or for all with bulkbindings=yes.",
    ),
    (
        "bulkbindings",
        "documented",
        "NREF common notes",
        "bulkbindings=yes shows the bindings of all sets in one list.",
    ),
    (
        "nested",
        "documented",
        "CUR",
        "policydataset_binding shows bindings below their set.",
    ),
    (
        "bind-idempotent",
        "documented",
        "NREF",
        "idempotent=yes is not for bindings; the code 278 is inferred.",
    ),
)
