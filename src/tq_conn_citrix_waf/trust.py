"""Which certificates are good, and which proxy leads to a system.

1. One that a person pinned is good by its SHA-256 alone; others by an authority.
2. The environment's proxy is asked for by whoever wants it: the way to an appliance
   never depends on where a shell was opened.
"""

import re
import ssl
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

from tq_conn_citrix_waf.certificates import Endpoint
from tq_conn_citrix_waf.reading import check_file
from tq_conn_citrix_waf.secrets import keep

_MOST = 4 * 2**20
"""Bytes of a CA file; all authorities that a browser trusts take 230,000."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Which certificates are good.

    Attributes:
        ca_file: certificates to trust instead of the system's; '' for the system's
            (``SSL_CERT_FILE`` is honoured).
        pins: "host:port" -> SHA-256 of the one certificate that is good there, in 64
            digits; neither its authority nor its name nor its dates count then.
        verify: False: any certificate is good, also where one is pinned.
        command: the command line that pins one, up to HOST:PORT; '' where there is
            none.
    """

    ca_file: str = ""
    pins: Mapping[str, str] = field(default_factory=dict)
    verify: bool = True
    command: str = ""

    def context(self) -> ssl.SSLContext:
        """Return how a certificate that is not pinned is verified.

        Raises:
            OSError: the CA file cannot be read, or holds no certificate.
        """
        if self.ca_file:
            check_file(Path(self.ca_file), _MOST)
        return ssl.create_default_context(cafile=self.ca_file or None)

    def pin(self, url: str) -> str:
        """Return what is pinned where a URL leads, or ''."""
        if not url.startswith("https:"):
            return ""
        return self.pins.get(str(Endpoint.of(url)), "")


_PROXY = re.compile(
    r"(?:(?P<scheme>https?)://)?"
    r"(?:(?P<user>[^@/:\s]*):(?P<password>[^@/\s]*)@)?"
    r"(?P<place>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:]+\])(?P<port>:\d{1,5})?/?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: its URL without credentials, and the headers that it asks for."""

    url: str
    headers: Mapping[str, str] = field(repr=False)

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the one that a person or an environment names.

        A user and a password may stand in it, percent-encoded; without a scheme HTTP is
        meant, as by curl.

        Raises:
            ValueError: it is none; the words hold no password.
        """
        found = _PROXY.fullmatch(text.strip())
        if found is None:
            bare = text.rpartition("@")[2]
            raise ValueError(f"{bare!r} is no proxy: http://host:port is expected")
        headers = {}
        if found["password"] is not None:
            user, password = unquote(found["user"]), unquote(found["password"])
            keep(password)
            pair = b64encode(f"{user}:{password}".encode()).decode()
            keep(pair)
            headers["Proxy-Authorization"] = f"Basic {pair}"
        scheme, place, port = found["scheme"] or "http", found["place"], found["port"]
        return cls(f"{scheme}://{place}{port or ''}", headers)


def environment_proxy(url: str) -> str:
    """Return the proxy that the environment names for a URL, or ''.

    ``HTTPS_PROXY`` (``HTTP_PROXY`` for http://) and ``NO_PROXY``, also in lower case,
    as the standard library reads them: names and addresses, no networks.
    """
    there = urlsplit(url)
    named = getproxies_environment()
    if proxy_bypass(there.netloc, named):
        return ""
    return named.get(there.scheme, "")
