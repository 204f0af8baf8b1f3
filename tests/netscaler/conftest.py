"""Appliances for the tests of the NetScaler adapter."""

from collections.abc import Iterator

import pytest

from citrix_waf_lab.lab import Lab
from netscaler.boxes import LabBox


@pytest.fixture
def box() -> Iterator[LabBox]:
    """Return an appliance of the lab, in process, with an empty data set."""
    found = LabBox(Lab(seed=1))
    with found.nitro:
        yield found


@pytest.fixture
def lab_v6() -> Iterator[LabBox]:
    """Return one whose data set holds IPv6 addresses."""
    found = LabBox(Lab(seed=1), kind="ipv6")
    with found.nitro:
        yield found
