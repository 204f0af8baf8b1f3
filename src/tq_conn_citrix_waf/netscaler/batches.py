"""Batches of bindings, in the most compact form that the build takes.

The forms, the first first; the next is taken where a build does not understand one:

    bind    PUT, an array, the vendor's list type      what the SDK sends for just this
                                                       resource (client code), and the
                                                       only form that must answer JSON
            PUT, an array, application/json            documented for arrays at large
            PUT, one at a time                         documented, every client
    unbind  POST ?action=unbind, either type           the SDK (client code)
            DELETE by args, one at a time              every client

1. A form is left only on an answer that shows that nothing was done.
2. One object goes by itself: the form that every client uses.
3. How many objects an array may hold is documented nowhere. So where no form was taken,
   two of them tell whether it was the form or the number; a number is for the caller.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from tq_conn_citrix_waf.core.ports import Fate, Outcome
from tq_conn_citrix_waf.errors import TargetError
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.call import JSON, Call, args, in_path
from tq_conn_citrix_waf.netscaler.fates import judge, unknown
from tq_conn_citrix_waf.netscaler.faults import fault
from tq_conn_citrix_waf.netscaler.nitro import AnswerLostError, Nitro
from tq_conn_citrix_waf.netscaler.reply import Item, Reply
from tq_conn_citrix_waf.netscaler.rows import BINDINGS

WRITE_SECONDS = 120.0
_LIST = f"application/vnd.com.citrix.netscaler.{BINDINGS}_list+json"
_TYPES = (_LIST, JSON)
_PAIR = 2
_NOT_UNDERSTOOD = frozenset({400, 404, 405, 406, 411, 415, 501})

Body = Mapping[str, str]
"""One binding as it is sent: name, value, and where there are any endrange, comment."""


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of write: how to send many, how to send one, what says "already so"."""

    step: str
    method: str
    query: str
    already: frozenset[int]
    one: Callable[[Body], Call]


def _bind_one(body: Body) -> Call:
    return Call(
        "PUT",
        BINDINGS,
        f"bind to {body['name']}",
        body={BINDINGS: body},
        read_seconds=WRITE_SECONDS,
    )


def _unbind_one(body: Body) -> Call:
    return Call(
        "DELETE",
        f"{BINDINGS}/{in_path(body['name'])}",
        f"unbind from {body['name']}",
        args(value=body["value"], endrange=body.get("endrange", "")),
        read_seconds=WRITE_SECONDS,
    )


_BIND = _Kind("bind to", "PUT", "", codes.ALREADY_THERE, _bind_one)
_UNBIND = _Kind("unbind from", "POST", "action=unbind", codes.ALREADY_GONE, _unbind_one)


class Batches:
    """Sends batches of bindings, and remembers which form the build takes.

    Attributes:
        comments: whether the build takes comments; None before it was seen.
    """

    def __init__(self, nitro: Nitro) -> None:
        self.comments: bool | None = None
        self._nitro = nitro
        self._form = {_BIND.step: 0, _UNBIND.step: 0}
        self._proven: set[str] = set()

    def bind(self, bodies: Sequence[Body]) -> list[Outcome]:
        """Bind; see ``core.ports.Target.bind``."""
        return self._write(_BIND, bodies)

    def unbind(self, bodies: Sequence[Body]) -> list[Outcome]:
        """Unbind; see ``core.ports.Target.unbind``."""
        return self._write(_UNBIND, bodies)

    def _write(self, kind: _Kind, bodies: Sequence[Body]) -> list[Outcome]:
        """Write a batch in the first form that is taken.

        Raises:
            TargetError: nothing was done, or of a batch that was too large its first
                two, which does no harm when it is sent again.
        """
        if len(bodies) > 1 and self._form[kind.step] < len(_TYPES):
            found = self._as_array(kind, bodies)
            if not isinstance(found, Reply):
                return found
            if len(bodies) > _PAIR:
                self._form[kind.step] = 0
                pair = self._as_array(kind, bodies[:_PAIR])
                if not isinstance(pair, Reply):
                    step = f"{kind.step} {bodies[0]['name']}"
                    raise fault(self._nitro.host, step, found)
            self._nitro.note(
                f"{self._nitro.host} does not {kind.step.partition(' ')[0]} many "
                f"values in one request: one by one, which is slow ({found.words})"
            )
        return self._singly(kind, bodies)

    def _as_array(self, kind: _Kind, bodies: Sequence[Body]) -> list[Outcome] | Reply:
        """Send an array, in the next form where one is not understood.

        Returns:
            The outcomes, or the last refusal where no form was understood.
        """
        while True:
            call = self._many(kind, bodies)
            try:
                reply = self._nitro.call(call)
            except AnswerLostError as error:
                return unknown(len(bodies), error.what)
            if kind.step in self._proven or not _not_understood(reply):
                if reply.ok or reply.items is not None:
                    self._proven.add(kind.step)
                return self._judge(kind, reply, bodies)
            self._form[kind.step] += 1
            if self._form[kind.step] == len(_TYPES):
                return reply

    def _many(self, kind: _Kind, bodies: Sequence[Body]) -> Call:
        return Call(
            kind.method,
            BINDINGS,
            f"{kind.step} {bodies[0]['name']}",
            kind.query,
            {BINDINGS: bodies},
            _TYPES[self._form[kind.step]],
            {"X-NITRO-ONERROR": "continue"},
            read_seconds=WRITE_SECONDS,
        )

    def _singly(self, kind: _Kind, bodies: Sequence[Body]) -> list[Outcome]:
        """Send one at a time; where the requests fail, the rest stays unknown."""
        done: list[Outcome] = []
        for body in bodies:
            try:
                reply = self._nitro.call(kind.one(body))
                done += self._judge(kind, reply, [body])
            except AnswerLostError as error:
                return done + unknown(len(bodies) - len(done), error.what)
            except TargetError as error:
                if not done:
                    raise
                return done + unknown(len(bodies) - len(done), error.what)
        return done

    def _judge(
        self, kind: _Kind, reply: Reply, bodies: Sequence[Body]
    ) -> list[Outcome]:
        """Return the outcomes; raise where nothing was done for a common reason."""
        if kind is _BIND and "comment" in bodies[0]:
            self._learn_comments(reply)
            refused = reply.code in codes.NO_COMMENT and self.comments is False
            if refused and reply.items is None:
                return [Outcome(Fate.REFUSED, reply.words)] * len(bodies)
        step = f"{kind.step} {bodies[0]['name']}"
        outcomes = judge(reply, len(bodies), kind.already)
        if outcomes is None:
            raise fault(self._nitro.host, step, reply)
        self._raise_common(reply, step, outcomes)
        if any(i.code in _UNCOPIED for i in _items(reply)):
            self._nitro.note(
                f"{self._nitro.host} did not pass every change on to its secondary"
            )
        return outcomes

    def _raise_common(self, reply: Reply, step: str, outcomes: list[Outcome]) -> None:
        """Raise where all failed alike, or where what was done will be lost."""
        nothing = not any(o.fate in (Fate.DONE, Fate.ALREADY) for o in outcomes)
        for item in _items(reply):
            if item.code in _ELSEWHERE or (nothing and item.code in _COMMON):
                raise fault(self._nitro.host, step, replace(reply, whole=item))

    def _learn_comments(self, reply: Reply) -> None:
        """See from the first answers whether the build takes comments."""
        if self.comments is not None:
            return
        items = _items(reply)
        refused = [i.message.lower() for i in items if i.code in codes.NO_COMMENT]
        if any("[comment" in words for words in refused):
            self.comments = False
        elif len(refused) == len(items) and not any("[" in words for words in refused):
            self.comments = False  # the bracket is sometimes missing (ANS #376)
        elif any(item.done for item in items):
            self.comments = True


_UNCOPIED = codes.NOT_COPIED | codes.COPY_UNCLEAR
_ELSEWHERE = codes.SECONDARY | codes.CLUSTER_NODE
_COMMON = codes.RIGHTS | codes.NO_SET


def _items(reply: Reply) -> tuple[Item, ...]:
    return (reply.whole,) if reply.items is None else reply.items


def _not_understood(reply: Reply) -> bool:
    if reply.items is not None:
        return False
    if reply.code is None:
        return reply.status in _NOT_UNDERSTOOD
    return reply.code in codes.FORM
