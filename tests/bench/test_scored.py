"""Selection beside computations of others: netaddr's sets here, iprange by hand."""

import gzip
import random
from pathlib import Path

import pytest
from netaddr import IPNetwork, IPRange, IPSet

from bench.made import START
from hits import luck
from memory import world
from scored import Iprange, Step, dense, read, shown

NETWORKS = {4: ("198.18.0.0", 32, 20), 6: ("2001:db8::", 128, 116)}
"""For each family where the made-up list lies: a block of 4,096 addresses."""


def one(rng: random.Random, version: int) -> str:
    """Make up an address, a block or a range."""
    first, bits, length = NETWORKS[version]
    block = IPNetwork(f"{first}/{length}")
    start = block[rng.randrange(block.size)]
    kind = rng.randrange(3)
    if kind == 0:
        return str(start)
    if kind == 1:
        return str(IPNetwork(f"{start}/{rng.randint(length + 4, bits)}").cidr)
    end = block[min(int(start) - block.first + rng.randrange(40), block.size - 1)]
    return f"{start}-{end}"


def several(rng: random.Random, count: int) -> list[str]:
    return [one(rng, version) for version in NETWORKS for _ in range(count)]


def addresses(values: list[str]) -> IPSet:
    found = IPSet()
    for value in values:
        start, dash, end = value.partition("-")
        found.add(IPRange(start, end) if dash else IPNetwork(start))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_what_is_blocked_skipped_and_cut_out_is_what_netaddr_computes(
    tmp_path: Path, seed: int
) -> None:
    rng = luck(seed)
    listed = {value: rng.randint(1, 10) for value in several(rng, 60)}
    never = several(rng, 25)
    path = tmp_path / "never.txt"
    path.write_text("\n".join(never))
    with world(START, both=True) as place:
        place.key("never_block", f'files = ["{path}"]')
        place.key("never_block", "share = 1.0")
        place.key("selection", "minimum_score = 4.0")
        place.scored(listed)
        assert place.run().code == 0
        wanted = [value for value, score in listed.items() if score >= 4]
        blocked = addresses([*place.entries()])
    assert blocked == addresses(wanted) - addresses(never)
    assert addresses(wanted) - blocked == addresses(wanted) & addresses(never)
    assert {part.version for part in blocked.iter_cidrs()} == {4, 6}


def test_dense_networks_are_those_with_many_listed_addresses() -> None:
    many = [f"198.18.0.{n}" for n in range(16)]
    few = [f"198.18.1.{n}" for n in range(15)]
    assert dense([*few, *many]) == ["198.18.0.0/24"]


def test_a_scored_list_is_read_without_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "list.txt.gz"
    path.write_bytes(gzip.compress(b"# of today\n198.18.0.1\t3\n198.18.0.2\t10\n"))
    assert read(path) == {"198.18.0.1": 3, "198.18.0.2": 10}


def test_where_iprange_is_missing_its_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="apt install iprange"):
        Iprange(tmp_path).tell("--version")


def test_a_step_that_is_not_equal_shows() -> None:
    step = Step("all of it", 5, (), 3, 4, 1, {"never-block": 1}, equal=False)
    lines = shown([step])
    assert "| all of it | 5 | none | 3 | 4 | 1 | NO |" in lines
    assert lines[-1] == "| never-block | 1 |"
