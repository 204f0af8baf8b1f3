"""The ways by which people are told: whether they are open, and a trial message.

A way that is not open never stands in the way of a run, so nothing here fails.
"""

from collections.abc import Iterator

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.errors import ConnectorError
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding
from tq_conn_citrix_waf.run.events import Event, Message, Wishes
from tq_conn_citrix_waf.run.messages import deliver, names, open_way
from tq_conn_citrix_waf.run.site import Outside
from tq_conn_citrix_waf.run.status import standing

MESSAGES = Area.MESSAGES
TRIAL = "trial"
"""The name of the event that a trial message is about."""


def messages(file: File, outside: Outside, *, send: bool) -> Iterator[Finding]:
    """Yield how each way is, and send a trial message by each if that is asked for."""
    ways = names(file)
    if send and not ways:
        cure = "name a webhook or a mail server in [messages]"
        yield MESSAGES.warn("messages", f"{file.path} names no way to people", cure)
    for name in ways:
        try:
            yield _one(file, outside, name, send=send)
        except ConnectorError as error:
            yield MESSAGES.warn(name, error.what, error.cure)


def _one(file: File, outside: Outside, name: str, *, send: bool) -> Finding:
    way = open_way(file, name, outside.transport)
    if not send:
        return MESSAGES.unchecked(name, f"{way.place}; check --message tries it")
    now = outside.clock.now()
    events = ", ".join(Wishes.of(file.sections["messages"]).events)
    event = Event(
        TRIAL,
        "a trial message: nothing is wrong",
        f"nothing; you will be told of: {events}",
    )
    message = Message(event, file, standing(file.path.parent, now), now)
    outcome = deliver(way, [message])
    if outcome.trouble:
        words = f"{way.place}: {outcome.trouble}"
        return MESSAGES.warn(name, words, "correct [messages]; then try again")
    return MESSAGES.ok(name, f"{way.place}: taken in; see whether it comes")
