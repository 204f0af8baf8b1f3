"""From the answer to a batch to what became of each of its objects.

    answer                                   | each object
    -----------------------------------------+--------------------------------------
    2xx, errorcode 0, no list                | done
    a list as long as the batch              | by its own entry, in order
    a list that ends with its first failure  | by its entry; behind it unknown
    any other list                           | unknown
    an error that concerns one value         | of one: that; of many: raise
    lost, unreadable, 5xx, "bulk failed"     | unknown
    any other error                          | raise

"Raise" means that the appliance refused the request and said so: sent again in smaller
batches it does no harm, since what was done after all is then already so.

1. Entries carry no key, only their place; their number cannot be trusted (client code:
   a remark in the SDK), so that a list of another length is believed only where it
   has the one documented shape.
2. What is unknown is found out by reading, never by sending it again.
"""

from dataclasses import dataclass

from tq_conn_citrix_waf.core.ports import Fate, Outcome
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.reply import Item, Reply

_UNSENT = frozenset({429, 503})
"""Turned away unread: nothing was done."""
_NOT_DONE = range(400, 500)


@dataclass(frozen=True, slots=True)
class Refused(Outcome):
    """A value that was refused for itself, and by which code."""

    code: int | None = None

    def concerns(self, *parts: str) -> bool:
        """Whether the appliance's words hold one of these."""
        return any(part in self.words.lower() for part in parts)


def unknown(count: int, words: str) -> list[Outcome]:
    """Return outcomes of a batch that reading has to resolve."""
    return [Outcome(Fate.UNKNOWN, words)] * count


def judge(reply: Reply, count: int, already: frozenset[int]) -> list[Outcome] | None:
    """Return what became of each object; None where the request as a whole failed.

    Args:
        reply: to a batch.
        count: of the objects in the batch.
        already: the codes which say that there was nothing to do.
    """
    if reply.items is not None:
        return _listed(reply.items, count, already)
    if reply.ok:
        return [_fate(reply.whole, already)] * count
    if count == 1 and _concerns_one(reply.whole, already):
        return [_fate(reply.whole, already)]
    return unknown(count, reply.words) if _unclear(reply) else None


def _listed(
    items: tuple[Item, ...], count: int, already: frozenset[int]
) -> list[Outcome]:
    if len(items) == count:
        return [_fate(item, already) for item in items]
    whole_prefix = len(items) < count and all(item.done for item in items[:-1])
    if items and whole_prefix and not items[-1].done:
        words = f"behind the one that failed: {items[-1].words}"
        known = [_fate(item, already) for item in items]
        return known + unknown(count - len(items), words)
    return unknown(count, f"{len(items)} results for {count} values")


def _fate(item: Item, already: frozenset[int]) -> Outcome:
    if item.done:
        return Outcome(Fate.DONE, "" if item.code == codes.DONE else item.words)
    if item.code in already:
        return Outcome(Fate.ALREADY, item.words)
    if item.code in codes.FULL:
        return Outcome(Fate.FULL, item.words)
    resolved_by_reading = (
        codes.COPY_UNCLEAR | codes.NOT_ATTEMPTED | codes.SESSION | codes.SESSIONS
    )
    if item.code is None or item.code in resolved_by_reading:
        return Outcome(Fate.UNKNOWN, item.words)
    return Refused(Fate.REFUSED, item.words, item.code)


def _concerns_one(item: Item, already: frozenset[int]) -> bool:
    words = item.message.lower()
    return item.code in already | codes.FULL | codes.ITEM or any(
        part in words for part in codes.OVERLAP_WORDS
    )


def _unclear(reply: Reply) -> bool:
    """Whether a part of the batch may have been done, and nobody says which."""
    if reply.code is not None:
        return reply.code in codes.COPY_UNCLEAR | codes.NOT_COPIED | codes.UNCLEAR
    return reply.status not in _UNSENT and reply.status not in _NOT_DONE
