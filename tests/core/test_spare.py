"""Laws of ``spare``: what must never be blocked is cut out, and counted."""

from array import array

from hypothesis import given
from hypothesis import strategies as st

from core.universe import Universe, addresses, offsets, universes, wanted
from tq_conn_citrix_waf.core.merge import spare, stand_in


@given(universes, st.data())
def test_nothing_never_block_is_left_and_nothing_else_is_lost(
    universe: Universe, data: st.DataObject
) -> None:
    want = data.draw(wanted(universe))
    given_ = stand_in(want, array("q", range(len(want))), 0)
    never = data.draw(offsets().map(universe.ranges))
    left = spare(given_, never)
    asked, kept_out = addresses(given_.wanted), addresses(never)
    assert addresses(left.wanted) == asked - kept_out
    assert addresses(left.protected) == asked & kept_out
    assert len(left.ids) == len(left.collections) == len(left.wanted)
    assert spare(left, never) == left
