"""Each system has its own way: its proxy, and the environment's for ThreatQ."""

import ssl
from base64 import b64encode

import pytest

from tq_conn_citrix_waf.trust import Proxy, environment_proxy
from trust.sockets import SERVICES, TlsSite, proxied

NAMED = {"threatq": "threatq.example:443", "netscaler": "adc.example:8443"}
"""Names that only a proxy knows: nothing on this machine resolves them."""


@pytest.fixture
def named(site: TlsSite) -> dict[str, int]:
    """Move both systems to names that lead to them through a proxy alone."""
    site.trusts(*SERVICES)
    for system, place in NAMED.items():
        site.show(system, site.issue(place.partition(":")[0]))
    site.configured(threatq={"host": "threatq.example"})
    site.form(**{"API IP/Hostname": NAMED["netscaler"], "Use HTTPS": True})
    return {place: site.carriers[system].port for system, place in NAMED.items()}


def test_each_system_is_reached_by_the_proxy_of_its_setting(
    site: TlsSite, named: dict[str, int]
) -> None:
    with proxied(named) as one, proxied(named) as two:
        site.configured(threatq={"proxy": one.url}, netscaler={"proxy": two.url})
        assert site.run() == 0
        assert set(one.asked) == {NAMED["threatq"]}
        assert set(two.asked) == {NAMED["netscaler"]}


def test_a_proxy_that_speaks_tls_leads_there_and_shows_certificates(
    site: TlsSite, named: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    site.issue("127.0.0.1").configure_cert(tls)
    with proxied(named, tls) as proxy:
        site.configured(threatq={"proxy": proxy.url}, netscaler={"proxy": proxy.url})
        assert site.run() == 0
        site.show("netscaler", site.issue("adc.elsewhere.example"))
        assert site.run() == 4
    assert "names adc.elsewhere.example" in capsys.readouterr().err


def test_a_proxy_whose_certificate_is_not_trusted_is_no_matter_of_threatqs(
    site: TlsSite, named: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    site.issue("proxy.elsewhere.example").configure_cert(tls)
    with proxied(named, tls) as proxy:
        site.configured(threatq={"proxy": proxy.url})
        assert site.run() == 3
        assert proxy.asked == []
        what, cure = capsys.readouterr().err.splitlines()
        assert f"the proxy {proxy.place}" in what
        assert "--sha256" not in cure


@pytest.mark.parametrize("form", ["http://{}", "{}"])
def test_the_proxy_of_the_environment_leads_to_threatq_alone(
    site: TlsSite, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    site.trusts(*SERVICES)
    ways = {site.place(s): site.carriers[s].port for s in SERVICES}
    with proxied(ways) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", form.format(proxy.place))
        assert site.run() == 0
        assert set(proxy.asked) == {site.place("threatq")}


def test_a_host_in_no_proxy_is_reached_straight(
    site: TlsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.trusts(*SERVICES)
    with proxied({}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        monkeypatch.setenv("NO_PROXY", "localhost,127.0.0.1")
        assert site.run() == 0
        assert proxy.asked == []


def test_an_empty_setting_beats_the_environment(
    site: TlsSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.trusts(*SERVICES)
    site.configured(threatq={"proxy": ""})
    with proxied({}) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        assert site.run() == 0
        assert proxy.asked == []


def test_a_proxy_that_refuses_is_named_and_nothing_was_sent(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts(*SERVICES)
    mark = site.mark
    with proxied({}) as proxy:
        site.configured(netscaler={"proxy": proxy.url})
        assert site.run() == 4
        assert f"the proxy {proxy.place}: Tunnel" in capsys.readouterr().err
        assert len(proxy.asked) == 4  # never sent, so tried as often as patience says
    assert site.heard("netscaler", mark) == 0


def test_a_proxy_that_is_down_is_named(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    with proxied({}) as proxy:
        place = proxy.place
    site.configured(threatq={"proxy": place})
    assert site.run() == 3
    assert f"the proxy {place}: Connection refused" in capsys.readouterr().err


def test_a_certificate_behind_a_proxy_is_shown_through_the_proxy(
    site: TlsSite, named: dict[str, int], capsys: pytest.CaptureFixture[str]
) -> None:
    site.show("threatq", site.issue("other.example"))
    mark = site.mark
    with proxied(named) as proxy:
        site.configured(threatq={"proxy": proxy.url})
        assert site.run() == 3
        said = capsys.readouterr().err
        assert "names other.example" in said
        digits = said.partition("threatq.example:443 --sha256 ")[2][:64]
        assert site.run("trust", "threatq.example", "--sha256", digits) == 0
        assert site.heard("threatq", mark) == 0
        site.configured(netscaler={"proxy": proxy.url})
        assert site.run() == 0


def test_what_a_proxy_asks_for_reaches_it_and_nobody_else(
    site: TlsSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.trusts(*SERVICES)
    with proxied({}) as proxy:
        url = f"http://me:pass%40word@{proxy.place}"
        site.configured(threatq={"proxy": url})
        assert site.run("-v3") == 3
        pair = b64encode(b"me:pass@word")
        assert b"Proxy-Authorization: Basic " + pair in proxy.heads[0]
    out, err = capsys.readouterr()
    assert "pass" not in out.replace("password", "") + err
    assert pair.decode() not in out + err


@pytest.mark.parametrize(
    "text",
    [
        "socks5://127.0.0.1:1080",
        "http://",
        "a b",
        "http://me:secret@",
        "h:1:2",
        "ftp://h",
    ],
)
def test_what_is_no_proxy_is_an_error_of_the_configuration(
    site: TlsSite, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    site.configured(threatq={"proxy": text})
    assert site.run() == 2
    said = capsys.readouterr().err
    assert "is no proxy" in said
    assert "secret" not in said


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("proxy", "http://proxy"),
        ("http://proxy:3128/", "http://proxy:3128"),
        ("https://[::1]:8080", "https://[::1]:8080"),
        ("http://me:@proxy:1", "http://proxy:1"),
    ],
)
def test_a_proxy_is_read_without_its_credentials(text: str, url: str) -> None:
    assert Proxy.of(text).url == url


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://a.example", ""),
        ({"https_proxy": "http://p:1"}, "https://a.example", "http://p:1"),
        ({"HTTPS_PROXY": "http://p:1"}, "http://a.example", ""),
        ({"http_proxy": "http://p:2"}, "http://a.example", "http://p:2"),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": "*"}, "https://a.example", ""),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": "b,.example"}, "https://a.example:1", ""),
        ({"HTTPS_PROXY": "p:1", "no_proxy": "a.example:1"}, "https://a.example:1", ""),
        ({"HTTPS_PROXY": "p:1", "NO_PROXY": "ample"}, "https://a.example", "p:1"),
    ],
)
def test_the_environment_names_a_proxy_as_every_program_reads_it(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxy: str
) -> None:
    for name in ("HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert environment_proxy(url) == proxy
