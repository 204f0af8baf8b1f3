"""Behaviours: how requests are read and answers written."""

from citrix_waf_lab.netscaler.quirk_rows import shown

FORM = shown(
    (
        "slash-escaped",
        "recorded",
        "telegraf#11478; CHK #83",
        (
            "JSON has a space inside its braces and writes a slash as backslash "
            "slash; that characters beyond ASCII are escaped is inferred."
        ),
    ),
    (
        "post-answers-empty",
        "recorded",
        "ANS #378",
        "A POST or PUT that succeeds has an empty body of type text/html.",
    ),
    (
        "delete-answers-done",
        "inferred",
        "SDK parses it unconditionally",
        "A DELETE that succeeds has the Done body.",
    ),
    (
        "json-unasked",
        "run",
        "check_netscaler 2.7.0",
        "An answer is JSON where Accept takes anything.",
    ),
    (
        "xml-if-json-is-not-asked-for",
        "client code",
        "N8N init workflow",
        (
            "Or XML, if neither Accept nor Content-Type names JSON; the elements "
            "around errorcode are inferred."
        ),
    ),
    (
        "details-in-brackets",
        "recorded",
        "ANS #353; CHK #83",
        "The text of an error ends with what it is about, in brackets, mostly.",
    ),
    (
        "unknown-object",
        "inferred",
        "NREF error 1232",
        (
            "A resource that there is none of gets 1232, after the credentials were "
            "judged."
        ),
    ),
    (
        "wrong-method",
        "inferred",
        "NREF error 1237",
        "A method that a resource does not have gets 1237.",
    ),
    (
        "wrong-content-type",
        "inferred",
        "NREF error 1236",
        (
            "A body must be declared as application/json or as the vendor's type of "
            "that resource."
        ),
    ),
    ("bad-json", "inferred", "NREF error 1233", "A body that is no JSON gets 1233."),
    (
        "other-object-in-body",
        "inferred",
        "NREF error 1232",
        "The body's one member is named as the resource is; another gets 1232.",
    ),
    (
        "text-for-object",
        "inferred",
        "NREF error 1234",
        "What has the wrong JSON type gets 1234.",
    ),
    (
        "unknown-attribute",
        "recorded",
        "field texts of 278",
        "An attribute that a resource does not have is an invalid argument (278).",
    ),
    (
        "unknown-attribute-skipped",
        "client code",
        "SDK",
        "skipinvalidarg=yes skips such attributes.",
    ),
    (
        "outside-nitro",
        "inferred",
        "no source",
        "Paths outside /nitro/v1 get an HTML page with 404.",
    ),
    (
        "trailing-slash",
        "recorded",
        "ANS #353",
        "A path that ends with a slash gets 1090 about arguid.",
    ),
    (
        "unknown-parameter",
        "inferred",
        "NREF error 1090",
        "A query parameter that there is none of gets 1090.",
    ),
    (
        "args-encoded-once",
        "client code",
        "ANS client.py; TF; SDK",
        (
            "Values of args and filter are encoded once, their separators stand "
            "literally."
        ),
    ),
    (
        "args-encoded-twice",
        "recorded",
        "TF channel_interface_binding",
        "A value that was encoded twice gets 1074.",
    ),
    (
        "args-not-encoded",
        "inferred",
        "clients encode them",
        "A colon or slash that was not encoded gets 1074.",
    ),
    (
        "name-encoded-twice",
        "client code",
        "ANS client.py; GO; SDK",
        "A name in the path is encoded twice.",
    ),
)
