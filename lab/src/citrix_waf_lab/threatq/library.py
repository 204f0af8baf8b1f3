"""The Threat Library: every indicator once, by type and value, in order of id.

What is given with an indicator beyond type, value, status and score is served as given
and beats what the library would say itself (a ``status_id`` that contradicts the
status, an ``expires_at``, other dates, an ``id``).
"""

import heapq
import random
from bisect import insort
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from citrix_waf_lab.threatq.vocabulary import Vocabulary

BEYOND = "network"
"""The class of a type that the stock list does not know; inferred."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something written to an indicator: an attribute, a tag or a comment.

    ``name`` is an attribute's or tag's name (a comment has ''), ``value`` an
    attribute's or comment's value (a tag has '').
    """

    id: int
    name: str
    value: str
    created_at: str
    updated_at: str
    sources: tuple[str, ...] = ()


@dataclass(slots=True)
class Indicator:
    """One indicator as the store holds it; times are ``YYYY-MM-DD HH:MM:SS``, UTC."""

    id: int
    type: str
    value: str
    status: str
    score: float | None
    given: dict[str, object]
    created_at: str
    updated_at: str
    manual_score: float | None = None
    attributes: tuple[Note, ...] = ()
    tags: tuple[Note, ...] = ()
    comments: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An indicator as a person puts it in, checked."""

    type: str
    value: str
    status: str
    score: float | None
    given: dict[str, object] = field(default_factory=dict)


def entry_of(raw: Mapping[str, object]) -> Entry:
    """Check what was given for one indicator.

    Raises:
        ValueError: type or value is missing, or one of the four known keys is of the
            wrong kind; the text says which.
    """
    given = dict(raw)
    words = {}
    for key in ("type", "value", "status"):
        word = given.pop(key, "Active" if key == "status" else None)
        if not isinstance(word, str) or not word:
            raise ValueError(f"an indicator's {key} is a text, not {word!r}: {raw!r}")
        words[key] = word
    score = given.pop("score", None)
    if isinstance(score, bool) or not isinstance(score, int | float | None):
        # TypeError is not said: to the control interface it is a bad value like others
        raise ValueError(  # noqa: TRY004 - as the line above says
            f"an indicator's score is a number, not {score!r}: {raw!r}"
        )
    own = given.get("id", 1)
    if not isinstance(own, int) or isinstance(own, bool) or own < 1:
        raise ValueError(f"an indicator's id is a number from 1 on, not {own!r}")
    return Entry(words["type"], words["value"], words["status"], score, given)


class Library:
    """All indicators of one instance.

    Attributes:
        ids: the ids of all, ascending.
        comment_homes: the indicator that each comment was written to, by ids.
        version: grows with every change; what was computed from it is stale then.
        forget: called with the id of each indicator that changed.
    """

    def __init__(self, rng: random.Random, vocabulary: Vocabulary) -> None:
        self._rng = rng
        self._vocabulary = vocabulary
        self._by_key: dict[tuple[str, str], Indicator] = {}
        self._due: list[tuple[str, int]] = []
        self._last_id = rng.randrange(1_000, 90_000)
        self.by_id: dict[int, Indicator] = {}
        self.ids: list[int] = []
        self.comment_homes: dict[int, int] = {}
        self.version = 0
        self.forget: Callable[[int], object] = lambda _: None

    def next_id(self) -> int:
        """Return a number that no object of this instance has yet."""
        self._last_id += 1
        return self._last_id

    def find(self, kind: str, value: str) -> Indicator | None:
        """Return the indicator of a type and value, or None."""
        return self._by_key.get((kind, value))

    def check(self, entries: list[Entry]) -> None:
        """See that the ids given are free.

        Raises:
            ValueError: one is another indicator's.
        """
        taken: dict[int, tuple[str, str]] = {}
        for entry in entries:
            wanted = entry.given.get("id")
            if not isinstance(wanted, int):
                continue
            key = (entry.type, entry.value)
            there = self.by_id.get(wanted)
            owner = (there.type, there.value) if there else taken.get(wanted, key)
            known = self._by_key.get(key)
            if owner != key or (known is not None and known.id != wanted):
                raise ValueError(f"id {wanted} cannot be that of {key}")
            taken[wanted] = key

    def put(self, entry: Entry, now: str) -> Indicator:
        """Make or change the indicator of an entry; unchanged ones keep their dates."""
        self._vocabulary.types.add(entry.type, BEYOND)
        self._vocabulary.statuses.add(entry.status, "")
        known = self._by_key.get((entry.type, entry.value))
        if known is None:
            known = self._make(entry, now)
        else:
            told = (entry.status, entry.score, entry.given)
            if (known.status, known.score, known.given) == told:
                return known
            known.status, known.score, known.given = told
            known.manual_score = None
            self.touch(known, now)
        expires_at = known.given.get("expires_at")
        if isinstance(expires_at, str):
            heapq.heappush(self._due, (expires_at, known.id))
        return known

    def _make(self, entry: Entry, now: str) -> Indicator:
        own = entry.given.get("id")
        number = own if isinstance(own, int) else self.next_id()
        while number != own and number in self.by_id:
            number = self.next_id()
        made = Indicator(
            number,
            entry.type,
            entry.value,
            entry.status,
            entry.score,
            entry.given,
            now,
            now,
        )
        self._by_key[entry.type, entry.value] = made
        self.by_id[number] = made
        insort(self.ids, number)
        self.version += 1
        return made

    def touch(self, indicator: Indicator, now: str) -> None:
        """Say that an indicator changed at this instant."""
        indicator.updated_at = now
        self.version += 1
        self.forget(indicator.id)

    def expire_due(self, now: str) -> None:
        """Flip what is past its ``expires_at`` to Expired, as the platform's job does.

        Whitelisted indicators stay as they are.
        """
        while self._due and self._due[0][0] <= now:
            due, number = heapq.heappop(self._due)
            indicator = self.by_id[number]
            stands = indicator.given.get("expires_at") == due
            if stands and indicator.status not in ("Expired", "Whitelisted"):
                indicator.status = "Expired"
                self.touch(indicator, now)
