"""The appliance that the target contract is run against; see ``contract.run``."""

from collections.abc import Iterator

import pytest

from contract.real import RealBox, real


@pytest.fixture
def box() -> Iterator[RealBox]:
    """Return the appliance, with an empty scratch set of its own for each test."""
    with real() as found:
        yield found
