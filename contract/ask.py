"""HTTP with the standard library alone: nothing of the connector, nothing of the lab.

What is looked at is what the wire shows: status, reason phrase, headers, bytes.
"""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

_SECONDS = 600
"""Reading a large set, or saving, was seen to take minutes."""


class NoAnswerError(Exception):
    """Nothing came back; the text says why."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One answer."""

    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401  # JSON
        """Return the body as JSON; {} where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return {}

    @property
    def code(self) -> int | None:
        """Return NITRO's errorcode; None where there is none."""
        found = self.json.get("errorcode") if isinstance(self.json, dict) else None
        return found if isinstance(found, int) else None

    @property
    def good(self) -> bool:
        """Whether it was carried out."""
        return 200 <= self.status < 300 and self.code in (None, 0)  # noqa: PLR2004  # HTTP

    def header(self, name: str) -> list[str]:
        """Return the values of a header."""
        return [value for key, value in self.headers if key.lower() == name.lower()]


@dataclass(frozen=True, slots=True)
class Client:
    """Asks one server."""

    url: str
    trust: ssl.SSLContext | None = field(default=None, repr=False)

    def ask(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> Heard:
        """Send one request on a connection of its own.

        Args:
            method: of HTTP.
            path: with its query, as it goes on the wire.
            body: JSON; None for none. Bytes go as they are.
            headers: all of them; JSON's content type is added to a body without one.

        Raises:
            NoAnswerError: there is no answer.
        """
        sent = dict(headers or {})
        content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        if content is not None and "Content-Type" not in sent:
            sent["Content-Type"] = "application/json"
        connection = self._connection()
        try:
            connection.request(method, path, content, sent)
            answer = connection.getresponse()
            return Heard(
                answer.status, answer.reason, tuple(answer.getheaders()), answer.read()
            )
        except (OSError, http.client.HTTPException) as error:
            raise NoAnswerError(
                f"{method} {path.partition('?')[0]}: {error}"
            ) from error
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        url = urlsplit(self.url)
        host = url.hostname or ""
        if url.scheme == "https":
            context = self.trust or ssl.create_default_context()
            return http.client.HTTPSConnection(
                host, url.port, timeout=_SECONDS, context=context
            )
        return http.client.HTTPConnection(host, url.port, timeout=_SECONDS)
