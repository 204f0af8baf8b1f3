"""A network: a summary and the exceptions, on one screen."""

import pytest

from explain.asking import Asking
from support.outside import COLLECTION


def screen(ask: Asking, asked: str) -> list[str]:
    ask.capfd.readouterr()
    assert ask.site.run("explain", asked) == 0
    return ask.capfd.readouterr().out.splitlines()


def test_how_much_of_a_network_is_blocked_by_how_many_entries_for_whom(
    ask: Asking,
) -> None:
    ask.holds("198.18.0.1", "198.18.7.0/24", "203.0.114.1")
    ask.holds("198.18.9.0/30", "198.18.0.1", name="Second list")
    ask.site.form(**{"Data Collection": f"{COLLECTION}, Second list"})
    ask.run()
    told = ask.words("198.18.0.0/16")
    assert "198.18.0.0/16 is blocked in part, and wanted in part" in told
    assert "blocked 261 of 65,536 addresses, by 3 of our entries" in told
    assert f"wanted 261 addresses; entries: {COLLECTION} 2, Second list 2" in told


def test_a_network_that_is_blocked_whole_says_by_what(ask: Asking) -> None:
    ask.holds("198.18.7.0/24")
    ask.run()
    told = ask.words("198.18.7.128/25")
    assert "198.18.7.128/25 is blocked, and wanted" in told
    assert "entry 198.18.7.0/24" in told
    assert f"wanted by {COLLECTION}: indicator" in told


def test_the_exceptions_are_named(ask: Asking) -> None:
    many = [f"198.18.1.{n}" for n in range(40)]
    ask.holds("198.18.0.1", "10.0.0.1", *many)
    ask.run()
    ask.holds("198.18.0.1", "10.0.0.1", "44.0.0.0/9", "198.18.0.7", *many[:4])
    assert ask.run() == 5
    told = ask.words("0.0.0.0/0")
    assert "1 wide block (44.0.0.0/9)" in told
    assert "36 removals (198.18.1.4, " in told
    assert "built-in list: 0.0.0.0/8" in told
    assert "3 entries of others, which no run takes out: 192.0.2.10" in told


@pytest.mark.parametrize("asked", ["0.0.0.0/0", "::/0", "198.18.0.0/15"])
def test_it_stays_on_a_screen_and_the_json_has_all(ask: Asking, asked: str) -> None:
    ask.holds(
        *(f"198.18.{n}.{m}" for n in range(4) for m in range(0, 250, 2)),
        *(f"2001:db8::{n:x}" for n in range(9)),
        "10.0.0.0/9",
        "198.18.9.0:443",
    )
    ask.run()
    ask.holds(*(f"198.18.{n}.{m}" for n in range(5) for m in range(0, 250, 2)))
    ask.run()
    lines = screen(ask, asked)
    assert len(lines) <= 24
    assert ask.json(asked)["blocked"] == "partly"


def test_what_is_left_out_in_a_network_is_counted_by_reason(ask: Asking) -> None:
    gone = [{"value": f"198.18.0.{n}", "status": "Expired"} for n in range(1, 5)]
    ask.holds("203.0.114.1", *gone, {"value": "198.18.0.9", "status": "Whitelisted"})
    ask.run()
    told = ask.words("198.18.0.0/24")
    assert "expired by status: 4 indicators in 198.18.0.0/24" in told
    assert "whitelisted: 1 indicators" in told


def test_the_whole_of_ipv6_is_counted_in_powers_of_two(ask: Asking) -> None:
    ask.holds("2001:db8:1::/64")
    ask.run()
    told = ask.words("2001:db8::/32")
    assert "of about 2^96 addresses" in told
