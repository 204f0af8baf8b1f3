"""What the connector may do under an answer: the words of the table in ``answers``.

    in step      every chapter of the story ends as it should
    only adds    likewise, but nothing of ours can be told from others' entries: nothing
                 is unbound, and each run that writes says so
    fills        the set takes a part; each run says how many entries have no place
    ends         nothing is ever written: the run ends with a code, from a chapter on

1. Two answers together are as the worse of the two, unless ``answers.TOGETHER`` says
   otherwise.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from citrix_waf_lab.dialects import Value


class Does(IntEnum):
    """What comes of a story; the greater the worse."""

    IN_STEP = 0
    ADDS = 1
    FILLS = 2
    ENDS = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What the connector does under one answer.

    Attributes:
        does: what comes of the story.
        note: what else it does, for the document; '' for nothing else.
        says: a pattern of what it says, once in each run in which it says it; it must
            do so in one run at least. '' for nothing.
        helps: what it tells a person to do in the first run or at the first load; ''
            for nothing.
        code: what runs end with, where they do.
        since: the chapter with which they begin to.
    """

    does: Does = Does.IN_STEP
    note: str = ""
    says: str = ""
    helps: str = ""
    code: int = 0
    since: str = "first load"

    @property
    def words(self) -> str:
        """Return it as the document has it."""
        told = _TOLD[self.does].format(code=self.code, since=self.since)
        return f"{told}; {self.note}" if self.note else told


_TOLD = {
    Does.IN_STEP: "in step",
    Does.ADDS: "only adds, and says so",
    Does.FILLS: "fills the set, ends with {code}",
    Does.ENDS: "ends with {code} at the {since}, writes nothing",
}

IN_STEP = Row()


Picks = dict[str, tuple[Value, ...]]
"""Some answers of some switches."""


@dataclass(frozen=True, slots=True)
class Together:
    """What the connector does where each of some switches has one of some answers."""

    answers: Picks
    row: Row

    def holds(self, dialect: Mapping[str, Value]) -> bool:
        """Whether a dialect has such answers."""
        return all(dialect.get(name) in some for name, some in self.answers.items())


Answers = Mapping[Value, Row]


def stays(*answers: Value) -> dict[Value, Row]:
    """Return answers under which all is in step and nothing more is to be said."""
    return dict.fromkeys(answers, IN_STEP)


def notes(note: str, says: str, *answers: Value) -> dict[Value, Row]:
    """Return answers under which all is in step, in another way, which is said."""
    return dict.fromkeys(answers, Row(note=note, says=says))


def helped(note: str, helps: str, *answers: Value) -> dict[Value, Row]:
    """Return answers under which a person must do something once."""
    return dict.fromkeys(answers, Row(note=note, helps=helps))


def adds(note: str, *answers: Value) -> dict[Value, Row]:
    """Return answers under which entries cannot be marked."""
    row = Row(Does.ADDS, note, "the appliance keeps no comments")
    return dict.fromkeys(answers, row)


def fills(code: int, says: str, *answers: Value) -> dict[Value, Row]:
    """Return answers under which not all has room."""
    return dict.fromkeys(answers, Row(Does.FILLS, says=says, code=code))


def ends(
    code: int, says: str, *answers: Value, since: str = "first load", note: str = ""
) -> dict[Value, Row]:
    """Return answers under which no run can be finished."""
    row = Row(Does.ENDS, note, says, code=code, since=since)
    return dict.fromkeys(answers, row)


def worst(rows: list[Row]) -> Row:
    """Return what comes of several answers together."""
    chosen = max(rows, key=lambda row: row.does, default=IN_STEP)
    # What is said of a form of a request depends on what the other answers allow.
    return replace(chosen, says="" if chosen.does is Does.IN_STEP else chosen.says)
