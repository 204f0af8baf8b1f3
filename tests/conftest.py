"""What all tests share. Nothing here may know an adapter or an emulator."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tq_conn_citrix_waf import secrets

# A proxy of the machine's own must not come between programs on its loopback.
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

settings.register_profile(
    "here",
    # How fast a shared machine draws examples says nothing about this program; each
    # test has its own time limit.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("here")


@pytest.fixture(autouse=True)
def _no_secret_of_another_test() -> None:
    """A password such as "wrong" would be blotted out of what the next test reads."""
    secrets._known.clear()
