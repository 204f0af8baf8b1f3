"""One policy data set as the target of a run.

1. It is read whole in one request, and an answer that is no list is never an empty one.
2. Writes go in batches. What the first batch shows the build not to take is not sent
   again, and said once; nothing is ever tried out on purpose.
3. A write whose answer is lost is not repeated: its fate is UNKNOWN.
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from tq_conn_citrix_waf.core.dataset import Binding, Dataset
from tq_conn_citrix_waf.core.ports import Clock, Fate, Node, Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, Family
from tq_conn_citrix_waf.errors import (
    DatasetMissingError,
    DatasetTypeError,
)
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.batches import Batches, Body
from tq_conn_citrix_waf.netscaler.call import Call, in_path
from tq_conn_citrix_waf.netscaler.fates import unknown
from tq_conn_citrix_waf.netscaler.faults import MISSING_CURE, fault, unreadable
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.reply import Reply, one_line, whole_number
from tq_conn_citrix_waf.netscaler.rows import BINDINGS, flag, objects, rows
from tq_conn_citrix_waf.netscaler.spellings import Spelled, Spellings, folded

READ_SECONDS = 600.0
"""A set with thousands of values was seen to take minutes (ANS PR #59, NSIC #525)."""
MOST_BYTES = 128 * 2**20
"""In the lab 100,000 values take 10.2 MB, and 33.1 MB with comments of 255."""
SAVE_SECONDS = 300.0
SAVE_WAIT = 5.0

_FAMILIES = {"ipv4": Family.V4, "ipv6": Family.V6}


class BlockList:
    """A data set; fulfils ``core.ports.Target``.

    Args:
        nitro: a session with the appliance; the caller closes it.
        name: of the data set.
        clock: for waiting on a save.

    Attributes:
        notes: what the build does not do as documented; each once.
        spellings: what the build was seen not to take.
    """

    def __init__(self, nitro: Nitro, name: str, clock: Clock) -> None:
        self.name = name
        self.notes = nitro.notes
        self._nitro = nitro
        self._clock = clock
        self._batches = Batches(nitro)
        self.spellings = Spellings()
        self._path = in_path(name)

    @property
    def comments(self) -> bool | None:
        """Whether the build takes comments; None before anything was bound.

        False means that a mark cannot be left: bind with mark '' and only add.
        """
        return self._batches.comments

    @property
    def sign_ins(self) -> int:
        """How often the appliance was signed in to; see ``core.ports.Target``."""
        return self._nitro.sign_ins

    def node(self) -> Node:
        """Return who answers; see ``core.ports.Target``."""
        reply = self._nitro.fetch("nsversion", "read the version")
        told = self._objects(reply, "nsversion")
        version = one_line(str(told[0].get("version", ""))) if told else ""
        return Node(version.partition(", Date")[0], self._role())

    def read(self) -> Dataset:
        """Read the whole data set, once, sorted; see ``core.ports.Target``."""
        found = Dataset(self.name, self._family())
        path = f"{BINDINGS}/{self._path}"
        step = "read the data set"
        reply = self._nitro.call(
            Call(
                "GET",
                path,
                step,
                safe=True,
                read_seconds=READ_SECONDS,
                most_bytes=MOST_BYTES,
            )
        )
        self._must_exist(reply)
        try:
            listed = rows(reply)
        except ValueError as error:
            raise unreadable(self._nitro.host, error) from error
        for row in listed:
            found.add(row.value, row.endrange, row.comment, row.index)
        found.sort()
        return found

    def bind(self, ranges: Sequence[AddressRange], mark: str) -> list[Outcome]:
        """Bind one batch; see ``core.ports.Target``. No mark: no comment is sent."""
        found, used = self._bind_spelled(ranges, mark)
        unmarked = mark and self._batches.comments is False
        again = [
            n
            for n, (wanted, outcome) in enumerate(zip(ranges, found, strict=True))
            if outcome.fate is Fate.REFUSED
            and not unmarked
            and self.spellings.of(wanted) != used[n]
        ]
        if again:
            others = self.bind([ranges[n] for n in again], mark)
            for n, outcome in zip(again, others, strict=True):
                found[n] = outcome
        return found

    def _bind_spelled(
        self, ranges: Sequence[AddressRange], mark: str
    ) -> tuple[list[Outcome], list[list[Spelled]]]:
        """Bind in the spellings that the build is believed to take, and learn."""
        used = [self.spellings.of(wanted) for wanted in ranges]
        values = [value for spelled in used for value in spelled]
        items = [_item(self.name, value, end, mark) for value, end in values]
        outcomes = self._at_most(len(ranges), items)
        if not (mark and self._batches.comments is False):
            for value, outcome in zip(values, outcomes, strict=True):
                learnt = self.spellings.learn(value, outcome)
                if learnt:
                    self._nitro.note(f"{self._nitro.host} {learnt}")
        return folded(outcomes, [len(spelled) for spelled in used]), used

    def _at_most(self, most: int, items: Sequence[Body]) -> list[Outcome]:
        """Send no more values at once than the caller asked for ranges."""
        done: list[Outcome] = []
        while len(done) < len(items):
            done += self._batches.bind(items[len(done) : len(done) + most])
            if done[-1].fate is Fate.UNKNOWN:
                return done + unknown(len(items) - len(done), done[-1].words)
        return done

    def unbind(self, bindings: Sequence[Binding]) -> list[Outcome]:
        """Unbind one batch; see ``core.ports.Target``."""
        items = [_item(self.name, b.value, b.endrange, "") for b in bindings]
        return self._batches.unbind(items)

    def unsaved(self) -> bool | None:
        """Whether there are unsaved changes; see ``core.ports.Target``."""
        reply = self._nitro.get("nsconfig", "read whether all is saved")
        if reply.code in codes.RIGHTS:
            self._nitro.note(
                f"{self._nitro.host}: the user may not read whether changes are unsaved"
            )
            return None
        if not (reply.ok and reply.body):
            raise fault(self._nitro.host, "read whether all is saved", reply)
        told = self._objects(reply, "nsconfig")
        return flag(told[0].get("configchanged")) if told else None

    def save(self) -> None:
        """Save, and wait while another save runs; see ``core.ports.Target``."""
        until = self._clock.monotonic() + SAVE_SECONDS
        while True:
            # Saving twice saves once: safe to repeat.
            reply = self._nitro.call(
                Call(
                    "POST",
                    "nsconfig",
                    "save",
                    "action=save",
                    {"nsconfig": {}},
                    safe=True,
                    read_seconds=SAVE_SECONDS,
                )
            )
            if reply.ok or reply.code in codes.SAVED:
                return
            if reply.code not in codes.SAVING or self._clock.monotonic() >= until:
                raise fault(self._nitro.host, "save", reply)
            self._clock.sleep(SAVE_WAIT)

    def reputation(self) -> bool | None:
        """Whether the feature IP reputation is on; None where it is not told."""
        reply = self._nitro.get("nsfeature", "read the features")
        if not (reply.ok and reply.body):
            return None
        told = self._objects(reply, "nsfeature")
        if not told:
            return None
        listed = told[0].get("feature")
        by_list = "REP" in listed if isinstance(listed, list) else None
        by_flag = flag(told[0].get("rep"))
        return by_list if by_flag is None else by_flag

    def _role(self) -> str:
        """Return the node's own role; alone, it may call itself primary."""
        reply = self._nitro.get("hanode", "read the role")
        if reply.code in codes.ALREADY_GONE:
            return "Stand-alone"
        if not (reply.ok and reply.body):
            raise fault(self._nitro.host, "read the role", reply)
        nodes = self._objects(reply, "hanode")
        own = [n for n in nodes if whole_number(n.get("id")) == 0] or nodes[:1]
        state = str(own[0].get("state", "")) if own else ""
        if len(nodes) < 2 and state in ("", "Primary"):  # noqa: PLR2004  # a pair
            return "Stand-alone"
        return state

    def _family(self) -> Family:
        """Return the family that the set's type says."""
        reply = self._nitro.get(f"policydataset/{self._path}", "look for the data set")
        self._must_exist(reply)
        found = self._objects(reply, "policydataset")
        if not found:
            raise self._missing(reply)
        kind = str(found[0].get("type", ""))
        family = _FAMILIES.get(kind.lower())
        if family is None:
            raise DatasetTypeError(
                f"{self._nitro.host}: the data set {self.name} has the type "
                f"{one_line(kind)!r}",
                "make one of type ipv4, and name it in IP Block List; a type cannot "
                "be changed",
            )
        return family

    def _must_exist(self, reply: Reply) -> None:
        absent = codes.NO_SET | codes.ALREADY_GONE
        if reply.code in absent or reply.status == HTTPStatus.NOT_FOUND:
            raise self._missing(reply)
        if not (reply.ok and reply.body):
            raise fault(self._nitro.host, f"read the data set {self.name}", reply)

    def _missing(self, reply: Reply) -> DatasetMissingError:
        return DatasetMissingError(
            f"{self._nitro.host} has no data set {self.name}: {reply.words}",
            MISSING_CURE,
        )

    def _objects(self, reply: Reply, key: str) -> list[dict[str, Any]]:
        try:
            return objects(reply, key)
        except ValueError as error:
            raise unreadable(self._nitro.host, error) from error


def _item(name: str, value: str, endrange: str, comment: str) -> dict[str, str]:
    item = {"name": name, "value": value}
    if endrange:
        item["endrange"] = endrange
    if comment:
        item["comment"] = comment
    return item
