"""ThreatQ's state, without HTTP."""

import random

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect


class ThreatQ:
    """One ThreatQ instance."""

    def __init__(  # noqa: PLR0913 - the seam that the lab builds it by
        self,
        *,
        clock: Clock,
        dialect: Dialect,
        rng: random.Random,
        client_id: str,
        username: str,
        password: str,
        private_id: str,
        private_secret: str,
    ) -> None:
        self.clock = clock
        self.dialect = dialect
        self.client_id = client_id
        self.username = username
        self.password = password
        self.private_id = private_id
        self.private_secret = private_secret
        self._seed = rng.getrandbits(64)

    def put_collection(self, name: str, indicators: list[dict[str, object]]) -> None:
        """Make or replace a data collection."""
        raise NotImplementedError

    def change_collection(
        self, name: str, add: list[dict[str, object]], remove: list[str]
    ) -> None:
        """Add members to a data collection and take others out by value."""
        raise NotImplementedError

    def connectors(self) -> list[dict[str, object]]:
        """Return the connectors in order of creation."""
        return []

    def fill_form(self, connector: str, form: dict[str, object]) -> None:
        """Fill in a connector's form, as a person does in the UI."""
        raise NotImplementedError

    def strike(self, fault: str, params: dict[str, object]) -> None:
        """Let a fault of the lab act on the state."""
        raise NotImplementedError

    def reset(self) -> None:
        """Go back to the state after start."""
