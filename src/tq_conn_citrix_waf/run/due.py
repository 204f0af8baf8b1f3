"""What people are to be told now, from what there is and what they were told before.

    it is there | told before             | is told
    ------------+-------------------------+------------------------------------------
    yes         | never, or long ago      | yes
    yes         | lately                  | no
    yes         | lately, and that it was | only if it says something else by now: what
                | over                    | comes and goes is one thing, not many
    no          | yes                     | that it is over, once
    unknown     |                         | nothing

Lately is less than ``repeat_after`` ago. A clock that was set back makes all long ago.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from tq_conn_citrix_waf.run.events import Event, Seen, Wishes
from tq_conn_citrix_waf.secrets import one_line
from tq_conn_citrix_waf.store.sent import Told


def due(
    seen: Seen, kept: Mapping[str, Told], now: datetime, wishes: Wishes
) -> Iterator[tuple[Event, Told | None]]:
    """Yield what is to be told now; with what was told of it where it is over.

    Args:
        seen: what is there.
        kept: what was told last, by key.
        now: UTC.
        wishes: what people want to be told.
    """
    for key, event in seen.there.items():
        last = kept.get(key)
        silent = last is not None and _lately(last, now, wishes.repeat_after)
        if not silent or _another(last, event):
            yield event, None
    for key, last in kept.items():
        name, _, about = key.partition(" ")
        if not last.over and key not in seen.there and name not in seen.unknown:
            yield Event(name, "", "", about), last


def noted(event: Event, over: Told | None, now: datetime) -> Told:
    """Return what is kept of what was told just now; arguments are as from ``due``."""
    if over is None:
        return Told(now, one_line(event.what))
    return Told(over.at, over.what, over=True)


def still(kept: Mapping[str, Told], now: datetime, wishes: Wishes) -> dict[str, Told]:
    """Return what of it still matters: neither unasked for nor over and long ago."""
    return {
        key: told
        for key, told in kept.items()
        if key.partition(" ")[0] in wishes.events
        and not (told.over and not _lately(told, now, wishes.repeat_after))
    }


def _another(last: Told | None, event: Event) -> bool:
    return last is not None and last.over and last.what != one_line(event.what)


def _lately(told: Told, now: datetime, repeat_after: timedelta) -> bool:
    # Nothing is added: what a file says of a time may lie at the end of all times.
    return told.at <= now and now - told.at < repeat_after
