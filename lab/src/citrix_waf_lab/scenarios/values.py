"""Values of every stock indicator type, drawn from a seed.

They look like what a threat library holds and stand for nobody: they are drawn, not
collected, and nothing is ever sent to them. Hosts are below the names that RFC 2606
keeps for examples.
"""

import random
from collections.abc import Callable
from ipaddress import IPv4Address

_WORDS = (
    *("account", "admin", "archive", "backup", "billing", "cache", "cdn", "client"),
    *("docs", "edge", "files", "help", "invoice", "login", "mail", "media", "news"),
    *("office", "panel", "portal", "secure", "shop", "static", "update", "verify"),
)
_ZONES = ("example", "example.com", "example.net", "example.org", "test")
_HEX = "0123456789abcdef"

_LAST_UNICAST = 0xDFFFFFFF
"""223.255.255.255; what follows is multicast or reserved."""


def public_address(rng: random.Random) -> str:
    """Return an IPv4 address of a /24 that is not set aside for anything."""
    while True:
        number = rng.randint(0x01000000, _LAST_UNICAST)
        # Python calls two addresses of 192.0.0.0/24 global, but not the network.
        if IPv4Address(number & 0xFFFFFF00).is_global:
            return str(IPv4Address(number))


def neighbourhood(rng: random.Random, size: int) -> list[str]:
    """Return so many public addresses of one /24, as rented servers lie together."""
    first = int(IPv4Address(public_address(rng))) & 0xFFFFFF00
    return [str(IPv4Address(first + host)) for host in rng.sample(range(1, 255), size)]


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choices(_HEX, k=count))


def _word(rng: random.Random) -> str:
    return rng.choice(_WORDS)


def _host(rng: random.Random) -> str:
    return f"{_word(rng)}-{_word(rng)}{rng.randint(1, 99)}.{rng.choice(_ZONES)}"


def _file(rng: random.Random) -> str:
    ending = rng.choice(("exe", "dll", "docm", "iso", "js", "lnk", "zip"))
    return f"{_word(rng)}_{rng.randint(1000, 9999)}.{ending}"


def _mail(rng: random.Random) -> str:
    return f"{_word(rng)}.{_word(rng)}@{_host(rng)}"


def _guid(rng: random.Random) -> str:
    return "-".join(_digits(rng, n) for n in (8, 4, 4, 4, 12))


def _ipv6(rng: random.Random) -> str:
    return f"2001:db8:{rng.randint(1, 65535):x}::{rng.randint(1, 65535):x}"


def _block(rng: random.Random) -> str:
    first = int(IPv4Address(public_address(rng))) & 0xFFFFFF00
    return f"{IPv4Address(first)}/24"


def _fuzzy(rng: random.Random) -> str:
    return f"{rng.choice((96, 192, 384))}:{_digits(rng, 24)}:{_digits(rng, 12)}"


def _agent(rng: random.Random) -> str:
    return f"Mozilla/4.0 (compatible; MSIE {rng.randint(5, 9)}.{rng.randint(0, 99)})"


_OTHER: dict[str, Callable[[random.Random], str]] = {
    "ASN": lambda r: str(r.randint(64496, 64511)),
    "Binary String": lambda r: _digits(r, 32),
    "CIDR Block": _block,
    "CVE": lambda r: f"CVE-{r.randint(2015, 2025)}-{r.randint(1000, 49999)}",
    "Email Address": _mail,
    "Email Attachment": _file,
    "Email Subject": lambda r: f"Your {_word(r)} {r.randint(10000, 99999)} is due",
    "File Mapping": lambda r: f"Local\\{_guid(r)}",
    "File Path": lambda r: f"C:\\ProgramData\\{_word(r)}\\{_file(r)}",
    "Filename": _file,
    "FQDN": _host,
    "Fuzzy Hash": _fuzzy,
    "GOST Hash": lambda r: _digits(r, 64),
    "Hash ION": lambda r: _digits(r, 40),
    "IPv6 Address": _ipv6,
    "MAC Address": lambda r: ":".join(_digits(r, 2) for _ in range(6)),
    "MD5": lambda r: _digits(r, 32),
    "Mutex": lambda r: f"Global\\{_guid(r)}",
    "Password": lambda r: f"{_word(r)}{r.randint(1000, 9999)}!",
    "Registry Key": lambda r: f"HKCU\\Software\\{_word(r)}\\{_digits(r, 8)}",
    "SHA-1": lambda r: _digits(r, 40),
    "SHA-256": lambda r: _digits(r, 64),
    "SHA-384": lambda r: _digits(r, 96),
    "SHA-512": lambda r: _digits(r, 128),
    "Service Name": lambda r: f"{_word(r).title()}{_word(r).title()}{_digits(r, 4)}",
    "String": lambda r: f"{_word(r)}::{_digits(r, 12)}",
    "URL": lambda r: f"{_host(r)}/{_word(r)}/{_file(r)}",
    "URL Path": lambda r: f"/{_word(r)}/{_word(r)}.php?id={r.randint(1, 99999)}",
    "User-agent": _agent,
    "Username": lambda r: f"svc_{_word(r)}{r.randint(1, 9999)}",
    "X-Mailer": lambda r: (
        f"{_word(r).title()} Mailer {r.randint(1, 9)}.{_digits(r, 3)}"
    ),
    "x509 Serial": lambda r: _digits(r, 32),
    "x509 Subject": lambda r: f"CN={_host(r)}, O={_word(r).title()} {_digits(r, 4)}",
}

OTHER_TYPES = tuple(_OTHER)
"""All stock types but ``IP Address``, by the names of the Splunk SOAR app's list."""

_MISSPELT: dict[str, Callable[[str], str]] = {
    "leading zeros": lambda a: ".".join(f"0{part}" for part in a.split(".")),
    "three fields": lambda a: a.rpartition(".")[0],
    "five fields": lambda a: f"{a}.1",
    "field above 255": lambda a: f"{a.rpartition('.')[0]}.256",
    "with a port": lambda a: f"{a}:8080",
    "hexadecimal": lambda a: f"{int(IPv4Address(a)):#010x}",
    "one number": lambda a: str(int(IPv4Address(a))),
    "a blank within": lambda a: a.replace(".", ". ", 1),
    "a dot at the end": lambda a: f"{a}.",
    "a host name": lambda a: f"host-{a.replace('.', '-')}.example",
    "a URL": lambda a: f"http://{a}/",
    "full-width digits": lambda a: a.translate(
        {ord("0") + n: 0xFF10 + n for n in range(10)}
    ),
}

MISSPELLINGS = tuple(_MISSPELT)
"""The ways in which the value of an ``IP Address`` may be none."""

_RESPELT: dict[str, Callable[[str], str]] = {
    "defanged": lambda a: a.replace(".", "[.]"),
    "last dot defanged": lambda a: "[.]".join(a.rsplit(".", 1)),
    "with a prefix": lambda a: f"{a}/32",
    "a range": lambda a: f"{a}-{IPv4Address(a) + 1}",
    "IPv4 within IPv6": lambda a: f"::ffff:{a}",
}

RESPELLINGS = tuple(_RESPELT)
"""The ways of writing IPv4 addresses that can be read in one way only."""


def other_value(kind: str, rng: random.Random) -> str:
    """Return a value of one of ``OTHER_TYPES``."""
    return _OTHER[kind](rng)


def respelt(way: str, rng: random.Random) -> str:
    """Return an address spelt in one of ``RESPELLINGS``."""
    return _RESPELT[way](public_address(rng))


def misspelt(way: str, rng: random.Random) -> str:
    """Return an address spelt in one of ``MISSPELLINGS``."""
    return _MISSPELT[way](public_address(rng))
