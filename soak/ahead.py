"""The small world with all the ways ahead: what a run in it may come to."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import product

from soak.laws import Bound, May
from soak.reference import foresee
from soak.situation import Content, Foresight, Situation
from soak.universe import NOTHING, Addresses, spread
from soak.world import LISTS, World

_STRAYS = (0, *range(-2 * 34, 34 + 10))
"""By so many hours a run that meets faults may think it is another time.

A fault may set the clock two hours back, or one ahead, at every request, of which a run
has 34; and it may wait.
"""


class WorldAhead(World):
    """The small world, asked beforehand."""

    def situation(
        self,
        who: str,
        bound: Bound,
        lists: Mapping[str, Content | None],
        through: Addresses | None,
        now: datetime,
    ) -> Situation:
        """Return what a run of a writer would meet."""
        writer = self.writers[who]
        return Situation(
            writer.mine,
            bound,
            lists,
            self.memories[who],
            writer.policy,
            now,
            through=through,
        )

    def foresee(
        self,
        who: str,
        *bounds: Bound,
        broken: bool = False,
        since: datetime | None = None,
    ) -> list[Foresight]:
        """Return the ways that a run can go.

        Args:
            who: which writer.
            bounds: the set as it may be when it is read.
            broken: whether anything that is asked of ThreatQ may fail to be read, and
                time may pass in the run.
            since: when it began; None: now.
        """
        names, staying = LISTS[who], self.writers[who].policy.minimum_stay
        told = [self.through, None] if broken and staying else [self.through]
        ways = []
        for read_at, now in self._instants(who, since, broken=broken):
            given: list[tuple[Content | None, ...]] = [
                (content, None) if broken else (content,)
                for content in (self.content(who, name, read_at) for name in names)
            ]
            for bound, through, lists in product(bounds, told, product(*given)):
                named = dict(zip(names, lists, strict=True))
                way = foresee(self.situation(who, bound, named, through, now))
                ways.append(way)
        return ways

    def _instants(
        self, who: str, since: datetime | None, *, broken: bool
    ) -> list[tuple[datetime, datetime]]:
        """Return when the lists may be read, and when the plan be made.

        Only such as make a difference: another day, or another date that is past.
        """
        now = self.lab.clock.now()
        hours = _STRAYS if broken else (0,)
        times = [since or now, *(now + timedelta(hours=n) for n in hours)]
        read = {self.lapsed(who, at): at for at in reversed(times)}
        made = {at.date(): at for at in reversed(times[1:])}
        return [*product(read.values(), made.values())]

    def _may(self, who: str, ways: list[Foresight]) -> May:
        writer = self.writers[who]
        ownership = writer.policy.ownership
        return May(ways, self.standing(who), writer.mine, ownership)

    def asked(self, who: str) -> Addresses:
        """Return all that a writer's lists ask for now, believed or not."""
        lists = self.writers[who].lists
        return NOTHING.union(*(spread(self.content(who, n).wanted) for n in lists))

    def standing(self, who: str) -> Addresses:
        """Return the last good lists of what gives nothing now."""
        names = [n for n in self.writers[who].lists if self.content(who, n).outage]
        good = self.memories[who].good
        return NOTHING.union(*(spread(e) for (n, _), e in good.items() if n in names))
