"""Certificates as a person reads them, so that he can say whether they are right.

1. Looking takes handshakes alone: nothing is sent over them.
2. What cannot be read is left empty; the SHA-256 and the problem are always there.
3. What a certificate says is the other side's text: one line, bounded, printable.

The standard library reads a certificate only once a handshake has trusted it. So it is
taken in a handshake that trusts anything, and then is the sole anchor of another.
"""

import hashlib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}
_LONGEST = 80
_MOST_NAMES = 8
_NO_CHECK_TIME = 0x200000
"""X509_V_FLAG_NO_CHECK_TIME of OpenSSL 1.1.0 and later: reads what has expired."""

Seen = tuple[bytes, Mapping[str, Any]]
"""A handshake's outcome: the certificate as DER, and what the library reads from it."""
Shake = Callable[[ssl.SSLContext], Seen]
"""Makes one handshake under a context; raises ``ssl.SSLError`` where it fails."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a system listens: a host in lower case, without brackets, and a port."""

    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """Return the one of a URL, with the port that its scheme implies."""
        parts = urlsplit(url)
        return cls(parts.hostname or "", parts.port or _PORTS[parts.scheme])

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What a person compares. ``sha256`` is of the DER, 64 digits in lower case.

    ``problem`` says why it is not trusted, in OpenSSL's words; '' where it is. What
    could not be read is '' or None.
    """

    sha256: str
    problem: str = ""
    subject: str = ""
    names: tuple[str, ...] = ()
    issuer: str = ""
    not_before: datetime | None = None
    not_after: datetime | None = None

    def rows(self) -> list[tuple[str, str]]:
        """Return what is known, a label and a text each."""
        names = ", ".join(self.names[:_MOST_NAMES])
        if len(self.names) > _MOST_NAMES:
            names += f" and {len(self.names) - _MOST_NAMES} more"
        valid = ""
        if self.not_before and self.not_after:
            valid = f"{self.not_before:%Y-%m-%d} to {self.not_after:%Y-%m-%d}"
        rows = [
            ("subject", self.subject),
            ("names", names),
            ("issuer", self.issuer),
            ("valid", valid),
            ("SHA-256", grouped(self.sha256)),
        ]
        return [row for row in rows if row[1]]

    def __str__(self) -> str:
        return "; ".join(f"{label} {text}" for label, text in self.rows())


def grouped(sha256: str) -> str:
    """Return digits in pairs, as browsers and ``openssl x509 -fingerprint`` show."""
    digits = sha256.upper()
    return ":".join(digits[i : i + 2] for i in range(0, len(digits), 2))


def digits(text: str) -> str:
    """Return the 64 digits of a SHA-256 that a person typed or copied.

    Raises:
        ValueError: it is none.
    """
    found = text.strip().lower().replace(":", "").replace(" ", "")
    if len(found) != 64 or not set(found) <= set("0123456789abcdef"):  # noqa: PLR2004  # hexadecimal digits of SHA-256
        raise ValueError(f"{text!r} is no SHA-256: 64 hexadecimal digits")
    return found


def look(shake: Shake, trusting: ssl.SSLContext) -> Certificate:
    """Return the other side's certificate and, if it is not trusted, why.

    Args:
        shake: makes a handshake with the other side.
        trusting: says what is trusted.

    Raises:
        OSError: there is no handshake to be had.
    """
    try:
        der, fields = shake(trusting)
    except ssl.SSLCertVerificationError as error:
        der, _ = shake(blind())
        problem = clean(error.verify_message.rstrip(".")) or "it cannot be verified"
        return _certificate(der, _fields(shake, der), problem)
    return _certificate(der, fields, "")


def blind() -> ssl.SSLContext:
    """Return a context that trusts anything."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def clean(text: str) -> str:
    """Return a text of the other side, fit for one line of a terminal."""
    line = "".join(c for c in " ".join(text.split()) if c.isprintable())
    return line if len(line) <= _LONGEST else line[:_LONGEST] + "..."


def _fields(shake: Shake, der: bytes) -> Mapping[str, Any]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    # Old appliances have keys of 1024 bits: they are to be shown, not judged.
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | _NO_CHECK_TIME
    context.load_verify_locations(cadata=der)
    try:
        again, fields = shake(context)
    except ssl.SSLError:  # it can be an anchor of nothing, or another one answered
        return {}
    return fields if again == der else {}


def _certificate(der: bytes, fields: Mapping[str, Any], problem: str) -> Certificate:
    return Certificate(
        sha256=hashlib.sha256(der).hexdigest(),
        problem=problem,
        subject=_name(fields.get("subject", ())),
        names=tuple(clean(value) for _, value in fields.get("subjectAltName", ())),
        issuer=_name(fields.get("issuer", ())),
        not_before=_instant(fields.get("notBefore", "")),
        not_after=_instant(fields.get("notAfter", "")),
    )


_SHORT = {
    "commonName": "CN",
    "organizationName": "O",
    "organizationalUnitName": "OU",
    "countryName": "C",
    "localityName": "L",
    "stateOrProvinceName": "ST",
}


def _name(parts: tuple[tuple[tuple[str, str], ...], ...]) -> str:
    pairs = (pair for part in parts for pair in part)
    return ", ".join(f"{_SHORT.get(k, k)}={clean(v)}" for k, v in pairs)


def _instant(text: str) -> datetime | None:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(text), UTC) if text else None
