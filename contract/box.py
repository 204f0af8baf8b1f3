"""A NetScaler with a scratch set: the requests that probes are made of."""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from contract.ask import Client, Heard
from contract.sheet import OddError

BINDINGS = "policydataset_value_binding"
LIST = f"application/vnd.com.citrix.netscaler.{BINDINGS}_list+json"
SESSIONS = frozenset({445, 446, 447})
"""No session to be had (NREF; NSIC #525)."""
_CONFIG = "/nitro/v1/config"


class RefusedError(Exception):
    """The contract cannot be run here; the text says why, and what to do."""


@dataclass(slots=True)
class Box:
    """One appliance.

    Attributes:
        client: asks it.
        username, password: of a user who may do everything with data sets, and save.
        name: of the scratch set; nothing of this name is there before.
        thorough: whether sessions may be used up and a set be filled to the brim.
    """

    client: Client
    username: str
    password: str = field(repr=False)
    thorough: bool = False
    name: str = field(default_factory=lambda: f"tq_contract_{secrets.token_hex(4)}")
    cookie: str = field(default="", repr=False)

    def login(self, kind: str = "application/json", **more: object) -> Heard:
        """Ask for a session."""
        who = {"username": self.username, "password": self.password, **more}
        heads = {"Content-Type": kind, "Accept": "application/json"}
        path = f"{_CONFIG}/login"
        return self.client.ask("POST", path, {"login": who}, heads)

    def another(self, kind: str = "application/json", **more: object) -> Heard:
        """Ask for a session beside ours.

        Raises:
            OddError: none is free.
        """
        return free(self.login(kind, **more))

    def logout(self, cookie: str) -> Heard:
        """End a session."""
        heads = {"Cookie": cookie, "Accept": "application/json"}
        return self.client.ask("POST", f"{_CONFIG}/logout", {"logout": {}}, heads)

    @contextmanager
    def signed_in(self) -> Iterator[None]:
        """Sign in, and out at the end; without a scratch set left behind.

        Raises:
            RefusedError: it does not sign in.
        """
        heard = self.login()
        if not heard.good:
            raise RefusedError(
                f"the sign-in was refused ({heard.status}, errorcode {heard.code}):"
                " check user and password"
            )
        self.cookie = cookie(heard)
        try:
            yield
        finally:
            self.logout(self.cookie)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        heads: Mapping[str, str] | None = None,
        signed: bool = True,
    ) -> Heard:
        """Ask for something below ``/nitro/v1/config/``."""
        sent = {"Accept": "application/json", **(heads or {})}
        if signed:
            sent["Cookie"] = self.cookie
        return self.client.ask(method, f"{_CONFIG}/{path}", body, sent)

    def must(self, method: str, path: str, body: object = None) -> Heard:
        """Ask for what has to work for a probe to see anything.

        Raises:
            OddError: it does not.
        """
        heard = self.ask(method, path, body)
        if not heard.good:
            raise OddError(f"{method} {path} got {told(heard)}")
        return heard

    def fresh(self, kind: str = "ipv4") -> None:
        """Make the scratch set anew, empty."""
        self.drop()
        made = {"name": self.name, "type": kind}
        self.must("POST", "policydataset", {"policydataset": made})

    def drop(self) -> None:
        """Remove the scratch set, if it is there."""
        self.ask("DELETE", f"policydataset/{self.name}")

    def bind(self, value: str, **more: str) -> Heard:
        """Bind one value."""
        item = {"name": self.name, "value": value, **more}
        return self.ask("PUT", BINDINGS, {BINDINGS: item})

    def bound(self, value: str, **more: str) -> None:
        """Bind one value that must go in."""
        heard = self.bind(value, **more)
        if not heard.good:
            raise OddError(f"binding {value} got {told(heard)}")

    def many(
        self,
        values: list[str],
        kind: str = "application/json",
        onerror: str = "continue",
        query: str = "",
    ) -> Heard:
        """Send an array: bind, or with a query what it says."""
        items = [{"name": self.name, "value": value} for value in values]
        method = "POST" if query else "PUT"
        heads = {"Content-Type": kind, "X-NITRO-ONERROR": onerror}
        return self.ask(method, f"{BINDINGS}{query}", {BINDINGS: items}, heads=heads)

    def unbind(self, value: str, endrange: str = "", *, encoded: bool = True) -> Heard:
        """Unbind one value by args."""
        args = f"value:{quote(value, safe='') if encoded else value}"
        if endrange:
            args += f",endrange:{quote(endrange, safe='')}"
        return self.ask("DELETE", f"{BINDINGS}/{self.name}?args={args}")

    def rows(self, query: str = "") -> list[dict[str, Any]]:
        """Return the bindings."""
        heard = self.must("GET", f"{BINDINGS}/{self.name}{query}")
        found: list[dict[str, Any]] = heard.json.get(BINDINGS, [])
        return found


def cookie(heard: Heard) -> str:
    """Return the cookie that a log-in set."""
    for text in heard.header("Set-Cookie"):
        pair = text.partition(";")[0]
        name, _, value = pair.partition("=")
        if name in ("NITRO_AUTH_TOKEN", "sessionid") and value:
            return pair
    return f"NITRO_AUTH_TOKEN={quote(str(heard.json.get('sessionid', '')), safe='')}"


def free(heard: Heard) -> Heard:
    """Return an answer that does not come of a limit of sessions.

    Raises:
        OddError: it does.
    """
    if heard.code in SESSIONS:
        raise OddError(f"no session is free ({told(heard)})")
    return heard


def told(heard: Heard) -> str:
    """Return an answer in a few words."""
    words = heard.json.get("message", "") if isinstance(heard.json, dict) else ""
    return f"{heard.status} {heard.reason}, errorcode {heard.code} {words}".strip()


def address(number: int) -> str:
    """Return an address of 198.18.0.0/15: for benchmarks, it reaches nobody."""
    return f"198.{18 + number // 65536}.{number // 256 % 256}.{number % 256}"
