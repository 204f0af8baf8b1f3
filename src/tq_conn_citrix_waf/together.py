"""Which keys of the configuration file say nothing, or nothing safe, by themselves.

Values may be of the wrong kind still: whoever looks at each key says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from tq_conn_citrix_waf.syslog import Syslog

_ADDRESS = re.compile(r"""[^@\s,;:<>()\[\]"\\]+@[^@\s,;:<>()\[\]"\\]+""")
"""One receiver; lists, display names, groups and quotes (RFC 5322) are none."""


def idle_dates(tables: Sequence[Mapping[str, object]]) -> Iterator[str]:
    """Say which dates of [selection] nothing is counted from."""
    for date, days in (("age_date", "maximum_age"), ("last_date", "time_limit")):
        if any(date in table for table in tables) and not any(
            table.get(days) for table in tables
        ):
            yield f"{date} says nothing without {days}"


_MAIL = ("mail_to", "mail_from", "mail_server")
_SIGN_IN = ("mail_user", "mail_password")
_NEEDS = {
    "webhook_header": "webhook",
    "proxy": "webhook",
    "mail_tls": "mail_to",
    "mail_user": "mail_to",
}


def mute(messages: Mapping[str, object]) -> Iterator[str]:
    """Say which keys of [messages] tell nobody, or would tell more than is meant.

    No value of the webhook is shown: its URL lets whoever has it write there.
    """
    for names in (_MAIL, _SIGN_IN):
        if 0 < sum(name in messages for name in names) < len(names):
            yield f"[messages] needs {', '.join(names)} together"
    if messages and not {"webhook", "mail_to"} & messages.keys():
        yield "[messages] says nothing without webhook or mail_to"
    for name, other in _NEEDS.items():
        if name in messages and other not in messages:
            yield f"[messages] {name} says nothing without {other}"
    if messages.get("mail_tls") == "none" and "mail_user" in messages:
        yield '[messages] mail_tls = "none" would show the password to all on the way'
    webhook = messages.get("webhook", "https://")
    if not str(webhook).startswith(("https://", "file:", "env:")):
        yield "[messages] webhook must be an https:// URL, file:PATH or env:NAME"
    to = messages.get("mail_to", [])
    for address in [*(to if isinstance(to, list) else ()), messages.get("mail_from")]:
        if isinstance(address, str) and not _ADDRESS.fullmatch(address):
            yield f"[messages] {address!r} is no mail address"


def nowhere(log: Mapping[str, object]) -> Iterator[str]:
    """Say what is wrong with where [log] sends the log."""
    if "syslog" in log and log.get("target") != "syslog":
        yield '[log] syslog says nothing without target = "syslog"'
    try:
        Syslog.of(str(log.get("syslog", "/")))
    except ValueError:
        yield "[log] syslog must be a path, udp://host:port or tcp://host:port"
