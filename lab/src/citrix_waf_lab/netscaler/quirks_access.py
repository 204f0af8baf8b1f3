"""Behaviours: log-in, tokens, credentials, rights."""

from citrix_waf_lab.netscaler.quirk_rows import shown

ACCESS = shown(
    (
        "login-json",
        "recorded",
        "telegraf#11478; ANS #553",
        (
            "A log-in as application/json gets 201, a body with the session id, and a"
            " cookie sessionid with its percent-encoded form."
        ),
    ),
    (
        "login-vendor-type",
        "recorded",
        "ansible#33378",
        (
            "A log-in with the vendor's content type gets an empty body and a cookie "
            "NITRO_AUTH_TOKEN."
        ),
    ),
    (
        "login-with-timeout",
        "documented",
        "NREF basic operations",
        "A log-in may set in seconds how long its session may idle.",
    ),
    (
        "login-wrong-password",
        "recorded",
        "VenafiPS",
        "A wrong password gets 401 and 354.",
    ),
    (
        "login-new-password",
        "recorded",
        "TF change_password.md",
        "new_password is an invalid argument (278) while no password has expired.",
    ),
    (
        "token-in-nitro-cookie",
        "documented",
        "NREF basic operations",
        "A token is accepted as Cookie NITRO_AUTH_TOKEN.",
    ),
    (
        "empty-collection",
        "recorded",
        "telegraf#11536",
        (
            "A token is accepted as Cookie sessionid; a collection without rows is "
            "the Done body of 57 bytes, without the resource's member."
        ),
    ),
    (
        "token-in-set-cookie-header",
        "client code",
        "GO netscaler_resource.go; SDK",
        "A token is accepted in a request header Set-Cookie.",
    ),
    (
        "token-in-other-cookie",
        "inferred",
        "GO netscaler_resource.go uses it through ADM",
        "A cookie SESSID is no credential on the appliance itself.",
    ),
    (
        "both-credentials-refused",
        "inferred",
        "NREF common notes",
        (
            "A token and X-NITRO-USER in one request are refused with 1092; they must"
            " not be combined."
        ),
    ),
    (
        "logout",
        "documented",
        "NREF basic operations",
        "A log-out gets 200 and an empty body.",
    ),
    (
        "token-after-logout",
        "client code",
        "GO clears its session on 444",
        "A token that is unknown, killed or logged out gets 401 and 444.",
    ),
    (
        "logout-with-onerror",
        "client code",
        "SDK on a loopback recorder",
        "X-NITRO-ONERROR is ignored on a log-out.",
    ),
    (
        "stateless",
        "documented",
        "NREF common notes",
        (
            "X-NITRO-USER and X-NITRO-PASS are credentials for one request and set no"
            " cookie."
        ),
    ),
    (
        "stateless-wrong",
        "recorded",
        "VenafiPS",
        "Wrong stateless credentials get 401 and 354.",
    ),
    ("basic", "documented", "NREF usecases", "HTTP Basic is accepted unless disabled."),
    (
        "basic-disabled",
        "documented",
        "NREF usecases",
        ("With basicauth disabled HTTP Basic gets 1244; its status 401 is inferred."),
    ),
    (
        "basic-wrong-html",
        "client code",
        "SDK base_resource.py",
        (
            "A failed Basic log-in may be answered by an HTML page with the reason in"
            " h4."
        ),
    ),
    (
        "no-credentials",
        "inferred",
        "NREF error 1027",
        "A request without credentials gets 401 and 1027.",
    ),
    (
        "idle-too-long",
        "documented",
        "NREF basic operations",
        "A session that idles for 1800 s, or for its own timeout, is void.",
    ),
    (
        "restricted-timeout-range",
        "documented",
        "CUR systemparameter; error 1219",
        (
            "With restrictedtimeout the default is 900 s and a timeout must be 300 to"
            " 86400."
        ),
    ),
    (
        "session-limit",
        "recorded",
        "NSIC #525; connection management FAQ",
        (
            "At most 20 sessions are open; one more is refused with 446. The status "
            "is inferred."
        ),
    ),
    (
        "session-limit-stateless",
        "recorded",
        "elastic/integrations#12144",
        (
            "A stateless call is a log-in, a command and a log-out: it needs a free "
            "session and leaves none."
        ),
    ),
    (
        "bulk-expired-200",
        "client code",
        "comment in SDK base_resource.py",
        "A bulk with a void token may get 200 with 444 in its body.",
    ),
    (
        "rights-read-only",
        "recorded",
        "CHK #83",
        (
            "A command that the user may not run gets 2138 with the command in "
            "brackets; a bulk is judged whole, by its first object (inferred), and "
            "the status 403 is inferred."
        ),
    ),
    (
        "rights-none",
        "inferred",
        "NREF 0x850-errors",
        "A user without rights may log in and out and nothing else.",
    ),
)
