"""docs/messages.md shows each message as a run sends it."""

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

from messages.people import ADDRESSES, ToldSite, Webhook
from tq_conn_citrix_waf import config

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parents[2] / "docs/messages.md"


def held(site: ToldSite) -> None:
    site.collection(ADDRESSES[:40])
    site.run()


def held_no_more(site: ToldSite) -> None:
    site.collection(ADDRESSES)
    site.run()


def fills(site: ToldSite) -> None:
    path = site.directory / config.FILE_NAME
    text = path.read_text()
    path.write_text(text.replace("# set_limit = 10", "set_limit = 125"))
    site.run()


def fails_twice(site: ToldSite) -> None:
    site.away = True
    site.run()
    site.run()


def stays_away(site: ToldSite) -> None:
    site.hours(4)
    site.run()


STEPS: "tuple[Callable[[ToldSite], None], ...]" = (
    held,
    held_no_more,
    fills,
    fails_twice,
    stays_away,
)


def shown(body: dict[str, Any], site: ToldSite) -> dict[str, Any]:
    """Return a message as the page has it: for one host, at one time."""
    text = json.dumps(body)
    instance = re.escape(str(body["instance"]))
    for own, other in (
        (instance, "5e0c1a42"),
        (re.escape(str(site.directory)), "/etc/tq_labs"),
        (f"on {re.escape(socket.gethostname())}", "on waf1"),
        (f'"host": "{re.escape(socket.gethostname())}"', '"host": "waf1"'),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "2026-11-24 14:00 UTC"),
        (r'"\d{4}-\d\d-\d\dT[0-9:+]+"', '"2026-11-24T14:00:00+00:00"'),
    ):
        text = re.sub(own, other, text)
    found: dict[str, Any] = json.loads(text)
    return found


def test_each_message_is_on_the_page_as_it_is_sent(
    site: ToldSite, hook: Webhook, ca_file: str
) -> None:
    site.messages(webhook=hook.url, ca_file=ca_file)
    for step in STEPS:
        step(site)
    sent = [shown(body, site) for body in hook.told()]
    page = re.findall(r"(?s)```json\n(.*?)```", PAGE.read_text("utf-8"))
    assert [json.loads(one) for one in page] == sent
