"""A ThreatQ, read only: the requests that probes are made of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from contract.ask import Client, Heard
from contract.sheet import OddError

QUERY = "/api/indicators/query"
PAGE = 50
"""Rows asked for in a page, so that even a small collection has several."""
_MOST_PAGES = 100


@dataclass(slots=True)
class Desk:
    """One ThreatQ.

    Attributes:
        client: asks it.
        client_id, username, password: of the user of the integration.
        collection: a data collection that is shared with that user, of some pages.
        connector: the connector's entry in ThreatQ.
        grant: what the last sign-in gave.
    """

    client: Client
    client_id: str
    username: str
    password: str = field(repr=False)
    collection: str = ""
    connector: str = ""
    grant: dict[str, Any] = field(default_factory=dict, repr=False)
    _kept: dict[str, Any] = field(default_factory=dict, repr=False)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        heads: Mapping[str, str] | None = None,
    ) -> Heard:
        """Ask for something.

        Raises:
            OddError: ThreatQ wants fewer calls a minute.
        """
        heard = self.client.ask(method, path, body, heads)
        if heard.status == 429:  # noqa: PLR2004  # Too Many Requests
            raise OddError("fewer calls a minute (429)")
        return heard

    def token(self, heads: Mapping[str, str] | None = None, **parts: str) -> Heard:
        """Ask for a token; by default with the user's own credentials."""
        own = {
            "grant_type": "password",
            "client_id": self.client_id,
            "email": self.username,
            "password": self.password,
        }
        return self.ask("POST", "/api/token", {**own, **parts}, heads)

    def sign_in(self) -> Heard:
        """Sign in."""
        heard = self.token()
        if heard.good:
            self.grant = heard.json
        return heard

    def bearer(self, token: str = "", scheme: str = "Bearer") -> dict[str, str]:
        """Return the header of a signed-in request."""
        own = token or self.grant.get("access_token", "")
        return {"Authorization": f"{scheme} {own}"}

    def get(self, path: str, **query: str | int) -> Heard:
        """Read."""
        asked = f"?{urlencode(query)}" if query else ""
        return self.ask("GET", f"{path}{asked}", None, self.bearer())

    def query(self, fields: list[str] | None = None, **query: str | int) -> Heard:
        """Ask for the members of the collection's stored query."""
        body = dict(self.saved["query"])
        if fields is not None:
            body["fields"] = fields
        return self.ask("POST", f"{QUERY}?{urlencode(query)}", body, self.bearer())

    @property
    def saved(self) -> dict[str, Any]:
        """Return the collection's row: as it came, its hash and its stored query.

        Raises:
            OddError: it is not to be seen.
        """
        if "saved" not in self._kept:
            rows = self.rows(self.get("/api/search/query", limit=1000))
            named = [row for row in rows if row.get("name") == self.collection]
            if not named:
                raise OddError(f"no data collection {self.collection!r} is shared")
            stored = named[0].get("json")
            read: Any = json.loads(stored) if isinstance(stored, str) else stored
            self._kept["saved"] = {
                "rows": named,
                "json": stored,
                "hash": named[0].get("hash"),
                "query": read["api_query"],
            }
        found: dict[str, Any] = self._kept["saved"]
        return found

    def rows(self, heard: Heard) -> list[dict[str, Any]]:
        """Return the rows of a list.

        Raises:
            OddError: it is none.
        """
        found = heard.json.get("data") if isinstance(heard.json, dict) else None
        if found == {}:
            return []
        if not isinstance(found, list):
            raise OddError(f"{heard.status}: {heard.body[:80]!r} is no list")
        return found

    def walk(self) -> list[dict[str, Any]]:
        """Return the pages by cursor, each as it came; the last one is the end."""
        if "walk" not in self._kept:
            self._kept["walk"] = self._walked()
        found: list[dict[str, Any]] = self._kept["walk"]
        return found

    def _walked(self) -> list[dict[str, Any]]:
        pages: list[dict[str, Any]] = []
        mark = "*"
        for _ in range(_MOST_PAGES):
            heard = self.query(["id"], limit=PAGE, sort="id", cursorMark=mark)
            if not heard.good:
                raise OddError(f"a page got {heard.status}")
            pages.append({**heard.json, "mark": mark})
            after = heard.json.get("nextCursorMark")
            if not after or after == mark or not self.rows(heard):
                return pages
            mark = after
        return pages
