"""What a run needs of ThreatQ: a way there, a user, the form, the data collections."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from tq_conn_citrix_waf import settings as both
from tq_conn_citrix_waf.config import File
from tq_conn_citrix_waf.core.merge import merge
from tq_conn_citrix_waf.core.model import BY_FIGURES, BY_STATUS, Desired, Indicator
from tq_conn_citrix_waf.core.normalise import Rules, normalise
from tq_conn_citrix_waf.core.ranges import Family, Ranges
from tq_conn_citrix_waf.core.selection import Selections
from tq_conn_citrix_waf.errors import (
    ConnectorError,
    SourceCertificateError,
    SourceEmptyError,
    SourceError,
    SourceUnreachableError,
)
from tq_conn_citrix_waf.run import reach
from tq_conn_citrix_waf.run.checkup.finding import Area, Finding
from tq_conn_citrix_waf.run.checkup.lists import NAME as NEVER_BLOCK
from tq_conn_citrix_waf.run.checkup.lists import never_block
from tq_conn_citrix_waf.run.checkup.way import Side
from tq_conn_citrix_waf.run.job import Policy, policy
from tq_conn_citrix_waf.run.lists import Lists
from tq_conn_citrix_waf.run.origins import here, in_threatq
from tq_conn_citrix_waf.run.site import Outside, open_session
from tq_conn_citrix_waf.run.sync import rules
from tq_conn_citrix_waf.settings import LABELS, Settings
from tq_conn_citrix_waf.threatq import connector
from tq_conn_citrix_waf.threatq.collections import Threatq, split_names
from tq_conn_citrix_waf.threatq.form import Form
from tq_conn_citrix_waf.threatq.session import Session
from tq_conn_citrix_waf.threatq.user import current_user

THREATQ = Area.THREATQ
NAMES = (
    "address",
    "proxy",
    "certificate",
    "sign-in",
    "time",
    "role",
    "form",
    "settings",
    "selection",
    NEVER_BLOCK,
    "collection",
    "dialect",
)
"""All that is looked at, in this order."""

_MOST_COUNTS = 6
_OUT = (
    (BY_STATUS, "status", "name the statuses to block in [selection] statuses"),
    (BY_FIGURES, "score or date", "see whether [selection] asks for too much"),
)
_EMPTY_CURE = "look at it in ThreatQ: its filter, its types and its statuses"


@dataclass(slots=True)
class Learnt:
    """What ThreatQ told and the appliance is held against; None: it is not known."""

    settings: Settings | None = None
    wanted: Mapping[Family, Ranges] | None = None


def threatq(
    file: File, ca_file: str, outside: Outside, learnt: Learnt
) -> Iterator[Finding]:
    """Yield what was found about ThreatQ, as far as one thing lets the next be seen."""
    try:
        url = reach.threatq_url(file)
    except ConnectorError as error:
        yield THREATQ.fail("address", error)
        return
    yield THREATQ.ok("address", url)
    try:
        way = reach.way(file, "threatq", url, ca_file)
    except ConnectorError as error:
        yield THREATQ.fail("certificate", error)
        return
    side = Side(
        THREATQ,
        way,
        SourceUnreachableError,
        SourceCertificateError,
        f"write the host with https:// in [threatq] host of {file.path}",
    )
    own = "proxy" in file.sections.get("threatq", {})
    watch = yield from side.approach(
        outside, str(file.path) if own else "the environment"
    )
    if watch is None:
        return
    watched = replace(outside, transport=lambda _trust, _proxy: watch)
    try:
        session = open_session(file, ca_file, watched)
        session.sign_in()
    except ConnectorError as error:
        yield THREATQ.fail("sign-in", error)
        return
    who = file.get("threatq", "username") or file.get("threatq", "client_id")
    yield THREATQ.ok("sign-in", who)
    yield side.time(watch)
    yield _role(session)
    yield from _settings(file, session, learnt)
    if learnt.settings is not None:
        source = Threatq(session)
        decided = policy(file)
        yield _selection(source, learnt.settings, decided)
        try:
            lists = Lists.of(file, learnt.settings)
        except ConnectorError as error:
            yield THREATQ.fail(NEVER_BLOCK, error)
            return
        origins = (*here(lists, outside.clock.now()), *in_threatq(lists, source))
        around = (file, learnt.settings, outside.clock)
        found, safelist = never_block(THREATQ, lists, origins, around)
        yield found
        refused = {f: safelist.refused(f) for f in learnt.settings.sets}
        taken = rules(decided, outside.clock.now(), refused)
        yield from _collections(source, decided.selections, taken, learnt)
        yield _dialect(source)


def _role(session: Session) -> Finding:
    try:
        user = current_user(session)
    except SourceError as error:
        return THREATQ.unchecked("role", error.what)
    told = f"role {user.role}" if user.role else "ThreatQ tells no role"
    return THREATQ.ok(
        "role", f"{user.name}: {told}; what it may read is seen in the rows below"
    )


def _settings(file: File, session: Session, learnt: Learnt) -> Iterator[Finding]:
    """Yield what was found about the form, and what it and the file make together."""
    form = None
    if file.flag("threatq", "form", default=True):
        try:
            form = connector.read_form(session, file.connector)
        except ConnectorError as error:
            yield THREATQ.fail("form", error)
            return
    yield _form(file, form)
    try:
        learnt.settings = merged(file, form)
    except ConnectorError as error:
        yield THREATQ.fail("settings", error)
    else:
        yield THREATQ.ok("settings", _origins(learnt.settings))


def merged(file: File, form: Form | None) -> Settings:
    """Return the settings that a run has once the connector is switched on.

    Raises:
        ConfigurationError: something is missing or contradicts.
    """
    own = {
        k: v for k, v in file.sections.get("netscaler", {}).items() if k != "enabled"
    }
    on = replace(file, sections={**file.sections, "netscaler": own})
    fields = None if form is None else form.fields
    return both.settle(on, fields, split_names, enabled=True)


def _form(file: File, form: Form | None) -> Finding:
    where = f"{file.connector!r} in ThreatQ"
    found = f"{where}, found" if form is not None else "none is read (form = false)"
    on = file.flag(
        "netscaler", "enabled", default=form.enabled if form is not None else True
    )
    if on:
        return THREATQ.ok("form", f"{found}; switched on")
    cure = f"switch it on when all else is well: {where}"
    if "enabled" in file.sections.get("netscaler", {}):
        cure = f"set enabled = true in [netscaler] of {file.path} when all else is well"
    return THREATQ.warn("form", f"{found}; switched off: a run does nothing", cure)


def _origins(settings: Settings) -> str:
    """Say of each of the form's fields where it comes from."""
    by_origin: dict[str, list[str]] = {}
    for name, label in LABELS.items():
        by_origin.setdefault(settings.origins[name], []).append(label)
    return "; ".join(f"from {o}: {', '.join(names)}" for o, names in by_origin.items())


def _selection(source: Threatq, settings: Settings, decided: Policy) -> Finding:
    """Return what is taken of the data collections, and how long it stays."""
    selections, stay = decided.selections, decided.minimum_stay
    told = {name: str(selections.of(name)) for name in settings.collections}
    words = "; ".join(f"{name!r}: {chosen}" for name, chosen in told.items())
    if len({*told.values()}) == 1:
        words = str(selections.of(settings.collections[0]))
    if stay:
        try:
            through = sum(1 for _ in source.whitelisted())
        except SourceError as error:
            return THREATQ.fail("selection", error)
        words += f"; stays {stay} days at least, but for {through:,} Whitelisted"
    return THREATQ.ok("selection", words)


def _collections(
    source: Threatq, selections: Selections, taken: Rules, learnt: Learnt
) -> Iterator[Finding]:
    """Yield what was found about each data collection; read whole, as a run does."""
    if learnt.settings is None:
        return
    names = learnt.settings.collections
    read: list[dict[Family, Desired]] = []
    for position, name in enumerate(names):
        types: Counter[str] = Counter()
        chosen = selections.of(name)
        try:
            seen = _counted(source.collect(name, position, chosen.dates), types)
            desired = normalise(seen, taken, chosen)
        except ConnectorError as error:
            yield THREATQ.fail("collection", error)
        else:
            read.append(desired)
            yield _collection(name, desired.values(), types)
    if len(read) == len(names):
        learnt.wanted = {
            family: merge([one[family] for one in read]).wanted
            for family in taken.never_block
        }


def _dialect(source: Threatq) -> Finding:
    """Return the part of the dialect sheet (docs/contract.md) that reading tells."""
    if not source.paged:
        return THREATQ.unchecked("dialect", "no data collection was read")
    ways = ", ".join(source.paged)
    return THREATQ.ok("dialect", f"data collections are read {ways}")


def _counted(
    indicators: Iterable[Indicator], types: Counter[str]
) -> Iterator[Indicator]:
    for indicator in indicators:
        types[indicator.type] += 1
        yield indicator


def _collection(
    name: str, desired: Collection[Desired], types: Counter[str]
) -> Finding:
    seen = sum(one.seen for one in desired)
    if not seen:
        words = f"{name!r} is empty: a run takes it for an outage and writes nothing"
        return THREATQ.fail("collection", SourceEmptyError(words, _EMPTY_CURE))
    wanted = sum(len(one.wanted) for one in desired)
    statuses: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    for one in desired:
        statuses.update(one.statuses)
        reasons.update(one.rejections.counts())
    words = (
        f"{name!r}: {seen:,} indicators, {wanted:,} entries to block; types:"
        f" {_counts(types)}; statuses: {_counts(statuses)}"
    )
    if reasons:
        words += f"; left out: {_counts(reasons)}"
    if not wanted:
        return THREATQ.fail("collection", SourceEmptyError(words, _EMPTY_CURE))
    for which, how, cure in _OUT:
        if 2 * sum(reasons[reason] for reason in which) > seen:
            words = f"{words}; more than half is left out by {how}"
            return THREATQ.warn(
                "collection", words, f"{cure}, or change the collection"
            )
    return THREATQ.ok("collection", words)


def _counts(counted: Counter[str]) -> str:
    """Return the most frequent with their counts, and how many others there are."""
    shown = [f"{n or '(none)'} {count:,}" for n, count in counted.most_common()]
    more = len(shown) - _MOST_COUNTS
    return ", ".join(shown[:_MOST_COUNTS]) + (f" and {more} more" if more > 0 else "")
