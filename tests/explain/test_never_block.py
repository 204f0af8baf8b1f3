"""Which never-block rule lets an address through, also while its list is away."""

import pytest

from explain.asking import Asking
from protected.near import write

FILE = "partners.txt"
LISTED = "Never block"
SET = "/appliances/adc1/datasets/allowed"


@pytest.fixture
def spared(ask: Asking) -> Asking:
    """A site with a never-block list of each kind, that ran."""
    site = ask.site
    (site.directory / FILE).write_text("198.18.1.0/24\n")
    row = {"type": "IP Address", "value": "198.18.2.1", "status": "Active"}
    site.control("PUT", f"/threatq/collections/{LISTED}", {"indicators": [row]})
    site.control("PUT", SET, {"type": "ipv4", "bindings": [{"value": "198.18.3.1"}]})
    write(
        site,
        f'files = ["{FILE}"]',
        f'collections = ["{LISTED}"]',
        'data_sets = ["allowed"]',
    )
    ask.holds("198.18.0.1", "198.18.1.1", "198.18.2.1", "198.18.3.1", "192.88.99.1")
    assert ask.run() == 0
    return ask


RULES = pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("198.18.1.1", f"file {FILE}: 198.18.1.0/24"),
        ("198.18.2.1", f"data collection {LISTED}: 198.18.2.1"),
        ("198.18.3.1", "data set allowed: 198.18.3.1"),
    ],
)


@RULES
def test_the_rule_and_its_network_are_named(
    spared: Asking, address: str, rule: str
) -> None:
    told = spared.words(address)
    assert f"{address} is not blocked, and not wanted" in told
    assert rule in told


def test_an_address_of_the_appliance_is_named_as_such(spared: Asking) -> None:
    assert "the NetScaler's own addresses: 192.88.99.1" in spared.words("192.88.99.1")


@RULES
@pytest.mark.parametrize("service", ["threatq", "netscaler"])
def test_what_cannot_be_read_now_is_told_from_its_copy(
    spared: Asking, service: str, address: str, rule: str
) -> None:
    spared.away(service)
    told = spared.words(address)
    assert rule in told
    assert f"{address} is not blocked, and not wanted" in told


def test_a_list_without_a_copy_is_named_and_the_answer_goes_without_it(
    spared: Asking,
) -> None:
    for kept in spared.site.directory.glob("*.spared"):
        kept.unlink()
    (spared.site.directory / FILE).unlink()
    told = spared.words("198.18.1.1")
    assert f"{FILE} cannot be read: No such file or directory" in told
    assert "198.18.1.1 is NOT blocked, but wanted" in told


def test_what_was_allowed_by_hand_is_named_as_such(
    spared: Asking, capfd: pytest.CaptureFixture[str]
) -> None:
    assert spared.run("allow", "198.18.0.1", "--reason", "a partner") == 0
    told = spared.words("198.18.0.1")
    assert "198.18.0.1 is not blocked, and not wanted" in told
    assert "allowed by hand: 198.18.0.1" in told
    capfd.readouterr()
    assert spared.site.run("check") == 0
    assert "allowed by hand 1" in " ".join(capfd.readouterr().out.split())
