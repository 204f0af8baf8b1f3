"""Blocks and ranges on builds that do not take them: spelled another way."""

import pytest

from netscaler.boxes import LabBox
from netscaler.scripted import ALREADY, DONE, MARK, REFUSED, fates
from netscaler.test_contract import addresses
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.netscaler.spellings import FEW, Spellings

BLOCK = addresses("198.51.100.0/25")[0]
ONE, LAST = addresses("203.0.113.3", "203.0.113.9")
RANGE = AddressRange(Family.V4, ONE.first, LAST.last)
SINGLE = addresses("192.0.2.1")[0]
ALL = [SINGLE, BLOCK, RANGE]


def values(box: LabBox) -> set[str]:
    return {f"{value}-{end}" if end else value for value, end, _ in box.entries()}


def covered(box: LabBox) -> list[tuple[int, int]]:
    """Return what is bound, neighbours joined."""
    found: list[tuple[int, int]] = []
    for first, last in box.target.read().pairs():
        if found and found[-1][1] + 1 == first:
            found[-1] = found[-1][0], last
        else:
            found.append((first, last))
    return found


@pytest.mark.parametrize("details", ["with", "without"])
@pytest.mark.parametrize("cidr", ["accepted", "refused"])
@pytest.mark.parametrize("endrange", ["accepted", "unknown"])
@pytest.mark.parametrize("arrays", ["accepted", "refused"])
def test_every_build_binds_every_range_marked_and_again_does_nothing(
    box: LabBox, details: str, cidr: str, endrange: str, arrays: str
) -> None:
    box.dialect(details=details, cidr=cidr, endrange=endrange, array_bulk=arrays)
    assert fates(box.target.bind(ALL, MARK)) == [DONE] * 3
    wanted = [(r.first, r.last) for r in (SINGLE, BLOCK, RANGE)]
    assert covered(box) == sorted(wanted)
    assert {comment for _, _, comment in box.entries()} == {MARK}
    assert fates(box.target.bind(ALL, MARK)) == [ALREADY] * 3


def test_a_build_without_subnets_gets_their_ends(box: LabBox) -> None:
    box.dialect(cidr="refused")
    box.target.bind([SINGLE, BLOCK], MARK)
    assert values(box) == {"192.0.2.1", "198.51.100.0-198.51.100.127"}


def test_a_build_without_ends_gets_the_blocks_of_a_range(box: LabBox) -> None:
    box.dialect(endrange="unknown")
    box.target.bind([SINGLE, RANGE], MARK)
    assert values(box) == {
        "192.0.2.1",
        "203.0.113.3",
        "203.0.113.4/30",
        "203.0.113.8/31",
    }


def test_what_was_learnt_is_not_tried_again(box: LabBox) -> None:
    box.dialect(cidr="refused")
    box.target.bind([BLOCK], MARK)
    before = len(box.transport.sent)
    box.target.bind(addresses("198.51.100.128/25"), MARK)
    assert len(box.transport.sent) == before + 1


def test_a_wide_block_that_can_be_spelled_in_no_way_is_refused(box: LabBox) -> None:
    box.dialect(cidr="refused", endrange="unknown")
    wide = addresses("198.18.0.0/22")
    assert wide[0].last - wide[0].first >= FEW
    assert fates(box.target.bind([*wide, SINGLE], MARK)) == [REFUSED, DONE]
    assert values(box) == {"192.0.2.1"}


def test_an_overlap_says_nothing_about_spellings(box: LabBox) -> None:
    box.dialect(overlap_code=2866)
    box.put(("198.51.100.7", "", "by hand"))
    assert fates(box.target.bind([BLOCK], MARK)) == [REFUSED]
    assert box.blocklist.spellings.of(BLOCK) == [("198.51.100.0/25", "")]


def test_a_range_in_parts_is_as_well_off_as_its_worst_part(box: LabBox) -> None:
    box.dialect(endrange="unknown")
    box.put(("203.0.113.8", "", "by hand"))
    assert fates(box.target.bind([RANGE], MARK)) == [REFUSED]
    assert "203.0.113.4/30" in values(box)


def test_an_address_is_always_itself() -> None:
    spellings = Spellings()
    spellings.blocks = spellings.ends = False
    assert spellings.of(SINGLE) == [("192.0.2.1", "")]
