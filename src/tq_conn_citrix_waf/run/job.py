"""What one run works with, and what people decided about it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.guard import Limits
from tq_conn_citrix_waf.core.plan import Ownership
from tq_conn_citrix_waf.core.ports import Clock, Source, Target
from tq_conn_citrix_waf.core.ranges import Family
from tq_conn_citrix_waf.core.selection import Selections
from tq_conn_citrix_waf.run.apply import Tell
from tq_conn_citrix_waf.run.protected import Protection
from tq_conn_citrix_waf.settings import selections
from tq_conn_citrix_waf.store.accepted import Accepted
from tq_conn_citrix_waf.store.consents import Consents
from tq_conn_citrix_waf.store.known import Known
from tq_conn_citrix_waf.store.ledger import Ledger
from tq_conn_citrix_waf.store.spared import Spared


def _silent(_verb: str, _done: int, _of: int) -> None:
    """Tell nobody."""


APPROVALS = "approvals"
"""The key of [limits] that is about people, and no limit of a list."""


def approvals(file: File) -> int:
    """Return how many persons must approve what is held."""
    return int(file.sections.get("limits", {}).get(APPROVALS, 1))


@dataclass(frozen=True, slots=True)
class Policy:
    """What people decided: limits, selection, saving.

    Attributes:
        selections: what is taken of each data collection.
        minimum_stay: days that an entry stays bound at least; 0: none.
        ownership: whose entries may be removed.
        save: "always"; "own": not while others' changes are unsaved; or "never".
        set_limit: the most values the set may hold; None: the appliance tells.
        report_only: show what would be done, and write nothing.
    """

    limits: Limits = field(default_factory=Limits)
    selections: Selections = field(default_factory=Selections)
    minimum_stay: int = 0
    ownership: Ownership = Ownership.OWNED
    save: str = "always"
    set_limit: int | None = None
    report_only: bool = False


def policy(file: File) -> Policy:
    """Return what people decided in the file."""
    keys = dict(file.sections.get("limits", {}))
    keys.pop(APPROVALS, None)
    limits = Limits(**keys)
    share = file.sections.get("never_block", {}).get("share", limits.protected_share)
    return Policy(
        limits=replace(limits, protected_share=share),
        selections=selections(file),
        minimum_stay=file.sections.get("selection", {}).get("minimum_stay", 0),
        ownership=Ownership(file.get("netscaler", "ownership", "owned")),
        save=file.get("netscaler", "save", "always"),
        set_limit=file.sections.get("netscaler", {}).get("set_limit"),
        report_only=file.flag("netscaler", "report_only", default=False),
    )


@dataclass(frozen=True, slots=True)
class Job:
    """What one run works with: both systems, the memory, and the policy.

    ``open_targets`` signs in, gives the data set of each family in ``memories``, in
    their order, and signs out when left. ``protect`` reads the never-block lists.
    """

    source: Source
    protect: Callable[[], Protection]
    open_targets: Callable[[], AbstractContextManager[Sequence[Target]]]
    collections: tuple[str, ...]
    instance: str
    memories: Mapping[Family, Accepted]
    consents: Consents
    ledger: Ledger
    spared: Spared
    clock: Clock
    known: Known
    policy: Policy = field(default_factory=Policy)
    tell: Tell = _silent

    @property
    def memory(self) -> Accepted:
        """What is kept once for the appliance: whether a save is due."""
        return next(iter(self.memories.values()))
