"""What [messages] may not say: all of it is named before a run, no secret with it."""

from pathlib import Path
from typing import Any

import pytest

from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.errors import ConfigurationError

WHOLE: dict[str, dict[str, Any]] = {
    "": {"instance": "0a1b2c3d"},
    "threatq": {
        "host": "threatq.example",
        "client_id": "id",
        "username": "user@example.org",
        "password": "a secret",
    },
}
MAIL = {
    "mail_to": ["a@example.org"],
    "mail_from": "b@example.org",
    "mail_server": "mail.example.org",
}
HOOK = {"webhook": "https://chat.example.org/hooks/s3cret"}
SIGN_IN = {"mail_user": "waf", "mail_password": "s3cret"}


def checked(messages: dict[str, Any]) -> None:
    config.check(Path("a.toml"), WHOLE | {"messages": messages})


@pytest.mark.parametrize(
    "messages",
    [
        {},
        HOOK,
        MAIL,
        HOOK | MAIL | SIGN_IN | {"events": ["failed", "stale"], "fill_above": 1},
        {"webhook": "env:HOOK", "webhook_header": "file:/a", "proxy": ""},
        MAIL | {"mail_tls": "none"},
    ],
)
def test_what_says_something_is_taken(messages: dict[str, Any]) -> None:
    checked(messages)


@pytest.mark.parametrize(
    ("messages", "words"),
    [
        ({"events": ["failed"]}, "says nothing without webhook or mail_to"),
        (MAIL | {"proxy": "http://p:1"}, "proxy says nothing without webhook"),
        (MAIL | {"webhook_header": "A: b"}, "webhook_header says nothing without"),
        (HOOK | SIGN_IN, "mail_user says nothing without mail_to"),
        (HOOK | {"mail_tls": "tls"}, "mail_tls says nothing without mail_to"),
        (HOOK | {"mail_to": ["a@b"]}, "needs mail_to, mail_from, mail_server together"),
        (MAIL | {"mail_user": "waf"}, "needs mail_user, mail_password together"),
        (MAIL | SIGN_IN | {"mail_tls": "none"}, "would show the password"),
        (MAIL | {"mail_tls": "maybe"}, "must be one of starttls, tls, none"),
        ({"webhook": "http://chat.example.org/hooks/s3cret"}, "must be an https://"),
        (HOOK | {"events": ["held"]}, "must be one of refused, stale, filling, failed"),
        (HOOK | {"repeat_after": 0.5}, "repeat_after must be 1 at least"),
        (HOOK | {"stale_after": 0}, "stale_after must be 0.1 at least"),
        (HOOK | {"repeat_after": 9e7}, "repeat_after must be 8760 at most"),
        (HOOK | {"stale_after": 9e7}, "stale_after must be 8760 at most"),
        (HOOK | {"fill_above": 80}, "fill_above must be 1 at most"),
        (MAIL | {"mail_to": ["a@b\nBcc: c@d"]}, r"'a@b\nBcc: c@d' is no mail address"),
        (MAIL | {"mail_to": ["a@b, c@d"]}, "'a@b, c@d' is no mail address"),
        (MAIL | {"mail_from": "nobody"}, "'nobody' is no mail address"),
        ({"webhook": 7, "mail_to": 8}, "mail_to must be a list of names"),
    ],
)
def test_what_says_nothing_or_nothing_safe_is_named(
    messages: dict[str, Any], words: str
) -> None:
    with pytest.raises(ConfigurationError) as caught:
        checked(messages)
    assert words in caught.value.what
    assert "s3cret" not in caught.value.what
