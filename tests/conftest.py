"""What all tests share. Nothing here may know an adapter or an emulator."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "here",
    # How fast a shared machine draws examples says nothing about this program; each
    # test has its own time limit.
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("here")
