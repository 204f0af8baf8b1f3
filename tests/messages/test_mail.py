"""The mail: encrypted or not sent, to each who may have it, in just its lines."""

import ssl
from collections.abc import Iterator

import pytest
import trustme

from messages.people import ADDRESSES, ON_CALL, PASSWORD, SENDER, Post, ToldSite
from support.outside import COLLECTION
from tq_conn_citrix_waf import config
from tq_conn_citrix_waf.run import messages

SIGN_IN = {"mail_user": "waf", "mail_password": PASSWORD}


def asked(site: ToldSite, post: Post, **keys: object) -> None:
    """Ask for mail."""
    own = {
        "mail_to": [ON_CALL],
        "mail_from": SENDER,
        "mail_server": post.place,
        "ca_file": str(site.directory.parent / "ca.pem"),
    }
    site.messages(**own | keys)


@pytest.fixture(autouse=True)
def _mailed(site: ToldSite, post: Post, ca_file: str) -> None:
    assert ca_file
    asked(site, post)


def held(site: ToldSite) -> None:
    """Run with something held."""
    site.collection(ADDRESSES[:40])
    assert site.run() == 5


def test_a_mail_says_what_happened_and_what_to_do(site: ToldSite, post: Post) -> None:
    held(site)
    ((to, mail),) = post.mails
    assert to == [ON_CALL]
    assert mail["From"] == SENDER
    assert mail["Subject"].startswith("adc1.lab: 60 removals of Block at edge are held")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == site.lab.clock.now().replace(microsecond=0)
    assert mail["Message-ID"].endswith("@example.org>")
    lines = mail.get_content().splitlines()
    assert lines[1].startswith("What to do: look whether this is a source that lost")
    assert len(lines) == 4


def test_it_comes_once_and_says_when_it_is_over(site: ToldSite, post: Post) -> None:
    held(site)
    held(site)
    site.collection(ADDRESSES)
    assert site.run() == 0
    assert site.run() == 0
    subjects = [mail["Subject"] for _, mail in post.mails]
    assert [s.startswith("adc1.lab: it is over: 60 removals") for s in subjects] == [
        False,
        True,
    ]


def test_nothing_but_the_wish_to_encrypt_is_said_in_the_clear(
    site: ToldSite, post: Post
) -> None:
    asked(site, post, **SIGN_IN)
    held(site)
    assert post.signed == [f"\0waf\0{PASSWORD}"]
    assert [line.split()[0] for line in post.heard] == ["ehlo", "STARTTLS"]


def test_a_server_that_encrypts_at_once_is_a_setting(
    site: ToldSite, post: Post
) -> None:
    post.at_once = True
    asked(site, post, **SIGN_IN, mail_tls="tls")
    held(site)
    assert len(post.mails) == 1
    assert post.heard == []


def test_a_server_without_encryption_is_a_setting_too(
    site: ToldSite, post: Post
) -> None:
    post.starttls = False
    asked(site, post, mail_tls="none")
    held(site)
    assert len(post.mails) == 1


@pytest.fixture
def stranger(shown: tuple[ssl.SSLContext, trustme.CA]) -> Iterator[Post]:
    """A mail server whose certificate somebody else vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    assert context is not shown[0]
    found = Post(context)
    yield found
    found.stop()


def warned(shown: pytest.CaptureFixture[str]) -> str:
    """Return the one warning about a mail; no password stands in it."""
    text = shown.readouterr().out
    assert PASSWORD not in text
    (line,) = [line for line in text.splitlines() if "message by mail" in line]
    return line


def test_a_server_that_does_not_encrypt_gets_neither_mail_nor_password(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.starttls = False
    asked(site, post, **SIGN_IN)
    held(site)
    assert "STARTTLS extension not supported by server" in warned(capsys)
    assert [line.split()[0] for line in post.heard] == ["ehlo"]


def test_a_server_that_nobody_vouches_for_gets_neither(
    site: ToldSite, stranger: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(site, stranger, **SIGN_IN)
    held(site)
    assert "certificate verify failed" in warned(capsys)
    assert [line.split()[0] for line in stranger.heard] == ["ehlo", "STARTTLS"]


def test_a_refused_sign_in_is_a_warning_without_what_the_server_repeats_of_it(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.bars = True
    asked(site, post, **SIGN_IN)
    held(site)
    assert warned(capsys).endswith("the server said 535 not with ***")
    assert post.mails == []
    assert len(post.signed) == 1


def test_whoever_else_it_is_for_gets_a_mail_that_one_receiver_is_refused(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.refused = frozenset({"gone@example.org"})
    asked(site, post, mail_to=["gone@example.org", ON_CALL])
    held(site)
    assert "the server refused gone@example.org" in warned(capsys)
    held(site)
    assert [to for to, _ in post.mails] == [[ON_CALL]]


def test_a_mail_that_all_are_refused_is_tried_again(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.refused = frozenset({ON_CALL})
    held(site)
    assert f"takes mail for none of {ON_CALL}" in warned(capsys)
    post.refused = frozenset()
    held(site)
    assert len(post.mails) == 1


def test_nobody_there_is_a_warning(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    asked(site, post, mail_server="127.0.0.1:1")
    held(site)
    assert "message by mail (127.0.0.1:1, to" in (line := warned(capsys))
    assert line.endswith("Connection refused")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"ca_file": "/nowhere"}, "the CA file /nowhere cannot be read"),
        ({"mail_server": "no host"}, "mail_server: 'no host' is no host, host:port"),
        (SIGN_IN | {"mail_password": "env:NOT_SET"}, "the variable NOT_SET is not set"),
    ],
)
def test_what_is_wrong_with_a_setting_is_a_warning_after_the_run(
    site: ToldSite,
    post: Post,
    capsys: pytest.CaptureFixture[str],
    keys: dict[str, object],
    words: str,
) -> None:
    asked(site, post, **keys)
    held(site)
    text = capsys.readouterr().out
    assert "no message by mail: " in text
    assert words in text
    assert post.heard == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (
            "x\r\nBcc: all@example.org\r\n\r\n.\r\nMAIL FROM: \u202e \N{SNOWMAN}",
            r"x\r\nBcc: all@",
        ),
        ("\0\x85\u2028.\n.", r"\x00\x85\u2028.\n."),
        ("\N{SNOWMAN}" * 50_000, "\N{SNOWMAN}..."),
    ],
    ids=["header", "line", "length"],
)
def test_a_name_of_a_collection_makes_no_header_and_no_line(
    site: ToldSite, post: Post, name: str, words: str
) -> None:
    path = site.directory / config.FILE_NAME
    text = path.read_text()
    path.write_text(text.replace(COLLECTION, "another"))
    key = f'data_collections = ["{COLLECTION}", {config._toml(name)}]'
    path.write_text(text.replace('# data_collections = ["", ""]', key))
    site.collection(ADDRESSES, name)
    assert site.run() == 0
    site.collection(ADDRESSES[:40])
    site.collection(ADDRESSES[:40], name)
    assert site.run() == 5
    for to, mail in post.mails:
        assert to == [ON_CALL]
        assert mail["Bcc"] is None
        assert "\n" not in mail["Subject"]
        assert len(mail["Subject"]) <= 150
        assert len(mail.get_content().splitlines()) == 4
    assert any(words in mail["Subject"] for _, mail in post.mails)


def test_a_server_that_does_not_take_leave_has_the_mail(
    site: ToldSite, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(messages, "SECONDS", 2)
    post.stays = True
    held(site)
    held(site)
    assert len(post.mails) == 1


def test_a_server_that_never_stops_talking_is_left(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.greeting = b"220-post\r\n" * 200_000 + post.greeting
    held(site)
    assert warned(capsys).endswith("it said more than 1,000,000 octets")
    assert post.mails == []


def test_the_words_of_a_server_are_cut(
    site: ToldSite, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    post.greeting = f"554 {'x' * 175}{PASSWORD}{'y' * 90}\r\n".encode()
    asked(site, post, **SIGN_IN)
    held(site)
    assert warned(capsys).endswith("x***yy...")
