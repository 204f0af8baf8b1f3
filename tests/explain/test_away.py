"""With one system away, or both, or no memory: what is still told, and of when."""

import re

import pytest

from explain.asking import DAY, Asking
from support.outside import BLOCK_LIST, COLLECTION
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.store.ledger import FILE_NAME


@pytest.fixture
def later(ask: Asking) -> Asking:
    """A site that ran, three days ago."""
    ask.holds(
        "198.18.0.1",
        "198.18.7.0/24",
        {"value": "198.18.0.2", "status": "Expired"},
        "198.51.100.7",
        "2001:db8::7",
    )
    assert ask.run() == 0
    ask.site.lab.clock.advance(3 * DAY)
    return ask


def when(ask: Asking) -> str:
    """The instant of the run, as it is told."""
    at = ask.json("198.18.0.1")["threatq"]["at"]
    return f"{at[:10]} {at[11:16]} UTC"


def test_without_threatq_the_last_run_speaks_and_says_so_first(later: Asking) -> None:
    later.away("threatq")
    told = later.words("198.18.0.1")
    assert told.startswith(
        f"ThreatQ gave no answer: its side is as of {when(later)};"
        f" the NetScaler gave no answer: its side is as of {when(later)}."
    ), "the form, which says where the NetScaler is, is away with ThreatQ"
    assert "198.18.0.1 is blocked, and wanted" in told
    assert "cannot be reached" in told
    found = later.json("198.18.0.1")
    assert found["indicators"][0]["id"] > 0
    assert not found["indicators"][0]["live"]


@pytest.mark.parametrize(
    ("asked", "verdict", "also"),
    [
        ("198.18.7.99", "is blocked, and wanted", "198.18.7.0/24"),
        ("198.18.0.2", "is not blocked, and not wanted", "expired by status"),
        ("198.51.100.7", "is blocked, and wanted", "comment 'by hand'"),
        ("192.0.2.15", "is blocked, and no data collection wants it", "change 4711"),
        ("10.0.0.1", "is not blocked, and not wanted", "built-in list: 10.0.0.0/8"),
        (
            "198.18.0.9",
            "is not blocked, and not wanted",
            "none of the data collections",
        ),
        ("2001:db8::7", "is blocked, and wanted", "tq_block_list6: ours"),
    ],
)
def test_without_threatq_each_answer_is_that_of_the_last_run(
    later: Asking, asked: str, verdict: str, also: str
) -> None:
    later.away("threatq")
    told = later.words(asked)
    assert f"{asked} {verdict}" in told
    assert also in told


def test_where_the_file_says_all_the_netscaler_is_asked_without_threatq(
    later: Asking,
) -> None:
    adc = later.site.lab.credentials.appliances["adc1"]
    for line in (
        'host = "http://adc1.lab"',
        "https = false",
        f'username = "{adc.username}"',
        f'password = "{adc.password}"',
        f'data_collections = ["{COLLECTION}"]',
        f'block_list = "{BLOCK_LIST}"',
    ):
        later.both.key("netscaler", line)
    later.away("threatq")
    path = f"/appliances/adc1/datasets/{BLOCK_LIST}"
    later.site.control("PUT", path, {"type": "ipv4", "bindings": []})
    told = later.words("198.18.0.1")
    assert "the NetScaler was asked just now" in told
    assert "198.18.0.1 is NOT blocked, but wanted" in told


def test_without_the_netscaler_the_set_is_as_it_was_read_last(later: Asking) -> None:
    later.away("netscaler")
    later.holds("203.0.114.1", "198.18.0.3")
    told = later.words("198.18.0.1")
    assert told.startswith("ThreatQ was asked just now; the NetScaler gave no answer:")
    assert "198.18.0.1 is blocked, and no data collection wants it" in told
    assert "198.18.0.3 is NOT blocked, but wanted" in later.words("198.18.0.3")
    assert not later.json("198.18.0.3")["netscaler"]["live"]


def test_after_the_loss_of_every_local_file_both_systems_tell_all(
    later: Asking,
) -> None:
    later.forget()
    assert "198.18.7.99 is blocked, and wanted" in later.words("198.18.7.99")
    told = later.words("198.18.0.2")
    assert "expired by status" in told
    later.holds("203.0.114.1", "198.18.7.3-198.18.7.9", "198.18.9.1")
    assert later.json("198.18.7.4")["wanted"] == "yes"
    assert "no run is on record here" in later.words("198.18.9.1")


def test_without_threatq_and_without_memory_its_error_is_told(later: Asking) -> None:
    later.forget()
    later.away("threatq")
    assert later.site.run("explain", "198.18.0.1") == 3
    assert "ThreatQ at http://threatq.lab cannot be reached" in (
        later.capfd.readouterr().err
    )


def test_without_the_netscaler_and_without_memory_half_is_told_and_its_error(
    later: Asking,
) -> None:
    later.forget()
    later.away("netscaler")
    told = later.words("198.18.0.1", code=4)
    assert "198.18.0.1 is wanted; whether it is blocked is not known" in told
    assert later.json("198.18.0.1", code=4)["blocked"] == "unknown"


def test_where_nothing_is_known_of_the_collections_the_set_is_told_and_the_error(
    later: Asking,
) -> None:
    (later.site.directory / FILE_NAME).unlink()
    later.holds()
    told = later.words("198.18.0.1", code=3)
    assert "198.18.0.1 is blocked; what wants it is not known" in told


def test_a_damaged_ledger_is_said_and_left_alone(later: Asking) -> None:
    path = later.site.directory / FILE_NAME
    path.write_bytes(b"no database at all" * 100)
    before = path.read_bytes()
    told = later.words("198.18.0.1")
    assert "198.18.0.1 is blocked, and wanted" in told
    assert "cannot be read" in told
    assert path.read_bytes() == before


def test_a_collection_that_cannot_be_asked_is_as_it_was(later: Asking) -> None:
    later.site.form(**{"Data Collection": f"{COLLECTION}, Not shared"})
    told = later.words("198.18.0.1")
    assert "198.18.0.1 is blocked, and wanted" in told
    assert "there is no data collection 'Not shared'" in told


def test_a_server_that_lets_part_of_the_question_fall_is_not_believed(
    later: Asking,
) -> None:
    answer = {
        "name": "status",
        "service": "threatq",
        "times": None,
        "match": {"method": "POST", "path": "indicators/query"},
        "params": {"status": 500},
    }
    later.site.control("POST", "/faults", answer)
    told = later.words("198.18.0.1")
    assert "198.18.0.1 is blocked, and wanted" in told
    assert re.match(r"ThreatQ gave no answer: its side is as of \S+ \S+ UTC", told)


def test_before_any_run_both_systems_tell_all(ask: Asking) -> None:
    ask.holds("198.18.0.1")
    told = ask.words("198.18.0.1")
    assert "198.18.0.1 is NOT blocked, but wanted" in told
    assert "no run is on record here" in told
    (ask.site.directory / config.FILE_NAME).unlink()
    assert ask.site.run("explain", "198.18.0.1") == 2
