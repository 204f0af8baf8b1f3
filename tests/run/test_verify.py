"""What is read back, held against what was to come true."""

from core.universe import HOME, MARKS, OURS, Appliance, desired
from tq_conn_citrix_waf.core.plan import plan
from tq_conn_citrix_waf.run.apply import Applied
from tq_conn_citrix_waf.run.verify import verify


def test_a_held_part_of_a_network_that_made_way_is_as_it_should_be() -> None:
    (network,) = HOME.pairs([(0, 1)])
    appliance = Appliance(held={network: MARKS["ours"]})
    nothing, held = desired(HOME.ranges([])), HOME.ranges([(1, 1)])
    written = plan(nothing, appliance.dataset(), OURS, held=held)
    assert (len(written.remove), written.add) == (1, held)
    appliance.apply(written)
    assert verify(appliance.dataset(), written, Applied(), OURS).empty
