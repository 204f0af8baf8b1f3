"""MISP warning lists, from a package laid out as the real one is."""

import json
from pathlib import Path

import pytest

from protected.near import gathered, rule, shown, write
from support.outside import Site
from tq_conn_citrix_waf.core.networks import Widest
from tq_conn_citrix_waf.core.safelist import Strength
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.run import warninglists
from tq_conn_citrix_waf.run.warninglists import read_warning_list

LISTS: dict[str, dict[str, object]] = {
    "public-dns-v4": {"type": "cidr", "list": ["192.0.2.53/32", "198.51.100.53"]},
    "cloudflare": {"type": "cidr", "list": ["203.0.113.0/24", "2001:db8::/32"]},
    "crl-ip": {"type": "cidr", "list": []},
    "top1000": {"type": "hostname", "list": ["example.org"]},
    "broken": {"type": "cidr", "list": ["203.0.113.0/24", "203.0.113.1/24"]},
    "odd": {"type": "cidr"},
}


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Install a small package of warning lists, under a name of its own."""
    name = "warninglists_of_a_test"
    home = tmp_path / "site" / name
    for folder, content in LISTS.items():
        place = home / "data" / "misp-warninglists" / "lists" / folder
        place.mkdir(parents=True)
        text = json.dumps({"name": f"List of {folder}", "version": 1, **content})
        (place / "list.json").write_text(text, "utf-8")
    (home / "__init__.py").write_text("raise ImportError('not to be run')\n")
    monkeypatch.syspath_prepend(home.parent)
    monkeypatch.setattr(warninglists, "PACKAGE", name)
    return home


@pytest.mark.usefixtures("package")
def test_lists_are_read_in_both_strengths(site: Site) -> None:
    write(site, 'misp = ["cloudflare"]', 'misp_show = ["public-dns-v4"]')
    found = gathered(site)
    never, show = rule(found, "MISP cloudflare"), rule(found, "MISP public-dns-v4")
    assert shown(never) == ["203.0.113.0/24", "2001:db8::/32"]
    assert shown(show) == ["192.0.2.53", "198.51.100.53"]
    assert (never.strength, show.strength) == (Strength.REFUSE, Strength.SHOW)


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("public-dns", r"no MISP warning list public-dns \(public-dns-v4\)"),
        ("zzz", r"no MISP warning list zzz \(none is like it\)"),
        ("../lists/cloudflare", "no MISP warning list"),
        ("crl-ip", "the MISP warning list crl-ip holds no network"),
        ("top1000", "holds no networks but values of type 'hostname'"),
        ("broken", r"cannot be read whole: line 2: '203\.0\.113\.1/24'"),
        ("odd", "the MISP warning list odd cannot be read"),
    ],
)
def test_a_list_that_is_none_ends_the_run_with_2(name: str, words: str) -> None:
    with pytest.raises(ConfigurationError, match=words):
        read_warning_list(name, Widest())


def test_without_the_package_the_error_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(warninglists, "PACKAGE", "no_such_package_anywhere")
    with pytest.raises(ConfigurationError, match="is not installed") as caught:
        read_warning_list("cloudflare", Widest())
    assert "pip install 'tq-conn-citrix-waf[misp]'" in caught.value.cure
