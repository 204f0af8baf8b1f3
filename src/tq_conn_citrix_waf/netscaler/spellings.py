"""How a range is spelled for this build: learnt from what it refuses.

    one address          as itself
    a block              address/prefix; else its first and its last address
    any other range      its first and its last address; else the blocks it is made of
    where neither goes   its single addresses, if they are few

1. Old builds take no subnet (recorded: TF #570, 2873); ``endrange`` is younger than the
   data sets themselves. Nothing is tried out on purpose: what was refused goes again in
   the next spelling, and what is learnt holds for the session.
2. A range that is spelled as several values is done when all of them are.
"""

from collections.abc import Sequence
from itertools import islice

from tq_conn_citrix_waf.core.dataset import spelling
from tq_conn_citrix_waf.core.ports import Fate, Outcome
from tq_conn_citrix_waf.core.ranges import AddressRange, spell
from tq_conn_citrix_waf.netscaler import codes
from tq_conn_citrix_waf.netscaler.fates import Refused

Spelled = tuple[str, str]
"""Value and end of range; '' for none."""

FEW = 256
"""So many single addresses may stand for one range: a twentieth of a set's limit."""


class Spellings:
    """What the build was seen not to take."""

    def __init__(self) -> None:
        self.blocks = self.ends = True

    def of(self, wanted: AddressRange) -> list[Spelled]:
        """Return the values that a range is bound as."""
        value, end = usual = spelling(wanted)
        if self._takes(usual):
            return [usual]
        if not end and self.ends:  # a block
            family = wanted.family
            return [(spell(family, wanted.first), spell(family, wanted.last))]
        if end and self.blocks:
            return [spelling(block) for block in wanted.blocks()]
        size = wanted.last - wanted.first + 1
        if size > FEW:
            return [(value, end)]
        each = range(wanted.first, wanted.last + 1)
        return [spelling(AddressRange(wanted.family, n, n)) for n in each]

    def learn(self, sent: Spelled, outcome: Outcome) -> str:
        """Take in what became of one value; return what it shows anew, or ''."""
        if not isinstance(outcome, Refused) or outcome.concerns("overlap", "[comment"):
            return ""
        value, end = sent
        if self.blocks and "/" in value and outcome.code in codes.NO_BLOCK:
            self.blocks = False
            return f"takes no subnet ({outcome.words}): other spellings are used"
        if self.ends and end and outcome.code in codes.NO_END:
            self.ends = False
            return f"takes no endrange ({outcome.words}): other spellings are used"
        return ""

    def _takes(self, spelled: Spelled) -> bool:
        value, end = spelled
        return (self.blocks or "/" not in value) and (self.ends or not end)


def folded(outcomes: Sequence[Outcome], counts: Sequence[int]) -> list[Outcome]:
    """Return one outcome for each range from those of its values."""
    rest = iter(outcomes)
    return [_worst([*islice(rest, count)]) for count in counts]


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    return max(outcomes, key=lambda outcome: _ORDER.index(outcome.fate))


_ORDER = (Fate.ALREADY, Fate.DONE, Fate.REFUSED, Fate.FULL, Fate.UNKNOWN)
"""The later one is what is told of a range whose values fared differently."""
