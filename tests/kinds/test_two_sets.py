"""Two data sets, one of each family, kept in step by one run."""

import pytest

from kinds.both import BY_HAND6, IPV6_LIST, Both
from support.outside import BLOCK_LIST, Killed

V4 = ("198.18.0.1", "198.18.7.0/24")
V6 = ("2001:db8::7", "2001:db8:1::/64", "2001:db8:2::1-2001:db8:2::9")


def test_each_family_goes_into_its_own_set(both: Both) -> None:
    both.wants(*V4, *V6)
    assert both.site.run() == 0
    assert (both.v4, both.v6) == ({*V4}, {*V6})
    assert both.ours(IPV6_LIST, saved=True) == {*V6}
    assert both.rows(IPV6_LIST)[0] == BY_HAND6 | {"index": "1"}


def test_the_second_run_writes_nothing(both: Both) -> None:
    both.wants(*V4, *V6)
    both.site.run()
    mark = both.site.mark
    assert both.site.run() == 0
    assert not both.site.writes(mark)


def test_what_leaves_goes_from_its_set_and_no_other(both: Both) -> None:
    both.wants(*V4, *V6)
    both.site.run()
    both.wants(V4[0], V6[0])
    assert both.site.run() == 0
    assert (both.v4, both.v6) == ({V4[0]}, {V6[0]})


def test_an_outage_takes_nothing_from_either_set(both: Both) -> None:
    both.wants(*V4, *V6)
    both.site.run()
    both.wants()
    assert both.site.run() == 3
    assert (both.v4, both.v6) == ({*V4}, {*V6})


def test_each_family_is_held_for_itself(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    many = [f"2001:db8::{n:x}" for n in range(1, 40)]
    both.wants(*V4, *many)
    both.site.run()
    both.wants("198.18.0.2", *many[:4])
    assert both.site.run() == 5
    assert "35 removals" in capfd.readouterr().err
    assert (both.v4, both.v6) == ({"198.18.0.2"}, {*many})


def test_a_family_that_is_wanted_no_more_is_no_outage_of_the_other(both: Both) -> None:
    both.wants(*V4, *V6)
    both.site.run()
    both.wants(*V4)
    assert both.site.run() == 0
    assert (both.v4, both.v6) == ({*V4}, set())


def test_a_set_named_later_takes_up_what_was_left_out(both: Both) -> None:
    both.key("netscaler", "# no IPv6 yet")
    path = both.site.directory / "tq-conn-citrix-waf.toml"
    text = path.read_text()
    path.write_text(text.replace("ipv6_block_list =", "# ipv6_block_list ="))
    both.wants(*V4, *V6)
    assert both.site.run() == 0
    assert both.v6 == set()
    path.write_text(text)
    assert both.site.run() == 0
    assert both.v6 == {*V6}


def test_an_ipv6_set_of_the_wrong_type_changes_nothing_and_is_named(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants(*V4, *V6)
    both.dataset("ipv4")
    mark = both.site.mark
    assert both.site.run() == 4
    assert not both.site.writes(mark)
    told = capfd.readouterr().err
    assert f"the data set {IPV6_LIST} on http://adc1.lab has the type ipv4" in told
    assert "ipv6_block_list" in told


def test_killed_at_any_request_the_next_run_ends_in_step(both: Both) -> None:
    both.wants(*V4, *V6)
    both.site.run()
    before = both.site.sent
    both.wants(V4[0], "198.18.0.9", V6[0], "2001:db8::9")
    both.site.run()
    requests = both.site.sent - before
    assert requests > 10
    for number in range(1, requests + 1):
        for sign in (1, -1):
            both.site.kill_at = None
            both.wants(*V4, *V6)
            both.site.run()
            both.wants(V4[0], "198.18.0.9", V6[0], "2001:db8::9")
            both.site.kill_at = sign * (both.site.sent + number)
            with pytest.raises(Killed):
                both.site.run()
            both.site.kill_at = None
            assert both.site.run() == 0
            assert both.v4 == {V4[0], "198.18.0.9"}
            assert both.v6 == {V6[0], "2001:db8::9"}
            assert both.ours(BLOCK_LIST, saved=True) == both.v4
            assert both.ours(IPV6_LIST, saved=True) == both.v6


def test_an_ipv4_address_written_as_ipv6_goes_into_the_ipv4_set(both: Both) -> None:
    both.wants("::ffff:198.18.0.1", "2001:db8::7")
    assert both.site.run() == 0
    assert (both.v4, both.v6) == ({"198.18.0.1"}, {"2001:db8::7"})


def test_the_plan_shows_both_sets_and_one_digest_names_them(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants(*V4, *V6)
    assert both.site.run("plan") == 0
    told = capfd.readouterr().out
    assert f"{BLOCK_LIST} and {IPV6_LIST} on http://adc1.lab" in told
    assert told.index(f"  {BLOCK_LIST}\n") < told.index(f"  {IPV6_LIST}\n")
    saved = both.site.directory / "plan.json"
    both.site.run("plan", "--json")
    saved.write_text(capfd.readouterr().out)
    assert both.site.run("apply", "--plan", str(saved)) == 0
    assert (both.v4, both.v6) == ({*V4}, {*V6})


def test_check_looks_at_both_sets(
    both: Both, capfd: pytest.CaptureFixture[str]
) -> None:
    both.wants(*V4, *V6)
    assert both.site.run("check") == 0
    told = capfd.readouterr().out
    assert f"{BLOCK_LIST} (ipv4): 3 of" in told
    assert f"{IPV6_LIST} (ipv6): 1 of" in told
