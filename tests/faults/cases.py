"""Each fault of the lab, and the code that a run ends with if it strikes once.

    in      the request for a token, or the login: never repeated where it may have been
            taken in, since a wrong password counts each time
    read    whatever is asked before anything is written
    page    the first page of the data collection: there are other ways to page
    more    a further page
    bind    a batch that binds: resolved by reading
    unbind  one that unbinds, after it: likewise
    verify  what is read after the last batch
    ask     whether there is anything to save
    save    the save
    out     the logout: what goes wrong there is said in the log
    between the logout of the first session, in which only never-block addresses are
            read: a second one must still be had

1. What comes back garbled is not asked for again within a run, since who answers is not
   who should; what was lost, or turned away unread, is.
2. A save and some of its refusals have no body: there is nothing to garble.
3. What a restart took, or a person, is told with 6 if the run had bound it.
"""

from dataclasses import dataclass, field

from support.outside import BLOCK_LIST

ThreatqCodes = tuple[int, int, int, int]
"""For in, read, page and more."""
NetscalerCodes = tuple[int, int, int, int, int, int, int, int]
"""For in, read, bind, unbind, verify, ask, save and out."""

OTHERS = 20
"""So many sessions may be open at once; the lab lets others take them all."""


@dataclass(frozen=True, slots=True)
class Case:
    """One fault with some parameters.

    ``left`` is how many sessions may stay open though none was lost; ``between`` is
    the code for that logout.
    """

    fault: str
    params: dict[str, object] = field(default_factory=dict)
    threatq: ThreatqCodes | None = None
    netscaler: NetscalerCodes | None = None
    left: int = 0
    between: int = 0

    def __str__(self) -> str:
        told = (f"{k}={v}" for k, v in self.params.items() if k != "set")
        return " ".join([self.fault, *told])

    def codes(self, service: str) -> tuple[int, ...] | None:
        """Return the codes for a service; None where the fault is not for it."""
        if service == "threatq" or self.netscaler is None:
            return self.threatq if service == "threatq" else None
        return (*self.netscaler, self.between)


HEARD: ThreatqCodes = (0, 0, 0, 0)
MISSED: ThreatqCodes = (3, 0, 0, 0)
ENDLESS: ThreatqCodes = (3, 3, 3, 3)
MANGLED: ThreatqCodes = (3, 3, 0, 3)

FINE: NetscalerCodes = (0, 0, 0, 0, 0, 0, 0, 0)
LOST: NetscalerCodes = (4, 0, 0, 0, 0, 0, 0, 0)
FLOODED: NetscalerCodes = (4, 4, 0, 0, 4, 4, 4, 0)
GARBLED: NetscalerCodes = (4, 4, 0, 0, 4, 4, 4, 0)
GARBLED_BODY: NetscalerCodes = (4, 4, 0, 0, 4, 4, 0, 0)
EMPTIED: NetscalerCodes = (0, 4, 0, 0, 4, 4, 0, 0)
RESTARTED: NetscalerCodes = (4, 0, 0, 6, 6, 6, 6, 0)
SAVED_BEFORE: NetscalerCodes = (4, 0, 0, 6, 6, 6, 0, 0)
EDITED: NetscalerCodes = (0, 0, 0, 6, 6, 0, 0, 0)

_ELSEWHERE: dict[str, object] = {
    "status": 302,
    "location": "https://elsewhere.example/",
}
_EDIT: dict[str, object] = {
    "set": BLOCK_LIST,
    "add": ["192.0.2.99"],
    "remove": ["198.18.0.1", "203.0.114.1"],
    "when": "before",
}

CASES = (
    Case("refuse", {}, HEARD, FINE),
    Case("delay", {"seconds": 30.0}, HEARD, FINE),
    Case("delay", {"seconds": 5000.0}, MISSED, LOST),
    Case("never_answer", {}, MISSED, LOST),
    Case("never_answer", {"apply": True}, MISSED, LOST),
    Case("cut", {"bytes": 40}, MISSED, LOST),
    Case("cut", {}, MISSED, LOST),
    Case("reset", {}, MISSED, LOST),
    Case("half_close", {}, HEARD, FINE),
    Case("drip", {}, HEARD, FINE),
    Case("endless", {}, ENDLESS, FLOODED),
    Case("lose_answer", {}, MISSED, LOST),
    Case("truncate_json", {}, MANGLED, GARBLED_BODY),
    Case("truncate_json", {"bytes": 0}, MANGLED, EMPTIED),
    Case("html_page", {}, MANGLED, GARBLED),
    Case("html_page", {"apply": True}, MANGLED, GARBLED),
    Case("html_page", {"status": 503}, HEARD, FINE),
    Case("wrong_length", {}, MISSED, LOST),
    Case("wrong_length", {"by": -10}, MANGLED, GARBLED_BODY),
    Case("status", {"status": 503}, HEARD, FINE),
    Case("status", {"status": 429, "retry_after": 3}, HEARD, FINE),
    Case("status", {"status": 502, "apply": True}, MISSED, LOST),
    Case("status", {"status": 500}, MANGLED, GARBLED),
    Case("status", {"status": 404}, MANGLED, GARBLED),
    Case("status", _ELSEWHERE, MANGLED, GARBLED),
    Case("status", {"status": 401}, MISSED, LOST),
    Case("half_apply", {}, None, LOST),
    Case("half_apply", {"status": 500}, None, GARBLED),
    Case("expire_token", {}, HEARD),
    Case("expire_token", {"when": "after"}, HEARD),
    Case("revoke_refresh", {}, HEARD),
    Case("lose_session", {}, None, FINE),
    Case("lose_session", {"when": "after"}, None, FINE),
    Case("session_limit", {}, None, LOST, left=OTHERS),
    Case("session_limit", {"when": "after"}, None, FINE, left=OTHERS, between=4),
    Case("reboot", {}, None, RESTARTED),
    Case("reboot", {"apply": True}, None, SAVED_BEFORE),
    Case("config_changed", {}, None, FINE),
    Case("set_edited", _EDIT, None, EDITED),
    Case("clock_step", {}, HEARD, FINE),
    Case("clock_step", {"seconds": -7200}, HEARD, FINE),
)
