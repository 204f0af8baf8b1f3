"""Never-block rules over the small world of the laws."""

from hypothesis import strategies as st

from core.universe import Universe, addresses, offsets
from tq_conn_citrix_waf.core.networks import read_network
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.core.safelist import Rule, Strength


def network(text: str) -> AddressRange:
    found = read_network(text)
    assert found is not None
    return found


def some_rules(universe: Universe) -> st.SearchStrategy[list[Rule]]:
    """Rules of both strengths over the dozen, some of which must stay open."""
    made = st.tuples(offsets(3), st.sampled_from(Strength), st.booleans())
    return st.lists(made, max_size=4).map(
        lambda drawn: [
            Rule.of(f"rule {n}", universe.ranges(pairs), strength, lock_out=open_)
            for n, (pairs, strength, open_) in enumerate(drawn)
        ]
    )


def those(rules: list[Rule], strength: Strength, family: Family) -> set[int]:
    """The model: every address of every rule of a strength."""
    found: set[int] = set()
    for rule in rules:
        if rule.strength is strength:
            found |= addresses(rule.ranges(family))
    return found
