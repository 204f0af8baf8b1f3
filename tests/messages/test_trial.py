"""``check``: whether people can be told, and a trial message if it is asked for."""

import json
from typing import Any

import pytest

from messages.people import ON_CALL, PASSWORD, SECRET, SENDER, Post, ToldSite, Webhook


def rows(
    site: ToldSite, shown: pytest.CaptureFixture[str], *words: str
) -> list[dict[str, Any]]:
    """Check, and return the rows about messages; none of them stops a run."""
    shown.readouterr()
    assert site.run("check", "--json", *words) == 0
    text = shown.readouterr().out
    assert SECRET not in text
    assert PASSWORD not in text
    found = json.loads(text)["findings"]
    return [row for row in found if row["area"] == "Messages"]


@pytest.fixture(autouse=True)
def _asked(site: ToldSite, hook: Webhook, post: Post, ca_file: str) -> None:
    site.messages(
        webhook=hook.url,
        mail_to=[ON_CALL],
        mail_from=SENDER,
        mail_server=post.place,
        mail_user="waf",
        mail_password=PASSWORD,
        ca_file=ca_file,
    )


def test_a_check_sends_nothing_unasked_and_says_where_it_would_go(
    site: ToldSite, hook: Webhook, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(site, capsys)
    assert [(r["name"], r["state"], r["words"]) for r in found] == [
        ("webhook", "not checked", f"{hook.place}; check --message tries it"),
        (
            "mail",
            "not checked",
            f"{post.place}, to {ON_CALL}; check --message tries it",
        ),
    ]
    assert hook.told() == []
    assert post.mails == []


def test_each_way_is_sent_one_trial_message(
    site: ToldSite, hook: Webhook, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    found = rows(site, capsys, "--message")
    assert [(r["name"], r["state"]) for r in found] == [
        ("webhook", "ok"),
        ("mail", "ok"),
    ]
    (told,) = hook.told()
    assert (told["event"], told["over"]) == ("trial", False)
    assert told["text"].startswith("adc1.lab: a trial message: nothing is wrong\n")
    ((_, mail),) = post.mails
    assert mail["Subject"] == "adc1.lab: a trial message: nothing is wrong"
    assert site.run() == 0
    assert hook.told() == []


def test_what_goes_wrong_is_a_row_with_what_to_do(
    site: ToldSite, hook: Webhook, post: Post, capsys: pytest.CaptureFixture[str]
) -> None:
    hook.status, post.bars = 404, True
    found = rows(site, capsys, "--message")
    assert [r["state"] for r in found] == ["warn", "warn"]
    assert found[0]["words"] == f"{hook.place}: it answered 404"
    assert found[1]["words"].endswith("the server said 535 not with ***")
    assert found[0]["cure"] == "correct [messages]; then try again"


def test_a_secret_that_is_not_there_is_a_row_also_without_a_trial(
    site: ToldSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.messages(webhook="file:/nowhere")
    (row,) = rows(site, capsys)
    assert row["state"] == "warn"
    assert "/nowhere cannot be read" in row["words"]


def test_a_trial_without_any_way_says_what_to_name(
    site: ToldSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site.messages()
    assert rows(site, capsys) == []
    (row,) = rows(site, capsys, "--message")
    assert row["cure"] == "name a webhook or a mail server in [messages]"
