"""The file of trusted certificates: what is written is read, and damage is an error."""

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tq_conn_citrix_waf.certificates import Endpoint, digits, grouped
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.store.pins import Pin, Pins

NOW = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)
A, B = "ab" * 32, "cd" * 32
hosts = st.from_regex(r"[a-z0-9]([a-z0-9.-]{0,20}[a-z0-9])?", fullmatch=True)
endpoints = st.builds(
    Endpoint,
    hosts | st.ip_addresses(v=6).map(str),
    st.integers(1, 65535),
)
sha256s = st.binary(min_size=32, max_size=32).map(bytes.hex)


pinned = st.builds(Pin, endpoints, sha256s, st.text(max_size=9), st.just(NOW))


@given(st.lists(pinned, max_size=4))
@settings(deadline=None, max_examples=50)  # each pin waits for the disk
def test_what_is_kept_is_read_and_the_last_word_counts(kept: list[Pin]) -> None:
    with TemporaryDirectory() as name:
        pins = Pins(Path(name))
        for pin in kept:
            pins.keep(pin)
        assert pins.read() == {str(pin.endpoint): pin.sha256 for pin in kept}


@given(sha256s)
def test_a_sha256_is_read_as_it_is_shown(sha256: str) -> None:
    assert digits(grouped(sha256)) == sha256
    assert digits(f" {sha256.upper()}\n") == sha256


def test_without_a_file_nothing_is_pinned(tmp_path: Path) -> None:
    assert Pins(tmp_path).read() == {}


def test_a_line_says_who_trusted_what_and_when(tmp_path: Path) -> None:
    pins = Pins(tmp_path)
    pins.keep(Pin(Endpoint("adc1", 443), A, "mary ann # x", NOW))
    last = pins.path.read_text().splitlines()[-1]
    assert last == f"adc1:443 {A} maryannx 2026-03-04T05:06:07Z"
    assert pins.path.stat().st_mode & 0o777 == 0o600


def test_what_people_wrote_stays(tmp_path: Path) -> None:
    pins = Pins(tmp_path)
    mine = f"# ticket 4711\n\n[2001:db8::1]:8443 {grouped(B)}  # by hand\n"
    pins.path.write_text(f"{mine}ADC1:443 {A}\n")
    assert pins.read() == {"[2001:db8::1]:8443": B, "adc1:443": A}
    pins.keep(Pin(Endpoint("adc1", 443), B, "mary", NOW))
    assert pins.path.read_text().startswith(mine)
    assert pins.read() == {"[2001:db8::1]:8443": B, "adc1:443": B}


@pytest.mark.parametrize(
    "line",
    [
        "adc1:443",
        f"adc1:443 {A[:-1]}",
        f"adc1:443 {A} mary",
        f"adc1:443 {A} mary now more",
        f"adc1 {A}",
        f"adc1:70000 {A}",
        f"adc1:port {A}",
        f":443 {A}",
        f"https://adc1:443 {A}",
        f"2001:db8::1:443 {A}",
        f"good:443 {B}",
        A,
    ],
)
def test_a_damaged_line_is_an_error_that_names_it(tmp_path: Path, line: str) -> None:
    pins = Pins(tmp_path)
    text = f"# head\ngood:443 {A}\n{line}\n"
    pins.path.write_text(text)
    with pytest.raises(ConfigurationError, match="line 3: "):
        pins.read()
    with pytest.raises(ConfigurationError, match="line 3: "):
        pins.keep(Pin(Endpoint("adc1", 443), A, "mary", NOW))
    assert pins.path.read_text() == text


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    Pins(tmp_path).path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigurationError, match="is damaged"):
        Pins(tmp_path).read()


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    Pins(tmp_path).path.mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read: Is a directory"):
        Pins(tmp_path).read()
