"""One contract for every target: in memory, the lab in process, the lab on sockets."""

from collections.abc import Iterator

import pytest

from citrix_waf_lab.lab import Lab
from citrix_waf_lab.serving import Serving
from netscaler.boxes import Box, FakeBox, LabBox
from tq_conn_citrix_waf.core.addresses import read_range
from tq_conn_citrix_waf.core.dataset import Binding
from tq_conn_citrix_waf.core.ports import Fate
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.trust import Trust
from tq_conn_citrix_waf.wire import Wire

MARK = "tq-waf:0123abcd:2026-01-05"


def addresses(*texts: str) -> list[AddressRange]:
    found = [read_range(Family.V4, text) for text in texts]
    return [r for r in found if r is not None]


def many(count: int) -> list[AddressRange]:
    first = addresses("198.18.0.0")[0].first
    return [AddressRange(Family.V4, first + n, first + n) for n in range(count)]


def bindings(box: Box) -> list[Binding]:
    data = box.target.read()
    return [data.binding(row) for row in range(len(data))]


@pytest.fixture(params=["fake", "lab", "lab on a socket"])
def box(request: pytest.FixtureRequest) -> Iterator[Box]:
    if request.param == "fake":
        yield FakeBox()
    elif request.param == "lab":
        lab_box = LabBox(Lab(seed=1))
        with lab_box.nitro:
            yield lab_box
        assert lab_box.sessions() == 0
    else:
        with Serving(Lab(seed=1), tls=True) as serving:
            card = serving.card()
            wire = Wire(Trust(card["ca_file"]))
            lab_box = LabBox(serving.lab, wire, card["appliances"][0]["url"])
            with lab_box.nitro:
                yield lab_box
            wire.close()
            assert lab_box.sessions() == 0


class TestTarget:
    def test_an_empty_set_reads_as_empty(self, box: Box) -> None:
        assert len(box.target.read()) == 0

    def test_a_node_names_its_build_and_role(self, box: Box) -> None:
        node = box.target.node()
        assert node.build
        assert node.role == "Stand-alone"

    def test_a_secondary_says_so(self, box: Box) -> None:
        box.secondary()
        assert box.target.node().role == "Secondary"

    def test_what_is_bound_is_read_with_its_mark(self, box: Box) -> None:
        wanted = addresses("203.0.113.9", "198.51.100.0/25")
        outcomes = box.target.bind(wanted, MARK)
        assert [o.fate for o in outcomes] == [Fate.DONE, Fate.DONE]
        read = {(b.range, b.comment) for b in bindings(box)}
        assert read == {(r, MARK) for r in wanted}

    def test_rows_come_sorted_whatever_their_order_of_binding(self, box: Box) -> None:
        box.target.bind(addresses("203.0.113.9", "192.0.2.1", "198.51.100.3"), MARK)
        firsts = list(box.target.read().firsts)
        assert firsts == sorted(firsts)

    def test_one_alone_is_bound_like_many(self, box: Box) -> None:
        assert box.target.bind(addresses("203.0.113.9"), MARK)[0].fate is Fate.DONE
        assert box.entries() == {("203.0.113.9", "", MARK)}

    def test_a_range_that_is_no_block_has_an_end(self, box: Box) -> None:
        first, last = addresses("192.0.2.3", "192.0.2.9")
        wanted = AddressRange(Family.V4, first.first, last.last)
        assert box.target.bind([wanted], MARK)[0].fate is Fate.DONE
        assert box.entries() == {("192.0.2.3", "192.0.2.9", MARK)}
        assert bindings(box)[0].range == wanted

    def test_what_is_there_already_is_told_and_keeps_its_comment(
        self, box: Box
    ) -> None:
        box.put(("203.0.113.9", "", "by hand"))
        outcomes = box.target.bind(addresses("203.0.113.8", "203.0.113.9"), MARK)
        assert [o.fate for o in outcomes] == [Fate.DONE, Fate.ALREADY]
        assert ("203.0.113.9", "", "by hand") in box.entries()

    def test_an_overlap_is_refused_and_holds_nothing_else_back(self, box: Box) -> None:
        box.put(("203.0.113.0", "203.0.113.20", "by hand"))
        outcomes = box.target.bind(
            addresses("192.0.2.1", "203.0.113.9", "192.0.2.2"), MARK
        )
        assert [o.fate for o in outcomes] == [Fate.DONE, Fate.REFUSED, Fate.DONE]
        assert outcomes[1].words

    def test_a_full_set_takes_what_fits_and_says_full_for_the_rest(
        self, box: Box
    ) -> None:
        box.limit(3)
        outcomes = box.target.bind(many(5), MARK)
        assert [o.fate for o in outcomes] == [Fate.DONE] * 3 + [Fate.FULL] * 2
        assert len(box.entries()) == 3

    def test_unbinding_gives_the_place_back(self, box: Box) -> None:
        box.limit(2)
        box.target.bind(many(2), MARK)
        box.target.unbind(bindings(box)[:1])
        outcomes = box.target.bind(addresses("203.0.113.9"), MARK)
        assert outcomes[0].fate is Fate.DONE

    @pytest.mark.parametrize("count", [1, 2, 5])
    def test_unbinding_takes_out_these_and_no_others(
        self, box: Box, count: int
    ) -> None:
        box.put(("203.0.113.0", "203.0.113.20", "by hand"))
        box.target.bind(many(6), MARK)
        before = bindings(box)
        outcomes = box.target.unbind(before[:count])
        assert [o.fate for o in outcomes] == [Fate.DONE] * count
        assert bindings(box) == before[count:]

    def test_what_is_gone_already_is_told(self, box: Box) -> None:
        box.target.bind(many(3), MARK)
        gone = bindings(box)
        box.target.unbind(gone[:1])
        outcomes = box.target.unbind(gone)
        assert [o.fate for o in outcomes] == [Fate.ALREADY, Fate.DONE, Fate.DONE]

    def test_ranges_and_blocks_are_unbound_as_they_are_spelled(self, box: Box) -> None:
        box.put(
            ("203.0.113.0", "203.0.113.20", "a range"),
            ("198.51.100.0/25", "", "a block"),
            ("192.0.2.1", "", "one"),
        )
        outcomes = box.target.unbind(bindings(box))
        assert [o.fate for o in outcomes] == [Fate.DONE] * 3
        assert box.entries() == set()

    def test_a_save_makes_what_is_bound_survive(self, box: Box) -> None:
        box.target.bind(many(2), MARK)
        assert box.target.unsaved() is True
        box.target.save()
        assert box.target.unsaved() is False
        assert box.entries(saved=True) == box.entries()

    def test_what_is_not_saved_does_not_survive(self, box: Box) -> None:
        box.target.save()
        box.target.bind(many(2), MARK)
        assert box.entries(saved=True) == set()
