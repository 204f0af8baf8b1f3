"""What all tests share. Nothing here may know an adapter or an emulator."""

import os

from hypothesis import HealthCheck, settings

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
