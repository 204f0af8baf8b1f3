"""The form and the file merged: field by field, and nothing disagrees silently."""

from pathlib import Path

import pytest

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import ConfigurationError
from tq_conn_citrix_waf.settings import FORM, Settings, base_url, settle

FORM_FIELDS: dict[str, str | bool | None] = {
    "API IP/Hostname": "adc.example",
    "Username": "nsapi",
    "Password": "pass word",
    "Data Collection": "one,two",
    "IP Block List": "bl4",
    "Use HTTPS": True,
}


def settled(
    form: dict[str, str | bool | None], own: dict[str, object] | None = None
) -> Settings:
    file = File(Path("/etc/tq_labs/f.toml"), {"netscaler": own or {}})
    return settle(file, form, lambda text: text.split(","), enabled=True)


def test_the_form_alone_makes_the_settings() -> None:
    found = settled(FORM_FIELDS)
    assert found.url == "https://adc.example"
    assert found.collections == ("one", "two")
    assert (found.username, found.password) == ("nsapi", "pass word")
    assert set(found.origins.values()) == {FORM}


def test_a_key_in_the_file_beats_the_form_field_by_field() -> None:
    found = settled(
        FORM_FIELDS, {"block_list": "other", "data_collections": ["a, b", "c"]}
    )
    assert found.block_list == "other"
    assert found.collections == ("a, b", "c")
    assert found.username == "nsapi"
    assert found.origins["block_list"] == "/etc/tq_labs/f.toml"
    assert found.origins["username"] == FORM


def test_a_masked_password_comes_from_the_file() -> None:
    found = settled({**FORM_FIELDS, "Password": None}, {"password": "from the file"})
    assert found.password == "from the file"


def test_all_empty_fields_are_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as caught:
        settled({**FORM_FIELDS, "Password": None, "IP Block List": ""})
    assert "'Password' is empty" in caught.value.what
    assert "'IP Block List' is empty" in caught.value.what


def test_an_empty_form_is_no_error_while_the_connector_is_off() -> None:
    file = File(Path("f.toml"), {})
    assert not settle(file, {}, lambda text: [text], enabled=False).enabled


def test_settings_never_show_the_password() -> None:
    assert "pass word" not in repr(settled(FORM_FIELDS))


@pytest.mark.parametrize(
    ("text", "https", "url"),
    [
        ("adc.example", None, "https://adc.example"),
        ("adc.example:8443", True, "https://adc.example:8443"),
        ("192.0.2.1", False, "http://192.0.2.1"),
        ("http://192.0.2.1:80/", False, "http://192.0.2.1:80"),
        ("https://adc.example/gui", True, "https://adc.example"),
        ("[2001:db8::1]:443", True, "https://[2001:db8::1]:443"),
        (" adc.example ", True, "https://adc.example"),
    ],
)
def test_a_host_a_host_with_port_or_a_url_is_taken(
    text: str, https: bool | None, url: str
) -> None:
    assert base_url(text, https=https) == url


@pytest.mark.parametrize(
    "text",
    ["", "a b", "ftp://x", "host:0", "host:65536", "-x", "user@host", "2001:db8::1"],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no host"):
        base_url(text)


@pytest.mark.parametrize(("text", "https"), [("http://x", True), ("https://x", False)])
def test_scheme_and_checkbox_must_agree(text: str, https: bool) -> None:
    with pytest.raises(ValueError, match="Use HTTPS"):
        base_url(text, https=https)
