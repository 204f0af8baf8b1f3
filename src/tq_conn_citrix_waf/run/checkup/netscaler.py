"""What a run needs of the appliance: a way there, a user, the primary, the data set."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.dataset import Dataset
from tq_conn_citrix_waf.core.plan import Ownership, few
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    DatasetFullError,
    TargetCertificateError,
    TargetUnreachableError,
)
from tq_conn_citrix_waf.netscaler.dataset import BlockList
from tq_conn_citrix_waf.netscaler.faults import RIGHTS_CURE
from tq_conn_citrix_waf.netscaler.nitro import Nitro
from tq_conn_citrix_waf.netscaler.node import peers
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding
from tq_conn_citrix_waf.run.checkup.lists import NAME as NEVER_BLOCK
from tq_conn_citrix_waf.run.checkup.lists import never_block
from tq_conn_citrix_waf.run.checkup.threatq import Learnt
from tq_conn_citrix_waf.run.checkup.way import Side
from tq_conn_citrix_waf.run.job import policy
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.origins import nearby
from tq_conn_citrix_waf.run.site import Outside, around, open_nitro
from tq_conn_citrix_waf.run.troubles import secondary, wrong_type
from tq_conn_citrix_waf.settings import Settings
from tq_conn_citrix_waf.store.accepted import Accepted

NETSCALER = Area.NETSCALER
NAMES = (
    "address",
    "proxy",
    "certificate",
    "sign-in",
    "time",
    "node",
    "features",
    "unsaved",
    "data set",
    NEVER_BLOCK,
    "rights",
    "dialect",
)
"""All that is looked at, in this order."""

_DOCUMENTED = 5000
"""Values in a set: the only figure that is documented (NREF: error 2900)."""

_NAMED = 5
"""So many other connectors are named."""

_REMOVABLE: dict[Ownership, Callable[[int], tuple[int, ...]]] = {
    Ownership.OWNED: lambda ours: (ours,),
    Ownership.EXCLUSIVE: lambda ours: (ours, 0),
    Ownership.ADD_ONLY: lambda _ours: (),
}
"""Whose values may be removed, as numbers in ``Dataset.owners``; 0 is nobody's."""


def netscaler(
    file: File, settings: Settings, ca_file: str, outside: Outside, learnt: Learnt
) -> Iterator[Finding]:
    """Yield what was found about the appliance, as far as one thing shows the next."""
    yield NETSCALER.ok("address", settings.url)
    try:
        way = reach.way(file, "netscaler", settings.url, ca_file)
    except ConnectorError as error:
        yield NETSCALER.fail("certificate", error)
        return
    side = Side(
        NETSCALER,
        way,
        TargetUnreachableError,
        TargetCertificateError,
        "tick Use HTTPS, if the appliance listens for it",
    )
    watch = yield from side.approach(outside, str(file.path))
    if watch is None:
        return
    watched = replace(outside, transport=lambda _trust, _proxy: watch)
    with open_nitro(file, settings, ca_file, watched) as nitro:
        try:
            # Any request signs in, and only a sign-in that fails raises here.
            nitro.get("nsversion", "sign in")
        except ConnectorError as error:
            yield NETSCALER.fail("sign-in", error)
            return
        yield NETSCALER.ok("sign-in", settings.username)
        yield side.time(watch)
        yield from _signed_in(file, settings, nitro, outside, learnt)


def _signed_in(
    file: File, settings: Settings, nitro: Nitro, outside: Outside, learnt: Learnt
) -> Iterator[Finding]:
    sets = settings.sets.items()
    targets = {f: BlockList(nitro, name, outside.clock) for f, name in sets}
    first = targets[Family.V4]
    marked = 0
    yield _node(settings, first, nitro)
    yield _features(first)
    yield _unsaved(file, settings, first)
    for family, target in targets.items():
        try:
            dataset = target.read()
        except ConnectorError as error:
            yield NETSCALER.fail("data set", error)
            return
        if dataset.family is not family:
            yield NETSCALER.fail("data set", wrong_type(dataset, family, settings.url))
            continue
        wanted = None if learnt.wanted is None else learnt.wanted[family]
        marked += sum(owner > 0 for owner in dataset.owners)
        yield _dataset(file, dataset, wanted)
    yield _never_block(file, settings, nitro, outside)
    yield _rights(first)
    yield _dialect(nitro, marked)


def _never_block(
    file: File, settings: Settings, nitro: Nitro, outside: Outside
) -> Finding:
    try:
        lists = Lists.of(file, settings)
        place = around(file, settings, nitro, outside)
    except ConnectorError as error:
        return NETSCALER.fail(NEVER_BLOCK, error)
    origins = nearby(lists, place)
    return never_block(NETSCALER, lists, origins, (file, settings, outside.clock))[0]


def _node(settings: Settings, target: BlockList, nitro: Nitro) -> Finding:
    try:
        node = target.node()
        told = [f"{node.build}, {node.role}"]
        told += [f"its peer {p.address} is {p.role}" for p in peers(nitro)]
    except ConnectorError as error:
        return NETSCALER.fail("node", error)
    if node.role == "Secondary":
        return NETSCALER.fail("node", secondary(settings.url))
    return NETSCALER.ok("node", "; ".join(told))


def _features(target: BlockList) -> Finding:
    try:
        on = target.reputation()
    except ConnectorError as error:
        return NETSCALER.unchecked("features", error.what)
    told = {True: "is on", False: "is off", None: "is not told"}[on]
    return NETSCALER.ok("features", f"IP reputation {told}; a run does not need it")


def _unsaved(file: File, settings: Settings, target: BlockList) -> Finding:
    save = policy(file).save
    memory = Accepted(file.path.parent, settings.url, settings.block_list)
    try:
        found = target.unsaved()
    except ConnectorError as error:
        return NETSCALER.fail("unsaved", error)
    if save == "never":
        words = "nothing is ever saved (save = never): a restart loses what was bound"
        cure = f'set save = "always" in [netscaler] of {file.path}, or save by hand'
        return NETSCALER.warn("unsaved", words, cure)
    if found is None:
        return NETSCALER.unchecked("unsaved", "the appliance does not tell")
    if not found:
        return NETSCALER.ok("unsaved", "no change waits to be saved")
    if memory.save_due:
        return NETSCALER.ok("unsaved", "changes of this connector; the next run saves")
    words = "changes of others wait to be saved; a run that writes saves them too"
    if save == "own":
        words = "changes of others wait to be saved; until then no run saves (own)"
    return NETSCALER.warn("unsaved", words, "save them, or undo them")


def _dataset(file: File, dataset: Dataset, wanted: Ranges | None) -> Finding:
    limit = policy(file).set_limit
    most = _DOCUMENTED if limit is None else limit
    source = "documented; set_limit is not set" if limit is None else "set_limit"
    ours = dataset.owner(file.instance)
    words = (
        f"{dataset.name} (ipv{dataset.family.value}): {len(dataset):,} of {most:,}"
        f" values ({source}): {_whose(dataset, ours)}"
    )
    needed = 0
    if wanted is not None:
        removable = _REMOVABLE[policy(file).ownership](ours)
        needed = _needed(dataset, removable, wanted)
    if needed <= most:
        return NETSCALER.ok("data set", words)
    words = f"{words}; {needed:,} are needed: {needed - most:,} do not fit"
    cure = "narrow the data collection, or use a release that holds more values"
    if limit is None:
        cure += ", and write into set_limit how many"
        return NETSCALER.warn("data set", words, cure)
    return NETSCALER.fail("data set", DatasetFullError(words, cure))


def _whose(dataset: Dataset, ours: int) -> str:
    """Say how many values are ours, of other connectors, and of people."""
    counted = Counter(dataset.owners)
    told = [f"{counted.pop(ours, 0):,} ours"]
    others = {dataset.instances[n]: count for n, count in counted.items() if n}
    told += [
        f"{count:,} of the connector {instance}"
        for instance, count in few(others, _NAMED).items()
    ]
    return ", ".join([*told, f"{counted[0] + len(dataset.unread):,} unmarked"])


def _needed(dataset: Dataset, removable: tuple[int, ...], wanted: Ranges) -> int:
    """Count the values once the set is in step: what stays, and what it leaves open."""
    stays = [
        pair
        for pair, owner in zip(dataset.pairs(), dataset.owners, strict=True)
        if owner not in removable
    ]
    left = wanted.subtract(Ranges.of(dataset.family, stays))
    return len(stays) + len(dataset.unread) + len(left)


def _dialect(nitro: Nitro, marked: int) -> Finding:
    """Return the part of the dialect sheet (docs/contract.md) that reading tells."""
    comments = f"comments are returned ({marked:,} marks)"
    if not marked:
        comments = "whether comments are returned, the first run shows"
    return NETSCALER.ok("dialect", f"session cookie {nitro.cookie_name}; {comments}")


def _rights(target: BlockList) -> Finding:
    if target.notes:
        return NETSCALER.warn("rights", "; ".join(target.notes), RIGHTS_CURE)
    return NETSCALER.ok(
        "rights",
        "reading is allowed; whether bind, unbind and save are, only a run can show",
    )
