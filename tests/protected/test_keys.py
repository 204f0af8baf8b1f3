"""The section [never_block] of the configuration file."""

import pytest

from protected.near import write
from support.outside import BLOCK_LIST, COLLECTION, Site
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.run.job import policy
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.settings import Settings

SETTINGS = Settings(
    *(True, "https://adc1.lab", "tq_sync", "secret"),
    *((COLLECTION,), BLOCK_LIST, "", {}),
)


def test_a_new_file_names_no_list(site: Site) -> None:
    assert Lists.of(config.load(site.directory), SETTINGS) == Lists(site.directory)


def test_networks_that_are_none_are_all_named(site: Site) -> None:
    write(site, 'may_block = ["10.0.0.0/8", "10.1.2.3/8"]', 'probes = ["monitor"]')
    with pytest.raises(ConfigurationError) as caught:
        config.load(site.directory)
    for words in (
        "[never_block] may_block: '10.1.2.3/8' is no address and no network",
        "[never_block] probes: 'monitor' is no address and no network",
    ):
        assert words in caught.value.what


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('management = "10.0.0.1"', "[never_block] management must be a list of names"),
        ("may_block = [10]", "[never_block] may_block must be a list of names"),
        ('files = [""]', "[never_block] files must be a list of names"),
        ("share = 2.0", "[never_block] share must be 1 at most"),
        ("share = -0.5", "[never_block] share must not be negative"),
        ('never = ["10.0.0.1"]', "[never_block] never is no key"),
        ('widest_ipv4 = "8"', "[never_block] widest_ipv4 must be a whole number"),
        ("widest_ipv4 = 33", "widest_ipv4 must be 32 at most"),
        ("widest_ipv6 = 129", "widest_ipv6 must be 128 at most"),
        ("widest_ipv6 = -1", "[never_block] widest_ipv6 must not be negative"),
        ('management = ["0.0.0.0/0"]', "management: '0.0.0.0/0' is wider than /8"),
        ('probes = ["2000::/3"]', "probes: '2000::/3' is wider than /16"),
    ],
)
def test_a_key_of_the_wrong_kind_is_named(site: Site, line: str, words: str) -> None:
    write(site, line)
    with pytest.raises(ConfigurationError) as caught:
        config.load(site.directory)
    assert words in caught.value.what


def test_a_share_of_its_own_is_the_limit_of_hits(site: Site) -> None:
    limits = policy(config.load(site.directory)).limits
    assert limits.protected(100_000) == 1_000
    write(site, "share = 0.05")
    limits = policy(config.load(site.directory)).limits
    assert limits.protected(100_000) == 5_000
