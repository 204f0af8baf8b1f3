"""What this host knows of addresses: those of a name, and its own towards another.

Nothing is sent but what the system's resolver sends: connecting a datagram socket only
chooses a route.
"""

import socket
from dataclasses import dataclass

_DISCARD = 9
"""Any port will do; this one's purpose is to be ignored (RFC 863)."""


@dataclass(frozen=True, slots=True)
class Hosts:
    """The system's resolver and routes; a test gives its own."""

    def of(self, name: str) -> list[str]:
        """Return the addresses of a host; none where it cannot be resolved here."""
        try:
            found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):  # UnicodeError: a label that IDNA refuses
            return []
        return sorted({str(address[0]).partition("%")[0] for *_, address in found})

    def towards(self, name: str) -> list[str]:
        """Return the addresses of this host from which it would speak to another."""
        found = set()
        for address in self.of(name):
            family = socket.AF_INET6 if ":" in address else socket.AF_INET
            try:
                with socket.socket(family, socket.SOCK_DGRAM) as unsent:
                    unsent.connect((address, _DISCARD))
                    found.add(str(unsent.getsockname()[0]).partition("%")[0])
            except OSError:  # no route for this family
                continue
        return sorted(found)
