"""The words of the appliance: error codes with their texts, statuses with theirs.

1. Nothing is ever said that does not stand here: a client can meet no other errorcode
   and no other status line from this emulator.
2. The texts are those of the vendor's error tables (NREF error-messages), the reason
   phrases those that the vendor's Go client compares (GO netscaler_resource.go).
"""

from citrix_waf_lab.dialects import Dialect

REASONS: dict[int, str] = {
    200: "OK",
    201: "Created",
    207: "Multi Status",
    209: "X-NITRO-WARNING",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    503: "Service Unavailable",
    599: "Netscaler specific error",
}

TEXTS: dict[int, str] = {
    0: "Done",
    258: "No such resource",
    273: "Resource already exists",
    278: "Invalid argument",
    293: "Operation already in progress",
    352: "Login is required",
    354: "Invalid username or password",
    356: "Feature(s) not licensed",
    371: "No command policy defined, permission denied",
    444: "Session expired or killed. Please login again",
    # The tables name the situations of 445 and 447, not their words; 446 is recorded
    # (NSIC #525) and the others are worded alike.
    445: "Session limit exceeded",
    446: "Connection limit to CFE exceeded",
    447: "Connection limit per session exceeded",
    1026: "Not logged in",
    1027: "Not logged in or connection timed out",
    1028: (
        "You are connected to a secondary node; configuration changes made in this"
        " session will not be propagated to, or saved on, other nodes"
    ),
    1074: "Invalid value",
    1075: (
        "Invalid name; names must begin with an alphanumeric character or underscore"
        " and must contain only alphanumerics, _, #, .,  , :, @, = or -"
    ),
    1090: "No such argument",
    1092: "Arguments cannot both be specified",
    1093: "Argument pre-requisite missing",
    1095: "Required argument missing",
    1097: "Invalid argument value",
    1106: "String length exceeds maximum",
    1108: "Integer value exceeds maximum",
    1109: "Integer value below minimum",
    1113: "Range minimum exceeds range maximum",
    # 1219 stands in the tables as "invalid timeout"; the words are inferred.
    1219: "Invalid timeout value",
    1232: "Invalid object name",
    1233: "Invalid JSON input",
    1234: "Invalid JSON data type",
    1236: "Invalid NITRO data type",
    1237: "Invalid method name. It should be either post, put, get, stat or delete",
    1238: "NITRO parse error",
    1240: "Invalid nitro action or operation",
    1242: "Rollback not supported for this action",
    1243: "Bulk operation failed",
    1244: "Authentication Failed: Use of Basic Authentication is Disabled.",
    1265: "Command not attempted for configuration",
    1461: (
        "Maximum number of concurrent save configs are in progress. Try again later."
    ),
    2138: "Not authorized to execute this command",
    2821: "Unable to bind the pattern to dataset/patset",
    2822: "Pattern does not exist in dataset/patset",
    2823: "Dataset/Patset does not exist",
    2830: "Pattern index already in use, try using other index",
    2866: "Invalid dataset element",
    2867: "Pattern already bound to dataset/patset, try using other pattern",
    2872: "Maximum value can be 2147483647",
    2873: "Value should be in IPv4 format",
    2880: "Maximum value of an IPv4 field can be 255",
    2881: "Invalid IPv6 address format",
    2882: "Value should be in decimal or hexadecimal format",
    2883: "Specified pattern is already bound to dataset/patset",
    2885: "Value should be in unsigned long format like 23445, 88888999",
    2886: "Value should be in mac address format like ff:ff:ff:ff:ff:ff",
    2887: "Value should be in double format like 223, 22.3, 234e2",
    2888: "Maximum value can be 18446744073709551615",
    2900: "Cannot bind more than 5000 patterns to a patset/dataset",
}

OVERLAP_TEXT = "The range overlaps with a range or value that is bound already"
"""Words of an overlap. The product page shows them only up to ``The range ov``."""

_FIXED: dict[int, int] = {
    258: 404,
    273: 409,
    352: 401,
    354: 401,
    371: 403,
    444: 401,
    1026: 401,
    1027: 401,
    1244: 401,
}

_BY_SWITCH: dict[int, str] = {
    445: "session_limit_status",
    446: "session_limit_status",
    447: "session_limit_status",
    2138: "not_authorized_status",
    2823: "absent_set_status",
}

_NITRO_LEVEL = {1232: 404, 1233: 400, 1234: 400, 1236: 400, 1237: 405, 1238: 400}
_NITRO_LEVEL |= {1240: 400}


class Refusal(Exception):  # noqa: N818 - the word of the field; not all are errors
    """The appliance says no.

    Args:
        code: the NITRO errorcode, one of ``TEXTS``.
        detail: what stands in brackets after the text, e.g. ``vServerName, v1``.
        text: words that replace those of the table.
        switch: the switch that decides the HTTP status, where one does.
    """

    def __init__(
        self,
        code: int,
        detail: str | None = None,
        *,
        text: str | None = None,
        switch: str | None = None,
    ) -> None:
        self.code = code
        self.detail = detail
        self.text = text or TEXTS[code]
        self.switch = switch
        super().__init__(self.text if detail is None else f"{self.text} [{detail}]")

    def status(self, dialect: Dialect) -> int:
        """Return the HTTP status: by switch, by table, else 599 (inferred rule)."""
        switch = self.switch or _BY_SWITCH.get(self.code)
        if switch is not None:
            return int(dialect.number(switch))
        if self.code in _NITRO_LEVEL and dialect["nitro_error_status"] == "http":
            return _NITRO_LEVEL[self.code]
        return _FIXED.get(self.code, 599)
