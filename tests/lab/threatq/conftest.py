"""A desk for each test, signed in or not."""

import pytest

from lab.threatq.desk import Desk


@pytest.fixture
def stranger() -> Desk:
    return Desk()


@pytest.fixture
def desk() -> Desk:
    made = Desk()
    made.sign_in()
    return made
