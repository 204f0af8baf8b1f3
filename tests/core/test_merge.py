"""Lists put together: nothing is lost, nothing is asked for twice."""

from array import array
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from core.universe import HOME, SIZE, addresses
from tq_conn_citrix_waf.core.guard import Consent, Held, Limits
from tq_conn_citrix_waf.core.merge import merge, nothing, restrict, stand_in
from tq_conn_citrix_waf.core.model import Desired
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.core.trust import trust

some_ranges = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(0, 3)), max_size=6
).map(
    lambda pairs: Ranges.of(
        Family.V4, ((HOME.base + f, HOME.base + min(f + n, SIZE - 1)) for f, n in pairs)
    )
)
tight = st.builds(
    Limits,
    remove_count=st.integers(0, 3),
    remove_share=st.just(0.0),
    add_count=st.integers(0, 3),
    add_share=st.just(0.0),
    protected_count=st.integers(0, 2),
    protected_share=st.just(0.0),
)


def listed(ranges: Ranges, collection: int = 0) -> Desired:
    """A list whose ids tell the address that each entry starts with."""
    ids = array("q", ranges.firsts)
    return stand_in(ranges, ids, collection)


@given(st.lists(some_ranges, min_size=1, max_size=4))
def test_a_merged_list_has_every_address_once(lists: list[Ranges]) -> None:
    made = merge([listed(ranges, n) for n, ranges in enumerate(lists)])
    assert addresses(made.wanted) == set().union(*map(addresses, lists))
    assert made.wanted.addresses() == len(addresses(made.wanted))
    assert len(made.ids) == len(made.collections) == len(made.wanted)


@given(some_ranges, some_ranges)
def test_an_entry_that_two_ask_for_belongs_to_the_first(
    one: Ranges, two: Ranges
) -> None:
    made = merge([listed(two, 1), listed(one, 0)])
    owners = dict(zip(made.wanted.pairs(), made.collections, strict=True))
    both = set(one.pairs()) & set(two.pairs())
    assert all(owners[first] == 0 for first in both & set(owners))


@given(some_ranges, some_ranges)
def test_a_restricted_list_is_what_lies_inside(one: Ranges, to: Ranges) -> None:
    made = restrict(listed(one), to)
    assert addresses(made.wanted) == addresses(one) & addresses(to)
    assert len(made.ids) == len(made.wanted)


@given(some_ranges, some_ranges, tight)
def test_what_is_taken_lies_between_the_last_list_and_the_new_one(
    now: Ranges, last: Ranges, limits: Limits
) -> None:
    made = trust(listed(now), listed(last), limits)
    taken = addresses(made.desired.wanted)
    assert addresses(now) & addresses(last) <= taken <= addresses(now) | addresses(last)
    held = {refusal.held for refusal in made.refusals}
    if Held.ADDITIONS in held:
        assert taken <= addresses(last)
    else:
        assert taken >= addresses(now)
    if Held.REMOVALS in held:
        assert taken >= addresses(last)
    else:
        assert taken <= addresses(now) | (
            addresses(last) if Held.ADDITIONS in held else set()
        )


@given(some_ranges, some_ranges, tight)
def test_a_consent_to_what_was_held_lets_it_all_through(
    now: Ranges, last: Ranges, limits: Limits
) -> None:
    first = trust(listed(now), listed(last), limits)
    consents = [Consent(r.held, r.entries) for r in first.refusals]
    second = trust(listed(now), listed(last), limits, consents)
    assert second.refusals == ()
    assert addresses(second.desired.wanted) == addresses(now)


@given(some_ranges, some_ranges, st.none() | some_ranges, tight)
def test_a_collection_that_hits_too_much_is_not_taken_at_all(
    now: Ranges, protected: Ranges, last: Ranges | None, limits: Limits
) -> None:
    made_now = listed(now.subtract(protected))
    given_ = Desired(
        made_now.wanted,
        made_now.ids,
        made_now.collections,
        made_now.rejections,
        protected=protected,
    )
    before = None if last is None else listed(last)
    made = trust(given_, before, limits)
    over = len(protected) > limits.protected_count
    assert (Held.PROTECTED in {r.held for r in made.refusals}) == over
    if over:
        expected = nothing(Family.V4) if before is None else before
        assert made.desired.wanted == expected.wanted


def with_wide(wanted: Ranges, wide: Ranges) -> Desired:
    return replace(listed(wanted), wide=wide)


FREE = Limits(cover_factor=1 << 40, add_count=1 << 40)


@given(some_ranges, some_ranges, some_ranges, some_ranges)
def test_of_wide_blocks_only_what_was_taken_or_agreed_to_passes(
    wanted: Ranges, wide: Ranges, last: Ranges, agreed: Ranges
) -> None:
    given_ = with_wide(wanted, wide.intersect(wanted))
    before = listed(last)
    made = trust(given_, before, FREE, [Consent(Held.WIDE, agreed)])
    new = addresses(wanted) & addresses(wide) - addresses(last) - addresses(agreed)
    assert not addresses(made.desired.wanted) & new
    assert addresses(wanted) - new <= addresses(made.desired.wanted)
    held = [r for r in made.refusals if r.held is Held.WIDE]
    assert bool(held) == bool(new)
    assert all(addresses(r.entries) >= new for r in held)


@given(some_ranges, some_ranges, tight)
def test_who_agrees_to_a_wide_block_agrees_to_its_addresses(
    wide: Ranges, last: Ranges, limits: Limits
) -> None:
    given_ = with_wide(wide.union(last), wide)
    limits = replace(limits, remove_count=0)
    made = trust(given_, listed(last), limits, [Consent(Held.WIDE, wide)])
    assert not made.refusals
    assert addresses(made.desired.wanted) == addresses(wide) | addresses(last)
