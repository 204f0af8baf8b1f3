"""The size of a batch."""

from hypothesis import given
from hypothesis import strategies as st

from netscaler.scripted import bulk, reply
from tq_conn_citrix_waf.http import Answer
from tq_conn_citrix_waf.netscaler.bulk import FIRST, MOST, SLOW_SECONDS, Bulk
from tq_conn_citrix_waf.netscaler.fates import judge
from tq_conn_citrix_waf.netscaler.reply import read_reply


def test_it_starts_with_two_hundred() -> None:
    assert Bulk().size == FIRST == 200


def test_it_grows_while_it_goes_well_up_to_its_most() -> None:
    size = Bulk()
    for _ in range(10):
        size.went_well(size.size, 0.1)
    assert size.size == MOST


def test_a_last_short_batch_says_nothing_of_the_size() -> None:
    size = Bulk()
    size.went_well(3, 0.1)
    assert size.size == FIRST


def test_it_halves_on_trouble_down_to_one() -> None:
    size, seen = Bulk(), []
    for _ in range(9):
        size.trouble()
        seen.append(size.size)
    assert seen == [100, 50, 25, 12, 6, 3, 1, 1, 1]


def test_a_refused_batch_is_not_asked_for_again_as_it_was() -> None:
    size = Bulk()
    size.trouble(refused=6)
    assert size.size == 3


def test_slow_batches_get_smaller() -> None:
    size = Bulk()
    size.went_well(size.size, SLOW_SECONDS + 1)
    assert size.size == FIRST // 2


def test_a_limit_is_not_run_into_over_and_over() -> None:
    size, troubles = Bulk(), 0
    for _ in range(100):
        if size.size > 300:
            size.trouble()
            troubles += 1
        else:
            size.went_well(size.size, 0.1)
    assert troubles <= 6


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 60)), max_size=60))
def test_it_stays_between_one_and_its_most(events: list[tuple[bool, float]]) -> None:
    size = Bulk()
    for good, seconds in events:
        if good:
            size.went_well(size.size, seconds)
        else:
            size.trouble()
        assert 1 <= size.size <= MOST


ANSWERS = st.one_of(
    st.builds(Answer, st.integers(200, 599), st.just(()), st.binary(max_size=40)),
    st.builds(
        lambda codes, status: bulk(*codes, status=status),
        st.lists(
            st.sampled_from([0, 273, 258, 2900, 2873, 1265, 444, 2138]), max_size=6
        ),
        st.sampled_from([200, 207, 599]),
    ),
    st.builds(
        lambda code, status: reply(status, code=code),
        st.integers(0, 4000),
        st.sampled_from([200, 201, 404, 409, 500, 599]),
    ),
)


@given(ANSWERS, st.integers(1, 6))
def test_whatever_is_answered_every_object_has_one_fate_or_the_batch_failed(
    answer: Answer, count: int
) -> None:
    outcomes = judge(read_reply(answer), count, frozenset({273}))
    assert outcomes is None or len(outcomes) == count
