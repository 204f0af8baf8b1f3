"""The catalogue of faults: names, parameters, and where each was seen in the world.

Names and parameters are part of the control interface: once released, kept.
"""

from citrix_waf_lab import effects
from citrix_waf_lab.kinds import Fault, Param

_NETSCALER = ("netscaler",)
_APPLY = Param(
    "apply", "boolean", default=False, about="whether the request takes effect first"
)


def _bytes(of: str) -> Param:
    return Param("bytes", "integer", None, f"how many bytes of {of}; null: random")


def _when(default: str) -> Param:
    return Param(
        "when",
        "text",
        default,
        "before or after the request is carried out",
        ("before", "after"),
    )


_DELIVERIES = (
    Fault(
        "refuse",
        effects.refuse,
        "The connection is reset and the request neither carried out nor listed. "
        "Without match, after and times nobody listens any more.",
        "TF PR #1400; threatqsdk 1.8.0 retries on it for ever",
        (
            Param(
                "seconds",
                "number",
                0,
                "how long nobody listens after it fired",
            ),
        ),
    ),
    Fault(
        "delay",
        effects.delay,
        "The first byte of the answer comes late.",
        "ANS PR #59 (an answer after 654 s)",
        (Param("seconds", "number", 1.0, "how late"),),
    ),
    Fault(
        "never_answer",
        effects.never_answer,
        "No byte is sent and the connection stays open until the client leaves.",
        "NSIC #525 (a stalled GET)",
        (_APPLY,),
    ),
    Fault(
        "cut",
        effects.cut,
        "The connection ends in the middle of the answer.",
        "inferred: any network",
        (_bytes("head and body arrive"),),
    ),
    Fault(
        "reset",
        effects.reset,
        "The connection is reset in the middle of the answer.",
        "CPX reports of resets on restart",
        (_bytes("head and body are sent before the reset"),),
    ),
    Fault(
        "half_close",
        effects.half_close,
        "The answer is sent and the sending side shut; the socket stays open.",
        "inferred: any network",
    ),
    Fault(
        "drip",
        effects.drip,
        "The body comes byte by byte.",
        "inferred: an overloaded management plane",
        (Param("seconds", "number", 0.01, "between two bytes"),),
    ),
    Fault(
        "endless",
        effects.endless,
        "After the body come spaces, which JSON allows, until the client leaves.",
        "inferred: a proxy gone wrong, or somebody in the server's place",
        (Param("packed", "boolean", default=False, about="gzip, a thousand to one"),),
    ),
    Fault(
        "lose_answer",
        effects.lose_answer,
        "The request is carried out, the connection ends without an answer.",
        "inferred: any network",
        (Param("reset", "boolean", default=True, about="reset, not a normal end"),),
    ),
)

_ANSWERS = (
    Fault(
        "truncate_json",
        effects.truncate_json,
        "The body ends early and its Content-Length agrees.",
        "inferred: a proxy or a server that died while writing",
        (_bytes("the body are kept"),),
    ),
    Fault(
        "html_page",
        effects.html_page,
        "An HTML page instead of JSON.",
        "vendor's SDK base_resource.py (reason in <h4>)",
        (
            Param("status", "integer", 200, "its status"),
            Param("text", "text", "Service is not available", "what stands in <h4>"),
            _APPLY,
        ),
    ),
    Fault(
        "wrong_length",
        effects.wrong_length,
        "Content-Length lies; if it promises too much, the connection then ends.",
        "inferred: any proxy",
        (Param("by", "integer", 10, "how many bytes too many; negative: too few"),),
    ),
    Fault(
        "status",
        effects.status,
        "Another status than the emulator's.",
        "GO netscaler_resource.go; TF PR #1400 (503); Elastic's integration (429)",
        (
            Param("status", "integer", 503, "the status"),
            Param("reason", "text", None, "the reason phrase; null: the usual one"),
            Param("body", "text", None, "the body; null: none"),
            Param("content_type", "text", "text/html", "the body's type"),
            Param("retry_after", "integer", None, "Retry-After; null: none"),
            Param("location", "text", None, "where a redirect leads; null: none"),
            _APPLY,
        ),
    ),
    Fault(
        "half_apply",
        effects.half_apply,
        "Only the first objects of a bulk take effect, then the answer is lost.",
        "inferred: NITRO works a bulk off object by object",
        (
            Param("objects", "integer", None, "how many; null: random"),
            Param("status", "integer", None, "what is answered; null: a reset"),
        ),
        _NETSCALER,
    ),
)

_EVENTS = (
    Fault(
        "expire_token",
        effects.strike("expire_token"),
        "All access tokens are void.",
        "threatqsdk 1.8.0; Polarity 3.3.3",
        (_when("before"),),
        ("threatq",),
    ),
    Fault(
        "revoke_refresh",
        effects.strike("revoke_refresh"),
        "All refresh tokens are void.",
        "inferred: an administrator revokes the client",
        (_when("before"),),
        ("threatq",),
    ),
    Fault(
        "lose_session",
        effects.strike("lose_session"),
        "All sessions are gone.",
        "NREF error 444; GO netscaler_resource.go",
        (_when("before"),),
        _NETSCALER,
    ),
    Fault(
        "session_limit",
        effects.strike("fill_sessions"),
        "Others have used up all sessions.",
        "NSIC #525; connection management FAQ",
        (_when("before"),),
        _NETSCALER,
    ),
    Fault(
        "reboot",
        effects.reboot,
        "The appliance restarts in the middle of the request; no answer.",
        "TF PR #1400; CPX reports",
        (_APPLY,),
        _NETSCALER,
    ),
    Fault(
        "config_changed",
        effects.strike("config_changed"),
        "Somebody else changes the configuration and does not save.",
        "NREF nsconfig (configchanged)",
        (_when("before"),),
        _NETSCALER,
    ),
    Fault(
        "set_edited",
        effects.strike("set_edited"),
        "Somebody else edits a data set, by default right after the request.",
        "inferred: an administrator at the same time",
        (
            Param("set", "text", None, "the data set's name", required=True),
            Param("add", "list", None, "values or bindings to bind; null: none"),
            Param("remove", "list", None, "values to unbind; null: none"),
            _when("after"),
        ),
        _NETSCALER,
    ),
    Fault(
        "clock_step",
        effects.clock_step,
        "The lab's clock jumps.",
        "inferred: a time server corrects the host",
        (
            Param("seconds", "number", 3600, "how far; negative: back"),
            _when("before"),
        ),
    ),
)

FAULTS: dict[str, Fault] = {f.name: f for f in (*_DELIVERIES, *_ANSWERS, *_EVENTS)}
"""All faults by name."""
