"""One appliance without HTTP."""

import random

from citrix_waf_lab.clock import Clock
from citrix_waf_lab.dialects import Dialect


class Appliance:
    """State of one appliance: running and saved configuration, sessions, node."""

    def __init__(  # noqa: PLR0913 - the seam that the frame builds appliances through
        self,
        name: str,
        *,
        clock: Clock,
        dialect: Dialect,
        rng: random.Random,
        username: str,
        password: str,
    ) -> None:
        self.name = name
        self.clock = clock
        self.dialect = dialect
        self.rng = rng
        self.username = username
        self.password = password
        self.half_apply: int | None = None

    def put_dataset(
        self, name: str, kind: str, bindings: list[dict[str, str]]
    ) -> None:
        """Make or replace a data set, as an administrator does."""
        raise NotImplementedError

    def view(self) -> dict[str, object]:
        """Return what the control interface shows of this appliance."""
        raise NotImplementedError

    def strike(self, fault: str, params: dict[str, object]) -> None:
        """Do what somebody or something else does to the appliance."""
        raise NotImplementedError

    def reboot(self) -> None:
        """Start again from the saved configuration."""
        raise NotImplementedError

    def reset(self) -> None:
        """Go back to the state after construction."""
        raise NotImplementedError
